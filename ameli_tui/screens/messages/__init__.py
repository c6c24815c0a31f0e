"""The inbox, one message, writing."""
