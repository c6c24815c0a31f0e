"""Text made comparable, and the nearest of some names."""

import difflib
from collections.abc import Iterable

from config import fold as text_fold


def fold(text: str) -> str:
    """``text`` folded as for a search, with one blank for hyphens and blanks: "Hélène  D'ARC" is "helene d'arc"."""
    return " ".join(text_fold.fold(text).replace("-", " ").split())


def nearest(text: str, names: Iterable[str]) -> str | None:
    """The name most like ``text``; None when none is."""
    folded = {fold(name): name for name in names}
    near = difflib.get_close_matches(fold(text)[:80], folded, 1, cutoff=0.6)
    return folded[near[0]] if near else None
