"""Numbers and names that can be checked: NIR, IBAN, countries."""
