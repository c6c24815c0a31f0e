"""The payments: saved once under a stable id, found fast, shown in the contract's shape."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from agent.account import Payment
from agent.store.errors import NotFound
from agent.store.index import PaymentIndex, Query, euros
from agent.store.printed import Printed
from agent.store.records import cents, entries, entry, pack, unpack, with_codes
from agent.store.tables import Doc, Keeper, Table


@dataclass(slots=True)
class Saved:
    """What saving some payments changed."""

    new: int = 0
    changed: int = 0
    """Payments already known in full that now read differently."""


class PaymentBook:
    """The payments of one vault. The index is made at the first question and then kept up to date."""

    def __init__(self, vault: Keeper) -> None:
        self.table: Table = vault.db.table("payments")
        self._printed = Printed(self.table, vault.db.table("documents"), vault.db.table("account"), self._of_day)
        self._index: PaymentIndex | None = None
        self.version = 0
        """Moves with every change, so that what was worked out from the payments can be kept until then."""

    @property
    def index(self) -> PaymentIndex:
        """The index, built now when it does not exist yet."""
        if self._index is None:
            self._index = PaymentIndex(entries(self.table.items()))
        return self._index

    def forget_index(self) -> None:
        """Drop the index: what it says may not have been written."""
        self._index = None
        self.version += 1

    def save(self, payments: Iterable[Payment], documents: Iterable[bool] | None = None) -> Saved:
        """Keep payments, the newest knowledge winning; a detail once read is never replaced by none.

        ``documents`` says for each whether the service offers its décompte (default: ``payment.document`` is set).
        Call inside a transaction of the store.
        """
        saved = Saved()
        listed = list(payments)
        offers = list(documents) if documents is not None else [one.document is not None for one in listed]
        for payment, document in zip(listed, offers, strict=True):
            record = pack(payment, document=document)
            known = self._put_right(payment, record, self.table.fetch(payment.id))
            if known is not None and known["complete"] and not payment.complete:
                record = {**known, "label": record["label"], "document": document or known["document"]}
            elif known is not None:
                record = with_codes(record, known)
            if record == known:
                continue
            self.table.put(payment.id, record)
            self.version += 1
            if known is None:
                saved.new += 1
            elif known["complete"]:
                saved.changed += 1
            if self._index is not None:
                self._index.put(entry(payment.id, record))
        return saved

    def _put_right(self, payment: Payment, record: Doc, known: Doc | None) -> Doc | None:
        """What is known of a payment, once what a statement told of it lies under the service's id."""
        if payment.printed:
            self._printed.note()
        elif known is None and (old := self._printed.other_kind(payment)) is not None:
            known = self._printed.rename(old, payment)
            self._look_again(payment, old, payment.id)
        elif known is not None and (other := self._printed.other_rank(payment, record, known)) is not None:
            self._printed.exchange(payment.id, other)
            self._look_again(payment, payment.id, other)
            known = self.table.fetch(payment.id)
        return known

    def _look_again(self, payment: Payment, *keys: str) -> None:
        """Records of that payment's day moved: only they are put right, the whole index would be made for each one."""
        self.version += 1
        if self._index is None:
            return
        for key in keys:
            self._index.remove(key, payment.paid_on.isoformat())
        for key in keys:
            if (record := self.table.fetch(key)) is not None:
                self._index.put(entry(key, record))

    def _of_day(self, day: str) -> list[str]:
        index = self.index
        return [index.ids[row] for row in index.positions(index.find(Query(since=day, until=day)))]

    def learn(self, payment: Payment) -> None:
        """Add to a payment known in full what a statement alone tells: codes, the reference, that there is a file.

        Call inside a transaction of the store. Raises NotFound.
        """
        known = self.table.fetch(payment.id)
        if known is None:
            raise NotFound(id=payment.id)
        record = {**with_codes(known, pack(payment, document=True)), "document": True}
        if record != known:
            self.table.put(payment.id, record)
            self.version += 1
            if self._index is not None:
                self._index.put(entry(payment.id, record))

    def get(self, key: str) -> dict[str, Any]:
        """One payment in the contract's shape. Raises NotFound."""
        record = self.table.fetch(key)
        if record is None:
            raise NotFound(id=key)
        return unpack(key, record)

    def found(self, query: Query, limit: int | None = None) -> list[dict[str, Any]]:
        """Payments in the contract's shape, newest first."""
        return self.several(self.keys(query, limit))

    def keys(self, query: Query, limit: int | None = None) -> list[str]:
        """Ids of the payments that answer ``query``, newest first: asked of the index, which is one thread's."""
        index = self.index
        return [index.ids[row] for row in index.positions(index.find(query), 0, limit)]

    def several(self, keys: Iterable[str]) -> list[dict[str, Any]]:
        """These payments in the contract's shape, in that order; one that is gone is left out. For any thread."""
        records = ((key, self.table.fetch(key)) for key in keys)
        return [unpack(key, record) for key, record in records if record is not None]

    def rows(self, query: Query, offset: int, limit: int) -> dict[str, Any]:
        """A window of the list as the screens draw it, with totals over the whole answer."""
        index = self.index
        found = index.find(query)
        return {
            "total": found.total,
            "count_all": len(index),
            "sum": euros(found.cents),
            "sum_assure": euros(found.cents - found.tiers),
            "sum_tiers": euros(found.tiers),
            "rows": [index.row(row) for row in index.positions(found, offset, limit)],
        }

    def months(self, query: Query) -> list[list[Any]]:
        """``[["2026-10", "123.40", 3], …]``, newest first."""
        return self.index.months(self.index.find(query))

    def total(self, query: Query) -> str:
        """Euros of everything that answers ``query``."""
        return euros(self.index.find(query).cents)

    def between(self, since: str, until: str) -> dict[str, bool]:
        """Ids paid in a range of ISO days, each with whether the service's detail of it is known."""
        return self.detailed(self.keys(Query(since=since, until=until)))

    def detailed(self, keys: Iterable[str]) -> dict[str, bool]:
        """Whether the service's detail of these payments is known. For any thread."""
        records = {key: self.table.fetch(key) or {} for key in keys}
        return {key: bool(record.get("complete")) and not record.get("printed") for key, record in records.items()}

    def days(self) -> tuple[str, str] | None:
        """Oldest and newest ISO day of all payments."""
        index = self.index
        return (index.day(len(index) - 1), index.day(0)) if len(index) else None

    def __len__(self) -> int:
        return len(self.table)


__all__ = ["PaymentBook", "Query", "Saved", "cents"]
