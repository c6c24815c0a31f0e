"""The bytes of a document: those that are kept, or the service's; a damaged one is fetched again at once."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING

from agent.errors import AmeliError, NeedsPerson, ServiceTrouble
from agent.store.errors import DocumentLost, DocumentNotFetched, DocumentWaits
from agent.vault.errors import DocumentDamaged, VaultError

if TYPE_CHECKING:
    from agent.core.open_vault import OpenVault
    from agent.protocol.documents import DamagedDocument

log = logging.getLogger(__name__)
_NOT_THERE = ("not_found", "no_document")
"""Codes of what says that the service does not have it."""


async def document_bytes(vault: OpenVault, key: str) -> bytes:
    """Return a document's bytes. Raises NotFound, what the service refuses, and DocumentLost and its kin."""
    store = vault.store
    damaged: DamagedDocument | None = None
    try:
        data = await asyncio.to_thread(store.documents.content, key)
    except DocumentDamaged:
        log.warning("a document's file is damaged: it is asked for again")
        data = None
        await store.write(partial(store.damaged.note_one, key))
    if data is not None:
        return data
    damaged = store.damaged.get(key)
    if damaged is not None and store.damaged.lost(damaged):
        raise DocumentLost(id=key, title=damaged["title"], day=damaged["date"])
    try:
        connection = await vault.connection(writable=True)
        data = await vault.tasks.run(connection.document(key))
    except AmeliError as error:
        if damaged is None or isinstance(error, VaultError):
            raise
        if error.code in _NOT_THERE:
            await store.write(partial(store.damaged.gone, key))
        raise _told(damaged, error) from error
    if damaged is not None:
        await store.write(store.damaged.settle)
    return data


def _told(damaged: DamagedDocument, error: AmeliError) -> DocumentLost:
    """Why a damaged document is not to be had now."""
    kind: type[DocumentLost] = DocumentLost
    if isinstance(error, NeedsPerson):
        kind = DocumentWaits
    elif isinstance(error, ServiceTrouble):
        kind = DocumentNotFetched
    return kind(
        id=damaged["id"], title=damaged["title"], day=damaged["date"], why_fr=error.message("fr"),
        why_en=error.message("en"), cure_fr=error.hint("fr"), cure_en=error.hint("en"))
