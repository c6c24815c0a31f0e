"""What the bank files say of the payments, as ``ameli owed`` tells it."""

from collections.abc import Sequence
from decimal import Decimal

from agent.protocol.money import BankMismatch, KeptCredit
from agent.protocol.payments import PaymentDetail
from agent.rules.owed.bank_matching import Arrivals, Days
from agent.rules.pricing.steps import euros_en, euros_fr


def not_arrived(
    arrivals: Arrivals, payments: Sequence[PaymentDetail], credits: Sequence[KeptCredit]
) -> list[BankMismatch]:
    """Payments that never came, then transfers that nothing explains, newest first."""
    paid = {one["id"]: one for one in payments}
    booked = {one["id"]: one for one in credits}
    lost = [_lost(paid[key], arrivals.covered[key], arrivals.patience) for key in arrivals.missing]
    strange = [_strange(booked[key], arrivals.candidates[key]) for key in arrivals.unexplained]
    return [*sorted(lost, key=_newest, reverse=True), *sorted(strange, key=_newest, reverse=True)]


def _newest(mismatch: BankMismatch) -> str:
    return mismatch["on"]


def _lost(payment: PaymentDetail, covered: Days, patience: int) -> BankMismatch:
    amount, day = Decimal(payment["amount"]), payment["paid_on"]
    first, last = (one.isoformat() for one in covered)
    return {
        "kind": "paid_not_arrived", "payment": payment["id"], "credit": None, "on": day, "amount": payment["amount"],
        "candidates": [],
        "text_fr": f"Paiement de {euros_fr(amount)} du {_french(day)} : aucun virement ne lui correspond dans vos"
                   " relevés de banque.",
        "text_en": f"Payment of {euros_en(amount)} of {day}: no transfer in your bank statements is it.",
        "evidence": [{
            "text_fr": "Vos relevés du compte où la caisse vous paie couvrent tous les jours du"
                       f" {_french(first)} au {_french(last)}.",
            "text_en": f"Your statements of the account that the fund pays cover every day from {first} to {last}.",
        }, {
            "text_fr": f"Le délai habituel est passé : {patience} jours ouvrés des banques, à compter du paiement.",
            "text_en": f"The usual delay is over: {patience} banking days from the payment on.",
        }, {
            "text_fr": "Aucun virement inexpliqué de la caisse n'y peut être ce paiement, seul, en partie ou avec"
                       " d'autres.",
            "text_en": "No unexplained transfer of the fund there can be this payment, alone, in part or with others.",
        }],
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
