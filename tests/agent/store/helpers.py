"""A store over a real vault that opens in a moment, and payments to put into it."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path

from agent.account import ActLine, Deduction, Document, Indemnity, Message, Payment, Profile, payment_id
from agent.account.batch import (
    BankAccount,
    BankLine,
    Batch,
    DocumentRead,
    MessageRead,
    PaymentRead,
    ProfileRead,
    utc,
)
from agent.protocol.origins import Way
from agent.store import Store
from agent.store.apply import apply
from agent.vault import KdfCost, Vault

CHEAP = KdfCost(8 * 1024, 1, 1)
TODAY = date(2026, 11, 23)


def new_vault(folder: Path) -> Vault:
    """A fresh vault in ``folder``."""
    vault, _ = Vault.create(folder, "correct horse", kdf_cost=CHEAP)
    return vault


def reopen(vault: Vault, folder: Path) -> Vault:
    """Lock a vault and open it again, as after a restart."""
    vault.lock()
    return Vault.unlock(folder, passphrase="correct horse", kdf_floor=CHEAP)


def new_store(folder: Path) -> Store:
    """A store over a fresh vault."""
    return Store(new_vault(folder), today=lambda: TODAY)


def a_payment(
    day: str = "2026-10-19", amount: str = "17.50", *, kind: str = "REMBOURSEMENT_SOINS", rank: int = 0,
    who: str = "Zoé", act: str = "C GENERALISTE", label: str = "Actes médicaux", complete: bool = True,
) -> Payment:
    """A payment of one act."""
    paid_on, euros = date.fromisoformat(day), Decimal(amount)
    line = ActLine(
        id="l1", beneficiary=who, act=act, act_date=paid_on, paid=Decimal("30"), base=Decimal("30.00"),
        rate=Decimal("70.00"), reimbursed=euros + 2,
    )
    deduction = Deduction(id="d1", kind="participation", label="PARTICIPATION", act_date=None, amount=Decimal("-2"))
    return Payment(
        id=payment_id(paid_on, kind, euros, rank), paid_on=paid_on, kind=kind, amount=euros,
        to="tiers" if "TIERS" in kind else "assure", label=label, complete=complete,
        beneficiaries=(who,) if complete else (), lines=(line,) if complete else (),
        deductions=(deduction,) if complete else (), document="yes",
    )


def sick_pay() -> Payment:
    """A payment of daily allowances."""
    return Payment(
        id="p00000000000000aa", paid_on=date(2026, 9, 1), kind="INDEMNITE_JOURNALIERE_ASSURE", amount=Decimal("412.30"),
        to="assure", label="Indemnités journalières",
        indemnities=(Indemnity(
            label="IJ maladie", start=date(2026, 8, 10), end=date(2026, 8, 20), days=10, daily=Decimal("41.23"),
            amount=Decimal("412.30"),
        ),),
    )


def keep(store: Store, *payments: Payment) -> tuple[int, int]:
    """Keep payments as a sync brings them, in one step; (new, changed)."""
    return keep_all(store, payments)


def keep_all(
    store: Store, payments: Iterable[Payment], offered: Iterable[bool] | None = None, *, way: Way = "sync",
    source: str = "", ranked: bool = True,
) -> tuple[int, int]:
    """Keep payments as some source brings them, in one step; (new, changed)."""
    listed = list(payments)
    offers = list(offered) if offered is not None else [payment.document is not None for payment in listed]
    applied = apply(store, Batch(way=way, source=source, at=a_moment(), payments=tuple(
        PaymentRead(payment=payment, offered=offer, ranked=ranked, number=number)
        for number, (payment, offer) in enumerate(zip(listed, offers, strict=True)))))
    return applied.new.get("payments", 0), applied.changed


def keep_document(store: Store, document: Document, data: bytes) -> bool:
    """Keep a file as a sync brings it; True when it was not known."""
    applied = apply(store, Batch(way="sync", at=a_moment(), documents=(DocumentRead(document=document, data=data),)))
    return applied.new.get("documents", 0) > 0


def keep_message(store: Store, message: Message, ref: str = "") -> bool:
    """Keep a message as a sync brings it; True when it was not known."""
    applied = apply(store, Batch(way="sync", at=a_moment(), messages=(MessageRead(message=message, ref=ref),)))
    return applied.new.get("messages", 0) > 0


def keep_profile(store: Store, profile: Profile, on: date = TODAY) -> bool:
    """Keep the person and the family as a sync brings them; True when that changed something."""
    applied = apply(store, Batch(way="sync", at=a_moment(), profile=ProfileRead(profile=profile, on=on)))
    return bool(applied.new)


def keep_bank(
    store: Store, lines: Iterable[tuple[date, Decimal, str, str, date | None]], account: str,
    covered: Iterable[tuple[date, date]], source: str = "file",
) -> tuple[int, int]:
    """Keep credits ``(day, euros, label, payer, day of the order)`` as a bank's file brings them; (new, known)."""
    applied = apply(store, Batch(way="file", source=source, at=a_moment(), bank=(BankAccount(
        account=account, covered=tuple(covered), lines=tuple(
            BankLine(on=on, amount=amount, label=label, payer=payer, ordered=ordered)
            for on, amount, label, payer, ordered in lines)),)))
    return applied.new["credits"], applied.known["credits"]


def a_moment() -> str:
    """A moment later than the one before."""
    return utc(datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC) + timedelta(seconds=next(_seconds)))


_seconds = count()
