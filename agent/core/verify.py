"""Every byte of an open vault read, what can be mended mended, and what was found told."""

from __future__ import annotations

import asyncio
import logging
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from agent.concurrency.uninterrupted import finish
from agent.core import damage_words as words
from agent.vault.errors import VaultError
from config import clock

if TYPE_CHECKING:
    from agent.protocol.documents import DamagedDocument
    from agent.protocol.vault import Damage, Verified
    from agent.store import Store
    from agent.vault import Vault
    from agent.vault.findings import Finding, Report

log = logging.getLogger(__name__)
TABLES = ("snapshot", "journal", "spare")
"""Kinds of files that hold tables."""


async def verify(vault: Vault, store: Store) -> Verified:
    """Read every file of the vault, away from the loop, and tell which are damaged.

    What else is known is written anew; damaged documents are noted, so that the next sync fetches them. Raises
    VaultLocked when the vault is locked meanwhile, VaultUnreadable.
    """
    report = await asyncio.to_thread(vault.integrity.check)
    return await finish(partial(_settled, vault, store, report))


def may_replace(vault: Vault, store: Store) -> bool:
    """Whether damaged files may give way to new ones: not while something is lost that they may still hold."""
    return (vault.loss is None or not vault.loss.any) and store.loss.problem is None


def _settled(vault: Vault, store: Store, report: Report) -> Verified:
    """Mend, note, and tell. In a thread: it writes."""
    ours = [one for one in report.findings if one.redundant]
    theirs = [one for one in report.findings if not one.redundant]
    replace = may_replace(vault, store)
    mended = vault.integrity.mend(ours, spares=replace)
    damaged = [_of_vault(one, mended=True, kept=False) for one in vault.integrity.take_untold()]
    damaged += [_of_vault(one, mended=one in mended, kept=not replace and one.kind in TABLES) for one in ours]
    damaged += _documents(store, theirs)
    for damage in damaged:
        log.warning("verified: %s %s%s", damage["file"], damage["how"], ", mended" if damage["mended"] else "")
    return {
        "checked": report.checked, "bytes": report.size, "damaged": damaged, "leftovers": report.leftovers,
    }


def _documents(store: Store, findings: list[Finding]) -> list[Damage]:
    blobs = {one.document: one for one in findings}
    spoilt = [blob for blob, one in blobs.items() if one.how != "unreadable"]  # that may be a matter of permissions
    owners, papers = store.damaged.owners(blobs), store.damaged.papers(blobs)
    try:
        with store.step():
            store.damaged.note(spoilt)
            store.damaged.settle(blobs)
    except VaultError as error:
        log.warning("what is damaged could not be noted: %s", error.code)
    damaged: list[Damage] = []
    for blob, finding in blobs.items():
        document = store.damaged.about(owners[blob], blob) if blob in owners else None
        if document is not None:
            damaged.append(of_document(finding, document, store.damaged.lost(document)))
        elif blob in owners:
            continue  # fetched again since: these bytes are removed
        elif blob in papers:
            name, request = papers[blob]
            damaged.append({
                **_plain(finding), "kind": "paper", "document": request or None, "what": words.what_of(finding, name),
                "cure": words.paper_cure(request)})
        else:
            damaged.append(_needless(store, finding))
        if finding.how == "unreadable":
            damaged[-1]["cure"] = words.UNREADABLE
    return damaged


def _needless(store: Store, finding: Finding) -> Damage:
    """Bytes that no document or request names: they go, unless the disk only refuses to give them now."""
    damage: Damage = {
        **_plain(finding), "kind": "nothing", "what": words.needless(finding), "cure": words.NEEDLESS_LATER}
    if finding.how != "unreadable":
        try:
            damage["kind"] = "page-copy" if store.damaged.drop_needless(finding.document) else "nothing"
            damage["mended"], damage["cure"] = True, words.NEEDLESS
        except VaultError as error:
            log.warning("damaged bytes that nothing needs stay: %s", error.code)
    return damage


def _plain(finding: Finding) -> Damage:
    return {
        "what": {"fr": "", "en": ""}, "kind": finding.kind, "file": finding.file, "how": finding.how, "document": None,
        "days": [], "until": None, "days_left": None, "mended": False, "cure": {"fr": "", "en": ""},
    }


def _of_vault(finding: Finding, *, mended: bool, kept: bool) -> Damage:
    return {**_plain(finding), "what": words.what(finding), "mended": mended,
            "cure": words.cure(finding, mended=mended, kept=kept)}


def of_document(finding: Finding, damaged: DamagedDocument, lost: bool) -> Damage:
    """What is told of a damaged document."""
    until = None if lost or damaged["until"] is None else date.fromisoformat(damaged["until"])
    left = None if until is None else (until - clock.today()).days
    return {
        **_plain(finding), "document": damaged["id"], "what": words.what_of(finding, damaged["title"], damaged["date"]),
        "days": words.days_of(damaged), "until": until.isoformat() if until else None, "days_left": left,
        "cure": words.document_cure(damaged, lost=lost, left=left),
    }
