"""Words and rules drawn on empty pages: nothing else of an original can come along."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from agent.exchange.anonymise.sheet import Page, Word, is_thin

_FAMILY = "Helvetica"
_NARROWEST, _WIDEST = 55.0, 160.0
"""Per cent by which a word is squeezed or stretched to the width of the one it stands for."""
_MADE_ON = datetime(2020, 1, 1, tzinfo=UTC)
"""A copy does not tell when it was made."""
_PLAIN = str.maketrans({"\u2212": "-", "\u2009": " ", "\u202f": " ", "\u00ad": "-", "\u2010": "-", "\u2011": "-"})


def draw_pages(pages: list[Page]) -> bytes:
    """A PDF with these pages."""
    pdf = _blank()
    for page in pages:
        pdf.add_page(format=(page.width, page.height))
        pdf.set_line_width(0.5)
        for rule in page.rules:
            if is_thin(rule):
                pdf.line(rule.left, rule.top, rule.right, rule.bottom)
            else:
                pdf.rect(rule.left, rule.top, rule.right - rule.left, rule.bottom - rule.top)
        for word in page.words:
            _put(pdf, word)
    return bytes(pdf.output())


def natural_width(text: str, like: Word) -> float:
    """Points that a text takes in the size and style of a word."""
    pdf = _measure()
    pdf.set_font(_FAMILY, like.style, max(like.size, 1))
    return float(pdf.get_string_width(_encodable(text)))


def _put(pdf: Any, word: Word) -> None:
    text = _encodable(word.text)
    pdf.set_font(_FAMILY, word.style, max(word.size, 1))
    pdf.set_stretching(100)
    natural = pdf.get_string_width(text)
    if not natural:
        return
    stretch = min(max((word.right - word.left) / natural * 100, _NARROWEST), _WIDEST)
    pdf.set_stretching(stretch)
    # Amounts stand at the right edge of their column, which readers go by.
    left = word.right - natural * stretch / 100 if text[-1].isdigit() else word.left
    pdf.text(left, word.y, text)


def _encodable(text: str) -> str:
    """What the fonts of every PDF reader can show."""
    return text.translate(_PLAIN).encode("cp1252", "replace").decode("cp1252")


def _blank() -> Any:
    from fpdf import FPDF

    pdf = FPDF(unit="pt")
    pdf.core_fonts_encoding = "cp1252"
    pdf.set_auto_page_break(False)
    pdf.set_creation_date(_MADE_ON)
    pdf.set_producer("ameli anonymise")
    pdf.set_title("Copie anonyme")
    return pdf


@lru_cache(maxsize=1)
def _measure() -> Any:
    return _blank()
