"""The payments: saved once under a stable id, found fast, shown in the contract's shape."""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from threading import RLock

from agent.protocol.payments import Facets, Month, PaymentDetail, PaymentWindow, PaymentWithOrigins
from agent.store.errors import NotFound
from agent.store.interfaces import Keeper, Table
from agent.store.payments.claims import PaymentRecord
from agent.store.payments.index import EVERY, Entry, PaymentIndex, Query, euros
from agent.store.payments.records import cents, doubts, entries, entry, origins, unpack


class PaymentBook:
    """The payments of one vault. The index is made at the first question and then kept up to date.

    Payments may be saved in one thread while another reads: the index changes with the next question after the
    transaction is on the disk, so it never tells of a payment that is not there.
    """

    def __init__(self, vault: Keeper) -> None:
        self._vault = vault
        self.table: Table[PaymentRecord] = vault.db.table("payments")
        self._index: PaymentIndex | None = None
        self._turn = RLock()
        """Held while the index is read or brought up to date."""
        self._staged: dict[str, Entry] = {}
        """What the open transaction has saved; touched by its thread alone."""
        self._gone: dict[str, str] = {}
        """Ids that it took away, each with its ISO day."""
        self._committed: deque[tuple[dict[str, str], dict[str, Entry]] | None] = deque()
        """What transactions moved and saved since the index was last read, in order; None: it must be made anew."""
        self.version = 0
        """Moves with every change, so that what was worked out from the payments can be kept until then."""

    @property
    def index(self) -> PaymentIndex:
        """The index as of now, built when it does not exist yet. See `reading` where others may write meanwhile."""
        with self._turn:
            while self._committed:
                change = self._committed.popleft()
                if change is None:
                    self._index = None
                elif self._index is not None:
                    gone, saved = change
                    for key, day in gone.items():
                        self._index.remove(key, day)
                    for entry in saved.values():
                        self._index.put(entry)
            if self._index is None:
                self._committed.clear()  # the table has it all
                self._index = PaymentIndex(entries(self.table.items()))
            return self._index

    @contextmanager
    def reading(self) -> Iterator[PaymentIndex]:
        """The index, held still as long as the block lasts: nothing slow belongs in it."""
        with self._turn:
            yield self.index

    def forget_index(self) -> None:
        """Drop the index: what it says may not have been written."""
        self._staged, self._gone = {}, {}
        self._committed.append(None)
        self.version += 1

    def _follow(self) -> None:
        if not self._staged and not self._gone:
            self._vault.follow(commit=self._publish, abort=self._give_up)

    def _stage(self, key: str, record: PaymentRecord) -> None:
        self._follow()
        self._staged[key] = entry(key, record)

    def _publish(self) -> None:
        self._committed.append((self._gone, self._staged))
        self._staged, self._gone = {}, {}
        self.version += 1

    def _give_up(self) -> None:
        if self._staged or self._gone:
            self.forget_index()

    def replace(self, records: Mapping[str, PaymentRecord | None]) -> None:
        """Put records under their ids, take away those that are None. Call inside a transaction of the store."""
        if not self._vault.changing:
            self._give_up()
        with self._vault.transaction():
            for key, record in records.items():
                if record is not None:
                    self.table.put(key, record)
                    self._stage(key, record)
                elif (before := self.table.fetch(key)) is not None:
                    self._follow()
                    self.table.drop(key)
                    self._gone[key] = before["paid_on"]
                    self._staged.pop(key, None)

    def of_day(self, day: str) -> list[str]:
        """Ids of one day, those of the open transaction included."""
        with self.reading() as index:
            ids = [index.ids[row] for row in index.positions(index.find(Query(since=day, until=day)))]
        here = dict.fromkeys([*ids, *(key for key, entry in self._staged.items() if entry.day == day)])
        return [key for key in here if key in self._staged or key not in self._gone]

    def get(self, key: str) -> PaymentDetail:
        """One payment in the contract's shape. Raises NotFound."""
        return unpack(key, self.record(key))

    def with_origins(self, key: str) -> PaymentWithOrigins:
        """The same, with where it came from and what sources that disagree say. Raises NotFound."""
        record = self.record(key)
        return {**unpack(key, record), "origins": origins(key, record), "doubts": doubts(key, record)}

    def record(self, key: str) -> PaymentRecord:
        """One payment as it is kept. Raises NotFound."""
        record = self.table.fetch(key)
        if record is None:
            raise NotFound(id=key)
        return record

    def found(self, query: Query = EVERY, limit: int | None = None) -> list[PaymentDetail]:
        """The payments that answer ``query``, in the contract's shape, newest first."""
        return self.several(self.keys(query, limit))

    def keys(self, query: Query = EVERY, limit: int | None = None) -> list[str]:
        """Ids of the payments that answer ``query``, newest first: quick, where `several` of many is work for a
        thread."""
        with self.reading() as index:
            return [index.ids[row] for row in index.positions(index.find(query), 0, limit)]

    def several(self, keys: Iterable[str]) -> list[PaymentDetail]:
        """These payments in the contract's shape, in that order; one that is gone is left out. For any thread."""
        records = ((key, self.table.fetch(key)) for key in keys)
        return [unpack(key, record) for key, record in records if record is not None]

    def rows(self, query: Query = EVERY, offset: int = 0, limit: int = 60) -> PaymentWindow:
        """A window of the list as the screens draw it, with totals over the whole answer."""
        with self.reading() as index:
            answer = index.find(query)
            return {
                "total": answer.total,
                "count_all": len(index),
                "sum": euros(answer.cents),
                "sum_assure": euros(answer.cents - answer.tiers),
                "sum_tiers": euros(answer.tiers),
                "rows": [index.row(row) for row in index.positions(answer, offset, limit)],
            }

    def months(self, query: Query = EVERY) -> list[Month]:
        """Month, euros and number of payments, newest first."""
        with self.reading() as index:
            return index.months(index.find(query))

    def facets(self) -> Facets:
        """What a person can filter by: beneficiaries, kinds, years."""
        with self.reading() as index:
            return index.facets()

    def total(self, query: Query) -> str:
        """Euros of everything that answers ``query``."""
        with self.reading() as index:
            return euros(index.find(query).cents)

    def between(self, since: str, until: str) -> dict[str, bool]:
        """Ids paid in a range of ISO days, each with whether the service's detail of it is known."""
        return self.detailed(self.keys(Query(since=since, until=until)))

    def detailed(self, keys: Iterable[str]) -> dict[str, bool]:
        """Whether the service's detail of these payments is known. For any thread."""
        records = {key: self.table.fetch(key) for key in keys}
        return {key: record is not None and record["complete"] and not record.get("printed")
                for key, record in records.items()}

    def is_printed(self, key: str) -> bool:
        """Whether a payment was read from a statement only."""
        record = self.table.fetch(key)
        return record is not None and record.get("printed", False)

    def days(self) -> tuple[str, str] | None:
        """Oldest and newest ISO day of all payments."""
        with self.reading() as index:
            return (index.day(len(index) - 1), index.day(0)) if len(index) else None

    def __len__(self) -> int:
        return len(self.table)


__all__ = ["PaymentBook", "Query", "cents"]
