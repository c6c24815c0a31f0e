"""The tables of an open vault in memory, and the one way to change them: a transaction that is on disk first."""

import contextlib
import threading
from collections.abc import Callable, Iterator

import orjson
from tinydb.storages import Storage

from agent.vault import changeset
from agent.vault.changeset import TableChange, Tables
from agent.vault.errors import TransactionBroken, VaultLocked
from config.json_value import JsonObject

RESERVED = "$"
"""Tables whose name begins so are the vault's own and invisible to TinyDB."""

_STRICT = (
    orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
)  # what is put is what is got: no silent text


def dumps(document: object) -> bytes:
    """Return a document as JSON bytes. Raises ``TypeError`` for what JSON cannot say."""
    # A copy: orjson's own result holds on to 4 KiB however short it is (10,000 payments: 39 MiB instead of 4).
    return bytes(memoryview(orjson.dumps(document, option=_STRICT)))


def loads(data: bytes) -> JsonObject:
    """Return a fresh document: nobody else holds a reference into it."""
    document: JsonObject = orjson.loads(data)
    return document


class VaultStorage(Storage):
    """TinyDB's storage over the vault. It exists only while the vault is open and loaded.

    ``commit`` makes a payload durable or raises; memory changes only after it returned. Every call is safe from any
    thread. A transaction keeps other threads' transactions out until its record is on the disk; whoever only reads
    waits for nobody: its own thread sees what it changed so far, all others what was committed.
    """

    def __init__(self, tables: Tables, commit: Callable[[bytes], None]) -> None:
        self._tables: Tables | None = tables
        self._commit = commit
        self._pending: dict[str, TableChange] | None = None
        self._broken = False
        self._after_commit: list[Callable[[], None]] = []
        self._after_abort: list[Callable[[], None]] = []
        self.guard = threading.RLock()
        """Held by the one thread that changes something, from its first change to its record on the disk."""
        self._memory = threading.RLock()
        """Held for the blink in which the committed tables are read or changed; never while the disk is waited for."""
        self._changing: int | None = None
        """The thread whose transaction is open."""

    # -- TinyDB's own interface: correct, and O(everything) --

    def read(self) -> dict[str, dict[str, JsonObject]] | None:
        """Return a copy of all the tables, None when there is none."""
        with self.guard:  # several steps: no transaction of another thread in between
            return {name: {key: loads(doc) for key, doc in self.items(name)} for name in self.table_names()} or None

    def write(self, data: dict[str, dict[str, JsonObject]]) -> None:
        """Make the tables equal to ``data``: what differs becomes one transaction."""
        with self.transaction():
            for name in self.table_names():
                if name not in data:
                    self.drop_table(name)
            for name, table in data.items():
                encoded = {str(key): dumps(doc) for key, doc in table.items()}
                gone = [key for key, _ in self.items(name) if key not in encoded]
                self.stage(name, encoded, gone)

    def close(self) -> None:
        """Forget everything. Later calls raise `VaultLocked`."""
        with self.guard:
            if self._pending is not None:
                raise RuntimeError("the vault cannot be locked inside a transaction")
            with self._memory:
                self._tables = None

    # -- reading: the committed tables under what the open transaction has changed so far --

    @property
    def tables(self) -> Tables:
        """The committed tables, not to be changed by the caller."""
        if self._tables is None:
            raise VaultLocked
        return self._tables

    @property
    def changing(self) -> bool:
        """Whether this thread has a transaction open."""
        return self._changing == threading.get_ident()

    def _ours(self) -> dict[str, TableChange]:
        """What this thread's transaction has changed so far."""
        return self._pending or {} if self.changing else {}

    def frozen(self) -> Tables:
        """Return the committed tables as they are now: a copy of the tables, not of the documents."""
        with self._memory:
            return {name: dict(docs) for name, docs in self.tables.items()}

    def get(self, table: str, key: str) -> bytes | None:
        """Return one document's bytes."""
        change = self._ours().get(table)
        with self._memory:
            committed = self.tables.get(table, {})
            if change is not None:
                if key in change.docs:
                    return change.docs[key]
                if change.clear or change.drop:
                    return None
            return committed.get(key)

    def items(self, table: str) -> list[tuple[str, bytes]]:
        """Return all keys and documents of a table, oldest first, as they are now."""
        change = self._ours().get(table)
        with self._memory:
            committed = self.tables.get(table, {})
            if change is None:
                return list(committed.items())
            merged: dict[str, bytes | None] = {} if change.clear or change.drop else dict(committed)
            merged.update(change.docs)
            return [(key, doc) for key, doc in merged.items() if doc is not None]

    def count(self, table: str) -> int:
        """Return how many documents a table has."""
        change = self._ours().get(table)
        with self._memory:
            committed = self.tables.get(table, {})
            if change is None:
                return len(committed)
            base = {} if change.clear or change.drop else committed
            return len(base) + sum((doc is not None) - (key in base) for key, doc in change.docs.items())

    def table_names(self) -> list[str]:
        """Return the names of the tables, the vault's own left out."""
        ours = self._ours()
        with self._memory:
            names = dict.fromkeys(self.tables)
        for name, change in ours.items():
            names[name] = None
            if change.drop:
                del names[name]
        return [name for name in names if not name.startswith(RESERVED)]

    # -- changing --

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything changed inside becomes one durable record, or nothing does when an error leaves the block.

        Inside another transaction it joins that one; an inner error that is caught still gives up the whole
        (`TransactionBroken`). Do not ``await`` inside.
        """
        with self.guard:
            _ = self.tables
            if self._pending is not None:
                try:
                    yield
                except BaseException:
                    self._broken = True
                    raise
                return
            self._pending, self._broken, self._changing = {}, False, threading.get_ident()
            followers: list[Callable[[], None]] = []
            try:
                try:
                    yield
                    if self._broken:
                        raise TransactionBroken
                except BaseException:
                    followers = self._after_abort
                    raise
                # When this fails the record may be on the disk all the same: then nobody follows.
                self._finish()
                followers = self._after_commit
            finally:
                self._pending = self._changing = None
                self._after_commit, self._after_abort = [], []
                for follow in followers:
                    follow()

    def stage(self, table: str, put: dict[str, bytes], remove: list[str]) -> None:
        """Put and remove documents of one table; a document that does not change costs nothing."""
        with self.transaction():
            changed: dict[str, bytes | None] = {key: doc for key, doc in put.items() if self.get(table, key) != doc}
            changed.update((key, None) for key in remove if self.get(table, key) is not None)
            if changed:
                self._change(table, drop=False).docs.update(changed)

    def clear_table(self, table: str) -> None:
        """Remove all documents of a table; the table stays."""
        with self.transaction():
            change = self._change(table, drop=False)
            change.docs.clear()
            change.clear = True

    def drop_table(self, table: str) -> None:
        """Remove a table."""
        with self.transaction():
            change = self._change(table, drop=True)
            change.docs.clear()

    def follow(self, commit: Callable[[], None] | None = None, abort: Callable[[], None] | None = None) -> None:
        """Have something done once the open transaction is on disk, or once it was given up."""
        if self._pending is None:
            raise RuntimeError("no transaction is open")
        if commit is not None:
            self._after_commit.append(commit)
        if abort is not None:
            self._after_abort.append(abort)

    def _change(self, table: str, *, drop: bool) -> TableChange:
        assert self._pending is not None
        change = self._pending.setdefault(table, TableChange())
        change.clear = change.clear or change.drop  # a table dropped and made again begins empty
        change.drop = drop
        return change

    def _finish(self) -> None:
        assert self._pending is not None
        made = [(name, change) for name, change in self._pending.items() if self._matters(name, change)]
        if made:
            self._commit(changeset.encode(made))
            with self._memory:
                changeset.apply(made, self.tables)

    def _matters(self, name: str, change: TableChange) -> bool:
        if change.drop:
            return name in self.tables
        return bool(change.docs) or (change.clear and self.tables.get(name) != {})
