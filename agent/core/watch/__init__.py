"""What the agent goes on doing while the vault is locked."""
