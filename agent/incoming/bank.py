"""Bank statements: the transfers of the fund and of insurers are kept, every other line is dropped unread."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Literal

import msgspec

from agent.incoming.model import Desk, Note, Reader, Taken, UnreadRow

if TYPE_CHECKING:
    from agent.exchange.bank.model import Account


_NAMED, _TOLD = 3, 100
"""Unread rows that are named in a sentence, and in the answer."""


class _Read(msgspec.Struct):
    kind: Literal["ofx", "csv"]
    accounts: list[Account]


def _looks_ofx(data: bytes) -> bool:
    from agent.exchange.bank import looks_like_ofx

    return looks_like_ofx(data)


def _looks_csv(data: bytes) -> bool:
    from agent.exchange.bank import looks_like_csv

    return looks_like_csv(data)


def _read_ofx(_name: str, data: bytes) -> _Read:
    from agent.exchange.bank import read_ofx

    return _Read("ofx", read_ofx(data))


def _read_csv(_name: str, data: bytes) -> _Read:
    from agent.exchange.bank import read_csv

    return _Read("csv", read_csv(data))


def _digest(account: Account) -> str:
    """What tells accounts apart. A file that names none stands for itself: two of them may be of two accounts."""
    told = account.name or repr([(line.on.isoformat(), str(line.amount), line.label) for line in account.lines])
    return blake2b(told.encode(errors="replace"), digest_size=8).hexdigest()


def _keep(desk: Desk, read: _Read) -> Taken:
    from agent.exchange.bank import payer_of, reference_in

    taken = Taken(read.kind)
    own = desk.money.insurer_names()
    today = desk.now().date()
    left_out = 0
    with desk.store.step():
        for account in read.accounts:
            found = [(line, payer) for line in account.lines
                     if line.amount > 0 and (payer := payer_of(line.label, own)) is not None]
            left_out += len(account.lines) - len(found)
            new, known = desk.store.bank.save(
                ((line.on, line.amount, line.label, payer,
                  reference_in(line.label, line.on) if payer == "fund" else None) for line, payer in found),
                _digest(account),
                [(since, min(until, today)) for since, until in account.covered() if since <= today],
            )
            taken.new += new
            taken.known += known
    taken.notes.append(Note(
        f"{left_out} mouvements sans rapport avec la santé n'ont pas été gardés.",
        f"{left_out} movements that have nothing to do with health were not kept."))
    if foreign := sum(account.foreign for account in read.accounts):
        taken.notes.append(Note(
            f"{foreign} mouvements dans une autre monnaie ont été laissés de côté.",
            f"{foreign} movements in another currency were left aside."))
    if not taken.new + taken.known:
        taken.notes.append(Note(
            "Aucun virement de la caisse ni d'une complémentaire n'y a été reconnu.",
            "No transfer of the fund or of a complementary insurer was recognised in it."))
    _tell_unread(taken, read.accounts)
    return taken


def _tell_unread(taken: Taken, accounts: list[Account]) -> None:
    """Say which rows were not read and which days are not held to be covered by the file."""
    unread = [one for account in accounts for one in account.unread]
    taken.unread_rows = [UnreadRow(one.row, Note(*one.why)) for one in unread[:_TOLD]]
    if unread:
        more = " ; …" if len(unread) > _NAMED else ""
        rows_fr = " ; ".join(f"ligne {one.row} : {one.why.fr}" for one in unread[:_NAMED]) + more
        rows_en = "; ".join(f"row {one.row}: {one.why.en}" for one in unread[:_NAMED]) + more.replace(" ;", ";")
        taken.notes.append(Note(
            f"Mouvements qui n'ont pas pu être lus : {len(unread)} ({rows_fr}). Leurs jours ne comptent pas comme"
            " couverts : aucun paiement n'y sera dit jamais arrivé.",
            f"Movements that could not be read: {len(unread)} ({rows_en}). Their days do not count as covered:"
            " no payment will be called lost on them."))
    if broken := sum(len(account.broken) for account in accounts):
        taken.notes.append(Note(
            f"Le solde ne suit pas les mouvements ({broken} endroits) : il en manque. Ces jours ne comptent pas comme"
            " couverts.",
            f"The balance does not follow the movements ({broken} places): some are missing. Those days do not count as"
            " covered."))


OFX = Reader("ofx", _looks_ofx, _read_ofx, _keep)
CSV = Reader("csv", _looks_csv, _read_csv, _keep)
