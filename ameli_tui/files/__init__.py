"""Files that come from or go to the person's folders."""
