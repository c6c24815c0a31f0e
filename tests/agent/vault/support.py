"""What the vault's tests share: a cheap key derivation, repeatable randomness, and a vault's whole content."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent.vault import KdfCost, Vault
from agent.vault.fs import Fs

CHEAP = KdfCost(memory_kib=8, iterations=1, lanes=1)
FOLDER = Path("/home/vault")
PASS = "correct horse"
NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def dice(seed: str = "seed") -> Callable[[int], bytes]:
    """Return a source of bytes that is the same on every run."""
    count = 0

    def take(size: int) -> bytes:
        nonlocal count
        count += 1
        return hashlib.shake_256(f"{seed}/{count}".encode()).digest(size)

    return take


def create(folder: Path = FOLDER, fs: Fs | None = None, passphrase: str = PASS, **options: Any) -> tuple[Vault, str]:
    return Vault.create(folder, passphrase, kdf_cost=CHEAP, fs=fs, clock=lambda: NOW, **options)


def unlock(folder: Path = FOLDER, fs: Fs | None = None, passphrase: str | None = PASS, **options: Any) -> Vault:
    return Vault.unlock(folder, passphrase=passphrase, kdf_floor=CHEAP, fs=fs, clock=lambda: NOW, **options)


def content(vault: Vault) -> dict[str, Any]:
    """Return all tables, each reference to a blob (a field ``blob``) replaced by what it holds."""
    tables: dict[str, Any] = {}
    for name in sorted(vault.db.tables()):
        tables[name] = {}
        for key, document in vault.db.table(name).items():
            if "blob" in document:
                document["blob"] = vault.get_blob(document["blob"])
            tables[name][key] = document
    return tables
