"""Files fetched when the person wants them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec

from agent.account import Document, ranked_ids
from agent.store import NotFound, Store
from agent.sync.steps.statements import statement_ids

if TYPE_CHECKING:
    from agent.portal import Portal


async def fetch_document(portal: Portal, store: Store, key: str) -> bytes:
    """Fetch a document from the service and keep it. Raises NotFound and the connector's errors.

    The service's own references change, so the list of that day or month is asked for again.
    """
    document = msgspec.convert(store.documents.get(key), Document)
    if document.payment is not None:
        data = await _decompte(portal, document.payment, document.date)
    elif document.kind == "releve_mensuel":
        data = await _statement(portal, key)
    else:
        data = None
    if data is None:
        raise NotFound(id=key)
    store.documents.save(document, data)
    return data


async def _decompte(portal: Portal, payment: str, day: date) -> bytes | None:
    rows = await portal.payments(day, day)
    ids = ranked_ids((row.paid_on, row.kind, row.amount) for row in rows)
    for key, row in zip(ids, rows, strict=True):
        if key == payment:
            return await portal.payment_pdf(row)
    return None


async def _statement(portal: Portal, key: str) -> bytes | None:
    refs = await portal.statements(key[1:7])
    for known, ref in zip(statement_ids(refs), refs, strict=True):
        if known == key:
            return await portal.statement_pdf(ref)
    return None
