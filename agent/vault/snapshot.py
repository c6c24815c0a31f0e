"""Snapshots: all the tables of one generation in one file."""

import contextlib
import errno
import hashlib
from datetime import UTC, datetime
from pathlib import Path

from agent.vault import changeset
from agent.vault.errors import VaultDamaged
from agent.vault.fs import File, Fs, reading, write_all
from agent.vault.keys import KEY_SIZE, Random, VaultKeys
from agent.vault.position import CHAIN_SIZE, Position
from agent.vault.sealed import Head, Sealer, make_head, read_head, unseal, unsealed

MAGIC = b"AMVsnap\n"
_PREFIX = "snap-"
_WRITE = 1 << 20
"""Bytes written at a time."""


def snapshot_name(generation: int) -> str:
    """Name of a snapshot file."""
    return f"{_PREFIX}{generation:08d}"


def snapshot_generation(name: str) -> int | None:
    """Return the generation a file name stands for, None when it is no snapshot's name."""
    digits = name.removeprefix(_PREFIX)
    if digits.isdecimal() and name == snapshot_name(int(digits)):
        return int(digits)
    return None


class Outgrown(Exception):
    """A draft's head was measured for a smaller number."""


class SnapshotDraft:
    """A snapshot that is being written under a temporary name: nothing counts before it gets its own.

    Nearly all of it is written while others go on changing the vault (`write`); what they changed meanwhile is added
    at the end, with the head, in one short step (`finish`).
    """

    def __init__(self, fs: Fs, folder: Path, keys: VaultKeys, after: Position, made: datetime, random: Random) -> None:
        """``after``: the place of what will be written. Raises nothing: the file is made by `write`."""
        self._fs, self._keys = fs, keys
        self._salt = random(KEY_SIZE)
        self.temp = folder / f"tmp-{random(8).hex()}"
        self.generation = after.generation + 1
        self._made = made.astimezone(UTC).isoformat(timespec="seconds")
        self._head_size = len(self._head(after))
        self._cipher = keys.cipher("snapshot", self._salt)
        self._sealer = Sealer(self._cipher)
        self._size = 0
        self._file: File | None = None

    def write(self, tables: changeset.Tables) -> None:
        """Write the tables, flush them and read them back. Raises ``OSError``."""
        self._file = self._fs.create(self.temp)
        self._append(bytes(self._head_size))
        digest = hashlib.sha256()
        waiting = bytearray()
        for piece in changeset.pieces(tables):
            digest.update(piece)
            waiting += self._sealer.add(piece)
            if len(waiting) >= _WRITE:
                self._append(bytes(waiting))
                waiting.clear()
        self._append(bytes(waiting))
        self._file.sync()
        if self._sealer.count:
            self._check_body(digest.digest())

    def finish(self, since: list[bytes], after: Position) -> tuple[Position, int]:
        """Add the changes made ``since``, up to the place ``after``; read them back. Raises ``OSError``.

        Returns the place it stands for and its size in bytes. Raises `Outgrown` when the head has no room for
        ``after``: its numbers have a digit more than when this was begun. Then it is to be written anew.
        """
        assert self._file is not None
        head = self._head(after)
        if len(head) != self._head_size:
            raise Outgrown
        body, chunks, tail = self._size, self._sealer.count, b"".join([self._sealer.rest, *since])
        self._append(b"".join([*map(self._sealer.add, since), self._sealer.finish()]))
        if self._file.write_at(0, head) != len(head):
            raise OSError(errno.EIO, "the head was cut short")
        self._file.sync()
        data = self._fs.read(self.temp)
        try:
            ends = b"".join(unsealed(self._cipher, data, body, self.temp.name, first=chunks))
        except VaultDamaged as error:
            raise _other() from error
        if len(data) != self._size or not data.startswith(head) or ends != tail:
            raise _other()
        return Position(self.generation, 0, 0, _chain(head)), self._size

    def _head(self, after: Position) -> bytes:
        fields: Head = {"gen": self.generation, "salt": self._salt.hex(), "made": self._made, "after": after.to_json()}
        return make_head(self._keys, MAGIC, fields)

    def _check_body(self, digest: bytes) -> None:
        data = self._fs.read(self.temp)
        hashed = hashlib.sha256()
        try:
            for piece in unsealed(self._cipher, data, self._head_size, self.temp.name, ended=False):
                hashed.update(piece)
        except VaultDamaged as error:
            raise _other() from error
        hashed.update(self._sealer.rest)
        if len(data) != self._size or hashed.digest() != digest:
            raise _other()

    def close(self, *, keep: bool) -> None:
        """Let go of the file; one that is not to be kept is removed."""
        if self._file is None:
            return
        with contextlib.suppress(OSError):  # what counts was flushed; a leftover is cleaned at the next unlock
            self._file.close()
        if not keep:
            with contextlib.suppress(OSError):
                self._fs.unlink(self.temp)
        self._file = None

    def _append(self, data: bytes) -> None:
        if data:
            assert self._file is not None
            write_all(self._file, data)
            self._size += len(data)


def _other() -> OSError:
    return OSError(errno.EIO, "the disk gave back something else than was written")


def read_snapshot(fs: Fs, folder: Path, keys: VaultKeys,
                  generation: int) -> tuple[changeset.Tables, Position, int, str]:
    """Return the tables, the place they stand for, the file's size in bytes, and when it was made (ISO, UTC).

    Raises `VaultDamaged`, `VaultNewer`, `VaultUnreadable`.
    """
    name = snapshot_name(generation)
    with reading(name):
        data = fs.read(folder / name)
    fields, start = read_head(keys, MAGIC, data, name)
    if fields["gen"] != generation:
        raise VaultDamaged(part=name)
    plain = unseal(keys.cipher("snapshot", bytes.fromhex(fields["salt"])), data, start, name)
    size = len(data)
    head = data[:start]
    del data
    tables: changeset.Tables = {}
    changeset.decode_into(plain, tables, name)
    return tables, Position(generation, 0, 0, _chain(head)), size, fields["made"]


def read_places(fs: Fs, folder: Path, keys: VaultKeys, generation: int) -> Position:
    """Return the place a snapshot was made after, from its head alone.

    Raises `VaultDamaged`, `VaultNewer`, `VaultUnreadable`.
    """
    name = snapshot_name(generation)
    with reading(name):
        fields, _ = read_head(keys, MAGIC, fs.read(folder / name), name)
    return Position.from_json(fields["after"])


def _chain(head: bytes) -> bytes:
    return hashlib.sha256(head).digest()[:CHAIN_SIZE]
