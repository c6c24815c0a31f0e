"""After each conversation: the pages that no longer read are noted, with an anonymised copy, and those that do again.

The page as the service sent it lives in memory until its copy is made, a moment later; it is never written anywhere.
"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from agent.concurrency.reader_threads import aside
from agent.concurrency.uninterrupted import finish
from agent.portal.changes.page_names import in_lang
from agent.portal.changes.page_watch import MOST_RAW
from agent.portal.pages.parsing_cost import is_well_formed
from agent.portal.pages.selectors import short_name
from agent.store.page_changes import Bad

if TYPE_CHECKING:
    from agent.portal import Portal
    from agent.portal.changes.page_watch import Changed
    from agent.store import Store


async def note_changes(portal: Portal, store: Store, now: datetime) -> None:
    """Keep what the conversation saw of the service's pages. Call it before the vault is locked."""
    changed, read = dict(portal.watch.changed), dict(portal.watch.read)
    copies = {page: await aside(_copy, seen) for page, seen in changed.items()}
    await finish(partial(_keep, store, changed, copies, read, now))


def _keep(
    store: Store, changed: dict[str, Changed], copies: dict[str, tuple[str, bytes] | None],
    read: dict[str, frozenset[str]], now: datetime,
) -> None:
    with store.step():
        for page, seen in changed.items():
            store.changes.note_bad(Bad(
                page, short_name(page), in_lang(page, "en"), seen.missing, seen.expected, seen.status, seen.outline,
                copies[page]), now)
        for page, outline in read.items():
            store.changes.note_good(page, outline, now)
        store.changes.sweep(now)


def _copy(seen: Changed) -> tuple[str, bytes] | None:
    """An anonymised copy of the page; None for an answer that is neither a page nor data, or is made to be costly."""
    raw = seen.raw
    if raw.lstrip()[:1] == b"<":
        if len(raw) >= MOST_RAW:  # cut off somewhere: not in the middle of a tag
            raw = raw[: raw.rfind(b">") + 1]
        if not is_well_formed(raw.decode("utf-8", "replace")):
            return None
    if not raw:
        return None
    from agent.files.anonymise import NotAnonymised, anonymise  # seldom needed, and the agent lives long

    try:
        copy = anonymise(raw)
    except NotAnonymised:
        return None
    return copy.kind, copy.data
