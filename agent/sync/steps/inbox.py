"""Messages: each new one with its text and attachments, kept together in one step."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

import msgspec

from agent.account import Document, Message, clean_text
from agent.account.batch import DocumentRead, MessageRead
from agent.store.messages import message_ids
from agent.sync.errors import NOT_UNDERSTOOD, ListShrunk

if TYPE_CHECKING:
    from agent.account.sync_notes import InboxNote
    from agent.portal import FetchedFile, MessageRow
    from agent.sync.context import Reading
    from agent.sync.result import Outcome

_SUFFIXES = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png", "text/plain": ".txt"}


async def sync_inbox(run: Reading) -> Outcome:
    """Fetch the messages not kept yet."""
    rows = list(dict.fromkeys(await run.portal.inbox()))
    listed = dict(zip(message_ids((row.received_on, row.sender, row.subject) for row in rows), rows, strict=True))
    state = run.known.notes().get("inbox", {})
    if len(listed) < state.get("listed", 0):
        run.problem(ListShrunk(list="messages", listed=len(listed), known=state["listed"]))
    kept, refs = run.known.messages()
    # Two names for each: the head survives renamed ids, the service's id a head that reads differently.
    wanted = [key for key, row in reversed(listed.items()) if key not in kept and row_ref(row) not in refs]
    # Opening a message marks it read at the service: what was unread is noted before the first one is opened.
    # After a loss nobody knows which the person had read: what comes back is new to them.
    lost, before = run.known.incomplete, frozenset(state.get("unread", ()))
    unread = {key for key in wanted if lost or not listed[key].read or key in before}
    announced = frozenset(state.get("announced", ())).intersection(wanted)
    note: InboxNote = {"listed": len(listed), "unread": sorted(unread)}
    if announced:
        note["announced"] = sorted(announced)
    await run.note(inbox=note)
    for done, key in enumerate(wanted):
        run.progress("messages", done, len(wanted))
        try:
            message, files = await run.portal.message(listed[key])
        except NOT_UNDERSTOOD as error:
            run.problem(error)
            continue
        ours = msgspec.structs.replace(message, id=key, read=key not in unread)
        await run.message(message_read(ours, list(enumerate(files, 1)), len(files), row_ref(listed[key])))
        if key in announced:
            run.result.announced["messages"] += 1
            run.result.announced["documents"] += len(files)
    if wanted:
        run.progress("messages", len(wanted), len(wanted))
    return "read"


def row_ref(row: MessageRow) -> str:
    """The service's own id, as a digest: nothing of it needs to be readable."""
    return blake2b(row.id.encode(), digest_size=8).hexdigest()


def message_read(message: Message, files: list[tuple[int, FetchedFile]], total: int, ref: str) -> MessageRead:
    """A message with those of its ``total`` files that were had, each with its number from 1."""
    documents = [DocumentRead(document=attachment_document(message, number, file), data=file.data)
                 for number, file in files]
    ids = tuple(read.document.id for read in documents)
    return MessageRead(message=msgspec.structs.replace(message, attachments=ids), ref=ref, files=tuple(documents),
                       total=total)


def attachment_document(message: Message, number: int, file: FetchedFile) -> Document:
    """The document of a message's ``number``-th (from 1) file."""
    return Document(
        id=f"a{message.id[1:]}-{number}",
        kind=file.kind,
        title=message.subject if file.kind == "message" else clean_text(file.name, 200),
        date=message.received_on,
        filename=f"{message.received_on.isoformat()}_message_{message.id[1:7]}-{number}"
                 f"{_SUFFIXES.get(file.media_type, '.bin')}",
        media_type=file.media_type,
        message=message.id,
    )
