"""What a recording holds joins what the vault knows, under the ids that a sync gives. One durable step.

A recording adds and completes; it never replaces what is known in full: a sync may have read it later.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from agent.account import Document, Payment, payment_id
from agent.errors import AmeliError
from agent.files.imports.har.errors import (
    ForeignRecording,
    NothingRecorded,
    OtherAccount,
    SeveralAccounts,
    StandInRecording,
)
from agent.files.imports.har.model import Found, Group, Member, Opened
from agent.files.imports.har.ownership import told
from agent.files.imports.har.payments import made_label
from agent.files.imports.har.report import Counts, notes
from agent.files.imports.model import Desk, Taken
from agent.files.imports.ownership_question import RECORDING, refusal
from agent.portal.pages.payment_detail import Detail, to_payment
from agent.portal.types import PaymentRow
from agent.store.messages import message_ids
from agent.store.payments.records import PaymentRecord, money
from agent.sync.steps.inbox import attachment_document, row_ref
from agent.sync.steps.statements import statement_document, statement_ids
from config.addresses import on_this_machine

if TYPE_CHECKING:
    from agent.store import Store


def keep(desk: Desk, found: Found) -> Taken:
    """Write all of it, or nothing."""
    store = desk.store
    taken = Taken("har", problems=list(found.problems))
    if (error := _refusal(desk, found)) is not None:
        return Taken("har", problems=[error])
    keeper = PaymentMerger(store)
    with store.step():
        keeper.payments(found.groups)
        for statement in found.statements:
            keeper.document(
                statement_document(statement_ids([statement.ref] * (statement.ref.rank + 1))[-1], statement.ref.month),
                statement.data)
        keeper.messages(found)
        keeper.profile(found)
        inner = [write(replace(desk, mine=True)) for write in found.explained]
        if found.local:
            store.account.imports.write({"local": True})
    counts = keeper.counts
    taken.new, taken.known, taken.notes = counts.new, counts.known, notes(found, counts)
    for one in inner:
        taken.new += one.new
        taken.known += one.known
        taken.problems += one.problems
        taken.notes += one.notes
    if not taken.new + taken.known and not taken.problems:
        taken.problems.append(NothingRecorded() if found.visited else ForeignRecording())
    return taken


def _refusal(desk: Desk, found: Found) -> AmeliError | None:
    store = desk.store
    if len(found.numbers) > 1:
        return SeveralAccounts()
    real = not on_this_machine(desk.portal)
    used = store.credentials() is not None or len(store.payments) > 0
    if found.local and real and used and not (store.account.imports.read() or {"local": False})["local"]:
        return StandInRecording()
    if not (found.groups or found.statements or found.inbox or found.opened or found.explained or found.profile):
        return None  # nothing that could be anybody's
    return refusal(desk, told(found), OtherAccount, RECORDING)


class PaymentMerger:
    """Writes inside an open step, and counts."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.counts = Counts()

    def payments(self, groups: list[Group]) -> None:
        """Keep the payments, in the order of the list."""
        ranked = [(rank, member, group.whole) for group in groups for rank, member in _ranked(self._store, group)]
        ranked.sort(key=lambda one: one[1].at)
        room = {self._key(rank, member) for rank, member, whole in ranked if whole and self._head(rank, member)}
        for rank, member, whole in ranked:
            self._payment(rank, member, whole=whole, fresh=self._key(rank, member) in room)

    def _key(self, rank: int, member: Member) -> str:
        return payment_id(member.row.paid_on, member.row.kind, member.row.amount, rank)

    def _head(self, rank: int, member: Member) -> bool:
        """Make room for a payment among equals of which one was read without its rank: its care may belong here."""
        first = self._store.payments.table.fetch(self._key(0, member))
        key = self._key(rank, member)
        if not rank or first is None or not first.get("printed") or self._store.payments.table.fetch(key) is not None:
            return False
        self._store.payments.save([_whole(member.row, rank, key, None)], [False])
        return True

    def _payment(self, rank: int, member: Member, *, whole: bool, fresh: bool) -> None:
        """Keep one. ``whole``: its rank is the service's own, else the service may still say that it is another;
        ``fresh``: room was made for it just now."""
        row, book = member.row, self._store.payments
        key = self._key(rank, member)
        known = book.table.fetch(key)
        offered = bool(row.pdf_href or member.pdf or (member.detail and member.detail.pdf_href))
        relabelled = False
        if known is not None and not fresh:
            self.counts.known += 1
            relabelled = member.listed and known["label"] == made_label(row.kind) != row.label
            row = row if relabelled else msgspec.structs.replace(row, label=known["label"])
        else:
            self.counts.add("payments")
        # What a statement printed gives way to what the service says itself, as in a sync.
        if known is None or not known["complete"] or (known.get("printed") and member.detail is not None):
            payment = _whole(row, rank, key, member.detail)
            payment = msgspec.structs.replace(payment, printed=payment.complete and not whole)
            self.counts.completed += known is not None and not fresh and payment.complete
            self.counts.heads += not payment.complete
            book.save([payment], [offered or bool(known and known["document"])])
        elif relabelled or (offered and not known["document"]):
            book.save([_whole(row, rank, key, None)], [offered])
        if member.pdf is not None:
            self.document(self._store.documents.decompte(key), member.pdf)

    def document(self, document: Document, data: bytes) -> None:
        """Keep a file; one already here stays as it is."""
        known = self._store.documents.table.fetch(document.id)
        if known is not None and known["blob"]:
            self.counts.known += 1
            return
        self.counts.add("documents")
        self._store.documents.save(document, data)

    def messages(self, found: Found) -> None:
        """Keep the messages that were opened."""
        inbox = self._store.messages
        keys = message_ids((row.received_on, row.sender, row.subject) for row in found.inbox)
        whole, refs = inbox.known()
        for key, row in zip(keys, found.inbox, strict=True):
            opened = found.opened.get(row.id)
            if key in whole or row_ref(row) in refs:
                self.counts.known += 1 + (sum(file is not None for file in opened.files) if opened else 0)
            elif opened is None:
                self.counts.unopened += 1
            else:
                self._message(key, opened)

    def _message(self, key: str, opened: Opened) -> None:
        message = msgspec.structs.replace(opened.message, id=key, read=True)  # the person opened it while recording
        known = self._store.messages.table.fetch(key)
        ids = set(known["attachments"] if known else ())
        for number, file in enumerate(opened.files, 1):
            if file is not None:
                document = attachment_document(message, number, file)
                self.document(document, file.data)
                ids.add(document.id)
        whole = len(ids) == len(opened.files)
        self.counts.partial += not whole
        in_order = tuple(sorted(ids, key=lambda one: int(one.rpartition("-")[2])))
        message = msgspec.structs.replace(message, attachments=in_order)
        if self._store.messages.save(message, row_ref(opened.row), whole=whole):
            self.counts.add("messages")
        else:
            self.counts.known += 1

    def profile(self, found: Found) -> None:
        """Keep the personal details, unless those known were read later."""
        if found.profile is None:
            return
        store = self._store
        read_on, recorded_on = store.sync_state().get("profile"), found.profile_on
        if read_on and (recorded_on is None or recorded_on.isoformat() <= read_on):
            self.counts.known += 1
            return
        if store.save_profile(found.profile):
            self.counts.add("profile")
        else:
            self.counts.known += 1
        if recorded_on is not None:
            store.set_sync_state(profile=recorded_on.isoformat())


