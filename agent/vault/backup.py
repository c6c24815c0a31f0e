"""Backups of an open vault: one file of the whole, taken at one moment, opened again before it is said to be made."""

import contextlib
import errno
import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import orjson

from agent.vault import changeset
from agent.vault.backup_errors import BackupDamaged, BackupFailed, BackupUnreadable, NotABackup
from agent.vault.backup_file import BackupReader, BackupWriter
from agent.vault.blobs import FOLDER as BLOBS
from agent.vault.blobs import TABLE as DOCUMENTS
from agent.vault.blobs import Blobs, read_blob
from agent.vault.errors import DocumentDamaged, VaultLocked, VaultNewer, VaultUnreadable
from agent.vault.fs import Fs, move_into_place
from agent.vault.keys import Random, VaultKeys
from agent.vault.position import Position
from agent.vault.storage import VaultStorage, dumps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agent.vault.writer import VaultWriter

TABLE = "$backup"
"""What is noted of backups in the vault itself; no backup has it."""
_GENERATION, _FILE, _RESTORED = "generation", "file", "restored"
UNFINISHED = ".new"


class LastBackup(TypedDict):
    """The last backup that was made."""

    at: str
    """ISO moment, UTC."""
    path: str
    size: int
    content: str
    """What it shows, as a seal: another one when anything differs."""
    documents: int
    missing: int
    """Documents that were damaged in the vault already and are not in it."""


class RestoredFrom(TypedDict):
    """The backup from which this vault came, until the person says that things may leave again."""

    made: str
    """ISO moments, UTC."""
    restored: str


