"""The one-of-a-kind records: credentials, portal session, breaker, profile, where the sync stands."""

from collections.abc import Mapping
from hashlib import blake2b
from secrets import token_hex
from typing import Any

from agent.store.interfaces import Doc, Keeper, Table

SyncState = dict[str, Any]


class AccountBook:
    """Single documents under fixed names."""

    def __init__(self, vault: Keeper) -> None:
        self.table: Table = vault.db.table("account")

    def read(self, name: str) -> Doc | None:
        """The record called ``name``, or None."""
        return self.table.fetch(name)

    def write(self, name: str, record: Mapping[str, Any] | None) -> None:
        """Replace the record called ``name``; None removes it."""
        known = self.table.fetch(name)
        if record is None:
            if known is not None:
                self.table.drop(name)
        elif record != known:
            self.table.put(name, dict(record))

    def fingerprint(self, nir: str, password: str) -> str:
        """A keyed digest of credentials, to recognise them later without keeping them.

        The key is random and never leaves the vault: the digest alone cannot be tried against guesses.
        """
        key = self.table.fetch("fingerprint_key")
        if key is None:
            key = {"key": token_hex(32)}
            self.table.put("fingerprint_key", key)
        return blake2b(f"{nir}\0{password}".encode(), digest_size=16, key=bytes.fromhex(key["key"])).hexdigest()
