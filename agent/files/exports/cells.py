"""Texts from outside as cells of a table: one line, never a formula, whatever program opens the file."""

import re

from agent.account import clean_text

_LONGEST = 32_000
"""Characters; a spreadsheet cell holds 32,767."""
_FORMULA = re.compile(r"(^|[;,\t|\"])([\s']*)([=+\-@\uFF1D\uFF0B\uFF0D\uFF20])")
"""What may begin a formula: at the start (full-width signs too, Excel takes them), or after a separator, since a
program told the wrong separator begins a new cell there."""


def line(text: object) -> str:
    """Text from outside as one harmless line: no control or direction sign, no line break; None is nothing."""
    if text is None:
        return ""
    cleaned = clean_text(str(text), _LONGEST).encode("utf-8", "replace").decode()
    return " ".join(cleaned.split())


def cell(text: object) -> str:
    """The same for a spreadsheet: an apostrophe stands before every sign that could begin a formula.

    Amounts never come this way: they are written from exact numbers, so that a negative one stays a number.
    """
    return _FORMULA.sub(r"\1\2'\3", line(text))


def identifier(text: object) -> str:
    """An id as every format takes it: ASCII letters, digits and dashes, at most 60."""
    return re.sub(r"[^A-Za-z0-9-]", "-", str(text))[:60] or "x"
