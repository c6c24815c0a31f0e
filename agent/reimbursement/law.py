"""The dated tables as the engine reads them: a missing day becomes an error that names the nearest known one."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from agent.reimbursement.errors import UnknownDate
from config.tariffs import Entry, Tariffs, load

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
    return sorted(begun | ended)


@lru_cache(maxsize=_DAYS_KEPT)
def _looked_up(_day: date) -> dict[str, Entry | None]:
    """What was already looked up for that day; None where the tables say nothing."""
    return {}


@dataclass(frozen=True, slots=True)
class Law:
    """The tables on one day, for one act."""

    act: str
    on: date
    tariffs: Tariffs
    _known: dict[str, Entry | None] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, act: str, on: date) -> "Law":
        """The built-in tables on that day."""
        return cls(act, on, load(), _looked_up(on))

    def at(self, day: date) -> "Law":
        """The same tables on another day."""
        return self if day == self.on else Law(self.act, day, self.tariffs, _looked_up(day))

    def entry(self, name: str) -> Entry:
        """The value of ``concept.parameter`` in force, with its source. Raises UnknownDate."""
        entry = self._find(name)
        if entry is None:
            parameter = self.tariffs.parameter(name)
            late = parameter.known_until is not None and self.on > parameter.known_until
            nearest = parameter.known_until if late and parameter.known_until else parameter.history[0].since
            raise UnknownDate(act=self.act[:40], day=self.on.isoformat(), nearest=nearest.isoformat())
        return entry

    def value(self, name: str) -> Decimal:
        """The value of ``concept.parameter`` in force. Raises UnknownDate."""
        return self.entry(name).value

    def value_or_none(self, name: str) -> Decimal | None:
        """The value in force, or None before the parameter existed: a charge not invented yet is not due."""
        entry = self._find(name)
        return None if entry is None else entry.value

    def knows(self, name: str) -> bool:
        """Whether a source gives a value for that day."""
        return self._find(name) is not None

    def source(self, name: str) -> str:
        """Where the value in force was read, with the day from which it holds."""
        return self.entry(name).cited

    def exempt(self, situations: Iterable[str]) -> str:
        """The situation that frees from participations and franchises, or nothing."""
        return next((name for name in sorted(situations) if self.value(f"exemption.{name}")), "")

    def _find(self, name: str) -> Entry | None:
        try:
            return self._known[name]
        except KeyError:
            pass
        parameter = self.tariffs.parameter(name)
        entry = None
        if parameter.history[0].since <= self.on and (
            parameter.known_until is None or self.on <= parameter.known_until
        ):
            entry = parameter.on(self.on)
        self._known[name] = entry
        return entry
