"""The account as a table: one row per act line, deduction, indemnity, or part of a payment without detail."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from agent.files.exports.account import Account, Doc, amount, day, unexplained


@dataclass(frozen=True, slots=True)
class Row:
    """One part of a payment. The ``amount`` of all rows of a payment make what was transferred, to the cent."""

    payment: Doc
    part: str
    """``care``, ``deduction``, ``indemnity``, or ``undetailed``: what the detail does not tell."""
    id: str
    amount: Decimal
    """Euros that this part adds to the payment; deductions are negative."""
    label: str
    kind: str = ""
    """Of a deduction: ``participation``, ``franchise``, ``other``."""
    beneficiary: str = ""
    day: date | None = None
    """Of the care; the first one of an indemnity."""
    until: date | None = None
    days: int | None = None
    paid: Decimal | None = None
    base: Decimal | None = None
    rate: Decimal | None = None
    """Per cent."""
    code: str = ""


def rows(account: Account) -> Iterator[Row]:
    """All rows, newest payment first, in the order of the detail."""
    for payment in account.payments:
        yield from of_payment(payment)


def of_payment(payment: Doc) -> Iterator[Row]:
    """The rows of one payment."""
    for one in payment["lines"]:
        yield Row(
            payment, "care", one["id"], amount(one["reimbursed"]), one["act"], beneficiary=one["beneficiary"],
            day=day(one["act_date"]), paid=_known(one["paid"]), base=_known(one["base"]), rate=_known(one["rate"]),
            code=one.get("code") or "")
    for one in payment["deductions"]:
        yield Row(payment, "deduction", one["id"], amount(one["amount"]), one.get("label") or "", one["kind"],
                  day=day(one["act_date"]))
    for number, one in enumerate(payment.get("indemnities") or (), 1):
        yield Row(payment, "indemnity", f"{payment['id']}-i{number}", amount(one["amount"]), one["label"],
                  day=day(one["start"]), until=day(one["end"]), days=one["days"], base=_known(one["daily"]))
    if rest := unexplained(payment):
        yield Row(payment, "undetailed", f"{payment['id']}-u", rest, payment["label"])


def _known(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)
