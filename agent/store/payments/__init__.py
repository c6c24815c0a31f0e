"""Payments in the store: their records, their index, what statements add."""
