"""Searching as people type: without accents, whatever the case, each word anywhere."""

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """Small letters without accents."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def matches(wanted: str, text: str) -> bool:
    """Whether every word typed stands somewhere in the text."""
    folded = fold(text)
    return all(word in folded for word in fold(wanted).split())
