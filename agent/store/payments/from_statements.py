"""Payments read from statements, which print neither the kind nor the rank among equals: put right by the service."""

from collections.abc import Callable, Iterable

from agent.account import Payment
from agent.store.interfaces import Doc, Table
from agent.store.payments.index import document_of
from agent.store.payments.records import money
from agent.store.payments.same_care import same_care

_NOTE = "printed"
"""Name of the note that some payments were read from statements: most vaults have none to look for."""


class Printed:
    """Records move between ids together with their file. Call inside a transaction of the store."""

    def __init__(self, payments: Table, documents: Table, notes: Table,
                 of_day: Callable[[str], Iterable[str]]) -> None:
        self._payments, self._documents, self._notes = payments, documents, notes
        self._of_day = of_day

    def note(self) -> None:
        """There are some from now on."""
        if self._notes.fetch(_NOTE) is None:
            self._notes.put(_NOTE, {"any": True})

    def other_kind(self, payment: Payment) -> str | None:
        """The id under which a statement told of this payment, whose kind had to be guessed."""
        if self._notes.fetch(_NOTE) is None:
            return None
        for key, twin in self._twins(payment):
            if twin.get("printed") and twin["kind"] != payment.kind:
                return key
        return None

    def rename(self, old: str, payment: Payment) -> Doc:
        """Move what was printed under ``old`` to the service's id and kind."""
        record = {**_moved(self._payments.fetch(old) or {}, old, payment.id), "kind": payment.kind}
        self._payments.drop(old)
        self._payments.put(payment.id, record)
        self._exchange_files(old, payment.id)
        return record

    def other_rank(self, payment: Payment, record: Doc, known: Doc) -> str | None:
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
        first, second = self._payments.fetch(one) or {}, self._payments.fetch(other) or {}
        self._payments.put(one, _moved(second, other, one))
        self._payments.put(other, _moved(first, one, other))
        self._exchange_files(one, other)

    def _twins(self, payment: Payment) -> Iterable[tuple[str, Doc]]:
        """Other payments of that day, amount and receiver."""
        for key in self._of_day(payment.paid_on.isoformat()):
            record = self._payments.fetch(key)
            if key != payment.id and record is not None and (record["amount"], record["to"]) == (
                    money(payment.amount), payment.to):
                yield key, record

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


def _moved(record: Doc, old: str, new: str) -> Doc:
    """A record with the ids of its parts under its new id."""
    parts: Doc = {name: [{**part, "id": part["id"].replace(old, new, 1)} for part in record[name]]
             for name in ("lines", "deductions") if name in record}
    return {**record, **parts}
