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
_MAGIC = b"AMVblob\n"


class Blobs:
    """The documents of one open vault. A file counts only while the table names it; others are leftovers."""

    def __init__(self, fs: Fs, folder: Path, keys: VaultKeys, storage: VaultStorage, random: Random) -> None:
        self._fs, self._folder, self._keys, self._storage, self._random = fs, folder / FOLDER, keys, storage, random

    def put(self, data: bytes) -> str:
        """Store a document; return its name (32 hexadecimal digits). Raises `VaultWriteFailed`, `VaultStopped`."""
        name, salt = self._random(16).hex(), self._random(KEY_SIZE)
        head = make_head(self._keys, _MAGIC, {"blob": name, "salt": salt.hex()})
        temp, path = self._folder / f"tmp-{name}", self._folder / name
        with self._storage.transaction():
            self._storage.follow(abort=lambda: self._discard(path))
            with writing():
                write_new(self._fs, temp, head + seal(self._keys.cipher("blob", salt), data))
                move_into_place(self._fs, temp, path)
            self._storage.stage(TABLE, {name: dumps({"size": len(data)})}, [])
        return name

    def get(self, name: str) -> bytes:
        """Return a document. Raises `BlobMissing`, `VaultDamaged`, `VaultUnreadable`."""
        if self._storage.get(TABLE, name) is None:
            raise BlobMissing
        part = f"{FOLDER}/{name}"
        with reading(part):
            if not self._fs.exists(self._folder / name):
                if self._storage.get(TABLE, name) is None:
                    raise BlobMissing  # another thread has just deleted it
                raise DocumentDamaged(part=part)
            data = self._fs.read(self._folder / name)
        try:
            fields, start = read_head(self._keys, _MAGIC, data, part)
            if fields["blob"] != name:
                raise DocumentDamaged(part=part)
            return unseal(self._keys.cipher("blob", bytes.fromhex(fields["salt"])), data, start, part)
        except VaultDamaged as error:
            _ = self._storage.tables  # locked meanwhile: without its key every document looks damaged
            raise DocumentDamaged(part=part) from error

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
        tidy(self._fs, self._folder, lambda name: self._storage.get(TABLE, name) is None)

    def _discard(self, path: Path) -> None:
        with contextlib.suppress(OSError):  # a file nobody names does no harm: the next sweep finds it
            self._fs.unlink(path)
