"""Snapshots: all the tables of one generation in one file."""

import errno
import hashlib
from datetime import UTC, datetime
from pathlib import Path

from agent.vault import changes
from agent.vault.errors import VaultDamaged
from agent.vault.fs import Fs, reading, write_new
from agent.vault.keys import KEY_SIZE, Random, VaultKeys
from agent.vault.position import CHAIN_SIZE, Position
from agent.vault.sealed import make_head, read_head, seal, unseal

_MAGIC = b"AMVsnap\n"
_PREFIX = "snap-"


def snapshot_name(generation: int) -> str:
    """Name of a snapshot file."""
    return f"{_PREFIX}{generation:08d}"


def snapshot_generation(name: str) -> int | None:
    """Return the generation a file name stands for, None when it is no snapshot's name."""
    digits = name.removeprefix(_PREFIX)
    if digits.isdecimal() and name == snapshot_name(int(digits)):
        return int(digits)
    return None


def write_snapshot(
    fs: Fs, folder: Path, keys: VaultKeys, tables: changes.Tables, after: Position, made: datetime, random: Random
) -> tuple[Path, Position, int]:
    """Write the generation that follows ``after`` under a temporary name and read it back.

    Returns that name, the place it stands for and its size in bytes. Raises ``OSError``: nothing counts then.
    """
    salt = random(KEY_SIZE)
    generation = after.generation + 1
    fields = {
        "gen": generation,
        "salt": salt.hex(),
        "after": after.to_json(),
        "made": made.astimezone(UTC).isoformat(timespec="seconds"),
    }
    head = make_head(keys, _MAGIC, fields)
    plain = changes.encode_all(tables)
    temp = folder / f"tmp-{random(8).hex()}"
    data = head + seal(keys.cipher("snapshot", salt), plain)
    digest, size = hashlib.sha256(plain).digest(), len(data)
    del plain
    write_new(fs, temp, data)
    del data
    data = fs.read(temp)
    try:
        plain = unseal(keys.cipher("snapshot", salt), data, len(head), temp.name)
        same = data.startswith(head) and hashlib.sha256(plain).digest() == digest
    except VaultDamaged:
        same = False
    if not same:
        fs.unlink(temp)
        raise OSError(errno.EIO, "the disk gave back something else than was written")
    return temp, Position(generation, 0, 0, _chain(head)), size


def read_snapshot(fs: Fs, folder: Path, keys: VaultKeys, generation: int) -> tuple[changes.Tables, Position, int]:
    """Return the tables, the place they stand for, and the file's size in bytes.

    Raises `VaultDamaged`, `VaultNewer`, `VaultUnreadable`.
    """
    name = snapshot_name(generation)
    with reading(name):
        data = fs.read(folder / name)
    fields, start = read_head(keys, _MAGIC, data, name)
    if fields["gen"] != generation:
        raise VaultDamaged(part=name)
    plain = unseal(keys.cipher("snapshot", bytes.fromhex(fields["salt"])), data, start, name)
    size = len(data)
    head = data[:start]
    del data
    tables: changes.Tables = {}
    changes.decode_into(plain, tables, name)
    return tables, Position(generation, 0, 0, _chain(head)), size


def read_places(fs: Fs, folder: Path, keys: VaultKeys, generation: int) -> tuple[Position, Position]:
    """Return the place a snapshot stands for and the place it was made after, from its head alone.

    Raises `VaultDamaged`, `VaultNewer`, `VaultUnreadable`.
    """
    name = snapshot_name(generation)
    with reading(name):
        data = fs.read(folder / name)
    fields, start = read_head(keys, _MAGIC, data, name)
    return Position(generation, 0, 0, _chain(data[:start])), Position.from_json(fields["after"])


def _chain(head: bytes) -> bytes:
    return hashlib.sha256(head).digest()[:CHAIN_SIZE]
