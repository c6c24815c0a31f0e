"""The yearly ceilings of the Complémentaire santé solidaire, as printed for the day, else worked out from that of one
person (``config/tariffs/c2s.yaml``). The free ones are also those of the state medical aid (AME)."""

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from config.tariffs import Reading, load, value

OVERSEAS = ("971", "972", "973", "974")
"""First digits of postcodes where ceilings are raised."""
_SURE = ("law", "official", "press")
_NAMED = 4
"""Persons up to whom a ceiling is printed; each more adds the same sum."""
_EURO = Decimal(1)


class Ceiling(NamedTuple):
    """A yearly ceiling."""

    amount: Decimal
    certain: bool
    """Printed somewhere reliable for that day, not estimated."""
    source: str
    other: Decimal | None = None
    """What another source says."""

    @property
    def least(self) -> Decimal:
        """The lower of the two."""
        return self.amount if self.other is None else min(self.amount, self.other)

    @property
    def most(self) -> Decimal:
        """The higher of the two."""
        return self.amount if self.other is None else max(self.amount, self.other)


def ceiling(
    people: int, on: date, *, paid: bool = False, overseas: bool = False, shared: Sequence[int] = (),
) -> Ceiling:
    """The yearly ceiling of a household of ``people`` on a day.

    ``shared``: positions (adults first, then children, eldest first, from 0) of children in alternating custody.
    Raises ValueError for an empty household, UnknownTariff before the tables.
    """
    if people < 1:
        raise ValueError("a household has one person at least")
    kind = "paid" if paid else "free"
    if not shared:
        if overseas and (printed := _printed(kind, people, on, "_overseas")) is not None:
            return printed
        if (printed := _printed(kind, people, on, "")) is not None:
            return _overseas(printed, on) if overseas else printed
    worked_out = _worked_out(people, paid, on, shared)
    return _overseas(worked_out, on) if overseas else worked_out


def _printed(kind: str, people: int, on: date, where: str) -> Ceiling | None:
    """The ceiling of a printed table, or None when none covers that household and day."""
    names = [f"c2s.{kind}_{min(people, _NAMED)}{where}"]
    times = [1]
    if people > _NAMED:
        names.append(f"c2s.{kind}_more{where}")
        times.append(people - _NAMED)
    # A table covers households of every size: one that names a single person alone is no table.
    table = f"c2s.{kind}_2{where}"
    readings = [load().parameter(name).reading(on) for name in (table, *names)]
    printed = [reading for reading in readings if reading is not None]
    return _sum(printed[1:], times) if len(printed) == len(readings) else None


def _sum(readings: Sequence[Reading], times: Sequence[int]) -> Ceiling:
    pairs = list(zip(readings, times, strict=True))
    amount = sum((one.entry.value * count for one, count in pairs), Decimal(0))
    other = sum(((one.other or one.entry).value * count for one, count in pairs), Decimal(0))
    certain = all(one.entry.confidence in _SURE and one.doubt != "outdated" for one in readings)
    return Ceiling(amount, certain, readings[0].entry.source, None if other == amount else other)


def _worked_out(people: int, paid: bool, on: date, shared: Sequence[int]) -> Ceiling:
    """From the free ceiling of one person."""
    entry = load().parameter("c2s.free_1").on(on)
    alone = _sum([load().parameter("c2s.free_1").reading(on) or Reading(entry)], [1])
    shares = _shares(people, shared, on)
    factor = value("c2s.paid_factor", on) if paid else _EURO

    def of(single: Decimal) -> Decimal:
        return _rounded(_rounded(single * shares) * factor)

    return alone._replace(amount=of(alone.amount), other=None if alone.other is None else of(alone.other))


def _overseas(mainland: Ceiling, on: date) -> Ceiling:
    factor = value("c2s.overseas_factor", on)
    other = None if mainland.other is None else _rounded(mainland.other * factor)
    return mainland._replace(amount=_rounded(mainland.amount * factor), other=other)


def _shares(people: int, shared: Sequence[int], on: date) -> Decimal:
    second, third, more = (value(f"c2s.share_{name}", on) for name in ("second", "third", "more"))
    total = Decimal(0)
    for position in range(people):
        share = (Decimal(1), second, third, third)[position] if position < _NAMED else more
        total += share / 2 if position in shared else share
    return total


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(_EURO, ROUND_HALF_UP)
