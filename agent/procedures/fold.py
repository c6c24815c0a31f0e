"""Text made comparable, and the nearest of some names."""

import difflib
import unicodedata
from collections.abc import Iterable


def fold(text: str) -> str:
    """``text`` without case, accents, or doubled blanks: "Hélène  D'ARC" is "helene d'arc"."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("’", "'").replace("-", " "))
    return " ".join("".join(sign for sign in plain if not unicodedata.combining(sign)).split())


def nearest(text: str, names: Iterable[str]) -> str | None:
    """The name most like ``text``; None when none is."""
    folded = {fold(name): name for name in names}
    near = difflib.get_close_matches(fold(text)[:80], folded, 1, cutoff=0.6)
    return folded[near[0]] if near else None
