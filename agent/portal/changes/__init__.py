"""Pages of the service that no longer read as expected: noticed, outlined, tried again."""
