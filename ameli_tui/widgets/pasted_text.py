"""What a person typed or pasted, on its way into a field: the line ends around a paste are no part of it.

A secret is taken to the letter, for the agent to judge. In any other text what cannot be written there goes without a
trace of its own: no field ever holds a sign that stands for another.
"""

import re
import unicodedata

from agent.passphrase import LINE_ENDS, without_line_ends
from ameli_tui.terminal.safe_text import HARMFUL

_LINES = re.compile(rf"\r\n|[{LINE_ENDS}]")
_GONE = dict.fromkeys(code for code in HARMFUL if chr(code) not in LINE_ENDS)
_KEYS_THAT_END_LINES = frozenset(LINE_ENDS) - frozenset("\r\v\f")  # Enter; Ctrl+K and Ctrl+L are commands
_TAB = 4


def in_one_line(text: str) -> str:
    """A paste as one line of text: a line end or a tab inside is a space, however many stand together."""
    lines = re.sub(rf"[{LINE_ENDS}\t]+", " ", without_line_ends(text))
    return lines.translate(_GONE)


def in_lines(text: str) -> str:
    """A text of several lines: each ends in a line feed, however it ended before; tabs are spaces."""
    return _LINES.sub("\n", text).translate(_GONE).expandtabs(_TAB)


def is_text(sign: str | None, *, secret: bool) -> bool:
    """Whether a key gives text. In a secret nothing is passed over but the control keys; elsewhere what draws."""
    if sign is None:
        return False
    if secret:
        return all(" " <= one != "\x7f" for one in sign)
    return sign.isprintable() or all(
        unicodedata.category(one) in ("Zs", "Cf") and ord(one) not in HARMFUL for one in sign)


def ends_line(sign: str | None) -> bool:
    """Whether a key that is not Enter ends a line: what a terminal without bracketed paste makes of a line feed."""
    return sign is not None and sign in _KEYS_THAT_END_LINES
