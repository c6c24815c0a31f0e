"""Ledger, owed, year, estimates, contract."""
