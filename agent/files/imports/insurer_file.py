"""Files of complementary insurers: what they paid, held against the care of the payments known here."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from agent.account import clean_text
from agent.account.batch import Batch, ShareRead, utc
from agent.errors import AmeliError
from agent.files.imports.errors import SaidOthers
from agent.files.imports.model import Desk, Note, Reader, Taken, UnreadRow
from agent.files.imports.ownership_question import INSURER, doubt
from agent.store.apply import apply
from agent.store.payments.same_care import words_of

if TYPE_CHECKING:
    from agent.files.formats.bank.insurer_file import Share
    from agent.files.formats.bank.model import Unread
    from agent.protocol.payments import CareLine, PaymentDetail

_TOLD = 100
"""Unread rows in an answer."""


def _looks(data: bytes) -> bool:
    from agent.files.formats.bank.insurer_file import looks_like_insurer

    return looks_like_insurer(data)


def _read(_name: str, data: bytes) -> tuple[list[Share], list[Unread]]:
    from agent.files.formats.bank.insurer_file import read_insurer

    return read_insurer(data)


def _keep(desk: Desk, read: tuple[list[Share], list[Unread]]) -> Taken:
    shares, unread = read
    taken = Taken("csv", unread_rows=[UnreadRow(one.row, Note(*one.why)) for one in unread[:_TOLD]])
    care = _care(desk.store.payments.found())
    paid: dict[str, tuple[Decimal, date | None]] = {}
    lost = 0
    fits = [(share, _payment(share, care)) for share in shares]
    if (question := _question(desk, fits)) is not None:
        return Taken("csv", problems=[question])
    for share, payment in fits:
        if payment is None:
            lost += 1
            continue
        before, on = paid.get(payment, (Decimal(0), None))
        paid[payment] = before + share.amount, share.paid_on or on
    today = desk.now().date()
    applied = apply(desk.store, Batch(
        way="file", source=desk.source, at=utc(desk.now()),
        shares=tuple(ShareRead(payment=payment, amount=amount, on=on or today)
                     for payment, (amount, on) in paid.items())))
    taken.new, taken.known = sum(applied.new.values()), sum(applied.known.values())
    if lost:
        taken.notes.append(Note(
            f"{lost} remboursements de la complémentaire ne correspondent à aucun paiement connu, ou à plusieurs.",
            f"{lost} refunds of the insurer fit no payment known here, or several."))
    if unread:
        from agent.files.formats.bank.model import first_rows

        rows = first_rows(unread)
        taken.notes.append(Note(f"{len(unread)} lignes n'ont pas pu être lues ({rows.fr}).",
                                f"{len(unread)} rows could not be read ({rows.en})."))
    return taken


def _question(desk: Desk, fits: list[tuple[Share, str | None]]) -> AmeliError | None:
    """Whose the file is, where it does not say for whom the care was: a day and an amount may fit by chance.

    What names somebody fits the care of that person alone, and what fits nothing is not kept.
    """
    unnamed = [payment for share, payment in fits if not share.beneficiary]
    fitting = sum(payment is not None for payment in unnamed)
    if desk.mine is False:
        return SaidOthers()
    if desk.mine or not fitting or 2 * fitting >= len(unnamed):
        return None
    return doubt(INSURER,
                 f"{fitting} lignes sur {len(unnamed)} correspondent à un soin connu ici, sans nommer personne",
                 f"{fitting} of {len(unnamed)} lines fit care known here, and name nobody")


def _care(payments: list[PaymentDetail]) -> dict[str, list[tuple[str, CareLine]]]:
    """Lines by day of care, each with its payment."""
    care: defaultdict[str, list[tuple[str, CareLine]]] = defaultdict(list)
    for payment in payments:
        for line in payment["lines"]:
            if line["act_date"]:
                care[line["act_date"]].append((payment["id"], line))
    return care


def _payment(share: Share, care: dict[str, list[tuple[str, CareLine]]]) -> str | None:
    """The one payment whose care of that day, for that person, left at least as much to pay; None in doubt."""
    who = words_of(clean_text(share.beneficiary))
    payments = {payment for payment, line in care.get(share.care_on.isoformat(), ())
                if (not who or _may_be(who, words_of(line["beneficiary"])))
                and Decimal(line["paid"] or "0") - Decimal(line["reimbursed"]) >= share.amount}
    return payments.pop() if len(payments) == 1 else None


def _may_be(words: set[str], other: set[str]) -> bool:
    """A first name alone is part of a whole name; a family name in common is not enough."""
    return bool(words and other) and (words <= other or other <= words)


READER = Reader("csv", _looks, _read, _keep)
