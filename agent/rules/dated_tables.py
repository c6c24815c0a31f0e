"""The dated tables as the engine reads them: a missing day becomes an error that names the nearest known one, and a
value that is only the latest known is remembered as such."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from agent.rules.errors import UnknownDate
from config.tariffs import Entry, Parameter, Tariffs, load

_DAYS_KEPT = 8192
_A_DAY = timedelta(days=1)


@lru_cache(maxsize=_DAYS_KEPT)
def era(day: date) -> date:
    """The newest day up to ``day`` on which anything in the tables changed; ``day`` itself before the first.

    From one such day to the next the tables say the same, so what is worked out for one day holds for the others.
    """
    place = bisect_right(_changes(), day)
    return _changes()[place - 1] if place else day


@lru_cache(maxsize=1)
def _changes() -> list[date]:
    parameters = load().parameters.values()
    begun = {entry.since for parameter in parameters for entry in parameter.history}
    ended = {parameter.known_until + _A_DAY for parameter in parameters if parameter.known_until is not None}
    changed = {parameter.changed for parameter in parameters if parameter.changed is not None}
    return sorted(begun | ended | changed)


@lru_cache(maxsize=65_536)
def _newest(parameter: Parameter, day: date) -> Entry | None:
    """``parameter.entry(day)``, remembered: a parameter is equal to itself alone, so tables never mix."""
    return parameter.entry(day)


@dataclass(frozen=True, slots=True)
class Law:
    """The tables on one day, for one act."""

    act: str
    on: date
    tariffs: Tariffs
    outdated: dict[str, date] = field(default_factory=dict, repr=False, compare=False)
    """What was read so far that is only the latest known: by parameter, the last day for which a source gives it."""

    @classmethod
    def of(cls, act: str, on: date) -> "Law":
        """The built-in tables on that day."""
        return cls(act, on, load())

    def at(self, day: date) -> "Law":
        """The same tables on another day."""
        return self if day == self.on else Law(self.act, day, self.tariffs, self.outdated)

    def entry(self, name: str) -> Entry:
        """The value of ``concept.parameter`` known for the day, with its source. Raises UnknownDate."""
        entry = self._find(name)
        if entry is None:
            nearest = self.tariffs.parameter(name).nearest(self.on)
            raise UnknownDate(act=self.act[:40], day=self.on.isoformat(), nearest=nearest.isoformat())
        return entry

    def value(self, name: str) -> Decimal:
        """The value of ``concept.parameter`` known for the day. Raises UnknownDate."""
        return self.entry(name).value

    def value_or_none(self, name: str) -> Decimal | None:
        """The value known for the day, or None before the parameter existed: a charge not invented yet is not due."""
        entry = self._find(name)
        return None if entry is None else entry.value

    def knows(self, name: str) -> bool:
        """Whether there is a value for that day, be it only the latest known."""
        return _newest(self.tariffs.parameter(name), self.on) is not None

    def source(self, name: str) -> str:
        """Where the value known for the day was read, with the day from which it holds."""
        return self.entry(name).cited

    def exempt(self, situations: Iterable[str]) -> str:
        """The situation that frees from participations and franchises, or nothing."""
        return next((name for name in sorted(situations) if self.value(f"exemption.{name}")), "")

    def _find(self, name: str) -> Entry | None:
        parameter = self.tariffs.parameter(name)
        entry = _newest(parameter, self.on)
        if entry is not None and (known_until := parameter.outdated(self.on)) is not None:
            self.outdated[name] = known_until
        return entry
