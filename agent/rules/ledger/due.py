"""What each act makes due: amounts and day caps by the day of care, yearly ceilings by the day of refund."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from agent.protocol.money import DeductionKind as Kind
from agent.protocol.money import PriceDoubt
from agent.protocol.payments import CareLine, PaymentDetail
from agent.rules.codes.recognise import Recognised, recognise
from agent.rules.dated_tables import Law, era
from agent.rules.ledger.ceilings import Ceilings
from agent.rules.ledger.model import KINDS, ZERO, Entry, Person
from agent.rules.pricing.request import age_on

_THIRD_PARTY = "PAIEMENT_A_UN_TIERS"
_DAY_CAP = {
    "franchise.auxiliary_act": "franchise.auxiliary_day", "franchise.transport_trip": "franchise.transport_day"}


class Dues:
    """Counts what every person owes, payment after payment in the order of their days."""

    def __init__(self, persons: Iterable[Person], ceilings: Mapping[tuple[int, Kind], Decimal]) -> None:
        self._persons = {folded(person.name): person for person in persons}
        self.ceilings = Ceilings(ceilings)
        self._year: defaultdict[tuple[str, int, Kind], Decimal] = defaultdict(Decimal)
        self._day: defaultdict[tuple[str, date, str], Decimal] = defaultdict(Decimal)
        self.exempt_care: set[tuple[Kind, date]] = set()
        """Care that would owe something if the person were not exempt."""
        self.capped_care: defaultdict[tuple[Kind, date], set[tuple[str, int]]] = defaultdict(set)
        """Care that would owe something if no ceiling held: whose it is, and the year of its refund."""
        self.possible: defaultdict[tuple[Kind, date], set[tuple[str, str, str]]] = defaultdict(set)
        """Care a deduction of that kind and day might come from, unknown acts and capped ones included: payment,
        person and act. Lines alike in all three are interchangeable."""
        self._capped: defaultdict[tuple[Kind, date], list[Entry]] = defaultdict(list)
        self._counted: defaultdict[tuple[str, int, Kind], list[Entry]] = defaultdict(list)

    def entry(self, payment: PaymentDetail, line: CareLine, paid_on: date) -> Entry | None:
        """What this line makes due, or None."""
        act = recognise(line)
        kind: Kind | None = "participation" if act.participation else "franchise" if act.franchise else None
        if not line["act_date"]:
            return None
        act_date = date.fromisoformat(line["act_date"])
        for each in (kind,) if act.kind is not None else KINDS:
            if each is not None:
                self.possible[each, act_date].add((payment["id"], folded(line["beneficiary"]), line["act"]))
        if kind is None:
            return None
        name = "participation_forfaitaire.amount" if kind == "participation" else f"franchise.{act.franchise}"
        due = _due_by(name, era(act_date))
        if due is None:
            return None
        if self._exempt(line["beneficiary"], act_date, due):
            self.exempt_care.add((kind, act_date))
            return None
        amount = self._within(act, payment, line, kind, act_date, paid_on, due)
        who, refund, unit = folded(line["beneficiary"]), Decimal(line["reimbursed"]), due.unit
        entry = Entry(
            f"{line['id']}-{kind[0]}", kind, line["beneficiary"], payment["id"], line["id"], line["act"], act_date,
            paid_on, payment["kind"] == _THIRD_PARTY, max(amount, ZERO), name, due.cited,
            unit=unit if act.franchise == "drug_box" else ZERO, refund=refund,
        )
        if amount <= 0:
            self.capped_care[kind, act_date].add((who, paid_on.year))
            if min(unit, refund) > 0 and not self._left(entry):
                self._capped[kind, act_date].append(entry)
            return None
        self._counted[who, paid_on.year, kind].append(entry)
        self._doubt(entry, due)
        return entry

    def _doubt(self, entry: Entry, due: _Due) -> None:
        """Say what of an entry just counted is not sure, and why."""
        ceiling = self.ceilings.on(entry.kind, entry.refunded_on)
        if ceiling.other is not None:
            counted = self._year[folded(entry.beneficiary), entry.refunded_on.year, entry.kind]
            entry.doubtful = min(entry.amount, max(ZERO, counted - ceiling.other))
            if entry.doubtful:
                entry.doubts = ceiling.doubts
        if due.doubts:
            entry.doubts = (*entry.doubts, *due.doubts)

    def _left(self, entry: Entry) -> Decimal:
        """What the year's ceiling leaves to the person of that entry."""
        counted = self._year[folded(entry.beneficiary), entry.refunded_on.year, entry.kind]
        return self.ceilings.on(entry.kind, entry.refunded_on).amount - counted

    def raised(self, entry: Entry, amount: Decimal) -> bool:
        """Make that much outstanding on a line of several boxes, if the refund and the year's ceiling allow it."""
        more = amount - entry.outstanding
        if not entry.unit or amount % entry.unit or entry.amount + more > entry.refund or more > self._left(entry):
            return False
        entry.amount += more
        self._year[folded(entry.beneficiary), entry.refunded_on.year, entry.kind] += more
        return True

    def uncapped(self, kind: Kind, act_date: date, amount: Decimal, on: date) -> Entry | None:
        """The care of that day a ceiling held back although that much was withheld on it by the day ``on``.

        A person may be exempt for a while without the ledger knowing: care of that time fills the ceiling though
        nothing is ever withheld on it. Debts are taken oldest first, so the oldest older care that nothing was
        withheld on gives way. None when what was really withheld reaches the ceiling.
        """
        for entry in self._capped[kind, act_date]:
            if entry.refunded_on > on or amount > entry.refund:
                continue
            counted = self._counted[folded(entry.beneficiary), entry.refunded_on.year, kind]
            idle = [one for one in counted if not one.withheld and one.act_date < act_date]
            if sum((one.amount for one in idle), ZERO) < amount:
                continue
            need = amount
            for earlier in idle:
                given = min(need, earlier.amount)
                earlier.lower(given)
                need -= given
                if not need:
                    break
            entry.amount = amount
            counted[:] = [one for one in counted if one.amount] + [entry]
            self._capped[kind, act_date].remove(entry)
            return entry
        return None

    def _within(
        self, act: Recognised, payment: PaymentDetail, line: CareLine, kind: Kind, on: date, paid_on: date, due: _Due
    ) -> Decimal:
        """One unit within the refund (D160-9), the day's cap and the year's ceiling."""
        who = folded(line["beneficiary"])
        year = (who, paid_on.year, kind)
        amount = min(due.unit, self.ceilings.on(kind, paid_on).amount - self._year[year], Decimal(line["reimbursed"]))
        # The professional is not printed: acts of a payment on one day are taken as one professional's.
        day = (who, on, payment["id"] if kind == "participation" else act.franchise)
        if due.by_day is not None:
            amount = min(amount, due.by_day - self._day[day])
        if amount > 0:
            self._day[day] += amount
            self._year[year] += amount
        return amount

    def _exempt(self, name: str, on: date, due: _Due) -> bool:
        person = self._persons.get(folded(name))
        if person is None:
            return False
        if person.birth_date is not None:
            new_year = on.replace(month=1, day=1)
            if person.birth_date > new_year or age_on(person.birth_date, new_year) < due.minor_age:
                return True
        situations = [one.name for one in person.situations if one.holds(on)]
        return bool(situations and Law.of("", on).exempt(situations))


