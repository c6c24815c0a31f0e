"""Invented households as the store gives their payments: the contract's shape, every field."""

from datetime import date
from hashlib import sha256
from typing import Any

from agent.protocol.payments import CareLine, PaymentDetail
from agent.rules.ledger import Person
from agent.sandbox.generator import make_household
from agent.sandbox.model import Household

TODAY = date(2026, 11, 23)


def household(seed: int, years: int = 3, payments: int | None = None) -> tuple[list[dict[str, Any]], list[Person]]:
    """Payments, oldest first, and the persons of a household."""
    house = make_household(seed, TODAY, years, payments)
    return shapes(house), [Person(_name(one), one.birth_date) for one in house.persons]


def shapes(house: Household) -> list[dict[str, Any]]:
    """The payments of a household in the contract's shape."""
    found = []
    for number, paid in enumerate(house.payments):
        # Hashed, as the agent's own ids are: their order says nothing of the order of payments.
        key = "p" + sha256(f"{house.nir}{number}".encode()).hexdigest()[:16]
        found.append({
            "id": key, "paid_on": paid.paid_on.isoformat(), "kind": paid.nature, "amount": str(paid.amount),
            "to": "tiers" if paid.nature == "PAIEMENT_A_UN_TIERS" else "assure", "label": paid.label,
            "beneficiaries": sorted({_name(line.person) for line in paid.lines}), "document": None, "complete": True,
            "lines": [
                {"id": f"{key}-l{at}", "beneficiary": _name(line.person), "act": line.label,
                 "act_date": line.act_date.isoformat(), "paid": str(line.paid), "base": str(line.base),
                 "rate": str(line.rate), "reimbursed": str(line.reimbursed)}
                for at, line in enumerate(paid.lines)
            ],
            "deductions": [
                {"id": f"{key}-r{at}", "kind": "participation" if taken.code.startswith("PF") else "franchise",
                 "label": taken.label, "act_date": taken.act_date.isoformat(), "amount": str(taken.amount)}
                for at, taken in enumerate(paid.deductions)
            ],
            "indemnities": [
                {"label": leave.label, "start": leave.start.isoformat(), "end": leave.end.isoformat(),
                 "days": leave.days, "daily": str(leave.daily), "amount": str(leave.amount)}
                for leave in paid.sick_pay
            ],
        })
    return found


def a_line(**more: Any) -> CareLine:
    """A visit on 1 October 2026."""
    line: CareLine = {
        "id": "l", "beneficiary": "INES FAURE", "act": "C GENERALISTE", "act_date": "2026-10-01", "paid": "30.00",
        "base": "30.00", "rate": "70", "reimbursed": "21.00"}
    return {**line, **more}


def a_payment(**more: Any) -> PaymentDetail:
    """What was paid on 8 October 2026 for one visit."""
    payment: PaymentDetail = {
        "id": "p", "paid_on": "2026-10-08", "kind": "REMBOURSEMENT_SOINS", "amount": "21.00", "to": "assure",
        "label": "Remboursement de soins", "beneficiaries": ["INES FAURE"], "lines": [a_line()], "deductions": [],
        "indemnities": [], "document": None, "complete": True}
    return {**payment, **more}


def _name(person: Any) -> str:
    return f"{person.first_name} {person.last_name}".upper()
