"""Words and rules drawn on empty pages: nothing else of an original can come along."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from agent.files.formats.pdf_words import Page, Word, is_thin

if TYPE_CHECKING:
    from fpdf import FPDF

_FAMILY = "Helvetica"
_APART = 0.85
"""Of the font's size: words further from each other than two spaces stand in columns of their own."""
_NUMBERS = re.compile(r"[-+\u2212\d.,%\u20ac]+")
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
    return pdf.get_string_width(_encodable(text))


def flow(words: list[Word]) -> list[Word]:
    """Set the words of a line anew: each begins where the one before it now ends.

    A word that stayed where it was would tell how wide the name before it had been, and names can be looked up by
    their width. Words that stand apart keep their left edge, numbers in columns their right one.
    """
    made: list[Word] = []
    run: list[Word] = []
    for word in words:
        if run and word.left - run[-1].right > _APART * word.size:
            made += _set(run)
            run = []
        run.append(word)
    return made + (_set(run) if run else [])


def _set(run: list[Word]) -> list[Word]:
    at = run[0].left
    made: list[Word] = []
    for before, word in zip([None, *run], run, strict=False):
        if before is not None:
            at += max(word.left - before.right, 0.5)
        width = natural_width(word.text, word)
        made.append(Word(word.text, at, at + width, word.y, word.size, word.style))
        at += width
    if _NUMBERS.fullmatch("".join(word.text for word in run)):
        shift = run[-1].right - made[-1].right
        for word in made:
            word.left, word.right = word.left + shift, word.right + shift
    return made


def _put(pdf: FPDF, word: Word) -> None:
    pdf.set_font(_FAMILY, word.style, max(word.size, 1))
    pdf.text(word.left, word.y, _encodable(word.text))


def _encodable(text: str) -> str:
    """What the fonts of every PDF reader can show."""
    return text.translate(_PLAIN).encode("cp1252", "replace").decode("cp1252")


def _blank() -> FPDF:
    from fpdf import FPDF

    pdf = FPDF(unit="pt")
    pdf.core_fonts_encoding = "cp1252"
    pdf.set_auto_page_break(False)
    pdf.set_creation_date(_MADE_ON)
    pdf.set_producer("ameli anonymise")
    pdf.set_title("Copie anonyme")
    return pdf


@lru_cache(maxsize=1)
def _measure() -> FPDF:
    return _blank()
