"""FHIR R4: a Bundle (collection) of ExplanationOfBenefit, one per payment and person, with all they refer to.

The profile, in short:

- ``Patient`` for every person (``name.text`` only: the service does not part family from given names), ``Organization``
  for the fund and for the professional, whom the service never names, ``Coverage`` per person, whose ``subscriberId``
  is the insured person's number.
- ``ExplanationOfBenefit.item`` is an act line: the label as text, day of care, price (``net``), and adjudications
  ``submitted`` (price), ``eligible`` (base), ``eligpercent`` (rate) and ``benefit`` (what the fund gave back).
- Deductions name nobody. They stand on the payment's first resource, as adjudications ``deductible``, with their
  own words as the reason, and as ``payment.adjustment``, a negative sum.
- ``payment.amount`` over all resources with one ``identifier`` is what was transferred. A part without detail, and a
  daily allowance, are items of their own.

Amounts are JSON numbers with their cents, written from decimals, never through binary floats.
"""

from collections.abc import Sequence
from decimal import Decimal
from typing import TypeAlias, Union
from uuid import NAMESPACE_URL, uuid5

from agent.files.exports.account import ZERO, Account, persons
from agent.files.exports.cells import identifier, line
from agent.files.exports.labels import KINDS, Words
from agent.files.exports.table import Row, of_payment
from agent.protocol.payments import PaymentDetail
from agent.rules.yearly import group_of_act

_HL7 = "http://terminology.hl7.org/CodeSystem"
_PAYMENT_SYSTEM = "urn:ameli-tui:payment"
_PART_SYSTEM = "urn:ameli-tui:part"
_CLAIMS = {"pharmacy": "pharmacy", "dental": "oral", "device": "vision", "hospital": "institutional"}
"""Claim types of the groups of care; every other one is ``professional``."""
_LONGEST_ID = 64

Value: TypeAlias = Union[str, int, Decimal, "list[Value]", "dict[str, Value]"]
Resource: TypeAlias = dict[str, Value]
"""What FHIR is made of; a true or false is an ``int`` here."""


def make(account: Account) -> bytes:
    """The bundle as JSON."""
    import orjson

    return orjson.dumps(bundle(account), default=_number) + b"\n"  # indented it would be twice as long


def _number(value: object) -> object:
    import orjson

    if isinstance(value, Decimal):
        return orjson.Fragment(f"{value:f}".encode())
    raise TypeError(type(value).__name__)


def bundle(account: Account) -> Resource:
    """The bundle as an object; amounts are decimals."""
    maker = _Maker(account)
    resources = [one for payment in account.payments for one in maker.benefits(payment)]
    entries = [*maker.around, *resources]
    made: Resource = {
        "resourceType": "Bundle", "type": "collection",
        "timestamp": account.made_at.isoformat(timespec="seconds"),
    }
    if entries:  # FHIR knows no empty lists
        made["entry"] = [
            {"fullUrl": maker.url(str(resource["resourceType"]), str(resource["id"])), "resource": resource}
            for resource in entries]
    return made


