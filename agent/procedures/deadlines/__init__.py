"""Last days: from what they run, and which are near."""
