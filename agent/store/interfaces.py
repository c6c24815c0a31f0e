"""What the store asks of a vault: tables of records under natural keys, transactions, blobs.

A record is a ``TypedDict`` beside the part of the store that keeps it. Its ``NotRequired`` keys are those that a record
may lack: one written by an older version stays as that version wrote it.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

import msgspec

R = TypeVar("R")
Step = Callable[[], AbstractContextManager[None]]
"""Makes the writes inside its block one durable step."""


def plain(value: msgspec.Struct, kind: type[R]) -> R:
    """A struct as it reads back from a table: dates and amounts as text, tuples as lists. ``kind`` has its fields."""
    return msgspec.json.decode(msgspec.json.encode(value), type=kind)


class Table(Protocol[R]):
    """One table of the vault, of records of one kind."""

    def put(self, key: str, document: R, /) -> None: ...
    def fetch(self, key: str) -> R | None: ...
    def drop(self, key: str) -> None: ...
    def items(self) -> Iterator[tuple[str, R]]: ...
    def __len__(self) -> int: ...


class Database(Protocol):
    """The TinyDB side of the vault."""

    def table(self, name: str) -> Table[R]: ...


class Keeper(Protocol):
    """The vault as the store uses it. ``transaction`` makes all writes inside it one durable step."""

    @property
    def db(self) -> Database: ...
    def transaction(self) -> AbstractContextManager[None]: ...
    def put_blob(self, data: bytes) -> str: ...
    def get_blob(self, blob: str, /) -> bytes: ...
    def delete_blob(self, blob: str, /) -> None: ...
    def has_blob(self, blob: str, /) -> bool: ...
    def ensure_writable(self) -> None: ...
    @property
    def changing(self) -> bool: ...
    @property
    def restored_from(self) -> str | None: ...
    def follow(self, commit: Callable[[], None] | None = None, abort: Callable[[], None] | None = None) -> None: ...