class _Due(NamedTuple):
    """What one unit of care makes due from one change of the tables to the next. Euros."""

    unit: Decimal
    cited: str
    by_day: Decimal | None
    """The most of a day: at one professional for participations, of that kind of franchise else."""
    minor_age: Decimal
    doubts: tuple[PriceDoubt, ...]


@lru_cache(maxsize=4096)
def _due_by(name: str, on: date) -> _Due | None:
    """``name`` is the parameter of a unit; None before it existed. Raises UnknownDate."""
    law = Law.of("", on)
    unit = law.value_or_none(name)
    if unit is None:
        return None
    by_day: Decimal | None
    if name == "participation_forfaitaire.amount":
        by_day = law.value("participation_forfaitaire.per_professional_per_day") * unit
    else:
        by_day = law.value(_DAY_CAP[name]) if name in _DAY_CAP else None
    cited, minor_age = law.source(name), law.value_or_none("exemption.minor_age") or ZERO
    return _Due(unit, cited, by_day, minor_age, tuple(_not_sure(one, law) for one in law.unsure))


def _not_sure(name: str, law: Law) -> PriceDoubt:
    """What to know of an amount that is only the latest known, or was read for another day."""
    reading, _on = law.unsure[name]
    day = reading.entry.since
    return {
        "kind": "dated" if reading.other is None else "doubtful", "rule": name,
        "text_fr": f"Montant trouvé pour un autre jour ({day:%d/%m/%Y}), qui a pu changer.",
        "text_en": f"The amount was found for another day ({day.isoformat()}), and may have changed.",
    }


@lru_cache(maxsize=4096)
def folded(name: str) -> str:
    """A name as it is compared: whatever the case and the order of its words."""
    return " ".join(sorted(name.upper().split()))
