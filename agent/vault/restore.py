"""From a backup's file to a vault, in a home that has none: proved to its last byte, and then there at once."""

import contextlib
import errno
import hashlib
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from agent.vault import changeset
from agent.vault import header as headers
from agent.vault.backup import TABLE as NOTES
from agent.vault.backup import restored_row
from agent.vault.backup_errors import BackupDamaged
from agent.vault.backup_file import BackupReader, Opened
from agent.vault.blobs import FOLDER as BLOBS
from agent.vault.blobs import TABLE as DOCUMENTS
from agent.vault.blobs import read_blob, write_blob
from agent.vault.errors import VaultDamaged
from agent.vault.folder import refuse_to_overwrite
from agent.vault.fs import Fs, RealFs, SyncFailed, move_into_place, writing
from agent.vault.keys import FLOOR, KdfCost, Random
from agent.vault.loading import load
from agent.vault.snapshot import SnapshotDraft, snapshot_name

_BESIDE = "-restoring"
_MOST_SETTINGS = 1 << 20


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back."""

    made: str
    """When the backup was made: ISO moment, UTC."""
    documents: int
    missing: int
    """Documents that were damaged before the backup was made."""
    settings: bytes | None
    """The settings file of then."""


def restore_vault(
    file: Path, folder: Path, now: datetime, *, passphrase: str | bytes | bytearray | None = None,
    recovery_code: str | None = None, kdf_floor: KdfCost = FLOOR, fs: Fs | None = None, random: Random = os.urandom,
) -> Restored:
    """Make a vault of a backup in ``folder``, which has none; it is to be opened as any other.

    Everything is written beside it, read back and compared, and then gets its name in one step: a cut at any moment
    leaves no vault or the whole one. The new vault knows that it was restored (`BackupNotes.restored`). Raises
    `VaultExists`, `NotABackup`, `BackupDamaged`, `BackupUnreadable`, `VaultNewer`, `WrongPassphrase`,
    `WrongRecoveryCode`, `RecoveryCodeMistyped`, `VaultWriteFailed`, `VaultStopped`; nothing is left of it then.
    """
    fs = fs or RealFs()
    beside = folder.with_name(folder.name + _BESIDE)
    refuse_to_overwrite(fs, folder)
    reader = BackupReader(fs, file)
    try:
        opened = reader.unlock(passphrase, recovery_code, kdf_floor)
        try:
            with writing():
                _clear(fs, beside)
                fs.make_folder(beside)
                fs.make_folder(beside / BLOBS)
            restored = _Restoring(fs, beside, opened, now, random).take(reader, file.name)
            _put_in_place(fs, beside, folder)
        except BaseException:
            with contextlib.suppress(OSError):  # a leftover does no harm, and the next restoring begins with it
                _clear(fs, beside)
            raise
        finally:
            opened.keys.wipe()
    finally:
        reader.close()
    return restored


class _Restoring:
    """Writes a vault's files from the parts of a backup."""

    def __init__(self, fs: Fs, folder: Path, opened: Opened, now: datetime, random: Random) -> None:
        self._fs, self._folder, self._opened, self._now, self._random = fs, folder, opened, now, random
        self._keys = opened.keys
        self._tables: changeset.Tables = {}
        self._documents: dict[str, bytes | None] = {}
        """SHA-256 of each; None for a missing one."""
        self._settings: bytes | None = None

    def take(self, reader: BackupReader, name: str) -> Restored:
        """Read and write everything, and read it back."""
        for part in reader.parts():
            if part.kind == "document":
                self._document(part.name, b"".join(part.pieces))
                continue
            content = b"".join(part.pieces)
            if part.kind == "tables":
                try:
                    changeset.decode_into(content, self._tables, name)
                except VaultDamaged as error:
                    raise BackupDamaged(file=name) from error
            elif part.kind == "settings":
                self._settings = content[:_MOST_SETTINGS]
            else:
                self._documents[part.name] = None
        if self._documents.keys() != self._tables.get(DOCUMENTS, {}).keys():
            raise BackupDamaged(file=name)
        self._tables[NOTES] = restored_row(self._opened.made, self._now)
        with writing():
            self._snapshot()
            self._check()
            header = headers.read_header(self._opened.header)
            headers.save_header(self._fs, self._folder, header, self._keys, self._random)
        missing = sum(one is None for one in self._documents.values())
        return Restored(self._opened.made, len(self._documents) - missing, missing, self._settings)

    def _document(self, name: str, data: bytes) -> None:
        self._documents[name] = hashlib.sha256(data).digest()
        with writing():
            write_blob(self._fs, self._folder / BLOBS, self._keys, name, data, self._random)

    def _snapshot(self) -> None:
        """The snapshot goes on from the place that the backup shows: an older copy of that vault is told as older."""
        after = self._opened.after
        draft = SnapshotDraft(self._fs, self._folder, self._keys, after, self._now, self._random)
        done = False
        try:
            draft.write(self._tables)
            place, _ = draft.finish([], after)
            move_into_place(self._fs, draft.temp, self._folder / snapshot_name(place.generation))
            done = True
        finally:
            draft.close(keep=done)

    def _check(self) -> None:
        """Read everything back. Raises ``OSError``."""
        try:
            same = load(self._fs, self._folder, self._keys).tables == self._tables
            for name, digest in self._documents.items():
                if digest is not None:
                    data = read_blob(self._fs, self._folder / BLOBS, self._keys, name)
                    same = same and hashlib.sha256(data).digest() == digest
        except VaultDamaged as error:
            raise OSError(errno.EIO, "the disk gave back something else than was written") from error
        if not same:
            raise OSError(errno.EIO, "the disk gave back something else than was written")


def _put_in_place(fs: Fs, beside: Path, folder: Path) -> None:
    """Give the finished vault its name."""
    refuse_to_overwrite(fs, folder)
    with writing():
        _clear(fs, folder, itself=False)  # what an interrupted creation left: nobody's data
        try:
            fs.rename_folder(beside, folder)
            fs.sync_folder(folder.parent)
        except OSError as error:
            raise SyncFailed(error.errno, error.strerror) from error


def _clear(fs: Fs, folder: Path, *, itself: bool = True) -> None:
    """Remove a folder with a vault's files in it, if there is one. Raises ``OSError``."""
    for name in fs.names(folder / BLOBS):
        fs.unlink(folder / BLOBS / name)
    with contextlib.suppress(FileNotFoundError):
        fs.remove_folder(folder / BLOBS)
    for name in fs.names(folder):
        fs.unlink(folder / name)
    if itself:
        with contextlib.suppress(FileNotFoundError):
            fs.remove_folder(folder)
