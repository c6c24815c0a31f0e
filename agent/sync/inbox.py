"""Messages: each new one with its text and attachments, kept together in one step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from agent.account import Document, Message, clean_text
from agent.portal.errors import PortalChanged, ServerFault
from agent.store.messages import message_ids
from agent.sync.errors import ListShrunk

if TYPE_CHECKING:
    from agent.portal import FetchedFile
    from agent.sync.run import SyncRun

_SUFFIXES = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png", "text/plain": ".txt"}


async def sync_inbox(run: SyncRun) -> None:
    """Fetch the messages not kept yet."""
    rows = await run.portal.inbox()
    listed = dict(zip(message_ids((row.received_on, row.sender, row.subject) for row in rows), rows, strict=True))
    before = run.store.sync_state().get("inbox", 0)
    if len(listed) < before:
        run.problem(ListShrunk(list="messages", listed=len(listed), known=before))
    known = run.store.inbox.known()
    wanted = [key for key in reversed(listed) if key not in known]
    for done, key in enumerate(wanted):
        run.progress("messages", done, len(wanted))
        try:
            message, files = await run.portal.message(listed[key])
        except (PortalChanged, ServerFault) as error:
            run.problem(error)
            continue
        _keep(run, msgspec.structs.replace(message, id=key), files)
    if wanted:
        run.progress("messages", len(wanted), len(wanted))
    run.store.set_sync_state(inbox=len(listed))


def _keep(run: SyncRun, message: Message, files: list[FetchedFile]) -> None:
    documents = [_attachment(message, number, file) for number, file in enumerate(files, 1)]
    with run.store.step():
        for document, file in zip(documents, files, strict=True):
            run.result.new["documents"] += run.store.shelf.save(document, file.data)
        ids = tuple(document.id for document in documents)
        run.result.new["messages"] += run.store.inbox.save(msgspec.structs.replace(message, attachments=ids))


def _attachment(message: Message, number: int, file: FetchedFile) -> Document:
    return Document(
        id=f"a{message.id[1:]}-{number}",
        kind=file.kind,
        title=clean_text(file.name, 200),
        date=message.received_on,
        filename=f"{message.received_on.isoformat()}_message_{message.id[1:7]}-{number}"
                 f"{_SUFFIXES.get(file.media_type, '.bin')}",
        media_type=file.media_type,
        message=message.id,
    )
