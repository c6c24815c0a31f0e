"""The agent itself: the vault's states and the work that needs it open."""
