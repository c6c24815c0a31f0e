"""What a recording holds becomes a batch under the ids that a sync gives, and joins what the vault knows.

A recording adds and completes; what a sync read is worth more, whichever comes first.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

import msgspec

from agent.account import Document, Payment, payment_id
from agent.account.batch import Applied, Batch, DocumentRead, MessageRead, PaymentRead, ProfileRead, utc
from agent.errors import AmeliError
from agent.files.imports.har.errors import (
    ForeignRecording,
    NothingRecorded,
    OtherAccount,
    SeveralAccounts,
    StandInRecording,
)
from agent.files.imports.har.model import Found, Opened
from agent.files.imports.har.ownership import told
from agent.files.imports.har.report import Counts, notes
from agent.files.imports.har.unread_entries import unread_rows
from agent.files.imports.model import Desk, Taken
from agent.files.imports.ownership_question import RECORDING, refusal
from agent.portal.pages.payment_detail import Detail, to_head, to_payment
from agent.portal.types import PaymentRow
from agent.store.apply import apply
from agent.store.known import StoreKnown
from agent.store.messages import message_ids
from agent.sync.steps.inbox import message_read, row_ref
from agent.sync.steps.statements import statement_document, statement_ids
from config.addresses import on_this_machine

if TYPE_CHECKING:
    from agent.account.known import Known
    from agent.account.sync_notes import SyncNotes

_DECOMPTE = Document(id="", kind="decompte", title="", date=date.min, filename="")
"""Its payment gives it the rest."""


def keep(desk: Desk, recorded: Found) -> Taken:
    """Write all of it, or nothing."""
    store = desk.store
    taken = Taken("har", problems=list(recorded.problems))
    if (error := _refusal(desk, recorded)) is not None:
        return Taken("har", problems=[error])
    counts = Counts()
    with store.step():
        _count(counts, apply(store, batch_of(recorded, StoreKnown(store), counts, source=desk.source, now=desk.now())))
        inner = [write(replace(desk, mine=True, source=f"{desk.source}/{number}"))
                 for number, write in enumerate(recorded.explained)]
        if recorded.local:
            store.account.imports.write({"local": True})
    taken.new, taken.known, taken.notes = counts.new, counts.known, notes(recorded, counts)
    taken.unread_rows = unread_rows(recorded)
    for part in inner:
        taken.new += part.new
        taken.known += part.known
        taken.problems += part.problems
        taken.notes += part.notes
    if not taken.new + taken.known and not taken.problems:
        taken.problems.append(NothingRecorded() if recorded.visited else ForeignRecording())
    return taken


def batch_of(recorded: Found, knowledge: Known, counts: Counts, *, source: str, now: datetime) -> Batch:
    """All that a recording says. ``counts`` learns what of it is told nowhere else."""
    payments, files = _payments(recorded, counts)
    for statement in recorded.statements:
        key = statement_ids([statement.ref] * (statement.ref.rank + 1))[-1]
        files.append(DocumentRead(document=statement_document(key, statement.ref.month), data=statement.data))
    at = utc(min(recorded.recorded_at or now, now))
    profile = ProfileRead(profile=recorded.profile, on=recorded.profile_on) if recorded.profile is not None else None
    return Batch(way="recording", source=source, at=at, payments=tuple(payments), documents=tuple(files),
                 messages=tuple(_messages(recorded, knowledge, counts)), profile=profile,
                 notes=_profile_note(recorded, knowledge))


def _count(counts: Counts, applied: Applied) -> None:
    counts.new_of.update(applied.new)
    counts.known += sum(applied.known.values())
    counts.completed += applied.completed


def _refusal(desk: Desk, recorded: Found) -> AmeliError | None:
    store = desk.store
    if len(recorded.numbers) > 1:
        return SeveralAccounts()
    real = not on_this_machine(desk.portal)
    used = store.credentials() is not None or len(store.payments) > 0
    if recorded.local and real and used and not (store.account.imports.read() or {"local": False})["local"]:
        return StandInRecording()
    if not (recorded.groups or recorded.statements or recorded.inbox or recorded.opened or recorded.explained
            or recorded.profile):
        return None  # nothing that could be anybody's
    return refusal(desk, told(recorded), OtherAccount, RECORDING)


def _payments(recorded: Found, counts: Counts) -> tuple[list[PaymentRead], list[DocumentRead]]:
    """The payments in the order of the list, and their décomptes."""
    ranked = sorted(((rank, member, group.whole) for group in recorded.groups
                     for rank, member in enumerate(group.members)), key=lambda item: item[1].at)
    payments, files = [], []
    for number, (rank, member, whole) in enumerate(ranked):
        row = member.row
        payment = _whole(row, rank, member.detail)
        offered = bool(row.pdf_href or member.pdf or (member.detail and member.detail.pdf_href))
        payments.append(PaymentRead(payment=payment, offered=offered, ranked=whole, number=number))
        counts.heads += not payment.complete
        if member.pdf is not None:
            files.append(DocumentRead(document=_DECOMPTE, data=member.pdf, of=number))
    return payments, files


def _messages(recorded: Found, knowledge: Known, counts: Counts) -> list[MessageRead]:
    """The messages that were opened."""
    keys = message_ids((row.received_on, row.sender, row.subject) for row in recorded.inbox)
    whole, refs = knowledge.messages()
    messages = []
    for key, row in zip(keys, recorded.inbox, strict=True):
        opened = recorded.opened.get(row.id)
        renamed = key not in whole and row_ref(row) in refs
        if opened is not None and not renamed:
            messages.append(_message(key, opened))
            counts.partial += len(messages[-1].files) < messages[-1].total
        elif key in whole or renamed:
            counts.known += 1
        else:
            counts.unopened += 1
    return messages


def _message(key: str, opened: Opened) -> MessageRead:
    message = msgspec.structs.replace(opened.message, id=key, read=True)  # the person opened it while recording
    files = [(number, file) for number, file in enumerate(opened.files, 1) if file is not None]
    return message_read(message, files, len(opened.files), row_ref(opened.row))


def _profile_note(recorded: Found, knowledge: Known) -> SyncNotes | None:
    """The day on which the person was read, unless a later one is noted."""
    if recorded.profile is None or recorded.profile_on is None:
        return None
    read_on, day = knowledge.notes().get("profile"), recorded.profile_on.isoformat()
    return None if read_on and day <= read_on else {"profile": day}


def _whole(row: PaymentRow, rank: int, detail: Detail | None) -> Payment:
    key = payment_id(row.paid_on, row.kind, row.amount, rank)
    if detail is None:
        return to_head(row, key)
    return to_payment(row, rank, msgspec.structs.replace(
        detail, lines=tuple(msgspec.structs.replace(line, id=key + line.id) for line in detail.lines),
        deductions=tuple(msgspec.structs.replace(one, id=key + one.id) for one in detail.deductions)))
