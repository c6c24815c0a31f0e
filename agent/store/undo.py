"""An import taken back: what it alone brought goes, what another source says too stays, and what hung on it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.protocol.files import Undone, UndoneMatch
from agent.store.apply import follow
from agent.store.origins import imported_by
from agent.store.payments.claims import claims_of
from agent.store.payments.merging import PaymentMerger

if TYPE_CHECKING:
    from agent.protocol.money import KeptCredit
    from agent.store.payments.claims import PaymentRecord
    from agent.store.store import Store


def undo(store: Store, source: str, at: str) -> Undone:
    """Take back an import, all of it in one durable step, and note that it was at the ISO moment ``at``.

    Payments, files, messages, credits, shares, names and cover that it alone told are gone. Raises NotFound for an
    import that is not in the log.
    """
    with store.step():
        noted = store.imports.undone(source, at)
        sources = [source, *store.imports.parts(source)]
        for part in sources[1:]:
            store.imports.undone(part, at)
        undone: Undone = {
            "id": source, "name": noted["name"], "payments": 0, "documents": 0, "messages": 0, "credits": 0,
            "shares": 0, "kept": _kept(store, sources), "person": False, "marks": [], "matches": []}
        before = len(store.payments)
        for part in sources:
            _withdraw(store, part, undone)
        undone["payments"] = before - len(store.payments)
    return undone


def _withdraw(store: Store, source: str, undone: Undone) -> None:
    moved = PaymentMerger(store.payments, store.account.printed).withdraw(source)
    follow(store, moved)
    undone["documents"] += len(store.documents.withdraw(source))
    undone["messages"] += len(store.messages.withdraw(source))
    for credit in store.bank.withdraw(source):
        undone["credits"] += 1
        if credit["said"] is not None:
            undone["matches"].append(_match(credit))
    undone["shares"] += len(store.shares.withdraw(source))
    undone["person"] |= store.person.withdraw(source)
    for key, record in moved.gone.items():
        _unhang(store, key, record, undone)


def _unhang(store: Store, key: str, record: PaymentRecord, undone: Undone) -> None:
    """Take the marks of a payment that is gone, and say which they were."""
    mark = store.shares.forget(key)
    if mark is not None:
        undone["marks"].append(
            {"payment": key, "paid_on": record["paid_on"], "amount": mark["amount"], "on": mark["on"]})
    undone["matches"] += [_match(credit) for credit in store.bank.unsay(key)]


def _match(credit: KeptCredit) -> UndoneMatch:
    return {"credit": credit["id"], "on": credit["on"], "amount": credit["amount"]}


def _kept(store: Store, sources: list[str]) -> int:
    """How many payments of the import stay, since another source tells of them too."""
    kept = 0
    for key, record in store.payments.table.items():
        claims = claims_of(key, record)
        mine = sum(any(imported_by(claim.source, source) for source in sources) for claim in claims)
        kept += 0 < mine < len(claims)
    return kept
