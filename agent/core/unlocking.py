"""Opening and closing the vault: what is to be told and noted besides."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from agent.core.sync_schedule import warm_up
from agent.core.verify import may_replace
from agent.passphrase import forms
from agent.store import Store
from agent.vault import Vault, VaultError
from agent.vault.backup_errors import RestoredCopy
from agent.vault.errors import DataMissing, WrongPassphrase

if TYPE_CHECKING:
    from agent.protocol.problems import Problem
    from agent.protocol.vault import ToldAtOpening
    from agent.store.interfaces import Keeper
    from agent.watch.note import WatchNote
    from agent.watch.ticket import Ticket

log = logging.getLogger(__name__)
T = TypeVar("T")


def by_any_form(passphrase: str | None, attempt: Callable[[str | None], T]) -> tuple[T, bool]:
    """What ``attempt`` gives for the passphrase, or for a form in which an earlier version may have kept it.

    The second value says that it was such a form. ``attempt`` raises WrongPassphrase for a form that does not open.
    """
    meant, *others = [None] if passphrase is None else forms(passphrase)
    try:
        return attempt(meant), False
    except WrongPassphrase:
        for other in others:
            with contextlib.suppress(WrongPassphrase):
                return attempt(other), True
        raise


def note_loss(vault: Vault, store: Store) -> None:
    """Note what a salvaged vault lacks, so that it is fetched again. One open for reading only is noted later."""
    missing = _missing(vault)
    if missing is not None and not vault.read_only and vault.new_loss:
        store.loss.note(missing.problem())
        vault.new_loss = False


def prepare(vault: Vault, store: Store, ticket: Ticket | None, note: WatchNote) -> None:
    """What comes before the first answer of an open vault: merge and index. Call in a thread."""
    note_loss(vault, store)
    take_in(vault, store, ticket, note)
    _ = store.payments.index
    warm_up()


def take_in(
    vault: Vault, store: Store, ticket: Ticket | None = None, note: WatchNote | None = None,
) -> None:
    """Merge what was sealed while the vault was locked, and what ticket and note tell of that time; what cannot be
    written now waits for a disk that takes it."""
    from agent.watch import entering
    from agent.watch.merging import merge  # a locked agent does without its libraries

    if vault.read_only:
        return
    if ticket is not None and ticket.vault.hex() != vault.identity:
        ticket = None  # another vault was put in its place
    try:
        sealed = (ticket.epoch.hex(), ticket.number - 1) if ticket is not None else None
        merged = merge(vault, store, sealed=sealed)
        if ticket is not None:
            entering.enter(ticket, store)
        if note is not None:
            entering.enter_note(note, store)
    except VaultError as error:
        log.warning("what was sealed while the vault was locked could not be merged: %s", error.code)
    else:
        if merged.rounds or merged.damaged:
            log.info("merged %d sealed rounds, %d put aside", merged.rounds, merged.damaged)


def problems_of(vault: Vault) -> list[Problem]:
    """What is wrong with an open vault; a loss that is noted in it is told by the store."""
    errors = [_missing(vault) if vault.new_loss else None, restored_copy(vault), *vault.problems]
    return [one.problem() for one in errors if one is not None]


def notices_of(vault: Vault, store: Store) -> ToldAtOpening:
    """What a person who opened the vault is to be told: ``notices``, problems in both languages, when there are any.

    And ``salvage`` when damaged files were passed over: ``missing`` records ``of`` so many, ``at_least``, ``days``
    (pairs of ISO days, null where nothing tells).
    """
    opening: ToldAtOpening = {}
    if notices := problems_of(vault) + ([store.loss.problem] if store.loss.problem else []):
        opening["notices"] = notices
    if (loss := vault.loss) is not None:
        days = [list(one) for one in loss.days]
        opening["salvage"] = {"missing": loss.missing, "of": loss.total, "at_least": not loss.exact, "days": days}
    return opening


def restored_copy(vault: Keeper) -> RestoredCopy | None:
    """Why nothing is sent: the vault came from a backup, and the person has not said that it is the right one."""
    made = vault.restored_from
    return RestoredCopy(made) if made is not None else None


def take_as_it_is(vault: Vault) -> None:
    """The person takes this older copy as it is: what waits may be sent again."""
    if vault.restored_from is not None:
        vault.backups.accept_restored()
        log.info("the restored copy was accepted")


def disk_takes_writes(vault: Vault, store: Store) -> bool:
    """After a refused write: whether the disk takes one now. What waited to be noted is noted then."""
    if not vault.try_disk():
        return False
    note_loss(vault, store)
    take_in(vault, store)
    log.info("the disk takes writes again")
    return True


def tend(vault: Vault, store: Store) -> bool:
    """Read an open vault's files over, once, and fold its journal when that is due; whether it was folded."""
    if vault.read_only:
        return False
    try:
        if not vault.integrity.looked_after:
            vault.integrity.look_after(spares=may_replace(vault, store))
        if not (vault.compact_due or vault.snapshot_due):
            return False
        vault.compact()
    except VaultError as error:
        log.warning("the vault could not be looked after: %s", error.code)
        return False
    return True


def close_vault(vault: Vault) -> None:
    """Lock a vault; a young one gets its snapshot first."""
    if vault.snapshot_due and not vault.read_only:
        try:
            vault.compact()
        except VaultError as error:
            log.warning("the journal could not be folded: %s", error.code)
    vault.lock()


def _missing(vault: Vault) -> DataMissing | None:
    loss = vault.loss
    if loss is None or not loss.any:
        return None
    return DataMissing(loss.missing, loss.total, exact=loss.exact, days=loss.days)
