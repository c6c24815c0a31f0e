"""The documents: what exists, and the bytes of those already fetched (encrypted blobs)."""

from collections.abc import Iterable
from datetime import date

import msgspec

from agent.account import Document, clean_text
from agent.errors import AmeliError
from agent.protocol.documents import Document as DocumentShape
from agent.protocol.origins import RecordOrigin
from agent.store.document_record import DocumentRecord, FileClaim, files_of, with_files
from agent.store.errors import NotFound
from agent.store.import_log import digest
from agent.store.interfaces import Keeper, Table, plain
from agent.store.origins import Claim, imported_by, origin
from agent.store.payments.book import PaymentBook
from agent.store.payments.index import document_of

_PDF = "application/pdf"


class DocumentShelf:
    """Documents by stable id. The décompte of a payment is on the shelf as soon as the payment is known."""

    def __init__(self, vault: Keeper, payments: PaymentBook) -> None:
        self._vault = vault
        self._payments = payments
        self.table: Table[DocumentRecord] = vault.db.table("documents")

    def add(self, document: Document, data: bytes, claim: Claim) -> bool:
        """Keep a file that a source gave; True when the document was not here. Call inside a step of the store.

        ``document.unread``: its lines could not be taken from it.
        """
        kept = self.table.fetch(document.id)
        before = files_of(kept) if kept else []
        key = digest(data)
        mine = _file(claim, self._blob(before, key, data), len(data), key, unread=document.unread)
        for file in before:
            if _name(file) == _name(mine) and file["digest"] == key:
                mine["at"] = min(file["at"], mine["at"])
        others: list[FileClaim] = [
            {**one, "blob": mine["blob"]} if one["digest"] == key else one for one in before
            if _name(one) != _name(mine)]
        title = "" if document.payment else clean_text(document.title, 300)  # a décompte is called as its payment is
        shape = plain(document, DocumentShape)
        record: DocumentRecord = {
            "id": shape["id"], "kind": shape["kind"], "title": title, "date": shape["date"],
            "filename": shape["filename"], "media_type": shape["media_type"], "payment": shape["payment"],
            "message": shape["message"], "blob": None, "claims": []}
        after = with_files(record, [*others, mine])
        if kept is not None and after["blob"] != mine["blob"]:
            after = with_files({**kept}, [*others, mine])  # it is named as its best file is
        self._put(document.id, kept, after)
        return kept is None or kept["blob"] is None

    def withdraw(self, source: str) -> list[DocumentShape]:
        """Take back the files that an import gave; those documents of which none is left."""
        gone = []
        for key, record in list(self.table.items()):
            left = [one for one in record.get("claims", ()) if not imported_by(one["source"], source)]
            if len(left) == len(record.get("claims", ())):
                continue
            if not left:
                gone.append(_shape(record))
            self._put(key, record, with_files(record, left) if left else None)
        return gone

    def move(self, moves: Iterable[tuple[Claim, str, str]]) -> None:
        """Sources' words of payments are of others now, ``(word, old id, new id)``: so are the files that they gave as
        those payments' décomptes. Call inside a step."""
        taken = [(new, old, *piece) for claim, old, new in moves if (piece := self._take(claim, old)) is not None]
        for new, old, record, file in taken:  # after all were taken: two payments may change places
            there = self.table.fetch(document_of(new))
            named: DocumentRecord = there or {
                **record, "id": document_of(new), "payment": new,
                "filename": record["filename"].replace(old[1:7], new[1:7])}
            self.table.put(document_of(new), with_files(named, [*(files_of(there) if there else ()), file]))

    def _take(self, claim: Claim, payment: str) -> tuple[DocumentRecord, FileClaim] | None:
        """Take the file that a source gave of a payment out of that payment's document."""
        record = self.table.fetch(document_of(payment))
        if record is None:
            return None
        files = files_of(record)
        if "claims" in record:
            mine = next((file for file in files if _name(file) == _name(claim)), None)
        else:  # of an older version, which does not say whose it is: of its paper, where one printed the payment
            mine = None if claim["source"] else {**files[0], **claim}
        if mine is None:
            return None
        left = [file for file in files if _name(file) != _name(mine)] if "claims" in record else []
        if left:
            self.table.put(record["id"], with_files(record, left))
        else:
            self.table.drop(record["id"])
        return record, mine

    def _blob(self, before: list[FileClaim], digest: str, data: bytes) -> str:
        """Where these bytes are kept: equal files share one place, as long as that is whole."""
        for claim in before:
            alike = claim["digest"] == digest or (not claim["digest"] and claim["size"] == len(data))
            if claim["blob"] is not None and alike and self._reads(claim["blob"]) == data:
                claim["digest"] = digest
                return claim["blob"]
        return self._vault.put_blob(data)

    def _reads(self, blob: str) -> bytes | None:
        """Kept bytes; None when they are damaged or gone."""
        try:
            return self._vault.get_blob(blob)
        except AmeliError:  # damaged, or gone: it is written anew
            return None

    def _put(self, key: str, before: DocumentRecord | None, after: DocumentRecord | None) -> None:
        kept = {one["blob"] for one in files_of(after)} if after else set()
        for claim in files_of(before) if before else ():
            if claim["blob"] is not None and claim["blob"] not in kept:
                self._vault.delete_blob(claim["blob"])
                kept.add(claim["blob"])
        if after is None:
            self.table.drop(key)
        elif after != before:
            self.table.put(key, after)

    def get(self, key: str) -> DocumentShape:
        """One document in the contract's shape. Raises NotFound."""
        record = self.table.fetch(key)
        if record is not None:
            return self._named(_shape(record))
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
        documents = {key: self._named(_shape(record)) for key, record in self.table.items()}
        for payment, day, label in offered:
            if document_of(payment) not in documents:
                documents[document_of(payment)] = _decompte(payment, day, label)
        return sorted(documents.values(), key=lambda document: str(document["date"]), reverse=True)

    def origins(self, key: str) -> list[RecordOrigin]:
        """The ways a document's files came, the best first; nothing for one that is only offered."""
        record = self.table.fetch(key)
        return [origin(one) for one in files_of(record)] if record else []

    def _named(self, document: DocumentShape) -> DocumentShape:
        """A document as it is shown: a décompte under its payment's name."""
        payment = self._payments.table.fetch(document["payment"]) if document["payment"] else None
        return {**document, "title": payment["label"]} if payment else document

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

    def decompte(self, payment: str, *, unread: bool = False) -> Document:
        """The document of a payment, as it is to be kept. Raises NotFound."""
        kept = self._payments.record(payment)
        named = _decompte(payment, kept["paid_on"], kept["label"])
        return msgspec.structs.replace(msgspec.convert(named, Document), unread=unread)


def _file(claim: Claim, blob: str, size: int, digest: str, *, unread: bool) -> FileClaim:
    return {**claim, "blob": blob, "size": size, "digest": digest, "unread": unread}


def _name(claim: Claim) -> tuple[str, str, int | None]:
    return claim["way"], claim["source"], claim.get("number")


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
