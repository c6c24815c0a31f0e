"""What an amount or a day of a file may be at most, whatever kind of file: anything else is damage, or made to do harm.

Beyond these bounds arithmetic would round, overflow or end in an error far from the file that brought the number.
"""

import re
from datetime import date
from decimal import Decimal

MOST_EUROS = Decimal(10) ** 9
_NUMBER = re.compile(r"[-+]?(?:[0-9]{1,15}(?:\.[0-9]{0,10})?|\.[0-9]{1,10})")
_FIRST_YEAR, _LAST_YEAR = 1880, 2199
"""The oldest birth date of somebody insured, and no day that any file speaks of."""


def plain_decimal(text: str) -> Decimal | None:
    """A number in plain figures with a decimal point; None for all else, as an exponent, NaN or a billion."""
    if _NUMBER.fullmatch(text) is None:
        return None
    return bounded(Decimal(text))


def bounded(amount: Decimal) -> Decimal | None:
    """``amount``, or None when it is no number of euros that anybody has."""
    return amount if amount.is_finite() and amount.copy_abs() <= MOST_EUROS else None


def sane_day(day: date) -> date | None:
    """``day``, or None when nobody living saw or will see it."""
    return day if _FIRST_YEAR <= day.year <= _LAST_YEAR else None
