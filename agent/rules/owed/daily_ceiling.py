"""Franchises of one day beyond the day's ceiling (D160-11). A deduction names no person, so a day is reported only
when all the care that may have caused its deductions allows less than was withheld."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from agent.protocol.payments import DeductionLine, PaymentDetail
from agent.rules.codes.nomenclature import Kind
from agent.rules.dated_tables import Law
from agent.rules.explain.line import Judged
from agent.rules.ledger.due import folded

_ZERO = Decimal(0)
_CAPS = {"auxiliary_act": "franchise.auxiliary_day", "transport_trip": "franchise.transport_day"}


@dataclass(frozen=True, slots=True)
class DayTooDear:
    """A day of care on which more was withheld than its ceilings allow. Euros."""

    payment: PaymentDetail
    """The last payment that withheld something."""
    deduction: str
    on: date
    taken: Decimal
    most: Decimal
    care: tuple[Judged, ...]


def over_the_day(payments: Iterable[PaymentDetail], lines: Mapping[str, list[Judged]]) -> list[DayTooDear]:
    """The days whose franchises pass the ceilings of sessions and trips, oldest first."""
    taken: defaultdict[date, list[tuple[PaymentDetail, DeductionLine]]] = defaultdict(list)
    care: defaultdict[date, list[Judged]] = defaultdict(list)
    unread: list[date] = []
    for payment in sorted(payments, key=lambda payment_shape: (payment_shape["paid_on"], payment_shape["id"])):
        if not payment["complete"]:
            unread.append(date.fromisoformat(payment["paid_on"]))
        for deduction in payment["deductions"]:
            if deduction["kind"] == "franchise" and deduction["act_date"]:
                taken[date.fromisoformat(deduction["act_date"])].append((payment, deduction))
        for judged in lines[payment["id"]]:
            if judged.line.on is not None and (judged.line.found.kind is None or judged.line.found.franchise):
                care[judged.line.on].append(judged)
    too_dear = []
    for on, listed in sorted(taken.items()):
        most = _most(on, care[on])
        total = sum((abs(Decimal(one["amount"])) for _payment, one in listed), _ZERO)
        if most is None or total <= most or any(paid_on >= on for paid_on in unread):
            continue
        payment, deduction = listed[-1]
        too_dear.append(DayTooDear(payment, deduction["id"], on, total, most, tuple(care[on])))
    return too_dear


def _most(on: date, care: Iterable[Judged]) -> Decimal | None:
    """The most that a day's care can owe, in euros; None when no ceiling of the day bounds it."""
    refunds: defaultdict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for judged in care:
        line = judged.line
        if line.found.kind in (None, Kind.MEDICINE):
            return None  # an unknown act may owe anything, and boxes have no ceiling of the day
        refunds[folded(line.beneficiary), line.found.franchise] += line.reimbursed
    total, bounded = _ZERO, False
    for (_who, name), refunded in refunds.items():
        cap = Law.of("", on).value_or_none(_CAPS[name])
        if cap is None:
            return None
        total, bounded = total + min(refunded, cap), True
    return total if bounded else None
