"""TinyDB's table and database over the vault: natural keys in O(1), private copies, no query cache."""

from collections.abc import Callable, ItemsView, Iterable, Iterator, Mapping, MutableMapping
from typing import Generic, TypeVar, cast

import orjson
from tinydb import TinyDB
from tinydb.queries import QueryLike
from tinydb.table import Table

from agent.vault.storage import RESERVED, VaultStorage, dumps, loads
from config.json_value import JsonObject, ReadOnlyJsonObject

DocId = int | str
R = TypeVar("R")
"""The kind of record that a table keeps: a ``TypedDict`` of whoever owns it."""


def document_id(key: str) -> DocId:
    """Return TinyDB's id of the document under ``key``: the number when the key is one, else the key itself."""
    if key.isascii() and key.isdigit() and (key == "0" or key[0] != "0"):
        return int(key)
    return key


class VaultTable(Table, Generic[R]):
    """One table of the vault, of records of one kind.

    ``put``, ``fetch``, ``drop`` and ``items`` work by natural key, each in time that does not depend on the table's
    size. TinyDB's own methods see the same documents, as JSON of any shape: the key is the document's id. What is
    returned is the caller's own copy. What was kept is given back as it is, whichever version wrote it: nothing is
    checked here.
    """

    document_id_class = staticmethod(document_id)  # type: ignore[assignment]
    _storage: VaultStorage
    _next_id: int | None  # type: ignore[assignment]

    def __init__(self, storage: VaultStorage, name: str, cache_size: int = 0, persist_empty: bool = False) -> None:
        """``cache_size`` is TinyDB's and is ignored: a cached answer would be shared, and would outlive the lock."""
        if name.startswith(RESERVED):
            raise ValueError(f"table names beginning with {RESERVED} are the vault's own")
        super().__init__(storage, name, cache_size=0, persist_empty=persist_empty)

    def put(self, key: str, document: R) -> None:
        """Store a document under its natural key, durable on return unless a transaction is open.

        Raises ``TypeError`` for what JSON cannot say, `VaultWriteFailed`, `VaultStopped`, `VaultLocked`.
        """
        self._storage.stage(self._name, {key: dumps(document)}, [])
        self._forget_next_id(key)

    def put_many(self, documents: Mapping[str, R]) -> None:
        """Store several documents in one transaction; see `put`."""
        encoded = {key: dumps(document) for key, document in documents.items()}
        self._storage.stage(self._name, encoded, [])
        self._next_id = None

    def fetch(self, key: str) -> R | None:
        """Return the document under ``key``, or None."""
        data = self._storage.get(self._name, key)
        return None if data is None else self._record(data)

    def drop(self, key: str) -> None:
        """Remove the document under ``key``, if there is one."""
        self._storage.stage(self._name, {}, [key])

    def items(self) -> Iterator[tuple[str, R]]:
        """Yield every key and document, oldest first, as they were when the iteration began."""
        for key, data in self._storage.items(self._name):
            yield key, self._record(data)

    def keys(self) -> list[str]:
        """Return every key, oldest first."""
        return [key for key, _ in self._storage.items(self._name)]

    def __len__(self) -> int:
        return self._storage.count(self._name)

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self._storage.get(self._name, key) is not None

    def __repr__(self) -> str:
        return f"<VaultTable {self._name}>"

    @staticmethod
    def _record(data: bytes) -> R:
        record: R = orjson.loads(data)
        return record

    # -- TinyDB's methods that take several steps: no other thread in between --

    def insert(self, document: ReadOnlyJsonObject) -> int:
        with self._storage.guard:
            return super().insert(document)

    def insert_multiple(self, documents: Iterable[ReadOnlyJsonObject]) -> list[int]:
        with self._storage.guard:
            return super().insert_multiple(documents)

    def upsert(self, document: ReadOnlyJsonObject, cond: QueryLike | None = None) -> list[int]:
        with self._storage.transaction():
            return super().upsert(document, cond)

    # -- the private hooks of TinyDB 4.9 that all of its methods go through --

    def _read_table(self) -> dict[str, ReadOnlyJsonObject]:
        return cast("dict[str, ReadOnlyJsonObject]", _View(self._storage, self._name))

    def _update_table(self, updater: Callable[[dict[int, ReadOnlyJsonObject]], None]) -> None:
        with self._storage.guard:
            draft = _Draft(self._storage, self._name)
            updater(cast("dict[int, ReadOnlyJsonObject]", draft))
            draft.save()
        self.clear_cache()

    def _get_next_id(self) -> int:
        if self._next_id is None or self._storage.get(self._name, str(self._next_id)) is not None:
            ids = (document_id(key) for key in self.keys())
            self._next_id = max((number for number in ids if isinstance(number, int)), default=0) + 1
        number: int = self._next_id
        self._next_id = number + 1
        return number

    def _forget_next_id(self, key: str) -> None:
        if isinstance(document_id(key), int):
            self._next_id = None


