"""What each call of the socket does, one file a subject."""
