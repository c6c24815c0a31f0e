"""What a sync run reads, one file a step."""
