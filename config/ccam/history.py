"""From what the fund's tables print on a few days to the price of an act through time."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from importlib.resources import files
from itertools import pairwise

import msgspec

from config.ccam.table import Price, Tariff
from config.tariffs import Entry, Parameter
from config.yaml_file import read_yaml

_A_DAY = timedelta(days=1)
_NEARLY = (Decimal("0.75"), Decimal("1.33"))
"""What a rise is to the one before, at least and at most, where both come of one value that multiplies all acts: the
fund rounds to the cent what it multiplies."""
_CENTS = Decimal("0.03")
_CENT = Decimal("0.01")
_VERSION = re.compile(r"CCAM-V([0-9]{1,3})")


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A day on which the tariffs of many acts changed; ``steps.yaml`` says what each field is."""

    day: date
    way: str
    source: str
    confidence: str
    groups: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()
    evenly: bool = False
    times: Decimal | None = None


class Decided(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A change of which only the day is known."""

    day: date
    like: date


class Steps(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file ``steps.yaml``."""

    review: date
    steps: tuple[Step, ...]
    decided: tuple[Decided, ...]
    readings: tuple[date, ...]

    def days(self) -> set[date]:
        """Every day on which the price of some act may change, or what is known of it."""
        begun = {step.day for step in self.steps} | {one.day for one in self.decided}
        return begun | set(self.readings) | {day + _A_DAY for day in self.readings}


@cache
def steps() -> Steps:
    """The steps that come with the program."""
    text = files(__package__).joinpath("steps.yaml").read_text(encoding="utf-8")
    return msgspec.convert(read_yaml(text), Steps)


@dataclass(frozen=True, slots=True)
class _Run:
    """A price that did not change between two days."""

    price: Decimal
    first: date
    last: date
    source: str
    began: bool
    last_source: str


def history(name: str, tariff: Tariff, label: tuple[str, str], *, outside: bool) -> Parameter | None:
    """The price of ``tariff`` through time under ``name``, in sector 1 or ``outside`` of it, in euros; ``label`` is the
    act in French and English. None where no table has a price of it."""
    runs = list(_runs(tariff.prices, outside))
    if not runs:
        return None
    entries: list[Entry] = []
    known_until: date | None = None
    for place, run in enumerate(runs):
        step = None if run.began or not place else _step(tariff, runs, place)
        since, source, confidence = _begins(run, step)
        later = runs[place + 1] if place + 1 < len(runs) else None
        sure = later is not None and (later.began or _step(tariff, runs, place + 1) is not None)
        until = tariff.ended if later is None else None if sure else run.last
        began = run.began or step is not None
        entries.append(Entry(since, run.price, source, confidence, f"{source}, {since}", began, until))
        decided = [one.day for one in steps().decided if step is not None and one.like == step.day]
        known_until = min(decided) - _A_DAY if decided and later is None and run.last < min(decided) else None
    return Parameter(name, label[1], "EUR", tuple(entries), known_until, fr=label[0])


def _runs(prices: Sequence[Price], outside: bool) -> Iterator[_Run]:
    run: _Run | None = None
    for price in prices:
        euros = price.outside if outside else price.ordinary
        if run is not None and run.price == euros:
            run = _Run(euros, run.first, price.day, run.source, run.began, price.source)
            continue
        if run is not None:
            yield run
        began = price.began or (run is not None and _follows(run.last_source, price.source))
        run = _Run(euros, price.day, price.day, price.source, began, price.source)
    if run is not None:
        yield run


def _follows(earlier: str, later: str) -> bool:
    """Whether a version of the fund's table is the next after another: the one before applied until its day."""
    versions = [_VERSION.fullmatch(source) for source in (earlier, later)]
    numbers = [int(version[1]) for version in versions if version is not None]
    return len(numbers) == 2 and numbers[1] == numbers[0] + 1


def _step(tariff: Tariff, runs: Sequence[_Run], place: int) -> Step | None:
    """The known step between a run and the one before it."""
    before, run = runs[place - 1], runs[place]
    way = "up" if run.price > before.price else "down"
    for step in steps().steps:
        if not before.last < step.day <= run.first or step.way != way:
            continue
        if (step.groups and tariff.group not in step.groups) or (step.codes and tariff.code not in step.codes):
            continue
        if step.evenly and not _evenly(runs, place):
            continue
        if step.times is not None and abs(before.price * step.times - run.price) > _CENT:
            continue
        return step
    return None


def _evenly(runs: Sequence[_Run], place: int) -> bool:
    """Whether the step to a run is about as high as the one before or after it."""
    heights = [later.price - earlier.price for earlier, later in pairwise(runs)]
    height = heights[place - 1]
    beside = heights[max(0, place - 2): place - 1] + heights[place: place + 1]
    return any(
        other > 0 and (abs(height - other) <= _CENTS or _NEARLY[0] <= height / other <= _NEARLY[1]) for other in beside)


def _begins(run: _Run, step: Step | None) -> tuple[date, str, str]:
    """The first day of a run, where it was read, and how sure that is."""
    if step is not None:
        return step.day, step.source, step.confidence
    return run.first, run.source, "official"
