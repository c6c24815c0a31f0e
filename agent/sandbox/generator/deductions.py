"""Participations and franchises: who owes them, how much, and within which ceilings.

Ceilings of the year count on the day of refund; those of the day on the day of care, per patient (and professional).
"""

from collections import defaultdict
from datetime import date
from decimal import Decimal

from agent.sandbox.generator.acts import Act
from agent.sandbox.generator.household import Family
from agent.sandbox.model import FlatDeduction, Person
from config.tariffs import load

_FRANCHISES = {
    "box": ("franchise.drug_box", None),
    "auxiliary": ("franchise.auxiliary_act", "franchise.auxiliary_day"),
    "transport": ("franchise.transport_trip", "franchise.transport_day"),
}


class Counters:
    """How much each person has been charged, so that no ceiling is passed."""

    def __init__(self, family: Family) -> None:
        self._family = family
        self._tariffs = load()
        self._year: defaultdict[tuple[int, int, str], Decimal] = defaultdict(Decimal)
        self._year_count: defaultdict[tuple[int, int], int] = defaultdict(int)
        self._day: defaultdict[tuple[int, date, str], Decimal] = defaultdict(Decimal)
        self._day_count: defaultdict[tuple[int, date, str], int] = defaultdict(int)

    def charge(self, act: Act, refunded_on: date, third_party: bool) -> FlatDeduction | None:
        """What this act owes, refunded that day; None when nothing is."""
        line = act.line
        if act.due is None or self._exempt(line.person, line.act_date):
            return None
        unit = "participation_forfaitaire.amount" if act.due == "participation" else _FRANCHISES[act.due][0]
        if not self._tariffs.known(unit, line.act_date):
            return None  # not invented yet
        if act.due == "participation":
            amount = self._participation(act, refunded_on)
            name, code = "participation forfaitaire", "PFT" if third_party else "PFH"
        else:
            amount = self._franchise(act, refunded_on)
            name, code = "franchise", "FRT" if third_party else "FRH"
        if not amount:
            return None
        return FlatDeduction(name, code, line.act_date, -amount, line.person)

    def _participation(self, act: Act, refunded_on: date) -> Decimal:
        value, line = self._tariffs.value, act.line
        amount = value("participation_forfaitaire.amount", line.act_date)
        day = (id(line.person), line.act_date, act.professional)
        year = (id(line.person), refunded_on.year)
        if (
            self._day_count[day] >= value("participation_forfaitaire.per_professional_per_day", line.act_date)
            or self._year_count[year] >= value("participation_forfaitaire.per_year_count", refunded_on)
            or self._year[*year, "pf"] + amount > value("participation_forfaitaire.per_year", refunded_on)
            # A refund smaller than the participation: whether it may go below nothing is not settled, so not charged.
            or amount > line.reimbursed
        ):
            return Decimal(0)
        self._day_count[day] += 1
        self._year_count[year] += 1
        self._year[*year, "pf"] += amount
        return amount

    def _franchise(self, act: Act, refunded_on: date) -> Decimal:
        value, line = self._tariffs.value, act.line
        name, day_name = _FRANCHISES[str(act.due)]
        year = (id(line.person), refunded_on.year, "franchise")
        amount = min(
            value(name, line.act_date),
            line.reimbursed,
            value("franchise.per_year", refunded_on) - self._year[year],
        )
        if day_name:
            day = (id(line.person), line.act_date, str(act.due))
            amount = min(amount, value(day_name, line.act_date) - self._day[day])
            if amount > 0:
                self._day[day] += amount
        if amount <= 0:
            return Decimal(0)
        self._year[year] += amount
        return amount

    def _exempt(self, person: Person, day: date) -> bool:
        """Under 18 on the first of January of the year of care, or in maternity."""
        majority = person.birth_date.year + 18
        under_age = (majority, person.birth_date.month, person.birth_date.day) > (day.year, 1, 1)
        return under_age or self._family.in_maternity(person, day)
