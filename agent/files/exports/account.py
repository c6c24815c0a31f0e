"""What an export is made from: the account in the contract's shapes, and the few sums that every format shares."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

Lang = Literal["fr", "en"]
Doc = Mapping[str, Any]
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Account:
    """One account, or the part of it that was asked for. Every value is in the contract's shape.

    ``payments`` are whole: one that concerns several people stays whole when one of them was asked for.
    """

    payments: Sequence[Doc]
    """Newest first."""
    made_at: datetime
    """With its time zone."""
    lang: Lang = "fr"
    profile: Doc = field(default_factory=dict)
    coverage: Doc = field(default_factory=dict)
    ledger: Sequence[Doc] = ()
    """One a year, newest first, as ``GET /v1/ledger``."""
    years: Sequence[Doc] = ()
    """One a year, newest first, as ``GET /v1/year``."""
    owed: Doc = field(default_factory=dict)
    bank: Sequence[Doc] = ()
    """Credits of bank files that concern health, newest first: ``id``, ``on``, ``amount``, ``label``, ``payer``."""
    documents: Sequence[Doc] = ()
    messages: Sequence[Doc] = ()
    requests: Sequence[Doc] = ()
    deadlines: Sequence[Doc] = ()
    filters: Doc = field(default_factory=dict)
    """``since``, ``until``, ``beneficiary``: what was asked for, None where everything was."""

    def say(self, fr: str, en: str) -> str:
        """The text of the person's language."""
        return fr if self.lang == "fr" else en

    def shares(self) -> list[Doc]:
        """The top-up's shares of the payments exported, as ``owed.top_up``."""
        kept = {payment["id"] for payment in self.payments}
        return [one for one in self.owed.get("top_up") or () if one["payment"] in kept]

    def asking(self) -> list[tuple[str, date | None, Doc]]:
        """What to ask about among the payments and days exported: its kind, its day and ``owed``'s own entry.

        Kinds are ``anomaly`` and those of ``owed.missing``.
        """
        paid = {payment["id"]: payment["paid_on"] for payment in self.payments}
        since, until = self.filters.get("since") or "", self.filters.get("until") or "9999"
        found: list[tuple[str, date | None, Doc]] = []
        for name in ("missing", "anomalies"):
            for one in self.owed.get(name) or ():
                on = paid.get(one.get("payment")) or one.get("on")
                if one.get("payment") in paid or (not one.get("payment") and on and since <= on <= until):
                    found.append((one["kind"] if name == "missing" else "anomaly", day(on), one))
        return found


def amount(value: Any) -> Decimal:
    """Exact euros of a contract's string; nothing is zero."""
    return Decimal(value) if value not in (None, "") else ZERO


def day(value: Any) -> date | None:
    """A day of the contract, or None."""
    return date.fromisoformat(value) if value else None


def unexplained(payment: Doc) -> Decimal:
    """Euros of a payment that its lines, deductions and indemnities do not make up: all of it without detail."""
    parts = [amount(line["reimbursed"]) for line in payment["lines"]]
    parts += [amount(one["amount"]) for one in (*payment["deductions"], *(payment.get("indemnities") or ()))]
    return amount(payment["amount"]) - sum(parts, ZERO)


def persons(account: Account) -> Iterator[str]:
    """Every name of the account once: the insured first, then the family, then whoever payments name."""
    seen = set()
    family = [one["name"] for one in account.profile.get("beneficiaries") or ()]
    named = (line["beneficiary"] for payment in account.payments for line in payment["lines"])
    for name in (account.profile.get("name"), *family, *named):
        if name and name not in seen:
            seen.add(name)
            yield name
