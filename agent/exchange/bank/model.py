"""What a bank file says, and which days it says it of."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

Days = tuple[date, date]
"""A first and a last day, both included."""
EVER: Days = (date.min, date.max)
_A_DAY = timedelta(days=1)


class Line(NamedTuple):
    """One movement of an account: euros, negative when they leave."""

    on: date
    """Day of booking."""
    amount: Decimal
    label: str


class Why(NamedTuple):
    """Why something could not be read, in both languages; never with words of the file."""

    fr: str
    en: str


class Unread(NamedTuple):
    """A movement of a file that could not be read."""

    row: int
    """Line of the file, from 1; of a file without lines, the number of the movement."""
    why: Why


@dataclass(slots=True)
class Account:
    """The movements of one account in a file, before anything is left out."""

    name: str
    """What tells it from others: a number, or nothing. Never kept as it is."""
    lines: list[Line] = field(default_factory=list)
    since: date | None = None
    until: date | None = None
    """First and last day the file covers, as far as it says."""
    foreign: int = 0
    """Movements in another currency than the euro."""
    unread: list[Unread] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    """Of each unread movement of a file whose rows are not kept apart: how many lines stand before it."""
    gaps: list[Days] = field(default_factory=list)
    """Days on which there may be movements that were not read."""
    parts: list[Days] = field(default_factory=list)
    """Of several downloads in one file, the days of each: nothing is known of what lies between them."""
    broken: list[Days] = field(default_factory=list)
    """Those of ``gaps`` over which the running balance tells of movements that are not in the file."""

    def covered(self) -> list[Days]:
        """The days of which the file says everything, oldest first."""
        days = [one.on for one in self.lines]
        spans = list(self.parts)
        if not spans:
            since = min(filter(None, [self.since, *days]), default=None)
            until = max(filter(None, [self.until, *days]), default=None)
            spans = [(since, until)] if since is not None and until is not None else []
        for gap in self.gaps:
            spans = [left for span in spans for left in _without(span, gap)]
        return sorted(spans)


def _without(span: Days, gap: Days) -> list[Days]:
    """What is left of days when others are taken out."""
    (first, last), (begin, end) = span, gap
    if end < first or begin > last:
        return [span]
    left = []
    if begin > first:
        left.append((first, begin - _A_DAY))
    if end < last:
        left.append((end + _A_DAY, last))
    return left


def days_around(days: Sequence[date | None], at: int) -> Days:
    """The days that the movement at a place may be of, by its neighbours.

    ``days``: of all movements in the file's order, None where it could not be read. In a file that is not in the order
    of its days it may be of any day.
    """
    known = [day for day in days if day is not None]
    rising = all(one <= other for one, other in pairwise(known))
    falling = all(one >= other for one, other in pairwise(known))
    if rising == falling:  # in no order, or all of one day
        return EVER
    before = next((day for day in reversed(days[:at]) if day is not None), None)
    after = next((day for day in days[at + 1:] if day is not None), None)
    older, newer = (before, after) if rising else (after, before)
    return older or date.min, newer or date.max
