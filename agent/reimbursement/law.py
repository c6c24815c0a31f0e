"""The dated tables as the engine reads them: a missing day becomes an error that names the first known one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from agent.reimbursement.errors import UnknownDate
from config.tariffs import Entry, Tariffs, load


@dataclass(frozen=True, slots=True)
class Law:
    """The tables on one day, for one act."""

    act: str
    on: date
    tariffs: Tariffs

    @classmethod
    def of(cls, act: str, on: date) -> "Law":
        """The built-in tables on that day."""
        return cls(act, on, load())

    def at(self, day: date) -> "Law":
        """The same tables on another day."""
        return Law(self.act, day, self.tariffs)

    def entry(self, name: str) -> Entry:
        """The value of ``concept.parameter`` in force, with its source. Raises UnknownDate."""
        parameter = self.tariffs.parameter(name)
        first = parameter.history[0].since
        if self.on < first:
            raise UnknownDate(act=self.act[:40], day=self.on.isoformat(), nearest=first.isoformat())
        return parameter.on(self.on)

    def value(self, name: str) -> Decimal:
        """The value of ``concept.parameter`` in force. Raises UnknownDate."""
        return self.entry(name).value

    def value_or_none(self, name: str) -> Decimal | None:
        """The value in force, or None before the parameter existed: a charge not invented yet is not due."""
        parameter = self.tariffs.parameter(name)
        return None if self.on < parameter.history[0].since else parameter.on(self.on).value

    def source(self, name: str) -> str:
        """Where the value in force was read, with the day from which it holds."""
        entry = self.entry(name)
        return f"{entry.source}, {entry.since.isoformat()}"

    def exempt(self, situations: Iterable[str]) -> str:
        """The situation that frees from participations and franchises, or nothing."""
        return next((name for name in sorted(situations) if self.value(f"exemption.{name}")), "")
