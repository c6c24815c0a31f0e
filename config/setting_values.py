"""Values as people write them and as messages repeat them, in both languages."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from typing import NamedTuple
from unicodedata import category

_LONGEST_SHOWN = 60


class Told(NamedTuple):
    """A text in both languages."""

    fr: str
    en: str


class NoValue(ValueError):
    """What was typed cannot be a value of the setting; ``told`` says what is needed instead."""

    def __init__(self, reason: Told) -> None:
        super().__init__(reason.en)
        self.told = reason


def shown(value: object) -> Told:
    """A value as a message repeats it: short, and without any sign that steers a terminal."""
    if isinstance(value, bool):
        text = "true" if value else "false"
    else:
        text = f"{value:g}" if isinstance(value, float) else str(value)
    clean = "".join(sign if sign.isprintable() else "?" for sign in text[:_LONGEST_SHOWN + 1])
    cut = clean if len(clean) <= _LONGEST_SHOWN else clean[:_LONGEST_SHOWN] + "…"
    return Told(f"« {cut} »", f"“{cut}”") if isinstance(value, str) else Told(cut, cut)


def writable(text: str, *, lines: bool = False) -> bool:
    """Whether a text has no control character (``lines``: but line ends and tabs) and no half of a sign."""
    return not any(category(sign) in ("Cc", "Cs") and not (lines and sign in "\n\t") for sign in text)


def one(given: Sequence[str]) -> str:
    """The one value that was typed. Raises NoValue for several."""
    if len(given) != 1:
        raise NoValue(Told("il faut une seule valeur : mettez-la entre guillemets",
                           "one value is needed: put it in quotes"))
    return given[0]


def unquoted(text: str) -> str:
    """``'"dark"'`` is ``dark``: a text in TOML's quotes is what stands in them."""
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'":
        try:
            value = tomllib.loads(f"v = {text}")["v"]
        except ValueError:
            return text
        return value if isinstance(value, str) else text
    return text
