"""The account's objects. Field names are the contract's; ``None`` means the service did not say."""

from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec

DeductionKind = Literal["participation", "franchise", "other"]
DocumentKind = Literal["decompte", "releve_mensuel", "attestation", "message", "attachment", "other"]


class ActLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=False):
    """One act of care inside a payment."""

    id: str
    beneficiary: str
    act: str
    """The service's label, for example ``C GENERALISTE``."""
    act_date: date | None
    paid: Decimal | None
    """Euros charged by the professional."""
    base: Decimal | None
    """Euros the refund is computed on (BRSS)."""
    rate: Decimal | None
    """Per cent: ``Decimal("70")``."""
    reimbursed: Decimal
    """Euros, before the deductions listed beside the lines."""
    code: str | None = None
    """Short code of the nomenclature when a document prints one (``G``, ``PH7``)."""


class Deduction(msgspec.Struct, frozen=True, kw_only=True):
    """A participation forfaitaire or franchise withheld from a payment."""

    id: str
    kind: DeductionKind
    label: str
    act_date: date | None
    amount: Decimal
    """Euros, negative: lines plus deductions plus indemnities make the payment."""


class Indemnity(msgspec.Struct, frozen=True, kw_only=True):
    """One period of daily allowance (indemnité journalière)."""

    label: str
    start: date | None
    end: date | None
    days: int | None
    daily: Decimal | None
    amount: Decimal


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """One transfer by the fund, to the insured person or to a third party."""

    id: str
    """Ours, stable: made from date, kind, amount and rank among equals (the service's own ids change)."""
    paid_on: date
    kind: str
    """The service's word: ``REMBOURSEMENT_SOINS``, ``PAIEMENT_A_UN_TIERS``, ``INDEMNITE_JOURNALIERE_ASSURE``…"""
    amount: Decimal
    to: Literal["assure", "tiers"]
    label: str
    beneficiaries: tuple[str, ...] = ()
    lines: tuple[ActLine, ...] = ()
    deductions: tuple[Deduction, ...] = ()
    indemnities: tuple[Indemnity, ...] = ()
    document: str | None = None
    """Id of its décompte among the documents."""
    complete: bool = True
    """False while the detail could not be read."""
    reference: str | None = None
    """Office and number that a statement prints: ``0351 1829220001234``."""


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A file of the account. Its bytes are kept apart, encrypted, once fetched."""

    id: str
    kind: DocumentKind
    title: str
    date: date
    filename: str
    """Our own safe name, ``2026-06_releve-mensuel.pdf``; never the service's."""
    media_type: str = "application/pdf"
    size: int | None = None
    fetched: bool = False
    payment: str | None = None
    message: str | None = None
    unread: bool = False
    """A statement whose lines could not be taken from it."""


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One message of the inbox."""

    id: str
    received_on: date
    sender: str
    subject: str
    body: str = ""
    read: bool = False
    attachments: tuple[str, ...] = ()
    """Document ids."""


class Beneficiary(msgspec.Struct, frozen=True, kw_only=True):
    """A person covered through this account."""

    name: str
    birth_date: date | None = None
    insured: bool = False


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """The insured person and the family, as the account shows them (phones are masked by the service)."""

    nir: str
    name: str
    birth_date: date | None = None
    address: tuple[str, ...] = ()
    phones: dict[str, str] = {}
    email: str | None = None
    cpam: str | None = None
    beneficiaries: tuple[Beneficiary, ...] = ()


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of the complementary cover. ``source`` says where it was read."""

    top_up: str | None = None
    source: str | None = None
    on: date | None = None
    """Day of the paper it was read from."""
