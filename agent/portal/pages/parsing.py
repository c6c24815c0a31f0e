"""Amounts, dates and words as the service writes them. Each reader returns None rather than guess."""

import re
import unicodedata
from datetime import date
from decimal import Decimal

from agent.account import clean_text

_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f\u2060]+")
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2010": "-", "\u2011": "-"})
_AMOUNT = re.compile(r"([-+]?)(\d{1,12})(?:[.,](\d{1,4}))?(?:€|EUR|euros?|euro\(s\))?", re.IGNORECASE | re.ASCII)
_GROUPED = re.compile(r"([-+]?)(\d{1,3}(?:\.\d{3})+)(?:,(\d{1,4}))(?:€|EUR)?", re.IGNORECASE | re.ASCII)
_DAY = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})\b", re.ASCII)
_MONTH_YEAR = re.compile(r"([^\W\d_]{3,9})\.?\s+(\d{4})\b")
_DIGITS = re.compile(r"\d(?:[\s\u00a0\u202f]?\d){4,}")
_MONTHS = ("janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre", "octobre", "novembre",
           "decembre")


def words(text: str | None, limit: int = 500) -> str:
    """Text from the service on one line: harmless, spaces folded, trimmed."""
    return clean_text(_SPACES.sub(" ", text or "").strip(), limit)


def quotable(text: str | None) -> str:
    """A sentence of the service fit for an error message: long runs of digits (numbers, identifiers) are masked."""
    return _DIGITS.sub("…", words(text, 300))


def amount(text: str | None) -> Decimal | None:
    """Euros: ``17,50 €``, ``-1,00``, ``- 1 234,50 €`` with any space and either minus; None when it is no amount.

    Always with two decimals at least, so that equal amounts are written alike.
    """
    bare = _SPACES.sub("", text or "").translate(_MINUS)
    if grouped := _GROUPED.fullmatch(bare):
        sign, whole, cents = grouped.groups()
        whole = whole.replace(".", "")
    elif plain := _AMOUNT.fullmatch(bare):
        sign, whole, cents = plain.groups()
    else:
        return None
    value = Decimal(f"{whole}.{(cents or '').ljust(2, '0')}")
    return -value if sign == "-" and value else value


def rate(text: str | None) -> Decimal | None:
    """Per cent: ``70%``, ``70 %``, ``64,5 %``."""
    match = re.fullmatch(r"(\d{1,3})(?:[.,](\d{1,2}))?%?", _SPACES.sub("", text or ""), re.ASCII)
    if not match:
        return None
    return Decimal(f"{match[1]}.{match[2]}" if match[2] else match[1])


def whole_number(text: str | None) -> int | None:
    """A count: ``14``, ``14 jours``, ``14 j``."""
    match = re.fullmatch(r"(\d{1,4})(?:[.,]0+)?\s?(?:j|jours?)?\.?", words(text), re.ASCII | re.IGNORECASE)
    return int(match[1]) if match else None


def days(text: str | None) -> list[date]:
    """Every ``dd/mm/yyyy`` or ``dd/mm/yy`` in the text that is a real day, in order."""
    return [real for match in _DAY.finditer(text or "") if (real := _date(match[3], int(match[2]), match[1]))]


def day(text: str | None) -> date | None:
    """The first day written in figures in the text."""
    written = days(text)
    return written[0] if written else None


def month_number(word: str) -> int | None:
    """1 to 12 from a month's name: long, short (``oct.``, ``juil``), any case, with or without accents."""
    folded = unicodedata.normalize("NFD", word.strip().rstrip(".").casefold())
    plain = "".join(letter for letter in folded if not unicodedata.combining(letter))
    if len(plain) < 3:
        return None
    near = [number for number, name in enumerate(_MONTHS, 1) if name.startswith(plain)]
    if plain in ("jui", "jul"):  # "jui" is juin or juillet: unknown; some renderings write "jul"
        return 7 if plain == "jul" else None
    return near[0] if len(near) == 1 else None


def month_year(text: str | None) -> tuple[int, int] | None:
    """(year, month) from ``octobre 2018``, ``OCTOBRE 2018``, ``oct. 2018``."""
    for match in _MONTH_YEAR.finditer(words(text)):
        if (month := month_number(match[1])) and 1900 < int(match[2]) < 2200:
            return int(match[2]), month
    return None


def row_day(number: str | None, month: str | None, header: tuple[int, int] | None) -> date | None:
    """The day of a row: its number, its month in letters (or figures), and the year of the month header.

    A row without a readable month takes the header's.
    """
    figures = re.search(r"\d{1,2}", number or "", re.ASCII)
    if figures is None:
        return None
    text = words(month)
    if own := month_year(text):
        return _date(str(own[0]), own[1], figures[0])
    if header is None:
        return None
    letters = re.search(r"[^\W\d_]+", text)
    mine = month_number(letters[0]) if letters else None
    year = header[0]
    if mine is not None and abs(mine - header[1]) > 6:  # a December row under a January header
        year += 1 if mine < header[1] else -1
    return _date(str(year), mine or header[1], figures[0])


def _date(year: str, month: int, number: str) -> date | None:
    full = int(year) + (2000 if len(year) == 2 else 0)
    if not 1880 <= full < 2200:  # arithmetic on days has an end, and no payment is beyond these
        return None
    try:
        return date(full, month, int(number))
    except ValueError:
        return None
