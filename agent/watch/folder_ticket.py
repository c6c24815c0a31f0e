"""What a locked agent holds of the watched folder: which files need no look, by marks that give none of them away."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from hashlib import blake2b
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from agent.files.imports.folder_files import Seen
    from agent.store import Store

_MARK_SIZE = 16
MOST_STATES = 20_000
"""States that are remembered: beyond that the files are looked at again, which costs time and nothing else."""


class FolderTicket(msgspec.Struct, kw_only=True):
    """A part of the ticket. It has a key of its own: the account's marks are forgotten with the access to it."""

    key: bytes
    digests: set[bytes] = set()
    """Marks of files that are kept, refused or sealed already, by their bytes."""
    states: set[int] = set()
    """Marks of files that were looked at, by inode, size and times: nothing of a person's."""
    files: int = 0
    """Sealed during this locking."""
    size: int = 0
    """Their bytes."""
    pause_s: int = 0
    """How long was waited after the disk refused last."""
    refused_at: float | None = None
    """When that was, in seconds of the epoch."""

    @classmethod
    def of(cls, store: Store, key: bytes, seen: Iterable[Seen]) -> FolderTicket:
        """At locking. ``key``: 32 random bytes, of this locking alone. ``seen``: what the open watch is done with."""
        from agent.files.imports.folder_watch import worth_another_try

        ticket = cls(key=key)
        for digest, record in store.imports.table.items():
            if not worth_another_try(record):
                ticket.take(digest)
        for state in seen:
            ticket.leave(state)
        return ticket

    def take(self, digest: str) -> None:
        """These bytes are known from now on."""
        self.digests.add(self._mark(digest))

    def knows(self, digest: str) -> bool:
        """Whether these bytes need not be sealed."""
        return self._mark(digest) in self.digests

    def leave(self, state: Seen) -> None:
        """A file in this state needs no look."""
        if len(self.states) < MOST_STATES:
            self.states.add(state_mark(state))

    def _mark(self, digest: str) -> bytes:
        return hmac.digest(self.key, f"file|{digest}".encode(), "sha256")[:_MARK_SIZE]


def state_mark(state: Seen) -> int:
    """A state of a file in short."""
    return int.from_bytes(blake2b(repr(tuple(state)).encode(), digest_size=8).digest(), "big")
