"""Procedures: what can be asked, forms, requests under way, the newcomer's way."""
