"""Codes of acts: what each is, and which one a label of the service means."""
