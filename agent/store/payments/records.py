"""Payments between the shapes: the account's object, a source's word in the store, the contract's payment."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from agent.account import ActLine, Deduction, Indemnity, Payment, clean_text
from agent.protocol.origins import RecordOrigin
from agent.protocol.payments import AllowanceLine, CareLine, DeductionLine, Disagreement, PaymentDetail
from agent.store.payments.claims import Claim, Content, PaymentRecord, claims_of
from agent.store.payments.index import Entry, document_of
from agent.store.payments.resolve import disagreeing


def content_of(payment: Payment, *, offered: bool) -> Content:
    """A source's word of a payment. ``offered``: the service offers its décompte."""
    content: Content = {
        "kind": payment.kind,
        "label": clean_text(payment.label, 500),
        "beneficiaries": [clean_text(name, 200) for name in payment.beneficiaries],
        "document": offered,
        "complete": payment.complete,
    }
    if payment.lines:
        content["lines"] = [_line(line, payment.id) for line in payment.lines]
    if payment.deductions:
        content["deductions"] = [_deduction(deduction, payment.id) for deduction in payment.deductions]
    if payment.indemnities:
        content["indemnities"] = [_indemnity(indemnity) for indemnity in payment.indemnities]
    if payment.reference:
        content["reference"] = clean_text(payment.reference, 60)
    return content


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


def origins(key: str, record: PaymentRecord) -> list[RecordOrigin]:
    """The ways a payment came, the best first."""
    return [{"way": claim.way, "import": claim.source, "at": claim.read_at} for claim in claims_of(key, record)]


def doubts(key: str, record: PaymentRecord) -> list[Disagreement]:
    """What other sources say otherwise than what is shown."""
    return [_disagreement(key, claim) for claim in disagreeing(claims_of(key, record))]


def _disagreement(key: str, claim: Claim) -> Disagreement:
    content = claim.content
    return {
        "way": claim.way, "import": claim.source, "at": claim.read_at,
        "lines": [{**line, "id": key + line["id"]} for line in content.get("lines", ())],
        "deductions": [{**cut, "id": key + cut["id"]} for cut in content.get("deductions", ())],
        "indemnities": content.get("indemnities", []),
    }


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


def _line(line: ActLine, key: str) -> CareLine:
    out: CareLine = {
        "id": line.id.removeprefix(key),
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


def _deduction(deduction: Deduction, key: str) -> DeductionLine:
    return {
        "id": deduction.id.removeprefix(key),
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