class _Maker:
    """Makes the resources; who and what they refer to is made once."""

    def __init__(self, account: Account) -> None:
        self._words = Words(account.lang)
        self._made = account.made_at.isoformat(timespec="seconds")
        self._insured = line(account.profile["name"])
        self._births = {line(person["name"]): person["birth_date"] for person in account.profile["beneficiaries"]}
        if self._insured and account.profile["birth_date"]:
            self._births.setdefault(self._insured, account.profile["birth_date"])
        names = [line(name) for name in persons(account)]
        if account.payments and not names:
            names = [""]
        self._people = {name: f"person-{number}" for number, name in enumerate(dict.fromkeys(names), 1)}
        self._number = line(account.profile["nir"])
        fund = line(account.profile["cpam"]) or self._words("Assurance Maladie", "French health insurance")
        self.around: list[Resource] = []
        """Everything that the benefits refer to."""
        if self._people:
            professional = self._words("Professionnel de santé, que le service ne nomme pas",
                                       "Care provider, not named by the service")
            self.around = [_organization("fund", fund, "ins"), _organization("provider", professional, "prov")]
            for name, key in self._people.items():
                self.around += [self._patient(name, key), self._coverage(name, key)]

    def url(self, kind: str, key: str) -> str:
        """A resource's address: the same in every export of one account, another one in any other account."""
        return f"urn:uuid:{uuid5(NAMESPACE_URL, f'ameli-tui/{self._number}/{kind}/{key}')}"

    def _to(self, kind: str, key: str) -> Resource:
        return {"reference": self.url(kind, key)}

    def _patient(self, name: str, key: str) -> Resource:
        made: Resource = {"resourceType": "Patient", "id": key}
        if name:
            made["name"] = [{"text": name}]
        if birth := self._births.get(name):
            made["birthDate"] = birth
        return made

    def _coverage(self, name: str, key: str) -> Resource:
        own = not self._insured or name == self._insured
        made: Resource = {
            "resourceType": "Coverage", "id": f"coverage-{key}", "status": "active",
            "beneficiary": self._to("Patient", key), "payor": [self._to("Organization", "fund")],
            "relationship": _coded("subscriber-relationship", "self" if own else "other"),
        }
        if self._insured in self._people:
            made["subscriber"] = self._to("Patient", self._people[self._insured])
        if self._number:
            made["subscriberId"] = self._number
        return made

    def benefits(self, payment: PaymentDetail) -> list[Resource]:
        """The resources of one payment: one per person it concerns, the person of its first line first."""
        parts = list(of_payment(payment))
        of: dict[str, list[Row]] = {}
        for row in parts:
            if row.part == "care":
                of.setdefault(line(row.beneficiary) or self._whoever(), []).append(row)
        apart = [row for row in parts if row.part in ("indemnity", "undetailed")]
        named = [line(name) for name in payment["beneficiaries"] if line(name) in self._people]
        first = next(iter(of), named[0] if named else self._whoever())
        of[first] = [*of.get(first, []), *apart]
        deductions = [row for row in parts if row.part == "deduction"]
        return [self._benefit(payment, number, name, lines, deductions if number == 1 else [])
                for number, (name, lines) in enumerate(of.items(), 1)]

    def _whoever(self) -> str:
        return self._insured if self._insured in self._people else next(iter(self._people))

    def _benefit(
        self, payment: PaymentDetail, number: int, name: str, lines: Sequence[Row], deductions: Sequence[Row]
    ) -> Resource:
        key, person = identifier(payment["id"])[: _LONGEST_ID - 5], self._people[name]
        withheld = sum((row.amount for row in deductions), ZERO)
        back = sum((row.amount for row in lines), ZERO)
        prices = sum((_price(row) for row in lines), ZERO)
        care = [row for row in lines if row.part == "care"]
        group = group_of_act(care[0].label, care[0].code or None)["kind"] if care else "other"
        totals = [("submitted", prices), ("benefit", back), *([("deductible", -withheld)] if deductions else [])]
        made: Resource = {
            "resourceType": "ExplanationOfBenefit", "id": key if number == 1 else f"{key}-{number}",
            "identifier": [{"system": _PAYMENT_SYSTEM, "value": identifier(payment["id"])}],
            "status": "active", "use": "claim", "outcome": "complete" if payment["complete"] else "partial",
            "type": {**_coded("claim-type", _CLAIMS.get(group, "professional")), **_text(payment["label"])},
            "patient": self._to("Patient", person), "created": payment["paid_on"],
            "insurer": self._to("Organization", "fund"), "provider": self._to("Organization", "provider"),
            "insurance": [{"focal": True, "coverage": self._to("Coverage", f"coverage-{person}")}],
            "payee": {"type": _coded("payeetype", "subscriber" if payment["to"] == "assure" else "provider")},
        }
        if lines:
            made["item"] = [self._item(at, row) for at, row in enumerate(lines, 1)]
        if deductions:
            made["adjudication"] = [
                {"category": _coded("adjudication", "deductible"), "amount": _euros(-row.amount),
                 "reason": _text(f"{self._words.of(KINDS, row.kind)} {row.day or ''}")}
                for row in deductions]
        made["total"] = [{"category": _coded("adjudication", code), "amount": _euros(euros)} for code, euros in totals]
        paid: Resource = {
            "type": _coded("ex-paymenttype", "complete"), "date": payment["paid_on"], "amount": _euros(back + withheld)}
        if line(payment.get("reference")):
            paid["identifier"] = {"value": line(payment["reference"])}
        if withheld:
            paid["adjustment"] = _euros(withheld)
            paid["adjustmentReason"] = _text(
                self._words("Participations et franchises", "Flat contributions, deductibles"))
        made["payment"] = paid
        return made

    def _item(self, sequence: int, row: Row) -> Resource:
        said = row.label if not row.code else f"{row.label} ({row.code})"
        made: Resource = {"sequence": sequence, "productOrService": _text(said or row.payment["label"] or row.part)}
        if row.until is not None and row.day is not None:
            made["servicedPeriod"] = {"start": row.day.isoformat(), "end": row.until.isoformat()}
        elif row.day is not None:
            made["servicedDate"] = row.day.isoformat()
        if row.part == "indemnity":
            made |= _daily(row)
        if row.paid is not None:
            made["net"] = _euros(row.paid)
        judged: list[Value] = []
        if row.paid is not None:
            judged.append({"category": _coded("adjudication", "submitted"), "amount": _euros(row.paid)})
        if row.base is not None and row.part == "care":
            judged.append({"category": _coded("adjudication", "eligible"), "amount": _euros(row.base)})
        if row.rate is not None:
            judged.append({"category": _coded("adjudication", "eligpercent"), "value": row.rate})
        judged.append({"category": _coded("adjudication", "benefit"), "amount": _euros(row.amount)})
        made["adjudication"] = judged
        made["extension"] = [{"url": _PART_SYSTEM, "valueString": identifier(row.id)}]
        return made


def _daily(row: Row) -> Resource:
    """Days of an allowance and euros a day."""
    made: Resource = {} if row.days is None else {"quantity": {"value": Decimal(row.days)}}
    if row.base is not None:
        made["unitPrice"] = _euros(row.base)
    return made


def _price(row: Row) -> Decimal:
    """What was asked for it; what was given back where no price is known."""
    return row.amount if row.paid is None else row.paid


def _organization(key: str, name: str, kind: str) -> Resource:
    return {"resourceType": "Organization", "id": key, "name": name, "type": [_coded("organization-type", kind)]}


def _coded(system: str, code: str) -> Resource:
    return {"coding": [{"system": f"{_HL7}/{system}", "code": code}]}


def _text(text: str) -> Resource:
    """A concept in words; FHIR knows no empty text."""
    said = line(text)
    return {"text": said} if said else {"text": "-"}


def _euros(euros: Decimal) -> Resource:
    return {"value": euros, "currency": "EUR"}
