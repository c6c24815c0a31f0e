"""Keeping watch while the vault is locked: what is read then is sealed, and merged at the next unlocking."""
