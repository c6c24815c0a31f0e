"""The sandbox's own picture of an account: what the service "knows". Made by the generator, played by the pages."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Protocol


@dataclass(slots=True)
class Person:
    """A member of the household."""

    first_name: str
    last_name: str
    birth_date: date
    birth_rank: int = 1
    insured: bool = False
    civility: str = "MME."
    doctor: bool = False
    """A treating doctor is declared."""


@dataclass(slots=True)
class CareLine:
    """One act, as the service would print it. Amounts in euros, rate in per cent."""

    person: Person
    label: str
    code: str
    act_date: date
    paid: Decimal
    base: Decimal
    rate: int
    reimbursed: Decimal
    """Before deductions."""
    risk: str = "maladie"
    """``maladie``, ``maternité``…"""


@dataclass(slots=True)
class FlatDeduction:
    """A participation forfaitaire (PFH, PFT) or franchise (FRH, FRT) withheld from a payment; amount is negative."""

    label: str
    code: str
    act_date: date
    amount: Decimal
    person: Person
    """Whose care it comes from: known here, never printed on the page."""


@dataclass(slots=True)
class SickPayLine:
    """Daily allowances of one period."""

    label: str
    start: date
    end: date
    days: int
    daily: Decimal
    amount: Decimal


@dataclass(slots=True)
class SandboxPayment:
    """One payment. ``amount`` = lines + deductions + sick pay."""

    paid_on: date
    nature: str
    label: str
    amount: Decimal
    lines: list[CareLine] = field(default_factory=list)
    deductions: list[FlatDeduction] = field(default_factory=list)
    sick_pay: list[SickPayLine] = field(default_factory=list)
    reference: str = ""
    """The printed reference: 4 digits, then YYDDD and the sequence."""


@dataclass(slots=True)
class Attachment:
    """A file joined to a message."""

    name: str
    content: bytes


@dataclass(slots=True)
class SandboxMessage:
    """One message of the inbox."""

    id: str
    received_on: date
    sender: str
    subject: str
    body: str
    attachments: list[Attachment] = field(default_factory=list)
    read: bool = False


@dataclass(slots=True)
class Exemption:
    """Somebody's care paid in full: why, and between which days (``until`` None: no end set)."""

    person: Person
    label: str
    since: date
    until: date | None = None


@dataclass(slots=True)
class Solidarity:
    """The right to the Complémentaire santé solidaire of the household."""

    since: date
    until: date
    contribution: bool


class NothingHappens(Exception):
    """No care can be billed on that day."""


class News(Protocol):
    """What can still happen on an account, one day after the other."""

    def payments(self, count: int, today: date) -> list[SandboxPayment]:
        """``count`` payments of today. Raises NothingHappens, and then none was made."""

    def messages(self, count: int, today: date, taken: Iterable[str]) -> list[SandboxMessage]:
        """``count`` unread messages of today, under ids that are not among ``taken``."""


@dataclass(slots=True)
class Household:
    """A whole account."""

    nir: str
    """13 characters, no key."""
    password: str
    persons: list[Person]
    """The insured person first."""
    address: tuple[str, ...]
    email: str
    mobile: str
    phone: str
    cpam: str
    cpam_address: str
    top_up: str
    """Name of the complementary insurer, or empty."""
    payments: list[SandboxPayment]
    """Oldest first."""
    messages: list[SandboxMessage]
    iban: str = ""
    """Account on which refunds are paid; empty as long as nobody changed it here: it is not shown."""
    office: str = ""
    """Fund and centre, four digits or so; with the scheme before it, the attachment code of a certificate."""
    exemptions: list[Exemption] = field(default_factory=list)
    solidarity: Solidarity | None = None
    news: News | None = field(default=None, compare=False, repr=False)
    """What else can happen; None for an account written by hand."""
