"""What leaves for other programs, in their own formats."""
