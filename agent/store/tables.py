"""What the store asks of a vault: tables of JSON-able documents under natural keys, transactions, blobs."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any, Protocol

import msgspec

Doc = dict[str, Any]


def plain(value: msgspec.Struct) -> Doc:
    """A struct as it reads back from a table: dates and amounts as text, tuples as lists."""
    record: Doc = msgspec.json.decode(msgspec.json.encode(value))
    return record


class Table(Protocol):
    """One table of the vault."""

    def put(self, key: str, doc: Doc) -> Any: ...
    def fetch(self, key: str) -> Doc | None: ...
    def drop(self, key: str) -> Any: ...
    def items(self) -> Iterator[tuple[str, Doc]]: ...
    def __len__(self) -> int: ...


class Database(Protocol):
    """The TinyDB side of the vault."""

    def table(self, name: str) -> Any: ...


class Keeper(Protocol):
    """The vault as the store uses it. ``transaction`` makes all writes inside it one durable step."""

    @property
    def db(self) -> Database: ...
    def transaction(self) -> AbstractContextManager[None]: ...
    def put_blob(self, data: bytes) -> str: ...
    def get_blob(self, blob: str, /) -> bytes: ...
    def delete_blob(self, blob: str, /) -> None: ...
