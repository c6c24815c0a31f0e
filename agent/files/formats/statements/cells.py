"""One line of a page taken apart: its day, its words, its code and its columns of numbers."""

import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from agent.files.formats.bounds import plain_decimal, sane_day
from agent.files.formats.pdf_words import Word

_AMOUNT = re.compile(
    r"([-+\u2010\u2011\u2212\u2013]?)\s?"
    r"([0-9]{1,3}(?:[ .\u00a0\u202f]?[0-9]{3})*|[0-9]+),([0-9]{2})(?:\s?(?:€|euros?))?")
_RATE = re.compile(r"(\d{1,3}(?:,\d{1,2})?)\s?%")
_NUMBER = re.compile(r"\d{1,4}")
_DAY = re.compile(r"(\d\d)([/ .])(\d\d)\2(\d{4}|\d\d)(?!\d)")
_CODE = re.compile(r"\(\s*([A-Z][A-Z0-9+]{0,11}|\d{8,12})\s*\)\s*$")
_SECTOR = re.compile(r"\s*Sect(?:eur)?\s?[12]\b", re.IGNORECASE)
_GLUED_DAY = re.compile(r"(\d\d/\d\d/\d{4})(?=[^\W\d])")
_GLUED_COLUMN = re.compile(r"\d{1,3}(?:\.\d{3})*,\d\d|\d+,\d\d|\d{1,3}%")
"""Amounts end with two decimals, so that a run of columns has one way to be parted."""
_CENTURY = 2000
_GAP = 0.9
"""Of the type's size: numbers closer than this are one (``1 234,50``, ``- 2,00``, ``70 %``)."""


@dataclass(slots=True)
class Cells:
    """One line. ``numbers`` are what stands in columns after the words, left to right."""

    text: str
    """The whole line, single spaces."""
    day: date | None = None
    label: str = ""
    code: str | None = None
    numbers: list[Decimal] = field(default_factory=list)
    """Amounts in euros."""
    rates: list[Decimal] = field(default_factory=list)
    """Per cent; ``places`` says where they stand among the amounts."""
    places: str = ""
    """The kinds of the columns in their order: ``A`` an amount, ``R`` a rate, ``N`` a whole number."""
    counts: list[int] = field(default_factory=list)


def read_cells(words: list[Word]) -> Cells:
    """Take a line apart."""
    pieces = _joined(words)
    cells = Cells(" ".join(word.text for word in words))
    at = len(pieces)
    columns: list[tuple[str, Decimal]] = []
    while at and (column := _column(pieces[at - 1])) is not None:
        at -= 1
        columns.append(column)
    for kind, value in reversed(columns):
        cells.places += kind
        if kind == "A":
            cells.numbers.append(value)
        elif kind == "R":
            cells.rates.append(value)
        else:
            cells.counts.append(int(value))
    _head(cells, " ".join(piece.text for piece in pieces[:at]))
    return cells


def _head(cells: Cells, text: str) -> None:
    """The day, label and code of what stands before the columns."""
    day = _DAY.match(text)
    if day is not None and (read := as_day(day[0])) is not None:
        cells.day, text = read, text[day.end():]
    text = _SECTOR.sub("", text).strip()
    code = _CODE.search(text)
    if code is not None:
        cells.code, text = code[1], text[: code.start()]
    cells.label = " ".join(_SECTOR.sub("", text).split())


def as_day(text: str) -> date | None:
    """``13/10/2018`` or ``13 10 18`` as a date; None for what is no day."""
    match = _DAY.fullmatch(text.strip())
    if match is None:
        return None
    year = int(match[4]) + (_CENTURY if len(match[4]) == 2 else 0)
    try:
        return sane_day(date(year, int(match[3]), int(match[1])))
    except ValueError:
        return None


def as_amount(text: str) -> Decimal | None:
    """``1 234,50``, ``- 2,00`` or ``17,50 €`` in euros; None for what is no amount."""
    match = _AMOUNT.fullmatch(text.strip())
    if match is None:
        return None
    value = plain_decimal(f"{re.sub(r'[^0-9]', '', match[2])}.{match[3]}")
    return value.copy_negate() if value and match[1] not in ("", "+") else value


def _column(piece: Word) -> tuple[str, Decimal] | None:
    if (amount := as_amount(piece.text)) is not None:
        return "A", amount
    if (rate := _RATE.fullmatch(piece.text)) is not None:
        return "R", Decimal(rate[1].replace(",", "."))
    return ("N", Decimal(piece.text)) if _NUMBER.fullmatch(piece.text) else None


def _joined(words: list[Word]) -> list[Word]:
    """The words of a line, the parts of one number put together."""
    pieces: list[Word] = []
    for word in (part for glued in words for part in _parted(glued)):
        before = pieces[-1] if pieces else None
        if before is not None and word.left - before.right < _GAP * word.size and _belong(before.text, word.text):
            space = " " if before.text[-1].isdigit() and word.text[0].isdigit() else ""
            pieces[-1] = Word(before.text + space + word.text, before.left, word.right, before.y, before.size, "")
        else:
            pieces.append(word)
    return pieces


def _parted(word: Word) -> list[Word]:
    """The cells in one word of a file that leaves no space between them."""
    day = _GLUED_DAY.match(word.text)
    texts = [day[1], word.text[day.end():]] if day else _GLUED_COLUMN.findall(word.text)
    if len(texts) < 2 or "".join(texts) != word.text:
        return [word]
    wide = (word.right - word.left) / len(word.text)
    parts, left = [], word.left
    for text in texts:
        parts.append(Word(text, left, left + wide * len(text), word.y, word.size, word.style))
        left = parts[-1].right
    return parts


def _belong(first: str, second: str) -> bool:
    if first in ("-", "+", "\u2010", "\u2011", "\u2212", "\u2013"):
        return re.match(r"\d", second) is not None
    if second in ("%", "€"):
        return re.search(r"\d$", first) is not None
    thousands = re.fullmatch(r"[-+\u2010\u2011\u2212\u2013]?\d{1,3}(?: \d{3})*", first)
    return thousands is not None and re.fullmatch(r"\d{3},\d\d", second) is not None
