"""The agent's page, health, signing in, unlocking, the first run."""
