"""The stand-in's server: its routes, its faults and switches, what it remembers."""