def _whole(row: PaymentRow, rank: int, key: str, detail: Detail | None) -> Payment:
    if detail is None:
        return Payment(
            id=key, paid_on=row.paid_on, kind=row.kind, amount=row.amount, label=row.label,
            to="tiers" if "TIERS" in row.kind.upper() else "assure", complete=False)
    return to_payment(row, rank, msgspec.structs.replace(
        detail, lines=tuple(msgspec.structs.replace(line, id=key + line.id) for line in detail.lines),
        deductions=tuple(msgspec.structs.replace(one, id=key + one.id) for one in detail.deductions)))


def _ranked(store: Store, group: Group) -> list[tuple[int, Member]]:
    """The rank of each payment among its equals: as listed, or (part of a list) beside what is known.

    Of a part of the list a payment is known when its care is; else it takes the place of one whose detail is missing;
    else it is one more.
    """
    if group.whole:
        return list(enumerate(group.members))
    free: dict[int, PaymentRecord] = {}
    while (record := _record(store, group, len(free))) is not None:
        free[len(free)] = record
    fresh = len(free)
    ranked = []
    for member in sorted(group.members, key=lambda one: one.detail is None):
        care = _care_of(member.detail)
        rank = next((rank for rank, known in free.items() if known["complete"] and care == _care(known)), None)
        if rank is None:
            rank = next((rank for rank, known in free.items() if care is None or not known["complete"]), None)
        if rank is None:
            rank, fresh = fresh, fresh + 1
        free.pop(rank, None)
        ranked.append((rank, member))
    return ranked


def _record(store: Store, group: Group, rank: int) -> PaymentRecord | None:
    return store.payments.table.fetch(payment_id(group.paid_on, group.kind, group.amount, rank))


def _care_of(detail: Detail | None) -> Counter[tuple[str | None, str]] | None:
    if detail is None:
        return None
    return Counter((line.act_date.isoformat() if line.act_date else None, money(line.reimbursed))
                   for line in detail.lines)


def _care(record: PaymentRecord) -> Counter[tuple[str | None, str]]:
    return Counter((line["act_date"], line["reimbursed"]) for line in record.get("lines", ()))
