"""The only writer of what was read: one durable step a batch, the same result in any order, however often.

Readers yield batches (`agent.account.batch`) and know nothing of the store; here every kind of thing joins what other
sources said of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.account.batch import Applied, Batch
from agent.store.origins import Claim
from agent.store.payments.claims import Claim as PaymentClaim
from agent.store.payments.merging import Moved, PaymentMerger
from agent.store.payments.records import content_of, money
from agent.store.payments.resolve import Group

if TYPE_CHECKING:
    from agent.account.batch import DocumentRead, MessageRead, PaymentRead
    from agent.store.store import Store


def apply(store: Store, batch: Batch) -> Applied:
    """Write a batch, all of it or nothing, and say what of it was new."""
    applied = Applied()
    claim: Claim = {"way": batch.way, "source": batch.source, "at": batch.at}
    with store.step():
        ids = _payments(store, batch, applied)  # by number
        for document in batch.documents:
            _document(store, document, claim, ids, applied)
        for message in batch.messages:
            _message(store, message, claim, applied)
        if batch.profile is not None:
            applied.count("profile", new=store.person.add_profile(batch.profile, claim))
        if batch.coverage is not None:
            store.person.add_coverage(batch.coverage, claim)
        for account in batch.bank:
            _add(applied, "credits", *store.bank.add(account, claim))
        if batch.shares:
            _add(applied, "shares", *store.shares.add(batch.shares, claim))
        if batch.notes:
            store.note(batch.notes, batch.at)
    return applied


def _payments(store: Store, batch: Batch, applied: Applied) -> dict[int, str]:
    """Take in the payments; the id of each by its number."""
    if not batch.payments:
        return {}
    claims = [_told(batch, read) for read in batch.payments]
    outcomes, moved = PaymentMerger(store.payments, store.account.printed).add(claims)
    follow(store, moved)
    for outcome in outcomes:
        applied.count("payments", new=outcome.new)
        applied.changed += outcome.changed
        applied.completed += outcome.completed
    return {read.number: outcome.key for read, outcome in zip(batch.payments, outcomes, strict=True)}


def _told(batch: Batch, read: PaymentRead) -> tuple[Group, PaymentClaim]:
    payment = read.payment
    group = Group(payment.paid_on.isoformat(), money(payment.amount), payment.to)
    content = content_of(payment, offered=read.offered)
    return group, PaymentClaim(batch.way, batch.source, batch.at, content, payment.id if read.ranked else None,
                               read.number, read.alone)


def follow(store: Store, moved: Moved) -> None:
    """What hangs on payments goes where they went: files, marks of received shares, what the person said of credits
    and of payments that arrived."""
    store.documents.move([
        ({"way": way, "source": source, "at": "", "number": number}, old, new)
        for (way, source, number), (old, new) in moved.claims.items() if isinstance(number, int)])
    if moved.renamed:
        store.shares.rename(moved.renamed)
        store.bank.rename(moved.renamed)
        if (arrived := store.account.arrived.read()) is not None:
            store.account.arrived.write({"ids": sorted({moved.renamed.get(key, key) for key in arrived["ids"]})})


def _document(store: Store, read: DocumentRead, claim: Claim, payments: dict[int, str], applied: Applied) -> None:
    document = read.document
    if read.of is not None:
        document = store.documents.decompte(payments[read.of], unread=document.unread)
        claim = {**claim, "number": read.of}
    applied.count("documents", new=store.documents.add(document, read.data, claim))


def _message(store: Store, read: MessageRead, claim: Claim, applied: Applied) -> None:
    for file in read.files:
        _document(store, file, claim, {}, applied)
    applied.count("messages", new=store.messages.add(read.message, claim, ref=read.ref, total=read.total))


def _add(applied: Applied, kind: str, new: int, again: int) -> None:
    applied.new[kind] = applied.new.get(kind, 0) + new
    applied.known[kind] = applied.known.get(kind, 0) + again
