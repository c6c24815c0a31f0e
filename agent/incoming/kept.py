"""Monthly statements that are kept already, from a sync or a recording, read for their payments.

The service lists six months of payments and keeps 27 of statements: this brings the months between.
"""

import asyncio
from typing import Any

from agent.incoming.model import Desk
from agent.incoming.take import take_file
from agent.store.imports import digest

KIND = "releve_mensuel"


async def read_kept(desk: Desk) -> list[dict[str, Any]]:
    """Take in each statement that was not read yet, oldest first: as ``Taken.shape``, with its title as ``path``."""
    store, answers = desk.store, []
    for key in sorted(store.shelf.fetched(KIND)):
        data = store.document_bytes(key)
        if data is None or store.imports.find(await asyncio.to_thread(digest, data)) is not None:
            continue
        head = store.document(key)
        taken = await take_file(desk, head["filename"], data)
        answers.append({"path": head["title"], **taken.shape()})
    return answers
