"""What is known already, told while the vault is locked: keyed marks that recognise an id and give none away.

Who holds the key can try ids, and days and amounts are few: the marks keep the account from whoever sees them alone.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec

from agent.account.statement_ids import statement_month
from agent.account.sync_notes import SyncNotes, noted
from agent.store.known import StoreKnown

if TYPE_CHECKING:
    from agent.account.batch import Batch
    from agent.store import Store

MARK_SIZE = 16
_MOST_DAYS = 1_100
_MOST_MONTHS = 1_200
"""Days and months that are looked up at most, for a question that has no end: far more than the service lists."""


class Marks(msgspec.Struct, kw_only=True):
    """The ``agent.account.known.Known`` of a locked vault, for the payments of the days from ``since`` on."""

    key: bytes
    since: date
    incomplete: bool
    sync: SyncNotes
    """What the sync noted of itself: days of lists, and the ids of messages that nobody read at the service."""
    days: dict[bytes, set[bytes]] = {}
    """Marks of payments under that of their day."""
    details: set[bytes] = set()
    """Of those whose detail is known."""
    months: dict[bytes, set[bytes]] = {}
    """Marks of statements under that of their month."""
    heads: set[bytes] = set()
    """Of the messages kept whole."""
    refs: set[bytes] = set()
    """Of their other names."""

    def mark(self, kind: str, name: str) -> bytes:
        """The mark of an id of a kind."""
        return hmac.digest(self.key, f"{kind}|{name}".encode(), "sha256")[:MARK_SIZE]

    # -- being made ----------------------------------------------------------------------------------------------------

    @classmethod
    def of(cls, store: Store, key: bytes, since: date) -> Marks:
        """Of what a store keeps. ``key``: 32 random bytes, of this locking alone."""
        kept = StoreKnown(store)
        marks = cls(key=key, since=since, incomplete=kept.incomplete, sync=kept.notes())
        for payment, detailed in store.payments.between(since.isoformat(), date.max.isoformat()).items():
            marks._add_payment(payment, store.payments.record(payment)["paid_on"], detailed)
        for statement in store.documents.fetched("releve_mensuel"):
            marks._add_statement(statement)
        for message, ref in store.messages.named():
            marks._add_message(message, ref)
        return marks

    def take(self, batch: Batch) -> None:
        """What was sealed is known from now on."""
        for read in batch.payments:
            if read.ranked:
                self._add_payment(read.payment.id, read.payment.paid_on.isoformat(), read.payment.complete)
        for file in batch.documents:
            if file.document.kind == "releve_mensuel":
                self._add_statement(file.document.id)
        for message in batch.messages:
            if len(message.files) >= message.total:
                self._add_message(message.message.id, message.ref)
        if batch.notes:
            self.sync = noted(self.sync, batch.notes, batch.at)

    def _add_payment(self, payment: str, day: str, detailed: bool) -> None:
        self.days.setdefault(self.mark("day", day), set()).add(self.mark("payment", payment))
        if detailed:
            self.details.add(self.mark("detail", payment))

    def _add_statement(self, statement: str) -> None:
        month = self.mark("month", statement_month(statement))
        self.months.setdefault(month, set()).add(self.mark("statement", statement))

    def _add_message(self, message: str, ref: str) -> None:
        self.heads.add(self.mark("message", message))
        if ref:
            self.refs.add(self.mark("ref", ref))

    # -- being asked ---------------------------------------------------------------------------------------------------

    def notes(self) -> SyncNotes:
        """What the sync noted of itself."""
        return self.sync

    def payments(self, since: str, until: str) -> MarkedPayments:
        """The payments of these ISO days, as far as they are not before ``self.since``."""
        first = max(date.fromisoformat(since), self.since)
        return MarkedPayments(self, "payment", set().union(*(
            self.days.get(self.mark("day", day), ()) for day in _days(first, date.fromisoformat(until)))))

    def statements(self, since: str = "") -> MarkedIds:
        """The monthly statements kept, of the months from ``since`` (``YYYYMM``) on."""
        if not since:
            return MarkedIds(self, "statement", set().union(*self.months.values()))
        return MarkedIds(self, "statement", set().union(*(
            self.months.get(self.mark("month", month), ()) for month in _months(since))))

    def messages(self) -> tuple[MarkedIds, MarkedIds]:
        """The messages kept whole, and their other names."""
        return MarkedIds(self, "message", self.heads), MarkedIds(self, "ref", self.refs)


class MarkedIds:
    """Ids of one kind that are recognised by their marks."""

    def __init__(self, marks: Marks, kind: str, among: set[bytes]) -> None:
        self._marks, self._kind, self._among = marks, kind, among

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self._marks.mark(self._kind, key) in self._among

    def __len__(self) -> int:
        return len(self._among)


class MarkedPayments(MarkedIds):
    """Payments, each with whether its detail is known."""

    def __getitem__(self, key: str) -> bool:
        if key not in self:
            raise KeyError(key)
        return self._marks.mark("detail", key) in self._marks.details

    def get(self, key: str) -> bool | None:
        """The same; None when the payment is not known."""
        if key not in self:
            return None
        return self[key]


def _days(first: date, last: date) -> Iterator[str]:
    for number in range(min((last - first).days + 1, _MOST_DAYS)):
        yield (first + timedelta(number)).isoformat()


def _months(first: str) -> Iterator[str]:
    start = int(first[:4]) * 12 + int(first[4:]) - 1
    for number in range(start, start + _MOST_MONTHS):
        yield f"{number // 12:04}{number % 12 + 1:02}"
