"""What the service would print for an act: label, code, price, base, rate, and the deduction the act gives rise to."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from agent.sandbox.model import CareLine, Person
from config.tariffs import Tariffs, load

CENT = Decimal("0.01")
Due = Literal["participation", "box", "auxiliary", "transport"]
"""What an act owes: participation forfaitaire, or one of the three franchises."""


@dataclass(slots=True)
class Act:
    """One priced act and what is due on it."""

    line: CareLine
    due: Due | None
    professional: str
    """Who did it: the day's ceiling counts per professional."""


@dataclass(slots=True)
class Visit:
    """Acts of one person done and billed together."""

    person: Person
    day: date
    acts: list[Act]
    third_party: bool


class Price:
    """Prices acts of one day by the tables. ``full`` are the situations in which the fund pays the whole base."""

    def __init__(self, tariffs: Tariffs | None = None) -> None:
        self._tariffs = tariffs or load()

    def has(self, name: str, day: date) -> bool:
        """Whether the tables know such a tariff by that day, be it an older one: an invented life may be billed it."""
        return self._tariffs.parameter(name).begun(day) is not None

    def amount(self, name: str, day: date) -> Decimal:
        """The tariff of that day, or the newest one before. Raises UnknownTariff before the first."""
        entry = self._tariffs.parameter(name).begun(day)
        return self._tariffs.value(name, day) if entry is None else entry.value

    def act(
        self, person: Person, day: date, label: str, code: str, base: Decimal, rate: str, due: Due | None,
        *, price: Decimal | None = None, full: bool = False, risk: str = "maladie", professional: str = "",
    ) -> Act:
        """One act: ``base`` in euros, ``rate`` a name in the table of rates, ``price`` billed (else the base)."""
        base = base.quantize(CENT, ROUND_HALF_UP)
        percent = 100 if full else int(self._tariffs.value(f"rate.{rate}", day))
        paid = base if price is None else price
        refund = min((base * percent / 100).quantize(CENT, ROUND_HALF_UP), paid)
        line = CareLine(person, label, code, day, paid, base, percent, refund, risk)
        return Act(line, due, professional or code)
