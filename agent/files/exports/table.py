"""The account as a table: one row per act line, deduction, indemnity, or part of a payment without detail."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from agent.files.exports.account import Account, amount, day, unexplained
from agent.protocol.payments import PaymentDetail


@dataclass(frozen=True, slots=True)
class Row:
    """One part of a payment. The ``amount`` of all rows of a payment make what was transferred, to the cent."""

    payment: PaymentDetail
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


def of_payment(payment: PaymentDetail) -> Iterator[Row]:
    """The rows of one payment."""
    for line in payment["lines"]:
        yield Row(
            payment, "care", line["id"], amount(line["reimbursed"]), line["act"], beneficiary=line["beneficiary"],
            day=day(line["act_date"]), paid=_known(line["paid"]), base=_known(line["base"]),
            rate=_known(line["rate"]), code=line.get("code") or "")
    for deduction in payment["deductions"]:
        yield Row(payment, "deduction", deduction["id"], amount(deduction["amount"]), deduction["label"],
                  deduction["kind"], day=day(deduction["act_date"]))
    for number, allowance in enumerate(payment["indemnities"], 1):
        yield Row(payment, "indemnity", f"{payment['id']}-i{number}", amount(allowance["amount"]), allowance["label"],
                  day=day(allowance["start"]), until=day(allowance["end"]), days=allowance["days"],
                  base=_known(allowance["daily"]))
    if rest := unexplained(payment):
        yield Row(payment, "undetailed", f"{payment['id']}-u", rest, payment["label"])


def _known(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)
