"""The demo's home: made, kept, ended, cleaned away."""
