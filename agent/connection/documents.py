"""Files fetched when the person wants them, and those that are damaged here."""

from __future__ import annotations

import logging
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from agent.account import Document, ranked_ids
from agent.account.batch import Batch, DocumentRead
from agent.account.statement_ids import statement_month
from agent.portal.errors import NoDocument
from agent.store import NotFound, Store
from agent.store.apply import apply
from agent.store.messages import message_ids
from agent.sync.errors import NOT_UNDERSTOOD
from agent.sync.steps.inbox import attachment_document
from agent.sync.steps.statements import statement_ids

if TYPE_CHECKING:
    from agent.portal import Portal

log = logging.getLogger(__name__)
_AT_ONCE = 30
"""Damaged documents asked for in one run: each takes a list and a file."""


async def fetch_document(portal: Portal, store: Store, key: str, at: str) -> bytes:
    """Fetch a document from the service at the moment ``at`` and keep it. Raises NotFound and the connector's errors.

    The service's own references change, so the list of that day or month is asked for again.
    """
    document = msgspec.convert(store.documents.get(key), Document)
    if document.payment is not None:
        data = await _decompte(portal, document.payment, document.date)
    elif document.kind == "releve_mensuel":
        data = await _statement(portal, key)
    elif document.message is not None:
        data = await _attachment(portal, document.message, key)
    else:
        data = None
    if data is None:
        raise NotFound(id=key)
    apply(store, Batch(way="sync", at=at, documents=(DocumentRead(document=document, data=data),)))
    return data


async def fetch_damaged(portal: Portal, store: Store, at: str) -> None:
    """Fetch the damaged documents that the service still has; those that it has no more are noted.

    Raises the connector's errors that end a run; what was fetched until then is kept.
    """
    for damaged in store.damaged.all()[:_AT_ONCE]:
        if store.damaged.lost(damaged):
            continue
        try:
            await fetch_document(portal, store, damaged["id"], at)
        except (NotFound, NoDocument):
            await store.write(partial(store.damaged.gone, damaged["id"]))
        except NOT_UNDERSTOOD as error:
            log.warning("a damaged document could not be fetched: %s", error.code)  # it is tried again
    if store.damaged.noted:
        await store.write(store.damaged.settle)


async def _decompte(portal: Portal, payment: str, day: date) -> bytes | None:
    rows = await portal.payments(day, day)
    ids = ranked_ids((row.paid_on, row.kind, row.amount) for row in rows)
    for key, row in zip(ids, rows, strict=True):
        if key == payment:
            return await portal.payment_pdf(row)
    return None


async def _attachment(portal: Portal, message: str, key: str) -> bytes | None:
    rows = list(dict.fromkeys(await portal.inbox()))
    ids = message_ids((row.received_on, row.sender, row.subject) for row in rows)
    for listed, row in zip(ids, rows, strict=True):
        if listed == message:
            read, files = await portal.message(row)
            ours = msgspec.structs.replace(read, id=message)
            for number, file in enumerate(files, 1):
                if attachment_document(ours, number, file).id == key:
                    return file.data
    return None


async def _statement(portal: Portal, key: str) -> bytes | None:
    refs = await portal.statements(statement_month(key))
    for statement, ref in zip(statement_ids(refs), refs, strict=True):
        if statement == key:
            return await portal.statement_pdf(ref)
    return None
