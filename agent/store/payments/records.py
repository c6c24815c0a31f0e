"""Payments as the vault keeps them: the contract's fields, without the empty parts of the detail."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import NotRequired, TypedDict

from agent.account import ActLine, Deduction, Indemnity, Payment, clean_text
from agent.protocol.payments import AllowanceLine, CareLine, DeductionLine, PaymentDetail, Receiver
from agent.store.payments.index import Entry, document_of


class PaymentRecord(TypedDict):
    """A payment, kept under its id."""

    paid_on: str
    kind: str
    amount: str
    to: Receiver
    label: str
    beneficiaries: list[str]
    document: bool
    """The service offers its décompte."""
    complete: bool
    lines: NotRequired[list[CareLine]]
    deductions: NotRequired[list[DeductionLine]]
    indemnities: NotRequired[list[AllowanceLine]]
    reference: NotRequired[str]
    printed: NotRequired[bool]
    """Read from a statement of the person's."""


def pack(payment: Payment, *, document: bool) -> PaymentRecord:
    """The record of a payment. ``document`` says whether the service offers its décompte."""
    record: PaymentRecord = {
        "paid_on": payment.paid_on.isoformat(),
        "kind": payment.kind,
        "amount": money(payment.amount),
        "to": payment.to,
        "label": clean_text(payment.label, 500),
        "beneficiaries": [clean_text(name, 200) for name in payment.beneficiaries],
        "document": document,
        "complete": payment.complete,
    }
    if payment.lines:
        record["lines"] = [_line(line) for line in payment.lines]
    if payment.deductions:
        record["deductions"] = [_deduction(deduction) for deduction in payment.deductions]
    if payment.indemnities:
        record["indemnities"] = [_indemnity(indemnity) for indemnity in payment.indemnities]
    if payment.reference:
        record["reference"] = clean_text(payment.reference, 60)
    if payment.printed:
        record["printed"] = True
    return record


def with_codes(record: PaymentRecord, known: PaymentRecord) -> PaymentRecord:
    """A record with what only the statement told: the codes of the acts, and the reference."""
    codes: defaultdict[tuple[str | None, ...], list[str]] = defaultdict(list)
    for line in known.get("lines", ()):
        if code := line.get("code"):
            codes[_same_act(line)].append(code)
    lines: list[CareLine] = []
    for line in record.get("lines", ()):
        left = codes.get(_same_act(line))
        lines.append({**line, "code": left.pop(0)} if left and not line.get("code") else line)
    after = record.copy()
    if lines:
        after["lines"] = lines
    if (reference := known.get("reference")) and not record.get("reference"):
        after["reference"] = reference
    return after


def _same_act(line: CareLine) -> tuple[str | None, ...]:
    return line["act_date"], line["reimbursed"], line["base"], line["rate"]


def unpack(key: str, record: PaymentRecord) -> PaymentDetail:
    """The contract's payment."""
    payment: PaymentDetail = {
        "id": key,
        "paid_on": record["paid_on"],
        "kind": record["kind"],
        "amount": record["amount"],
        "to": record["to"],
        "label": record["label"],
        "beneficiaries": list(record["beneficiaries"]),
        "lines": record.get("lines", []),
        "deductions": record.get("deductions", []),
        "indemnities": record.get("indemnities", []),
        "document": document_of(key) if record["document"] else None,
        "complete": record["complete"],
    }
    if reference := record.get("reference"):
        payment["reference"] = reference
    return payment


def entry(key: str, record: PaymentRecord) -> Entry:
    """What the index keeps of a record."""
    return Entry(
        id=key,
        day=record["paid_on"],
        kind=record["kind"],
        cents=cents(record["amount"]),
        to=record["to"],
        label=record["label"],
        beneficiaries=tuple(record["beneficiaries"]),
        acts=(*(line.get("act", "") for line in record.get("lines", ())),
              *(period.get("label", "") for period in record.get("indemnities", ()))),
        document=record["document"],
        withheld=tuple(deduction["label"] for deduction in record.get("deductions", ())),
    )


def money(amount: Decimal) -> str:
    """Euros as the contract writes them: "19.00"."""
    return f"{amount:.2f}"


def cents(amount: str) -> int:
    """Exact cents of the contract's amount."""
    return int(amount.replace(".", ""))


def _maybe(amount: Decimal | None) -> str | None:
    return None if amount is None else money(amount)


def _rate(rate: Decimal | None) -> str | None:
    return None if rate is None else f"{rate.normalize():f}"


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _line(line: ActLine) -> CareLine:
    out: CareLine = {
        "id": line.id,
        "beneficiary": clean_text(line.beneficiary, 200),
        "act": clean_text(line.act, 500),
        "act_date": _day(line.act_date),
        "paid": _maybe(line.paid),
        "base": _maybe(line.base),
        "rate": _rate(line.rate),
        "reimbursed": money(line.reimbursed),
    }
    if line.code is not None:
        out["code"] = line.code
    return out


def _deduction(deduction: Deduction) -> DeductionLine:
    return {
        "id": deduction.id,
        "kind": deduction.kind,
        "label": clean_text(deduction.label, 500),
        "act_date": _day(deduction.act_date),
        "amount": money(deduction.amount),
    }


def _indemnity(indemnity: Indemnity) -> AllowanceLine:
    return {
        "label": clean_text(indemnity.label, 500),
        "start": _day(indemnity.start),
        "end": _day(indemnity.end),
        "days": indemnity.days,
        "daily": _maybe(indemnity.daily),
        "amount": money(indemnity.amount),
    }


def entries(items: Iterable[tuple[str, PaymentRecord]]) -> Iterable[Entry]:
    """Index entries of a whole table."""
    return (entry(key, record) for key, record in items)
