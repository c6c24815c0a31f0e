"""What an export is made from: the account in the contract's shapes, and the few sums that every format shares."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, NamedTuple, TypedDict

from agent.protocol.account import Profile
from agent.protocol.deadlines import Deadline
from agent.protocol.documents import Document
from agent.protocol.messages import KeptMessage
from agent.protocol.money import Anomaly, BankMismatch, Coverage, Credit, Ledger, Owed, TopUpShare, Year
from agent.protocol.payments import PaymentDetail
from agent.protocol.requests import RequestRecord

Lang = Literal["fr", "en"]
ZERO = Decimal(0)


class Filters(TypedDict):
    """What was asked for; None: everything. Days are ISO and inclusive."""

    since: str | None
    until: str | None
    beneficiary: str | None


class Question(NamedTuple):
    """Something to ask about."""

    kind: str
    """``anomaly``, or the kind of an entry of ``owed.missing``."""
    on: date | None
    entry: BankMismatch | Anomaly
    """As ``owed`` has it."""


def nobody() -> Profile:
    """The profile before the first sync."""
    return {"nir": "", "name": "", "birth_date": None, "address": [], "phones": {}, "email": None, "cpam": None,
            "beneficiaries": []}


def no_cover() -> Coverage:
    """The cover of somebody who told nothing and whose account names none."""
    return {"top_up": None, "source": None, "on": None, "contract": None, "situations": {}, "attending_doctor": {}}


def nothing_owed() -> Owed:
    """Nothing to come and nothing to ask."""
    return {"counted": True, "why_not": None, "not_counted": [], "top_up": [], "missing": [], "anomalies": [],
            "dismissed": 0, "contract": None}


def everything() -> Filters:
    """No part of the account was asked for."""
    return {"since": None, "until": None, "beneficiary": None}


@dataclass(frozen=True, slots=True)
class Account:
    """One account, or the part of it that was asked for. Every value is in the contract's shape.

    ``payments`` are whole: one that concerns several people stays whole when one of them was asked for.
    """

    payments: Sequence[PaymentDetail]
    """Newest first."""
    made_at: datetime
    """With its time zone."""
    lang: Lang = "fr"
    profile: Profile = field(default_factory=nobody)
    coverage: Coverage = field(default_factory=no_cover)
    ledger: Sequence[Ledger] = ()
    """One a year, newest first, as ``GET /v1/ledger``."""
    years: Sequence[Year] = ()
    """One a year, newest first, as ``GET /v1/year``."""
    owed: Owed = field(default_factory=nothing_owed)
    bank: Sequence[Credit] = ()
    """Credits of bank files that concern health, newest first."""
    documents: Sequence[Document] = ()
    messages: Sequence[KeptMessage] = ()
    requests: Sequence[RequestRecord] = ()
    deadlines: Sequence[Deadline] = ()
    filters: Filters = field(default_factory=everything)

    def say(self, fr: str, en: str) -> str:
        """The text of the person's language."""
        return fr if self.lang == "fr" else en

    def shares(self) -> list[TopUpShare]:
        """The top-up's shares of the payments exported, as ``owed.top_up``."""
        kept = {payment["id"] for payment in self.payments}
        return [share for share in self.owed["top_up"] if share["payment"] in kept]

    def asking(self) -> list[Question]:
        """What to ask about among the payments and days exported."""
        paid = {payment["id"]: payment["paid_on"] for payment in self.payments}
        since, until = self.filters["since"] or "", self.filters["until"] or "9999"
        questions: list[Question] = []
        for mismatch in self.owed["missing"]:
            payment, on = mismatch["payment"], mismatch["on"]
            if payment in paid or (not payment and since <= on <= until):
                on = paid.get(payment, on) if payment else on
                questions.append(Question(mismatch["kind"], day(on), mismatch))
        questions += [Question("anomaly", day(paid[anomaly["payment"]]), anomaly)
                      for anomaly in self.owed["anomalies"] if anomaly["payment"] in paid]
        return questions


def amount(value: str | None) -> Decimal:
    """Exact euros of a contract's string; nothing is zero."""
    return Decimal(value) if value else ZERO


def day(value: str | None) -> date | None:
    """A day of the contract, or None."""
    return date.fromisoformat(value) if value else None


def unexplained(payment: PaymentDetail) -> Decimal:
    """Euros of a payment that its lines, deductions and indemnities do not make up: all of it without detail."""
    parts = [amount(line["reimbursed"]) for line in payment["lines"]]
    parts += [amount(deduction["amount"]) for deduction in payment["deductions"]]
    parts += [amount(allowance["amount"]) for allowance in payment["indemnities"]]
    return amount(payment["amount"]) - sum(parts, ZERO)


def persons(account: Account) -> Iterator[str]:
    """Every name of the account once: the insured first, then the family, then whoever payments name."""
    seen = set()
    family = [person["name"] for person in account.profile["beneficiaries"]]
    named = (line["beneficiary"] for payment in account.payments for line in payment["lines"])
    for name in (account.profile["name"], *family, *named):
        if name and name not in seen:
            seen.add(name)
            yield name
