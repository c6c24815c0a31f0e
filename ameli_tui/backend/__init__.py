"""The agent as the screens see it: questions asked in threads, events heard, settings saved."""
