"""Payments read from statements, which print neither the kind nor the rank among equals: put right by the service."""

from collections.abc import Callable, Iterable

from agent.account import Payment
from agent.store.account_records import PrintedNote
from agent.store.account_state import Single
from agent.store.document_record import DocumentRecord
from agent.store.errors import NotFound
from agent.store.interfaces import Table
from agent.store.payments.index import document_of
from agent.store.payments.records import PaymentRecord, money
from agent.store.payments.same_care import same_care


class Printed:
    """Records move between ids together with their file. Call inside a transaction of the store."""

    def __init__(self, payments: Table[PaymentRecord], documents: Table[DocumentRecord],
                 any_printed: Single[PrintedNote], of_day: Callable[[str], Iterable[str]]) -> None:
        """``any_printed`` notes that there are some: most vaults have none to look for."""
        self._payments, self._documents, self._any = payments, documents, any_printed
        self._of_day = of_day

    def note(self) -> None:
        """There are some from now on."""
        if self._any.read() is None:
            self._any.write({"any": True})

    def other_kind(self, payment: Payment) -> str | None:
        """The id under which a statement told of this payment, whose kind had to be guessed."""
        if self._any.read() is None:
            return None
        for key, twin in self._twins(payment):
            if twin.get("printed") and twin["kind"] != payment.kind:
                return key
        return None

    def rename(self, old: str, payment: Payment) -> PaymentRecord:
        """Move what was printed under ``old`` to the service's id and kind."""
        record: PaymentRecord = {**_moved(self._kept(old), old, payment.id), "kind": payment.kind}
        self._payments.drop(old)
        self._payments.put(payment.id, record)
        self._exchange_files(old, payment.id)
        return record

    def other_rank(self, payment: Payment, record: PaymentRecord, known: PaymentRecord) -> str | None:
        """The id of the equal payment that ``payment`` is, when what was printed under its own id is another's care.

        That of the same care; else one of which nothing is known yet, where the printed care then belongs.
        """
        if not known.get("printed") or payment.printed or not (payment.lines or payment.indemnities):
            return None
        if same_care(record, known):
            return None
        twins = [(key, twin) for key, twin in self._twins(payment) if twin["kind"] == payment.kind]
        same = (key for key, twin in twins if twin.get("printed") and same_care(record, twin))
        empty = (key for key, twin in twins if not twin["complete"] and not twin.get("printed"))
        return next(same, None) or next(empty, None)

    def exchange(self, one: str, other: str) -> None:
        """Two equal payments take each other's place."""
        first, second = self._kept(one), self._kept(other)
        self._payments.put(one, _moved(second, other, one))
        self._payments.put(other, _moved(first, one, other))
        self._exchange_files(one, other)

    def _twins(self, payment: Payment) -> Iterable[tuple[str, PaymentRecord]]:
        """Other payments of that day, amount and receiver."""
        for key in self._of_day(payment.paid_on.isoformat()):
            record = self._payments.fetch(key)
            if key != payment.id and record is not None and (record["amount"], record["to"]) == (
                    money(payment.amount), payment.to):
                yield key, record

    def _kept(self, key: str) -> PaymentRecord:
        record = self._payments.fetch(key)
        if record is None:
            raise NotFound(id=key)
        return record

    def _exchange_files(self, one: str, other: str) -> None:
        files = {key: self._documents.fetch(document_of(key)) for key in (one, other)}
        for key, file in files.items():
            if file is not None:
                self._documents.drop(document_of(key))
        for key, file in ((other, files[one]), (one, files[other])):
            if file is not None:
                named = file["filename"].replace((one if key == other else other)[1:7], key[1:7])
                self._documents.put(document_of(key), {
                    **file, "id": document_of(key), "payment": key, "filename": named})


def _moved(record: PaymentRecord, old: str, new: str) -> PaymentRecord:
    """A record with the ids of its parts under its new id."""
    moved = record.copy()
    if "lines" in record:
        moved["lines"] = [{**line, "id": line["id"].replace(old, new, 1)} for line in record["lines"]]
    if "deductions" in record:
        moved["deductions"] = [{**part, "id": part["id"].replace(old, new, 1)} for part in record["deductions"]]
    return moved
