"""Searching as people type: without accents, whatever the case, each word anywhere."""

from functools import lru_cache

from config.fold import fold as plain

fold = lru_cache(maxsize=8192)(plain)
"""``config.fold.fold``, remembered: lists are searched again with each letter typed."""


def matches(wanted: str, text: str) -> bool:
    """Whether every word typed stands somewhere in the text."""
    folded = fold(text)
    return all(word in folded for word in fold(wanted).split())
