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

    Returns that name, the place it stands for and its size. Raises ``OSError``; nothing is left behind then.
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
    write_new(fs, temp, data)
    size = len(data)
    del data
    back = fs.read(temp)
    try:
        same = unseal(keys.cipher("snapshot", salt), back, len(head), temp.name) == plain and back.startswith(head)
    except VaultDamaged:
        same = False
    if not same:
        fs.unlink(temp)
        raise OSError(errno.EIO, "the disk gave back something else than was written")
    return temp, Position(generation, 0, 0, _chain(head)), size


def read_snapshot(
    fs: Fs, folder: Path, keys: VaultKeys, generation: int
) -> tuple[changes.Tables, Position, Position, int]:
    """Return the tables, the place they stand for, the place they were made after, and the file's size.

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
    return tables, Position(generation, 0, 0, _chain(head)), Position.from_json(fields["after"]), size


def _chain(head: bytes) -> bytes:
    return hashlib.sha256(head).digest()[:CHAIN_SIZE]
