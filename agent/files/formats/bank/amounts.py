"""Amounts as banks write them, and what a file's own amounts prove of how to read the others.

``8.800`` is eight euros eighty in one file and eight thousand eight hundred in another: what stands beside it tells.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

_CENT = Decimal("0.01")
_MOST = Decimal(10) ** 9
_UNIT = r"(?:€|EUR(?:OS?)?)"
_MINUS = "\u2010\u2011\u2012\u2013\u2212-"
LONGEST = 80
"""Signs of a cell that are looked at: no day and no amount is longer."""
_CELL = re.compile(
    rf"(?P<open>\()?\s*(?P<first>[+{_MINUS}])?\s*(?:{_UNIT})?\s*(?P<second>[+{_MINUS}])?\s*"
    rf"(?P<digits>\d[\d .,'’]*(?<=\d))\s*(?:{_UNIT})?\s*(?P<last>[+{_MINUS}]|DB|DR|D|CR|C)?\s*(?:{_UNIT})?\s*"
    r"(?P<close>\))?",
    re.IGNORECASE | re.ASCII)
_CODES = (
    "AED|ALL|AMD|ARS|AUD|AZN|BAM|BDT|BGN|BHD|BRL|BTC|CAD|CHF|CLP|CNY|COP|CRC|CUP|CZK|DKK|DOP|DZD|EGP|ETH|FJD|GBP|GEL|GHS"
    "|GNF|HKD|HUF|IDR|ILS|INR|ISK|JMD|JOD|JPY|KES|KHR|KMF|KRW|KWD|KZT|LAK|LBP|LKR|MAD|MDL|MGA|MKD|MRU|MUR|MXN|MYR|NGN|NOK"
    "|NPR|NZD|OMR|PEN|PHP|PKR|PLN|QAR|RON|RSD|RUB|SAR|SCR|SEK|SGD|THB|TND|TRY|TWD|TZS|UAH|UGX|USD|UYU|VND|XAF|XOF|XPF|ZAR")
_OTHER_MONEY = re.compile(rf"[$£¥]|(?<![A-Z])(?:{_CODES})(?![A-Z])")
_SPACES = dict.fromkeys(map(ord, "\u00a0\u202f\u2009\u2007\t"), " ")
_SHOWN = {sign: re.compile(
    rf"(?:[1-9]\d{{0,2}}(?P<group>[ '’{other}])\d{{3}}(?:(?P=group)\d{{3}})*|\d+)(?:[{sign}](?P<rest>\d+))?", re.ASCII)
    for sign, other in ((",", "."), (".", ","))}


class Notation(NamedTuple):
    """How a file writes its amounts."""

    decimal: str | None = None
    """The sign before the cents; None where the file shows both, or neither."""
    thirds: bool = False
    """It writes three decimals and more."""
    whole: bool = False
    """It leaves the cents of a round amount out."""


ALONE = Notation(whole=True)
"""Of an amount that stands by itself."""


def bare(text: str) -> str:
    """A cell without what spreadsheets and encodings put around it."""
    text = text[:LONGEST].replace("\ufeff", "").translate(_SPACES).strip()
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1].strip()
    return text.removeprefix("'").strip()


def in_other_money(text: str) -> bool:
    """Whether an amount, or the currency beside it, is another one than the euro."""
    return _OTHER_MONEY.search(text.upper()) is not None


def amount_of(text: str, notation: Notation = ALONE) -> Decimal | None:
    """An amount in euros and whole cents; None for what is none, or could be two."""
    cell = _CELL.fullmatch(bare(text))
    if cell is None:
        return None
    signs = [sign for sign in (cell["first"], cell["second"], cell["last"]) if sign]
    if len(signs) > 1 or (cell["open"] is None) != (cell["close"] is None) or (cell["open"] and signs):
        return None
    value = _value(cell["digits"], notation)
    if value is None or value > _MOST or value != value.quantize(_CENT):
        return None
    leaves = cell["open"] is not None or (bool(signs) and (signs[0] in _MINUS or signs[0].upper().startswith("D")))
    value = value.quantize(_CENT)
    return -value if leaves else value


def notation_of(cells: Iterable[str]) -> Notation:
    """How a file writes its amounts, by those that can be read in one way alone."""
    shown = [digits for cell in set(cells) if (digits := _digits(cell)) is not None]
    sure = [digits for digits in shown if not _doubtful(digits)]
    signs = {sign for sign in ",." for digits in sure
             if (match := _SHOWN[sign].fullmatch(digits)) and (match["rest"] or match["group"] in (",", "."))}
    lengths = [len(rest) for digits in sure for sign in ",."
               if (match := _SHOWN[sign].fullmatch(digits)) and (rest := match["rest"])]
    whole = any(digits.isdigit() or _grouped(digits) for digits in sure)
    return Notation(
        decimal=signs.pop() if len(signs) == 1 else None, thirds=any(length > 2 for length in lengths), whole=whole)


def has_cents(text: str) -> bool:
    """Whether a cell is an amount that shows decimals, or may."""
    return (digits := _digits(text)) is not None and re.search(r"[.,]\d{2,}$", digits) is not None


def is_doubtful(text: str) -> bool:
    """Whether a cell is thousands in one way of writing and decimals in the other."""
    return (digits := _digits(text)) is not None and _doubtful(digits)


def _digits(text: str) -> str | None:
    cell = _CELL.fullmatch(bare(text))
    return cell["digits"] if cell is not None else None


def _grouped(digits: str) -> bool:
    return any((shown := _SHOWN[sign].fullmatch(digits)) and shown["group"] and not shown["rest"] for sign in ",.")


def _doubtful(digits: str) -> bool:
    return re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", digits) is not None


def _value(digits: str, notation: Notation) -> Decimal | None:
    readings = {sign: _number(digits, sign) for sign in ",."}
    values = {value for value in readings.values() if value is not None}
    if len(values) != 2:
        return values.pop() if values else None
    if notation.decimal is None:
        return None
    if notation.decimal in digits:  # three decimals, where the file writes such
        return readings[notation.decimal] if notation.thirds else None
    return readings[notation.decimal] if notation.whole else None


def _number(digits: str, sign: str) -> Decimal | None:
    shown = _SHOWN[sign].fullmatch(digits)
    if shown is None:
        return None
    whole, _, rest = digits.partition(sign)
    return Decimal(f"{re.sub(r'[^0-9]', '', whole)}.{rest or '0'}")
