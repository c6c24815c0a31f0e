"""What messages of the fund are about, and which request they answer."""
