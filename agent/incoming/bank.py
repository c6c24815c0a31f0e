"""Bank statements: the transfers of the fund and of insurers are kept, every other line is dropped unread."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Literal

import msgspec

from agent.incoming.model import Desk, Note, Reader, Taken

if TYPE_CHECKING:
    from agent.exchange.bank.model import Account


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
    left_out = foreign = 0
    with desk.store.step():
        for account in read.accounts:
            found = [(line, payer) for line in account.lines
                     if line.amount > 0 and (payer := payer_of(line.label, own)) is not None]
            left_out += len(account.lines) - len(found)
            foreign += account.foreign
            days = [line.on for line in account.lines]
            since = min(filter(None, [account.since, *days]), default=None)
            until = max(filter(None, [account.until, *days]), default=None)
            if since is None or until is None:
                continue
            new, known = desk.store.bank.save(
                ((line.on, line.amount, line.label, payer,
                  reference_in(line.label, line.on) if payer == "fund" else None) for line, payer in found),
                _digest(account),
                since, min(until, desk.now().date()),
            )
            taken.new += new
            taken.known += known
    taken.notes.append(Note(
        f"{left_out} mouvements sans rapport avec la santé n'ont pas été gardés.",
        f"{left_out} movements that have nothing to do with health were not kept."))
    if foreign:
        taken.notes.append(Note(
            f"{foreign} mouvements dans une autre monnaie ont été laissés de côté.",
            f"{foreign} movements in another currency were left aside."))
    if not taken.new + taken.known:
        taken.notes.append(Note(
            "Aucun virement de la caisse ni d'une complémentaire n'y a été reconnu.",
            "No transfer of the fund or of a complementary insurer was recognised in it."))
    return taken


OFX = Reader("ofx", _looks_ofx, _read_ofx, _keep)
CSV = Reader("csv", _looks_csv, _read_csv, _keep)
