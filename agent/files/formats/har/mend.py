"""An entry that is not JSON to the letter, made so: what some tools and browsers write, and the damage of one sign.

Over bytes: what is secret in an entry is not decoded here either.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_STRING_OR_WORD = re.compile(rb'"(?:[^"\\]++|\\.)*+"|-?\bInfinity\b|\bNaN\b|\bundefined\b', re.DOTALL)
_ODD = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\.|[\x00-\x1f]", re.DOTALL)
_HALF = re.compile(rb"\\u[dD][89a-fA-F]..$")
_KNOWN = b'"\\/bfnrt'
_REPLACEMENT = rb"\ufffd"
_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


class Mended(NamedTuple):
    """An entry after mending."""

    raw: bytes
    texts: bool
    """Signs of a text in it were replaced or guessed: what it says may differ from what was sent."""


def mend(raw: bytes) -> Mended:
    """``raw`` with JSON's own escapes and words alone. What else is wrong with it stays wrong."""
    utf8, guessed = _utf_8(raw)
    changed = False

    def _fix(match: re.Match[bytes]) -> bytes:
        nonlocal changed
        if not match[0].startswith(b'"'):
            return b"null"  # no number that JSON has
        fixed = _ODD.sub(_sign, match[0][1:-1])
        changed = changed or len(fixed) != len(match[0]) - 2 or fixed != match[0][1:-1]
        return b'"' + fixed + b'"'

    return Mended(_STRING_OR_WORD.sub(_fix, utf8), changed or guessed)


def _sign(match: re.Match[bytes]) -> bytes:
    """One escape or control sign as JSON has it."""
    escape = match[0]
    if len(escape) == 1:
        return b"\\u%04x" % escape[0]
    if escape[1:2] == b"u" and len(escape) > 2:
        return _REPLACEMENT if len(escape) == 6 and _HALF.match(escape) else escape
    if escape[1:2] == b"x" and len(escape) == 4:
        return rb"\u00" + escape[2:]
    if escape[1] in _KNOWN:
        return escape
    return b"'" if escape[1:] == b"'" else b"\\\\" + _sign_alone(escape[1:])


def _sign_alone(sign: bytes) -> bytes:
    """What a backslash stood before, as it is."""
    return b"\\u%04x" % sign[0] if sign[0] < 0x20 else sign


def _utf_8(raw: bytes) -> tuple[bytes, bool]:
    """``raw`` in UTF-8, and whether that was not certain: without any sign of UTF-8 in it, it is Western European."""
    try:
        raw.decode()
    except UnicodeDecodeError:
        coding = "utf-8" if _SEQUENCE.search(raw) else "cp1252"
        return raw.decode(coding, "replace").encode(), True
    return raw, False