class _View(Mapping[str, JsonObject]):
    """A table as TinyDB reads it; each document is parsed when it is asked for, and so is the reader's own."""

    def __init__(self, storage: VaultStorage, name: str) -> None:
        self._storage, self._name = storage, name

    def __getitem__(self, key: str) -> JsonObject:
        data = self._storage.get(self._name, key)
        if data is None:
            raise KeyError(key)
        return loads(data)

    def __iter__(self) -> Iterator[str]:
        return (key for key, _ in self._storage.items(self._name))

    def __len__(self) -> int:
        return self._storage.count(self._name)

    def items(self) -> ItemsView[str, JsonObject]:
        """Keys and documents without a lookup each."""
        return _Items(self, self._storage.items(self._name))


class _Items(ItemsView[str, JsonObject]):
    """The documents of a view as they were when it was asked for them."""

    def __init__(self, view: _View, kept: list[tuple[str, bytes]]) -> None:
        super().__init__(view)
        self._kept = kept

    def __iter__(self) -> Iterator[tuple[str, JsonObject]]:
        return ((key, loads(data)) for key, data in self._kept)


class _Draft(MutableMapping[DocId, JsonObject]):
    """A table as TinyDB changes it: documents are copied when touched, and nothing is stored before `save`."""

    def __init__(self, storage: VaultStorage, name: str) -> None:
        self._storage, self._name = storage, name
        self._cleared = False
        self._touched: dict[str, JsonObject | None] = {}

    def __getitem__(self, doc_id: DocId) -> JsonObject:
        key = str(doc_id)
        if key not in self._touched:
            data = None if self._cleared else self._storage.get(self._name, key)
            if data is None:
                raise KeyError(doc_id)
            self._touched[key] = loads(data)
        document = self._touched[key]
        if document is None:
            raise KeyError(doc_id)
        return document

    def __setitem__(self, doc_id: DocId, document: JsonObject) -> None:
        self._touched[str(doc_id)] = document

    def __delitem__(self, doc_id: DocId) -> None:
        if doc_id not in self:
            raise KeyError(doc_id)
        self._touched[str(doc_id)] = None

    def __contains__(self, doc_id: object) -> bool:
        key = str(doc_id)
        if key in self._touched:
            return self._touched[key] is not None
        return not self._cleared and self._storage.get(self._name, key) is not None

    def __iter__(self) -> Iterator[DocId]:
        stored = [] if self._cleared else [key for key, _ in self._storage.items(self._name)]
        for key in dict.fromkeys([*stored, *self._touched]):
            if self._touched.get(key, True) is not None:
                yield document_id(key)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def clear(self) -> None:
        self._touched.clear()
        self._cleared = True

    def save(self) -> None:
        """Store what was touched, as one transaction."""
        put = {key: dumps(document) for key, document in self._touched.items() if document is not None}
        remove = [key for key, document in self._touched.items() if document is None]
        with self._storage.transaction():
            if self._cleared:
                self._storage.clear_table(self._name)
            self._storage.stage(self._name, put, remove)


class VaultDB(TinyDB):
    """The vault as a TinyDB database: ``vault.db.table("payments")``."""

    table_class = VaultTable  # type: ignore[assignment]
    _storage: VaultStorage

    def __init__(self, storage: VaultStorage) -> None:
        super().__init__(storage=lambda: storage)

    def table(self, name: str, **kwargs: object) -> VaultTable[R]:
        """Return the table of this name; it comes to be with its first document. Who asks says what it keeps."""
        return cast(VaultTable[R], super().table(name, **kwargs))

    def tables(self) -> set[str]:
        return set(self._storage.table_names())

    def drop_tables(self) -> None:
        with self._storage.transaction():
            for name in self._storage.table_names():
                self._storage.drop_table(name)
        self._tables.clear()

    def drop_table(self, name: str) -> None:
        self._storage.drop_table(name)
        self._tables.pop(name, None)

    def __repr__(self) -> str:
        return "<VaultDB>"
