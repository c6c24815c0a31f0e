"""The yearly ceilings of participations and franchises through a year: each holds for refunds from its day on, what was
counted before included (D160-6, D160-10)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from agent.protocol.money import DeductionKind as Kind
from agent.protocol.money import PriceDoubt, YearCeiling
from agent.rules.dated_tables import Law, era
from agent.rules.errors import UnknownDate
from agent.rules.ledger.model import ZERO
from agent.rules.pricing.certainty import disagreement
from agent.rules.pricing.deductions import CEILINGS, year_ceiling
from agent.rules.pricing.result import doubt_shape
from config.tariffs import load


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What a person may be asked for in a year, in euros, by refunds of one day."""

    amount: Decimal
    other: Decimal | None = None
    """What another source says for the same day."""
    doubts: tuple[PriceDoubt, ...] = ()

    @property
    def most(self) -> Decimal:
        """The higher of the two."""
        return self.amount if self.other is None else max(self.amount, self.other)


class Ceilings:
    """Those of the tables, or a person's own figures."""

    def __init__(self, own: Mapping[tuple[int, Kind], Decimal]) -> None:
        self._own = {place: Ceiling(amount) for place, amount in own.items()}

    def on(self, kind: Kind, day: date) -> Ceiling:
        """The ceiling for refunds of that day; 0 before the scheme began."""
        return self._own.get((day.year, kind)) or _of_the_tables(kind, era(day))

    def most(self, kind: Kind, year: int, by: date) -> Decimal:
        """The highest that any source gives for refunds of that year made by a day."""
        return max(self.on(kind, day).most for day in self._days(kind, year) if day <= max(by, date(year, 1, 1)))

    def through(self, kind: Kind, year: int) -> list[YearCeiling]:
        """Those of a year, by the day from which each holds."""
        ceilings: list[YearCeiling] = []
        for day in self._days(kind, year):
            ceiling = self.on(kind, day)
            shape: YearCeiling = {
                "kind": kind, "from": day.isoformat(), "amount": f"{ceiling.amount:.2f}",
                "other": None if ceiling.other is None else f"{ceiling.other:.2f}",
                "certainty": "doubtful" if ceiling.doubts else "sure", "doubts": list(ceiling.doubts),
            }
            if not ceilings or {**ceilings[-1], "from": shape["from"]} != shape:
                ceilings.append(shape)
        return ceilings

    def _days(self, kind: Kind, year: int) -> list[date]:
        """The first of January and the days of that year on which the tables change."""
        entries = (entry for name in CEILINGS[kind] for entry in load().parameter(name).history)
        return sorted({date(year, 1, 1), *(entry.since for entry in entries if entry.since.year == year)})


@lru_cache(maxsize=1024)
def _of_the_tables(kind: Kind, day: date) -> Ceiling:
    law = Law.of(kind, day)
    try:
        amount = year_ceiling(kind, law)
    except UnknownDate:
        return Ceiling(ZERO)
    contested = [name for name, (reading, _on) in law.unsure.items() if reading.other is not None]
    other = year_ceiling(kind, law.with_others(contested))
    if other == amount:
        return Ceiling(amount)
    return Ceiling(amount, other, tuple(_told(name, law) for name in contested))


def _told(name: str, law: Law) -> PriceDoubt:
    """Both readings of a ceiling, with where each was read."""
    parameter, (reading, _on) = law.tariffs.parameter(name), law.unsure[name]
    return doubt_shape(disagreement(parameter, reading.entry, reading.other or reading.entry))
