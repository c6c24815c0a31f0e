"""Settings, places on disk, and everything the law or a distributor changes."""