class GivenUp(Exception):
    """A backup was ended before it was whole, because it was asked to end."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A vault as it was at one moment. Its documents stay readable as long as the vault lets it last."""

    fs: Fs
    folder: Path
    keys: VaultKeys = field(repr=False)
    header: bytes
    place: Position
    tables: changeset.Tables = field(repr=False)
    random: Random
    leaving: Callable[[], bool]
    """Whether somebody waits to lock the vault."""

    def documents(self) -> "Iterator[tuple[str, bytes | None]]":
        """Each document by name; None for one whose file is damaged."""
        for name in sorted(self.tables.get(DOCUMENTS, ())):
            try:
                yield name, read_blob(self.fs, self.folder / BLOBS, self.keys, name)
            except DocumentDamaged:
                yield name, None
            except VaultUnreadable as error:
                if not isinstance(error.__cause__, OSError) or error.__cause__.errno != errno.EIO:
                    raise
                yield name, None

    def content(self, settings: bytes | None) -> str:
        """What a backup of it would hold, as a seal under the vault's key: the same as long as nothing differs."""
        digest = hashlib.sha256(self.header)
        digest.update(b"-" if settings is None else hashlib.sha256(settings).digest())
        for piece in changeset.pieces(self.tables):
            digest.update(piece)
        return self.keys.mac(b"backup", digest.digest()).hex()


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was made and opened again."""

    path: Path
    made: str
    """ISO moment, UTC."""
    size: int
    """In bytes."""
    digest: str
    """SHA-256 of the file, hexadecimal."""
    documents: int
    missing: int
    """Documents that were damaged in the vault already and are not in it."""
    content: str
    """See `Moment.content`."""


class Copies:
    """The moments of one open vault that are being copied, one after the other."""

    def __init__(
        self, fs: Fs, folder: Path, keys: VaultKeys, writer: "VaultWriter", blobs: Blobs, header: Callable[[], bytes],
        random: Random,
    ) -> None:
        """``header`` gives the header file as it is now."""
        self._fs, self._folder, self._keys, self._random = fs, folder, keys, random
        self._writer, self._blobs, self._header = writer, blobs, header
        self._copying = threading.Lock()
        self._leaving = False

    @contextlib.contextmanager
    def moment(self) -> "Iterator[Moment]":
        """The vault as it is now, while others go on changing it; whoever locks it waits for the end.

        Raises `VaultLocked`.
        """
        with self._copying:
            with self._writer.storage.guard:  # between two transactions
                if self._leaving or self._writer.closed:
                    raise VaultLocked
                tables = self._writer.storage.frozen()
                tables.pop(TABLE, None)
                moment = Moment(self._fs, self._folder, self._keys, self._header(), self._writer.position, tables,
                                self._random, lambda: self._leaving)
                self._blobs.keep_removed()
            try:
                yield moment
            finally:
                self._blobs.let_go()

    @contextlib.contextmanager
    def ended(self) -> "Iterator[None]":
        """None is copied any more: one that is being copied is given up first."""
        self._leaving = True
        with self._copying:
            yield


class BackupNotes:
    """What an open vault knows of its backups."""

    def __init__(self, storage: VaultStorage) -> None:
        self._storage = storage

    @property
    def generation(self) -> LastBackup | None:
        """The last one that went into the folder of backups."""
        return self._read(_GENERATION)

    @property
    def last(self) -> LastBackup | None:
        """The last one, wherever it went."""
        copies = [one for one in (self._read(_GENERATION), self._read(_FILE)) if one is not None]
        return max(copies, key=lambda copy: copy["at"], default=None)

    def note(self, made: Backup, *, generation: bool, path: str | None = None) -> None:
        """Note one as the last of its kind; it lies in ``path`` when it was moved there.

        Raises `VaultLocked`, `VaultReadOnly`, `VaultWriteFailed`, `VaultStopped`.
        """
        last: LastBackup = {"at": made.made, "path": path or str(made.path), "size": made.size,
                            "content": made.content, "documents": made.documents, "missing": made.missing}
        self._storage.stage(TABLE, {_GENERATION if generation else _FILE: dumps(last)}, [])

    def _read(self, key: str) -> LastBackup | None:
        data = self._storage.get(TABLE, key)
        kept: LastBackup | None = orjson.loads(data) if data else None
        return kept

    @property
    def restored(self) -> RestoredFrom | None:
        """The backup that this vault came from; None when it did not, or the person has said so."""
        data = self._storage.get(TABLE, _RESTORED)
        origin: RestoredFrom | None = orjson.loads(data) if data else None
        return origin

    def accept_restored(self) -> None:
        """The person knows that this is a restored copy. Raises as `note`."""
        self._storage.stage(TABLE, {}, [_RESTORED])


def restored_row(made: str, now: datetime) -> dict[str, bytes]:
    """The rows of ``TABLE`` in a vault that was restored ``now`` from a backup ``made`` then."""
    row: RestoredFrom = {"made": made, "restored": now.astimezone(UTC).isoformat(timespec="seconds")}
    return {_RESTORED: dumps(row)}


def write_backup(
    moment: Moment, path: Path, now: datetime, settings: bytes | None = None, *,
    stop: Callable[[], bool] = lambda: False,
) -> Backup:
    """Write a moment of the vault to ``path``, replacing what is there once the new file is proved.

    ``settings`` is the settings file. ``stop`` is asked now and then whether to give it up. Never more than one
    document is in memory. Raises `BackupFailed`, `VaultLocked`, `VaultUnreadable`, `GivenUp`; nothing is left then.
    """
    fs, made = moment.fs, now.astimezone(UTC).isoformat(timespec="seconds")
    temp = path.with_name(f".{path.name}-{moment.random(4).hex()}{UNFINISHED}")
    try:
        written = _write(moment, temp, made, settings, stop)
        digest = _check(moment, temp, written, stop)
        move_into_place(fs, temp, path)
    except BaseException as error:
        with contextlib.suppress(OSError):  # the first error is the one to tell
            if fs.exists(temp):
                fs.unlink(temp)
        if isinstance(error, OSError):
            raise BackupFailed(error, folder=path.parent) from error
        raise
    missing = sum(one is None for one in written.documents.values())
    return Backup(path, made, written.size, digest, len(written.documents) - missing, missing,
                  moment.content(settings))


@dataclass(slots=True)
class _Written:
    """What a new backup has to hold when it is opened again."""

    size: int = 0
    settings: bytes | None = None
    tables: bytes = b""
    """SHA-256 of their bytes."""
    documents: dict[str, bytes | None] = field(default_factory=dict)
    """SHA-256 of each; None for a missing one."""


def _write(moment: Moment, temp: Path, made: str, settings: bytes | None, stop: Callable[[], bool]) -> _Written:
    written, digest = _Written(settings=settings), hashlib.sha256()
    file = moment.fs.create(temp)
    try:
        out = BackupWriter(file, moment.keys, moment.header, made, moment.place, moment.random)
        if settings is not None:
            out.begin("settings")
            out.add(settings)
            out.end()
        out.begin("tables")
        for piece in changeset.pieces(moment.tables):
            _go_on(moment, stop)
            digest.update(piece)
            out.add(piece)
        out.end()
        written.tables = digest.digest()
        for name, data in moment.documents():
            _go_on(moment, stop)
            out.begin("missing" if data is None else "document", name)
            out.add(data or b"")
            out.end()
            written.documents[name] = None if data is None else hashlib.sha256(data).digest()
        out.finish()
        file.sync()
    finally:
        file.close()
    written.size = out.size
    return written


def _check(moment: Moment, temp: Path, written: _Written, stop: Callable[[], bool]) -> str:
    """Open what was written and compare all of it; its SHA-256."""
    try:
        reader = BackupReader(moment.fs, temp)
        try:
            opened = _Written(size=written.size)
            if reader.open_with(moment.keys).after != moment.place or reader.header != moment.header:
                raise _other()
            for part in reader.parts():
                digest, kept = hashlib.sha256(), bytearray()
                for piece in part.pieces:
                    _go_on(moment, stop)
                    digest.update(piece)
                    if part.kind == "settings":
                        kept += piece
                if part.kind == "settings":
                    opened.settings = bytes(kept)
                elif part.kind == "tables":
                    opened.tables = digest.digest()
                else:
                    opened.documents[part.name] = digest.digest() if part.kind == "document" else None
            if opened != written:
                raise _other()
            return reader.digest
        finally:
            reader.close()
    except (NotABackup, BackupDamaged, BackupUnreadable, VaultNewer) as error:
        _go_on(moment, stop)
        raise _other() from error


def _go_on(moment: Moment, stop: Callable[[], bool]) -> None:
    if moment.leaving():
        raise VaultLocked
    if stop():
        raise GivenUp


def _other() -> OSError:
    return OSError(errno.EIO, "the disk gave back something else than was written")
