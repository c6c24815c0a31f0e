"""What the bank files say of the payments, as ``ameli owed`` tells it."""

from collections.abc import Sequence
from decimal import Decimal

from agent.protocol.money import BankMismatch, KeptCredit
from agent.protocol.payments import PaymentDetail
from agent.rules.owed.bank_matching import Arrivals
from agent.rules.pricing.steps import euros_en, euros_fr


def not_arrived(
    arrivals: Arrivals, payments: Sequence[PaymentDetail], credits: Sequence[KeptCredit]
) -> list[BankMismatch]:
    """Payments that never came, then transfers that nothing explains, newest first."""
    paid = {one["id"]: one for one in payments}
    booked = {one["id"]: one for one in credits}
    lost = [_lost(paid[key]) for key in arrivals.missing]
    strange = [_strange(booked[key], arrivals.candidates[key]) for key in arrivals.unexplained]
    return [*sorted(lost, key=_newest, reverse=True), *sorted(strange, key=_newest, reverse=True)]


def _newest(mismatch: BankMismatch) -> str:
    return mismatch["on"]


def _lost(payment: PaymentDetail) -> BankMismatch:
    amount, day = Decimal(payment["amount"]), payment["paid_on"]
    return {
        "kind": "paid_not_arrived", "payment": payment["id"], "credit": None, "on": day, "amount": payment["amount"],
        "candidates": [],
        "text_fr": f"Paiement de {euros_fr(amount)} du {_french(day)} : aucun virement ne lui correspond dans vos"
                   " relevés de banque.",
        "text_en": f"Payment of {euros_en(amount)} of {day}: no transfer in your bank statements is it.",
        "evidence": [],
    }


def _strange(credit: KeptCredit, candidates: list[str]) -> BankMismatch:
    amount, day = Decimal(credit["amount"]), credit["on"]
    more_fr = f" Peut-être l'un de {len(candidates)} paiements : dites lequel." if candidates else ""
    more_en = f" Perhaps one of {len(candidates)} payments: say which." if candidates else ""
    return {
        "kind": "arrived_not_explained", "payment": None, "credit": credit["id"], "on": day,
        "amount": credit["amount"], "candidates": candidates,
        "text_fr": f"Virement de {euros_fr(amount)} du {_french(day)} qu'aucun paiement n'explique.{more_fr}",
        "text_en": f"Transfer of {euros_en(amount)} of {day} that no payment explains.{more_en}",
        "evidence": [{"text_fr": credit["label"], "text_en": credit["label"]}],
    }


def _french(day: str) -> str:
    return f"{day[8:10]}/{day[5:7]}/{day[:4]}"
