"""What screens are made of: pages, step forms, readers and editors of text, saving."""
