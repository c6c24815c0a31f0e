"""Everything that an open vault writes about its tables: records in the journal, snapshots, the mark."""

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from agent.vault import changeset
from agent.vault.errors import VaultError, VaultLocked, VaultReadOnly, VaultStopped, VaultWriteFailed
from agent.vault.folder import generation_of
from agent.vault.fs import Fs, move_into_place, tidy, writing
from agent.vault.highwater import HighWater
from agent.vault.journal import JournalWriter
from agent.vault.keys import Random, VaultKeys
from agent.vault.loading import Loaded
from agent.vault.position import ORIGIN, Position
from agent.vault.snapshot import Outgrown, SnapshotDraft, snapshot_name
from agent.vault.storage import VaultStorage

_LOG = logging.getLogger(__name__)
_FIRST_FOLDS = 16 * 1024
"""Bytes of journal that are worth a first snapshot; while a vault is small, each time that it has doubled."""


class VaultWriter:
    """Writes for one open vault, from any thread; ``storage`` holds its tables, whose guard orders all writes."""

    def __init__(
        self, fs: Fs, folder: Path, keys: VaultKeys, mark: HighWater, loaded: Loaded, clock: Callable[[], datetime],
        random: Random,
    ) -> None:
        self._fs, self._folder, self._keys = fs, folder, keys
        self._mark, self._clock, self._random = mark, clock, random
        self.position = loaded.position
        self.snapshot_size, self.journal_size = loaded.snapshot_size, loaded.journal_size
        self._day = loaded.day
        self._journal: JournalWriter | None = None
        self._since: list[bytes] | None = None
        """What was committed since a snapshot was begun; None when none is being written."""
        self._folding = threading.Lock()
        self._open = True
        self._stopped = False
        self._trouble: VaultWriteFailed | None = None
        self.refused: OSError | None = None
        """Why nothing can be written since the vault was opened."""
        self.storage = VaultStorage(loaded.tables, self._commit)

    # -- may it, and does it work --

    @contextlib.contextmanager
    def allowed(self) -> Iterator[None]:
        """Keep other threads' writes out. Raises `VaultLocked`, `VaultReadOnly`, `VaultStopped`."""
        with self.storage.guard:
            if not self._open:
                raise VaultLocked
            if self.refused is not None:
                raise VaultReadOnly(self.refused)
            if self._stopped:
                raise VaultStopped
            with self._noting():
                yield

    @contextlib.contextmanager
    def _noting(self) -> Iterator[None]:
        """Remember whether the disk took what was written last."""
        try:
            yield
        except VaultStopped:
            self._stopped = True
            raise
        except VaultWriteFailed as error:
            self._trouble = error
            raise
        self._trouble = None

    @property
    def problems(self) -> list[VaultError]:
        """What keeps it from writing, or did so the last time."""
        if self.refused is not None:
            return [VaultReadOnly(self.refused)]
        if self._stopped:
            return [VaultStopped()]
        return [self._trouble] if self._trouble is not None else []

    def begin(self, prepare: Callable[[], None]) -> bool:
        """Write the mark anew, after what ``prepare`` writes: whether the disk takes it."""
        with self.storage.guard:
            if not self._open or self._stopped:
                return False
            try:
                prepare()
                self._mark.start(self.position)
            except OSError as error:
                if self._trouble is None:  # else it was opened for writing, and each write tells for itself
                    self.refused = error
                return False
            self.refused = self._trouble = None
            return True

    # -- the journal --

    def _commit(self, payload: bytes) -> None:
        with self.allowed(), writing():
            if self._journal is None:
                self._journal = JournalWriter(self._fs, self._folder, self._keys, self.position, self._random)
                self.journal_size += self._journal.size
            before = self._journal.size
            day = f"{self._clock().astimezone(UTC):%Y-%m-%d}"
            if day != self._day:
                payload = changeset.dated(payload, day)
            try:
                self._journal.append(payload)
            except OSError:
                self._close_journal()
                raise
            self.position, self._day = self._journal.position, day
            self.journal_size += self._journal.size - before
            if self._since is not None:
                self._since.append(payload)
        self._note()

    def _note(self) -> None:
        try:
            self._mark.note(self.position)
        except OSError:
            _LOG.warning("the high-water mark could not be written")  # the data are safe: it only lags

    def _close_journal(self) -> None:
        if self._journal is not None:
            with contextlib.suppress(OSError):  # everything that counts was flushed before
                self._journal.close()
            self._journal = None

    # -- snapshots --

    @property
    def snapshot_due(self) -> bool:
        """Whether a young vault is worth a snapshot: its first data, then each time that it has doubled.

        So a snapshot with data exists on the first day, and little depends on one journal file alone.
        """
        if self.position.generation == 1:
            return self.position.records > 0
        return self.journal_size > max(_FIRST_FOLDS, self.snapshot_size)

    def fold(self) -> None:
        """Write everything as a new generation, read it back, and only then switch to it; see ``Vault.compact``."""
        if not self._folding.acquire(blocking=not self.storage.changing):
            return  # another thread is at it and waits for this one's transaction
        try:
            while not self._fold():
                pass  # it can only be when a number of records gained a digit meanwhile
        finally:
            self._folding.release()

    def _fold(self) -> bool:
        """Fold once; False when what was committed meanwhile no longer fits the head."""
        with self.allowed():
            draft = SnapshotDraft(self._fs, self._folder, self._keys, self.position, self._clock(), self._random)
            frozen = self.storage.frozen()
            since: list[bytes] = []
            self._since = since
        done = False
        try:
            with self._noting(), writing():
                draft.write(frozen)
            del frozen
            with self.allowed(), writing():
                position, size = draft.finish(since, self.position)
                move_into_place(self._fs, draft.temp, self._folder / snapshot_name(draft.generation))
                done = True
                self._close_journal()
                self.position, self.snapshot_size, self.journal_size = position, size, 0
                self._note()
                oldest = draft.generation - 1
                tidy(self._fs, self._folder, lambda name: (generation_of(name) or oldest) < oldest)
        except Outgrown:
            return False
        finally:
            self._since = None
            draft.close(keep=done)
        return True

    # -- the end --

    def close(self, due: Callable[[], bool], forget: Callable[[], None]) -> None:
        """Wait for what is being written, fold the journal if it is ``due``, write nothing more, and ``forget``."""
        with self._folding, self.storage.guard:
            if not self._open:
                return
            if due() and not self._stopped and self.refused is None:
                try:
                    while not self._fold():
                        pass
                except (VaultWriteFailed, VaultStopped):
                    _LOG.warning("the journal could not be folded; everything is in it and it is tried again later")
            self._close_journal()
            with contextlib.suppress(OSError):  # the mark may lag: it only ever says "at least this far"
                self._mark.sync()
            with contextlib.suppress(OSError):
                self._mark.close()
            self._open = False
            forget()

    @property
    def closed(self) -> bool:
        """Whether it writes nothing any more."""
        return not self._open


def write_first_snapshot(fs: Fs, folder: Path, draft: SnapshotDraft) -> tuple[Position, int]:
    """Write a new vault's first snapshot, of nothing: its place, and its size in bytes. Raises ``OSError``."""
    done = False
    try:
        draft.write({})
        place, size = draft.finish([], ORIGIN)
        move_into_place(fs, draft.temp, folder / snapshot_name(place.generation))
        done = True
    finally:
        draft.close(keep=done)
    return place, size
