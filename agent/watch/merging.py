"""The unlocked side of the inbox: each round is opened and applied exactly once, in its order, killed anywhere.

A round and the note that it was merged are one durable step; its file goes after that, and what opened an epoch's
rounds goes with its last file. A round that is missing or is not what was sealed is told, and from there on the sync's
notes of that epoch are not believed: they stay as they were before it, so that the next sync lists that time again.
A file of the watched folder is only noted here: it stays in the inbox until `taking_in` lets it go.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, cast

import msgspec

from agent.errors import AmeliError
from agent.store.apply import apply
from agent.vault.errors import VaultError, VaultUnreadable
from agent.vault.inbox import is_round, is_unfinished
from agent.vault.sealed_rounds import HEAD_SIZE, MOST_SEALED, EpochSecret, Opener, place_of
from agent.watch.errors import RoundsDamaged, RoundsMissing, SealedFileLost
from agent.watch.packing import unpack
from agent.watch.sealed_file import is_file

if TYPE_CHECKING:
    from agent.account.batch import Batch
    from agent.account.sync_notes import SyncNotes
    from agent.store import Store
    from agent.store.account_records import SealedEpoch
    from agent.vault import Vault

log = logging.getLogger(__name__)
_REFUSED = (AmeliError, ArithmeticError, LookupError, TypeError, ValueError)
"""How applying refuses batches that only look right; whoever took the keys of a locked agent can seal such."""


class Merged(msgspec.Struct, kw_only=True):
    """What was found in the inbox, in rounds."""

    rounds: int = 0
    """Merged just now."""
    damaged: int = 0
    """Put aside."""
    files: int = 0
    """Of ``rounds``, those that hold a file of the watched folder."""
    gaps: int = 0
    """How often numbers were missing."""
    new: dict[str, int] = {}
    """New things by kind, as in ``Applied``."""


def merge(vault: Vault, store: Store, *, sealed: tuple[str, int] | None = None) -> Merged:
    """Take in what was sealed while the vault was locked. One look at the folder when nothing was.

    ``sealed``: an epoch and how many rounds were sealed in it, where that is known: so that the last ones are missed
    too. The vault must take writes. Raises `VaultWriteFailed`, `VaultStopped`, `VaultLocked`; what was not merged
    then, or could not be read now, is merged the next time.
    """
    merging = _Merging(vault, store, dict([sealed] if sealed is not None else []))
    try:
        names = vault.inbox.names()
        if names or store.account.watch.read() is not None:
            merging.run(names)
    except VaultUnreadable as error:  # the rounds after it wait as well: their order counts
        log.warning("a sealed round cannot be read now")
        merging.tell(error)
    return merging.outcome


class _Merging:
    def __init__(self, vault: Vault, store: Store, sealed: dict[str, int]) -> None:
        self._inbox, self._store, self._sealed = vault.inbox, store, sealed
        self._vault_id = bytes.fromhex(vault.identity)
        self._damaged: list[str] = []
        self._merged: list[tuple[str, str]] = []
        """Epochs and names of files that are to be removed."""
        self._waiting: set[str] = set()
        self.outcome = Merged()

    def run(self, names: list[str]) -> None:
        for name in names:
            if is_unfinished(name):
                self._inbox.remove(name)
        rounds = self._in_order([name for name in names if is_round(name)])
        for epoch in self._epochs():
            self._merge_epoch(epoch["epoch"], rounds[epoch["epoch"]])
        for epoch_name, name in self._merged:  # together: between two flushes each would cost as much as a flush
            if not self._inbox.remove(name):
                self._waiting.add(epoch_name)  # what knows that it was merged stays as long as it does
        self._put_aside()
        self._inbox.flush()  # no file may come back when nothing opens it any more, whoever removed it
        with self._store.step():
            left = [epoch for epoch in self._epochs() if epoch["epoch"] in self._waiting or epoch.get("files")]
            self._store.account.watch.write({"epochs": left} if left else None)
            self._store.set_needs([problem for problem in self._store.kept_needs()
                                   if problem["code"] != VaultUnreadable.code])

    def _in_order(self, names: list[str]) -> dict[str, list[tuple[int, str]]]:
        """Numbers and names of the files of each epoch; what belongs to none is damaged."""
        rounds: dict[str, list[tuple[int, str]]] = {epoch["epoch"]: [] for epoch in self._epochs()}
        for name in names:
            place = place_of(self._inbox.read(name, HEAD_SIZE))
            if place is None or place[0].hex() not in rounds:
                self._damaged.append(name)
            else:
                rounds[place[0].hex()].append((place[1], name))
        return {epoch: sorted(places) for epoch, places in rounds.items()}

    def _merge_epoch(self, epoch: str, places: list[tuple[int, str]]) -> None:
        record = self._record(epoch)
        opener = opener_of(self._vault_id, record)
        self._miss_files(epoch, {number for number, _ in places})
        for number, name in places:
            if number in record.get("files", ()):
                continue  # it was noted, and stays
            plain = opener.open(self._inbox.read(name, MOST_SEALED + 1))
            after: SealedEpoch | None = record
            if plain is None:
                after = None
            elif number > record["merged"]:
                after = self._take(record, number, plain)
            if after is None:
                self._damaged.append(name)
            else:
                if number not in after.get("files", ()):
                    self._merged.append((epoch, name))
                record = after
        if record["merged"] < self._sealed.get(epoch, 0):
            self._missed()

    def _take(self, record: SealedEpoch, number: int, plain: bytes) -> SealedEpoch | None:
        """One round, as one durable step; what is noted of its epoch then. None when it is no round."""
        skipped = number > record["merged"] + 1
        gap = skipped or record["gap"]
        new: dict[str, int] = {}
        holds_file = is_file(plain)
        try:
            with self._store.step():
                after: SealedEpoch = {**self._record(record["epoch"]), "merged": number, "gap": gap}
                if holds_file:
                    after["files"] = [*after.get("files", ()), number]
                for batch in () if holds_file else unpack(plain):
                    applied = apply(self._store, _without_place(batch) if gap else batch)
                    for kind, count in applied.new.items():
                        new[kind] = new.get(kind, 0) + count
                self._write(after)
                if skipped:
                    self._missed()
        except VaultError:
            raise
        except _REFUSED as error:
            log.warning("a sealed round holds what nobody could have read: %s", type(error).__name__)
            return None
        self.outcome.rounds += 1
        self.outcome.files += holds_file
        self.outcome.new = {kind: self.outcome.new.get(kind, 0) + new.get(kind, 0) for kind in self.outcome.new | new}
        return after

    def _miss_files(self, epoch: str, there: set[int]) -> None:
        """Files that were noted and lie here no more: told once."""
        with self._store.step():
            record = self._record(epoch)
            files = record.get("files", [])
            left = [number for number in files if number in there]
            if left != files:
                log.warning("sealed files are missing")
                self._write({**record, "files": left})
                self.tell(SealedFileLost())

    def _missed(self) -> None:
        log.warning("sealed rounds are missing")
        self.outcome.gaps += 1
        self.tell(RoundsMissing())

    def _put_aside(self) -> None:
        """Told before it is renamed: killed in between, it is told again, and still once."""
        if self._damaged:
            log.warning("sealed rounds put aside: %d", len(self._damaged))
            self.tell(RoundsDamaged(count=len(self._damaged)))
            for name in self._damaged:
                self._inbox.put_aside(name)
            self.outcome.damaged = len(self._damaged)

    def tell(self, error: AmeliError) -> None:
        """Have the person told; the same kind of thing once."""
        tell(self._store, error)

    def _epochs(self) -> list[SealedEpoch]:
        watch = self._store.account.watch.read()
        return watch["epochs"] if watch is not None else []

    def _record(self, epoch: str) -> SealedEpoch:
        return next(record for record in self._epochs() if record["epoch"] == epoch)

    def _write(self, changed: SealedEpoch) -> None:
        self._store.account.watch.write({"epochs": [
            changed if record["epoch"] == changed["epoch"] else record for record in self._epochs()]})


def opener_of(vault_id: bytes, epoch: SealedEpoch) -> Opener:
    """What opens the rounds of an epoch of this vault."""
    return Opener(vault_id, EpochSecret(
        bytes.fromhex(epoch["epoch"]), bytes.fromhex(epoch["private_key"]), bytes.fromhex(epoch["chain_start"])))


def tell(store: Store, error: AmeliError) -> None:
    """Have the person told of the inbox; the same kind of thing once."""
    with store.step():
        others = [problem for problem in store.kept_needs() if problem["code"] != error.code]
        store.set_needs([*others, error.problem()])


def _without_place(batch: Batch) -> Batch:
    """A batch that does not move on where the sync stands; what was opened unread at the service stays noted."""
    if batch.notes is None:
        return batch
    kept = {name: note for name, note in batch.notes.items() if name == "inbox"}
    return msgspec.structs.replace(batch, notes=cast("SyncNotes", kept) if kept else None)
