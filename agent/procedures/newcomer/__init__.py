"""A newcomer's way from arrival to card."""
