"""A store over a real vault that opens in a moment, and payments to put into it."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from agent.account import ActLine, Deduction, Indemnity, Payment, payment_id
from agent.store import Store
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
    """Save payments in one step; (new, changed)."""
    with store.step():
        saved = store.payments.save(payments)
    return saved.new, saved.changed
