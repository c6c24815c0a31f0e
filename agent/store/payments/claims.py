"""What single sources say of a payment, and how a record keeps it.

A record that one source alone told of keeps no second copy: its own fields are what that source said.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NotRequired, TypedDict
from zlib import crc32

import msgspec

from agent.protocol.origins import Way
from agent.protocol.payments import AllowanceLine, CareLine, DeductionLine, Receiver
from agent.store import origins

_LABELS = {
    "REMBOURSEMENT_SOINS": "Remboursement de soins",
    "PAIEMENT_A_UN_TIERS": "Paiement à un tiers",
    "INDEMNITE_JOURNALIERE_ASSURE": "Indemnités journalières",
}


class Content(TypedDict):
    """What a payment is, beside its day, amount and receiver.

    A source's word has no label where the source does not tell it, and the ids of its parts are relative to the
    payment's; in a record they are whole.
    """

    kind: str
    label: str
    beneficiaries: list[str]
    document: bool
    """The service offers its décompte."""
    complete: bool
    lines: NotRequired[list[CareLine]]
    deductions: NotRequired[list[DeductionLine]]
    indemnities: NotRequired[list[AllowanceLine]]
    reference: NotRequired[str]


class KeptClaim(origins.Claim):
    """A source's word as a record keeps it."""

    place: NotRequired[str]
    """The payment's id, when the service's whole list gave it."""
    detailed: NotRequired[str]
    """When its detail was read, if not at ``at``."""
    alone: NotRequired[bool]
    says: NotRequired[Content]
    """Absent: what the record shows."""


class PaymentRecord(Content):
    """A payment, kept under its id."""

    paid_on: str
    amount: str
    to: Receiver
    printed: NotRequired[bool]
    """Its detail is not the service's own answer for this id: the next sync asks for it."""
    claims: NotRequired[list[KeptClaim]]
    """Absent in what older versions wrote."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What one source says of one payment."""

    way: Way
    source: str
    at: str
    content: Content
    place: str | None = None
    number: int = 0
    alone: bool = False
    detailed: str = ""

    @property
    def name(self) -> tuple[Way, str, str | int]:
        """What tells it from others: a source says one thing of one payment."""
        return self.way, self.source, self.place if self.place is not None else self.number

    @property
    def grade(self) -> int:
        """How much it tells: 2 everything, 1 some of the detail, 0 the row alone."""
        content = self.content
        if content["complete"]:
            return 2
        return 1 if content.get("lines") or content.get("indemnities") or content.get("deductions") else 0

    @property
    def read_at(self) -> str:
        """When its detail was read."""
        return self.detailed or self.at


def made_label(kind: str) -> str:
    """What a payment is called as long as no source tells."""
    return _LABELS.get(kind, kind.replace("_", " ").capitalize())


def merged(first: Claim, other: Claim) -> Claim:
    """Two words of one source made one: the later label, the fuller and then the later detail."""
    detail, less = (first, other) if _fuller(first, other) else (other, first)
    label, at = _later_label(first, other)
    same = detail.grade == less.grade and _detail(detail) == _detail(less)
    read = min(detail.read_at, less.read_at) if same else detail.read_at
    document = first.content["document"] or other.content["document"]
    content: Content = {**detail.content, "label": label, "document": document}
    return replace(detail, at=at, detailed="" if read == at else read, content=content)


def _fuller(first: Claim, other: Claim) -> bool:
    """Whether the first tells more, or as much and later; contents of one moment are put in some order."""
    mine, theirs = (first.grade, first.read_at), (other.grade, other.read_at)
    return mine > theirs or (mine == theirs and _text(first) >= _text(other))


def _later_label(first: Claim, other: Claim) -> tuple[str, str]:
    """The label that was read last, where one was, and since when it reads so."""
    mine, theirs = first.content["label"], other.content["label"]
    if mine == theirs or not (mine and theirs):
        return mine or theirs, min(first.at, other.at)
    at, label = max((first.at, mine), (other.at, theirs))
    return label, at


def _detail(claim: Claim) -> Content:
    return {**claim.content, "label": "", "document": False}


def _text(claim: Claim) -> bytes:
    return msgspec.json.encode(_detail(claim), order="deterministic")


def claims_of(key: str, record: PaymentRecord) -> list[Claim]:
    """What each source says, from a record."""
    kept = record.get("claims")
    if kept is None:  # of an older version: the one source it may have had
        content = _own(key, record)
        if content["label"] == made_label(content["kind"]):
            content["label"] = ""
        if not record.get("printed"):
            return [Claim("sync", "", "", content, place=key)]
        return [Claim("statement", "", "", content, number=crc32(key.encode()))]  # each is a payment of its own
    return [
        Claim(one["way"], one["source"], one["at"], one["says"] if "says" in one else _own(key, record),
              one.get("place"), one.get("number", 0), one.get("alone", False), one.get("detailed", ""))
        for one in kept]


def keep_claims(key: str, record: PaymentRecord, claims: Sequence[Claim]) -> PaymentRecord:
    """A record with its sources' words in it."""
    kept = []
    alone = len(claims) == 1 and bool(claims[0].content["label"])
    own = None if alone else _own(key, record)
    for claim in claims:
        entry: KeptClaim = {"way": claim.way, "source": claim.source, "at": claim.at}
        if claim.place is None:
            entry["number"] = claim.number
        else:
            entry["place"] = claim.place
        if claim.detailed:
            entry["detailed"] = claim.detailed
        if claim.alone:
            entry["alone"] = True
        if own is not None and claim.content != own:
            entry["says"] = claim.content
        kept.append(entry)
    record["claims"] = kept
    return record


def _own(key: str, record: PaymentRecord) -> Content:
    """A record's own fields as a source's word."""
    content: Content = {
        "kind": record["kind"], "label": record["label"], "beneficiaries": record["beneficiaries"],
        "document": record["document"], "complete": record["complete"]}
    if "lines" in record:
        content["lines"] = [{**line, "id": line["id"].removeprefix(key)} for line in record["lines"]]
    if "deductions" in record:
        content["deductions"] = [{**one, "id": one["id"].removeprefix(key)} for one in record["deductions"]]
    if "indemnities" in record:
        content["indemnities"] = record["indemnities"]
    if "reference" in record:
        content["reference"] = record["reference"]
    return content
