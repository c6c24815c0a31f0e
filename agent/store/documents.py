"""The documents: what exists, and the bytes of those already fetched (encrypted blobs)."""

from collections.abc import Iterable
from datetime import date

import msgspec

from agent.account import Document, clean_text
from agent.protocol.documents import Document as DocumentShape
from agent.store.document_record import DocumentRecord
from agent.store.errors import NotFound
from agent.store.interfaces import Keeper, Step, Table, plain
from agent.store.payments.book import PaymentBook
from agent.store.payments.index import document_of

_PDF = "application/pdf"


class DocumentShelf:
    """Documents by stable id. The décompte of a payment is on the shelf as soon as the payment is known."""

    def __init__(self, vault: Keeper, payments: PaymentBook, step: Step) -> None:
        self._vault = vault
        self._payments = payments
        self._step = step
        self.table: Table[DocumentRecord] = vault.db.table("documents")

    def save(self, document: Document, data: bytes | None = None) -> bool:
        """Keep a document, with its bytes when they are at hand; True when it was not known."""
        known = self.table.fetch(document.id)
        record: DocumentRecord = {**plain(document, DocumentShape), "title": clean_text(document.title, 300),
                                  "blob": known["blob"] if known else None}
        with self._step():
            if data is not None:
                if record["blob"] is not None:
                    self._vault.delete_blob(record["blob"])
                record["blob"] = self._vault.put_blob(data)
                record["size"] = len(data)
            elif known:
                record["size"] = known.get("size")
            record["fetched"] = record["blob"] is not None
            self.table.put(document.id, record)
        return known is None

    def get(self, key: str) -> DocumentShape:
        """One document in the contract's shape. Raises NotFound."""
        record = self.table.fetch(key)
        if record is not None:
            return _shape(record)
        if key.startswith("d"):
            payment = "p" + key[1:]
            kept = self._payments.table.fetch(payment)
            if kept is not None and kept["document"]:
                return _decompte(payment, kept["paid_on"], kept["label"])
        raise NotFound(id=key)

    def all(self) -> list[DocumentShape]:
        """All documents, newest first."""
        return self.listed(self.offered())

    def offered(self) -> list[tuple[str, str, str]]:
        """Payments whose décompte the service offers, with day and label: asked of the index, which is one thread's."""
        with self._payments.reading() as index:
            return index.offered()

    def listed(self, offered: Iterable[tuple[str, str, str]]) -> list[DocumentShape]:
        """The documents kept and those ``offered``, newest first. For any thread."""
        found = {key: _shape(record) for key, record in self.table.items()}
        for payment, day, label in offered:
            if document_of(payment) not in found:
                found[document_of(payment)] = _decompte(payment, day, label)
        return sorted(found.values(), key=lambda document: str(document["date"]), reverse=True)

    def content(self, key: str) -> bytes | None:
        """The file itself; None when it was never fetched. Raises NotFound for an unknown id."""
        record = self.table.fetch(key)
        if record is None:
            self.get(key)
            return None
        return self._vault.get_blob(record["blob"]) if record["blob"] else None

    def fetched(self, kind: str) -> set[str]:
        """Ids of the documents of a kind whose bytes are kept."""
        return {key for key, record in self.table.items() if record["kind"] == kind and record["blob"]}

    def decompte(self, payment: str) -> Document:
        """The document of a payment, as it is to be kept once fetched. Raises NotFound."""
        return msgspec.convert(self.get(document_of(payment)), Document)


def _shape(record: DocumentRecord) -> DocumentShape:
    return {
        "id": record["id"], "kind": record["kind"], "title": record["title"], "date": record["date"],
        "filename": record["filename"], "media_type": record.get("media_type", _PDF), "size": record.get("size"),
        "fetched": bool(record.get("fetched")), "payment": record.get("payment"), "message": record.get("message"),
        "unread": bool(record.get("unread")),
    }


def _decompte(payment: str, day: str, label: str) -> DocumentShape:
    return {
        **_OFFERED, "id": document_of(payment), "title": label, "date": day,
        "filename": f"{day}_decompte_{payment[1:7]}.pdf", "payment": payment,
    }


_OFFERED = plain(Document(id="", kind="decompte", title="", date=date.min, filename=""), DocumentShape)
"""A décompte that was not fetched yet, without what tells it from others."""
