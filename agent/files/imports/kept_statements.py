"""Monthly statements that are kept already, from a sync or a recording, read for their payments.

The service lists six months of payments and keeps 27 of statements: this brings the months between.
"""

import asyncio
from dataclasses import replace
from functools import partial

from agent import VERSION
from agent.files.imports.importer import take_file
from agent.files.imports.model import Desk
from agent.protocol.files import TakenStatement
from agent.store.import_log import digest
from agent.vault.errors import DocumentDamaged

KIND = "releve_mensuel"


async def read_kept(desk: Desk) -> list[TakenStatement]:
    """Take in each statement not read yet, or not understood by an older version, oldest first.

    Each answer is as ``Taken.shape``, with the statement's title as ``path``.
    """
    store = desk.store
    answers: list[TakenStatement] = []
    for key in sorted(store.documents.fetched(KIND)):
        try:
            data = store.documents.content(key)
        except DocumentDamaged:
            await store.write(partial(store.damaged.note_one, key))
            continue
        head = store.documents.get(key)
        before = None if data is None else store.imports.find(await asyncio.to_thread(digest, data))
        read = before is not None and not before.get("undone")
        if data is None or (read and before and not (head["unread"] and before.get("version") != VERSION)):
            continue
        taken = await take_file(replace(desk, mine=True), head["filename"], data)
        answers.append({"path": head["title"], **taken.shape()})
    return answers
