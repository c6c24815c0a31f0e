"""The dated tables as the engine reads them: a missing day becomes an error that names the nearest known one, and a
value that is only the latest known is remembered as such."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from agent.rules.errors import NotKnownYet, UnknownDate
from config import ccam
from config.tariffs import Entry, Parameter, Reading, Tariffs, load

_DAYS_KEPT = 8192
_A_DAY = timedelta(days=1)


class _WithCcam(dict[str, Parameter]):
    """The tables, and behind them the price of every technical act, read when one is asked for."""

    def __missing__(self, name: str) -> Parameter:
        if not name.startswith(ccam.PREFIX):
            raise KeyError(name)
        return ccam.parameter(name)


@lru_cache(maxsize=1)
def tables() -> Tariffs:
    """The built-in tables with the price of every technical act."""
    built_in = load()
    return Tariffs(_WithCcam(built_in.parameters), {**built_in.reviews, "ccam": ccam.review()})


def forget() -> None:
    """Read the tables once more: a person took another one in."""
    ccam.forget()
    era.cache_clear()
    _changes.cache_clear()


@lru_cache(maxsize=_DAYS_KEPT)
def era(day: date) -> date:
    """The newest day up to ``day`` on which anything in the tables changed; ``day`` itself before the first.

    From one such day to the next the tables say the same, so what is worked out for one day holds for the others.
    """
    place = bisect_right(_changes(), day)
    return _changes()[place - 1] if place else day


@lru_cache(maxsize=1)
def _changes() -> list[date]:
    days = ccam.days()
    for parameter in load().parameters.values():
        ends = {parameter.known_until, *(entry.until for entry in parameter.history)} - {None}
        days |= {end + _A_DAY for end in ends if end is not None}
        begun = {parameter.changed, *(entry.unchanged_since for entry in parameter.history)}
        days |= {day for day in begun if day is not None} | {entry.since for entry in parameter.history}
    return sorted(days)


@lru_cache(maxsize=65_536)
def _reading(parameter: Parameter, day: date) -> Reading | None:
    """``parameter.reading(day)``, remembered: a parameter is equal to itself alone, so tables never mix."""
    return parameter.reading(day)


@dataclass(frozen=True, slots=True)
class Law:
    """The tables on one day, for one act."""

    act: str
    on: date
    tariffs: Tariffs
    instead: frozenset[str] = frozenset()
    """Parameters of which the other of two possible values is taken."""
    unsure: dict[str, tuple[Reading, date]] = field(default_factory=dict, repr=False, compare=False)
    """What was read so far that is not sure, by parameter, with the day for which it was read."""

    @classmethod
    def of(cls, act: str, on: date) -> "Law":
        """The built-in tables on that day."""
        return cls(act, on, tables())

    def at(self, day: date) -> "Law":
        """The same tables on another day."""
        return self if day == self.on else Law(self.act, day, self.tariffs, self.instead, self.unsure)

    def with_others(self, names: Iterable[str]) -> "Law":
        """The same tables, of these parameters the other possible value."""
        return Law(self.act, self.on, self.tariffs, frozenset(names))

    def entry(self, name: str) -> Entry:
        """The value of ``concept.parameter`` known for the day, with its source. Raises UnknownDate."""
        entry = self._find(name)
        if entry is None:
            raise self._nothing(self.tariffs.parameter(name))
        return entry

    def value(self, name: str) -> Decimal:
        """The value of ``concept.parameter`` known for the day. Raises UnknownDate."""
        return self.entry(name).value

    def value_or_none(self, name: str) -> Decimal | None:
        """The value known for the day, or None before the parameter existed: a charge not invented yet is not due."""
        entry = self._find(name)
        return None if entry is None else entry.value

    def knows(self, name: str) -> bool:
        """Whether there is a value for that day, be it not a sure one."""
        return _reading(self.tariffs.parameter(name), self.on) is not None

    def source(self, name: str) -> str:
        """Where the value known for the day was read, with the day from which it holds."""
        return self.entry(name).cited

    def exempt(self, situations: Iterable[str]) -> str:
        """The situation that frees from participations and franchises, or nothing."""
        return next((name for name in sorted(situations) if self.value(f"exemption.{name}")), "")

    def _nothing(self, parameter: Parameter) -> UnknownDate:
        act, nearest = self.act[:40], parameter.nearest(self.on).isoformat()
        if parameter.changed is None or self.on < parameter.changed:
            return UnknownDate(act=act, day=self.on.isoformat(), nearest=nearest)
        return NotKnownYet(
            act=act, day=self.on.isoformat(), nearest=nearest, changed=parameter.changed.isoformat(),
            what_fr=parameter.fr or "tarif", what_en=parameter.label,
        )  # fmt: skip

    def _find(self, name: str) -> Entry | None:
        reading = _reading(self.tariffs.parameter(name), self.on)
        if reading is None:
            return None
        if reading.doubt:
            self.unsure[name] = reading, self.on
            if reading.other is not None and name in self.instead:
                return reading.other
        return reading.entry
