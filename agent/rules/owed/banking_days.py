"""Days on which banks settle transfers in euros, and how long they take."""

from datetime import date, timedelta
from functools import lru_cache

PATIENCE = 5
"""Banking days within which a transfer is booked."""
_A_DAY = timedelta(days=1)


@lru_cache(4096)
def after(day: date, number: int) -> date:
    """The day so many banking days later."""
    while number:
        day += _A_DAY
        number -= is_banking_day(day)
    return day


def banking_days(first: date, last: date) -> int:
    """How many banking days lie behind ``first``, up to ``last``."""
    return sum(is_banking_day(first + timedelta(days=number)) for number in range(1, (last - first).days + 1))


@lru_cache(4096)
def is_banking_day(day: date) -> bool:
    """Whether banks settle transfers: not at week-ends, nor on the closing days of the euro's settlement system."""
    if day.weekday() >= 5 or (day.month, day.day) in {(1, 1), (5, 1), (12, 25), (12, 26)}:
        return False
    from dateutil.easter import easter  # 5 ms, and only where bank files were read

    sunday = easter(day.year)
    return day not in (sunday - 2 * _A_DAY, sunday + _A_DAY)
