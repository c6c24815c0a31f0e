"""Documents (PDFs, attachments): one encrypted file each, under a random name, registered in a table of the vault."""

import contextlib
from pathlib import Path

from agent.vault.errors import BlobMissing, DocumentDamaged, VaultDamaged
from agent.vault.fs import Fs, move_into_place, reading, tidy, write_new, writing
from agent.vault.keys import KEY_SIZE, Random, VaultKeys
from agent.vault.sealed import make_head, read_head, seal, unseal
from agent.vault.storage import VaultStorage, dumps

FOLDER = "blob"
TABLE = "$blobs"
MAGIC = b"AMVblob\n"


class Blobs:
    """The documents of one open vault. A file counts only while the table names it; others are leftovers."""

    def __init__(self, fs: Fs, folder: Path, keys: VaultKeys, storage: VaultStorage, random: Random) -> None:
        self._fs, self._folder, self._keys, self._storage, self._random = fs, folder / FOLDER, keys, storage, random
        self._kept = 0
        """How many want the files of removed documents to stay."""
        self._leaving: list[Path] = []

    def put(self, data: bytes) -> str:
        """Store a document; return its name (32 hexadecimal digits). Raises `VaultWriteFailed`, `VaultStopped`."""
        name = self._random(16).hex()
        with self._storage.transaction():
            self._storage.follow(abort=lambda: self._discard(self._folder / name))
            with writing():
                write_blob(self._fs, self._folder, self._keys, name, data, self._random)
            self._storage.stage(TABLE, {name: dumps({"size": len(data)})}, [])
        return name

    def get(self, name: str) -> bytes:
        """Return a document. Raises `BlobMissing`, `VaultDamaged`, `VaultUnreadable`."""
        if self._storage.get(TABLE, name) is None:
            raise BlobMissing
        try:
            return read_blob(self._fs, self._folder, self._keys, name)
        except DocumentDamaged:
            _ = self._storage.tables  # locked meanwhile: without its key every document looks damaged
            if self._storage.get(TABLE, name) is None:
                raise BlobMissing from None  # another thread has just deleted it
            raise

    def delete(self, name: str) -> None:
        """Remove a document, if it is there; its file goes once the removal is on disk."""
        with self._storage.transaction():
            if self._storage.get(TABLE, name) is not None:
                self._storage.stage(TABLE, {}, [name])
                self._storage.follow(commit=lambda: self._discard(self._folder / name))

    def has(self, name: str) -> bool:
        """Whether a document counts and its file is there. Raises `VaultUnreadable`."""
        with reading(f"{FOLDER}/{name}"):
            return self._storage.get(TABLE, name) is not None and self._fs.exists(self._folder / name)

    def sweep(self) -> None:
        """Remove files that the table does not name: what an interrupted ``put`` or ``delete`` left."""
        if not self._kept:
            tidy(self._fs, self._folder, lambda name: self._storage.get(TABLE, name) is None)

    def keep_removed(self) -> None:
        """From now on the files of documents that are removed stay, until as many `let_go`. The guard must be held."""
        self._kept += 1

    def let_go(self) -> None:
        """The files of removed documents may go, as far as nobody else wants them."""
        with self._storage.guard:
            self._kept -= 1
            if not self._kept:
                leaving, self._leaving = self._leaving, []
                for path in leaving:
                    self._discard(path)

    def _discard(self, path: Path) -> None:
        if self._kept:
            self._leaving.append(path)
            return
        with contextlib.suppress(OSError):  # a file nobody names does no harm: the next sweep finds it
            self._fs.unlink(path)


def write_blob(fs: Fs, folder: Path, keys: VaultKeys, name: str, data: bytes, random: Random) -> None:
    """Write a document's file into the folder of documents. Raises ``OSError``."""
    salt = random(KEY_SIZE)
    head = make_head(keys, MAGIC, {"blob": name, "salt": salt.hex()})
    temp = folder / f"tmp-{name}"
    write_new(fs, temp, head + seal(keys.cipher("blob", salt), data))
    move_into_place(fs, temp, folder / name)


def read_blob(fs: Fs, folder: Path, keys: VaultKeys, name: str) -> bytes:
    """Read a document's file in the folder of documents. Raises `DocumentDamaged`, `VaultNewer`, `VaultUnreadable`."""
    part = f"{FOLDER}/{name}"
    with reading(part):
        if not fs.exists(folder / name):
            raise DocumentDamaged(part=part)
        try:
            data = fs.read(folder / name)
        except FileNotFoundError:
            raise DocumentDamaged(part=part) from None
    try:
        fields, start = read_head(keys, MAGIC, data, part)
        if fields["blob"] != name:
            raise DocumentDamaged(part=part)
        return unseal(keys.cipher("blob", bytes.fromhex(fields["salt"])), data, start, part)
    except VaultDamaged as error:
        raise DocumentDamaged(part=part) from error
