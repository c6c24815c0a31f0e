"""Files of complementary insurers: what they paid, held against the care of the payments known here."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from agent.account import clean_text
from agent.incoming.model import Desk, Note, Reader, Taken, UnreadRow

if TYPE_CHECKING:
    from agent.exchange.bank.insurer_file import Share
    from agent.exchange.bank.model import Unread

_TOLD = 100
"""Unread rows in an answer."""


def _looks(data: bytes) -> bool:
    from agent.exchange.bank.insurer_file import looks_like_insurer

    return looks_like_insurer(data)


def _read(_name: str, data: bytes) -> tuple[list[Share], list[Unread]]:
    from agent.exchange.bank.insurer_file import read_insurer

    return read_insurer(data)


def _keep(desk: Desk, read: tuple[list[Share], list[Unread]]) -> Taken:
    shares, unread = read
    taken = Taken("csv", unread_rows=[UnreadRow(one.row, Note(*one.why)) for one in unread[:_TOLD]])
    care = _care(desk.store.payments())
    paid: dict[str, tuple[Decimal, date | None]] = {}
    lost = 0
    for share in shares:
        payment = _payment(share, care)
        if payment is None:
            lost += 1
            continue
        before, on = paid.get(payment, (Decimal(0), None))
        paid[payment] = before + share.amount, share.paid_on or on
    with desk.store.step():
        taken.new, taken.known = desk.money.insurer_paid(paid)
    if lost:
        taken.notes.append(Note(
            f"{lost} remboursements de la complémentaire ne correspondent à aucun paiement connu, ou à plusieurs.",
            f"{lost} refunds of the insurer fit no payment known here, or several."))
    if unread:
        taken.notes.append(Note(
            f"{len(unread)} lignes n'ont pas pu être lues (ligne {unread[0].row} : {unread[0].why.fr}).",
            f"{len(unread)} rows could not be read (row {unread[0].row}: {unread[0].why.en})."))
    return taken


def _care(payments: list[dict[str, Any]]) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """Lines by day of care, each with its payment."""
    care: defaultdict[str, list[tuple[str, dict[str, Any]]]] = defaultdict(list)
    for payment in payments:
        for line in payment["lines"]:
            if line["act_date"]:
                care[line["act_date"]].append((payment["id"], line))
    return care


def _payment(share: Share, care: dict[str, list[tuple[str, dict[str, Any]]]]) -> str | None:
    """The one payment whose care of that day, for that person, left at least as much to pay; None in doubt."""
    who = set(clean_text(share.beneficiary).upper().split())
    found = {payment for payment, line in care.get(share.care_on.isoformat(), ())
             if (not who or who & set(line["beneficiary"].upper().split()))
             and Decimal(line["paid"] or "0") - Decimal(line["reimbursed"]) >= share.amount}
    return found.pop() if len(found) == 1 else None


READER = Reader("csv", _looks, _read, _keep)
