"""The list of payments, one payment, why it is what it is."""
