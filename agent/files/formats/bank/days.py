"""Days as banks write them, and what a file's own days prove of their order."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from enum import Enum
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from agent.files.formats.bank.amounts import LONGEST, bare
from agent.files.formats.bank.labels import plain

_CENTURY = 2000
_YEARS = range(1980, 2101)
_TIME = r"(?:Z|[T ,]+(?:A )?\d\d?[:HH]\d.*)?"
_NUMBERS = re.compile(rf"(?P<one>\d\d?)(?P<sign>[/.-])(?P<two>\d\d?)(?P=sign)(?P<year>\d{{4}}|\d\d){_TIME}")
_ISO = re.compile(rf"(?P<year>\d{{4}})(?P<sign>[-/.]?)(?P<month>\d\d)(?P=sign)(?P<day>\d\d){_TIME}")
_NAMED = re.compile(
    rf"(?:[A-Z]{{2,9}}[.,]? )?(?P<day>\d\d?)(?:ER|\.|ST|ND|RD|TH)?[ ./-]?(?:DE )?(?P<name>[A-Z]{{3,10}})\.?,?"
    rf"[ ./-]?(?:DE )?(?P<year>\d{{4}}|\d\d){_TIME}")
_NAME_FIRST = re.compile(rf"(?P<name>[A-Z]{{3,10}})\.? (?P<day>\d\d?)(?:ST|ND|RD|TH)?,? (?P<year>\d{{4}}){_TIME}")
_MONTHS = tuple(tuple(names.split()) for names in (
    "JANVIER JANUARY JANUAR JANUARI ENERO GENNAIO JANEIRO",
    "FEVRIER FEBRUARY FEBRUAR FEBRUARI FEBRERO FEBBRAIO FEVEREIRO",
    "MARS MARCH MARZ MAERZ MRZ MAART MARZO MARCO", "AVRIL APRIL ABRIL APRILE AVR", "MAI MAY MEI MAJ MAYO MAGGIO MAIO",
    "JUIN JUNE JUNI JUNIO GIUGNO JUNHO", "JUILLET JULY JULI JULIO LUGLIO JULHO JUIL JLT",
    "AOUT AUGUST AUGUSTUS AUGUSTI AGOSTO",
    "SEPTEMBRE SEPTEMBER SEPTIEMBRE SETTEMBRE SETEMBRO SEPT", "OCTOBRE OCTOBER OKTOBER OCTUBRE OTTOBRE OUTUBRO",
    "NOVEMBRE NOVEMBER NOVIEMBRE", "DECEMBRE DECEMBER DEZEMBER DICIEMBRE DICEMBRE DEZEMBRO"))


class Order(Enum):
    """Which of two numbers is the day."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"


class Readings(NamedTuple):
    """What a cell is in either order; both alike where its form leaves no doubt."""

    day_first: date | None
    month_first: date | None

    def get(self, order: Order) -> date | None:
        """The day in one order."""
        return self.day_first if order is Order.DAY_FIRST else self.month_first


class Mixed(Exception):
    """Some days of a file are day first, others month first."""


class Undecided(Exception):
    """Every day of a file can be read in both orders."""


NONE = Readings(None, None)


def readings(text: str) -> Readings:
    """The day of a cell, in either order."""
    return _readings(text[:LONGEST])


@lru_cache(8192)
def _readings(text: str) -> Readings:
    cell = plain(bare(text))
    if (match := _ISO.fullmatch(cell)) is not None:
        day = _date(match["year"], int(match["month"]), int(match["day"]))
        return Readings(day, day)
    if (match := _NUMBERS.fullmatch(cell)) is not None:
        first = _date(match["year"], int(match["two"]), int(match["one"]))
        if match["sign"] == ".":  # nobody writes months first with points
            return Readings(first, first)
        return Readings(first, _date(match["year"], int(match["one"]), int(match["two"])))
    match = _NAMED.fullmatch(cell) or _NAME_FIRST.fullmatch(cell)
    months = [] if match is None else [
        number for number, names in enumerate(_MONTHS, 1) if any(name.startswith(match["name"]) for name in names)]
    if match is None or len(months) != 1:
        return NONE
    day = _date(match["year"], months[0], int(match["day"]))
    return Readings(day, day)


def is_day(text: str) -> bool:
    """Whether a cell is a day in one order at least."""
    return readings(text) != NONE


def order_of(readings: Sequence[Readings], *, day_first: bool) -> Order:
    """The order of a file's days, in the file's order. Raises Mixed, Undecided.

    ``day_first``: the heads, or the way it writes cents, are of a country where the day comes first.
    """
    only_day = sum(one.month_first is None and one.day_first is not None for one in readings)
    only_month = sum(one.day_first is None and one.month_first is not None for one in readings)
    if only_day or only_month:
        if min(only_day, only_month) * _FEW > max(only_day, only_month):
            raise Mixed
        return Order.DAY_FIRST if only_day > only_month else Order.MONTH_FIRST
    doubtful = [one for one in readings if one.day_first != one.month_first]
    if not doubtful:
        return Order.DAY_FIRST
    rising_days, rising_months = (_in_order(one.get(order) for one in readings) for order in Order)
    different = len({one.month_first for one in readings})
    if day_first:
        if rising_months and not rising_days and different >= _ENOUGH_AGAINST:
            raise Undecided  # the heads say one thing, the days another
        return Order.DAY_FIRST
    if rising_days != rising_months and different >= _ENOUGH:
        return Order.DAY_FIRST if rising_days else Order.MONTH_FIRST
    raise Undecided


_FEW = 10
"""One day in so many that contradicts the others is one that cannot be read; more of them make the file doubtful."""
_ENOUGH, _ENOUGH_AGAINST = 3, 6
"""Different days that have to stand in their order to tell it; to tell it against the heads."""


def _in_order(days: Iterable[date | None]) -> bool:
    read_days = [day for day in days if day is not None]
    return (all(one <= other for one, other in pairwise(read_days))
            or all(one >= other for one, other in pairwise(read_days)))


def _date(year: str, month: int, day: int) -> date | None:
    number = int(year) + (_CENTURY if len(year) == 2 else 0)
    try:
        return date(number, month, day) if number in _YEARS else None
    except ValueError:
        return None
