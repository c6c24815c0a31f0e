"""What a bank file says, and which days it says it of."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

Days = tuple[date, date]
"""A first and a last day, both included."""
EVER: Days = (date.min, date.max)
_A_DAY = timedelta(days=1)
_NAMED = 3
"""Unread rows that are named in a sentence."""


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


def first_rows(unread: Sequence[Unread]) -> Why:
    """The first rows that could not be read, each with its reason."""
    more = ["…"] if len(unread) > _NAMED else []
    return Why(" ; ".join([*(f"ligne {row} : {why.fr}" for row, why in unread[:_NAMED]), *more]),
               "; ".join([*(f"row {row}: {why.en}" for row, why in unread[:_NAMED]), *more]))


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
    places: list[date | None] = field(default_factory=list)
    """The days of all movements in the file's order, None for an unread one, as far as the reader notes them."""
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
        gaps = joined(self.gaps)
        return [left for span in joined(spans) for left in _without(span, gaps)]


def joined(spans: Iterable[Days]) -> list[Days]:
    """The same days in as few spans as can be, oldest first; those that follow each other stay apart."""
    merged: list[Days] = []
    for first, last in sorted(set(spans)):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged


def _without(span: Days, gaps: Sequence[Days]) -> list[Days]:
    """What is left of days when those of ``gaps`` (joined) are taken out."""
    first, last = span
    left = []
    for begin, end in gaps[bisect_left(gaps, first, key=lambda gap: gap[1]):]:
        if begin > last:
            break
        if begin > first:
            left.append((first, begin - _A_DAY))
        if end >= last:
            return left
        first = end + _A_DAY
    return [*left, (first, last)]


def days_around(days: Sequence[date | None]) -> list[Days]:
    """For each movement of a file, in its order, the days it may be of by its neighbours.

    ``days``: None where it could not be read. In a file that is not in the order of its days it may be of any day.
    """
    read_days = [day for day in days if day is not None]
    rising = all(one <= other for one, other in pairwise(read_days))
    if rising == all(one >= other for one, other in pairwise(read_days)):  # in no order, or all of one day
        return [EVER] * len(days)
    before, after = _last_before(days), _last_before(days[::-1])[::-1]
    pairs = zip(before, after, strict=True) if rising else zip(after, before, strict=True)
    return [(older or date.min, newer or date.max) for older, newer in pairs]


def _last_before(days: Sequence[date | None]) -> list[date | None]:
    """For each place the last day before it; None where there is none."""
    earlier: list[date | None] = []
    last: date | None = None
    for day in days:
        earlier.append(last)
        last = day or last
    return earlier
