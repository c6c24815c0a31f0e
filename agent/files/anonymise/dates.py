"""Days that stand for other days: months move together, days keep their order, births are invented apart.

The month of a copy is that of the original moved by a number of months; the days of a month are drawn anew but in the
same order, so that what lay in one month still does and what came first still does. Neither can be computed back.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from random import Random

_BACK = (13, 59)
"""Months by which a copy is older than its original, at least and at most."""
_BORN = (1935, 2010)
RECENT_YEARS = 4
"""What lies further back than so many years before the newest day is taken for a birth."""


class Calendar:
    """The days of one copy."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._months = -chance.randint(*_BACK)
        self._days: dict[int, int] = {}
        self._births: dict[date, date] = {}
        self._newest = date.min

    def learn(self, seen: Iterable[date]) -> None:
        """Take note of every day that the original holds; call it once, before any other."""
        days_seen = list(seen)
        self._newest = max(days_seen, default=date.min)
        days = sorted({day.day for day in days_seen if not self._is_birth(day)})
        drawn = (self._chance.sample(range(1, 29), len(days)) if len(days) <= 28
                 else [self._chance.randint(1, 28) for _ in days])
        self._days = dict(zip(days, sorted(drawn), strict=True))

    def move(self, day: date, *, birth: bool = False) -> date:
        """The day that stands for ``day``."""
        if birth or self._is_birth(day):
            if day not in self._births:
                self._births[day] = date(
                    self._chance.randint(*_BORN), self._chance.randint(1, 12), self._chance.randint(1, 28))
            return self._births[day]
        year, month = self.month(day.year, day.month)
        if day.day not in self._days:
            self._days[day.day] = self._chance.randint(1, 28)
        return date(year, month, self._days[day.day])

    def month(self, year: int, month: int) -> tuple[int, int]:
        """The month that stands for a month."""
        index = year * 12 + month - 1 + self._months
        return max(index // 12, 1900), index % 12 + 1

    def month_name(self, index: int) -> int:
        """The month (0 to 11) that stands for one named without its year."""
        return (index + self._months) % 12

    def _is_birth(self, day: date) -> bool:
        return day.year < self._newest.year - RECENT_YEARS
