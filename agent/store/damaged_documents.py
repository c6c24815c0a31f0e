"""Documents whose bytes are damaged: what is known of them until they are whole again or given up.

The damaged bytes stay in the vault, so that a person who puts the file back has the document again. Such a document
counts as not fetched.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import NotRequired, TypedDict

from agent.account.retention import listed_until
from agent.protocol.documents import DamagedDocument
from agent.store.document_record import DocumentRecord, blobs_of, with_bytes, without_bytes
from agent.store.errors import NotFound
from agent.store.interfaces import Keeper, Step, Table
from agent.store.page_changes import ChangeBook
from agent.store.requests import RequestBook

_OWN = "i"
"""How the ids of files begin that only the person has: statements of an unknown kind, taken in from a file."""


class DamagedFile(TypedDict):
    """That a document's bytes are not what was written, kept under the document's id."""

    blob: str
    """Name of those bytes: they are left where they are."""
    since: str
    """ISO day on which that was found."""
    gone: NotRequired[bool]
    """The service was asked for it and has it no more."""


class DamagedDocuments:
    """The damaged documents of one vault."""

    def __init__(
        self, vault: Keeper, documents: Table[DocumentRecord], requests: RequestBook, changes: ChangeBook, step: Step,
        today: Callable[[], date],
    ) -> None:
        self._vault, self._documents, self._requests, self._changes = vault, documents, requests, changes
        self._table: Table[DamagedFile] = vault.db.table("damaged")
        self._step, self._today = step, today

    def all(self) -> list[DamagedDocument]:
        """Those that are not whole, newest first."""
        damaged = [document for key, _ in self._table.items() if (document := self.get(key)) is not None]
        return sorted(damaged, key=lambda document: document["date"], reverse=True)

    def get(self, key: str) -> DamagedDocument | None:
        """One of them; None when that document is not damaged."""
        damaged, record = self._table.fetch(key), self._documents.fetch(key)
        if damaged is None or record is None or record["blob"] is not None:
            return None
        return _shape(record, damaged)

    def lost(self, document: DamagedDocument) -> bool:
        """Whether the service has it no more, as far as is known."""
        until = document["until"]
        return not document["fetchable"] or (until is not None and until < self._today().isoformat())

    def about(self, key: str, blob: str) -> DamagedDocument | None:
        """As `get`, also when it could not be noted that ``blob`` is damaged; None when the document has others now."""
        record = self._documents.fetch(key)
        if record is not None and record["blob"] == blob:
            return _shape(record, {"blob": blob, "since": self._today().isoformat()})
        return self.get(key)

    @property
    def noted(self) -> bool:
        """Whether anything is noted of damaged documents, be it over or not."""
        return len(self._table) > 0

    def owners(self, blobs: Iterable[str]) -> dict[str, str]:
        """The ids of the documents that these bytes belong to, by the name of the bytes."""
        wanted = set(blobs)
        keys = {damaged["blob"]: key for key, damaged in self._table.items() if damaged["blob"] in wanted}
        for key, record in self._documents.items() if wanted else ():
            keys |= dict.fromkeys(wanted & blobs_of(record), key)
        return keys

    def note(self, blobs: Iterable[str]) -> None:
        """These bytes are damaged: the documents that they belong to are not fetched any more."""
        with self._step():
            for blob, key in self.owners(blobs).items():
                record = self._documents.fetch(key)
                if record is not None and blob in blobs_of(record):
                    self._table.put(key, {"blob": blob, "since": self._today().isoformat()})
                    self._documents.put(key, without_bytes(record, blob.__eq__))

    def note_one(self, key: str) -> None:
        """The bytes of this document are damaged."""
        record = self._documents.fetch(key)
        if record is not None and record["blob"] is not None:
            self.note([record["blob"]])

    def settle(self, still: Iterable[str] | None = None) -> None:
        """Note what is over: documents that were fetched again or are gone, and their damaged bytes with them.

        ``still``: all bytes were read and only these are damaged, so that others are kept again as they were.
        """
        with self._step():
            for key, damaged in list(self._table.items()):
                record = self._documents.fetch(key)
                if record is None or record["blob"] is not None:
                    self._vault.delete_blob(damaged["blob"])
                elif still is not None and damaged["blob"] not in still:
                    self._documents.put(key, with_bytes(record, damaged["blob"]))
                else:
                    continue
                self._table.drop(key)

    def gone(self, key: str) -> None:
        """The service has it no more."""
        damaged = self._table.fetch(key)
        if damaged is not None:
            self._table.put(key, {**damaged, "gone": True})

    def forget(self, key: str) -> None:
        """Give a damaged document up: it and its bytes are removed. Raises NotFound for one that is not damaged."""
        if self.get(key) is None:
            raise NotFound(id=key)
        with self._step():
            self._documents.drop(key)
            self.settle()

    def papers(self, blobs: Iterable[str]) -> dict[str, tuple[str, str]]:
        """The papers of requests that these bytes are: file's name and id of the request (empty: of none yet)."""
        wanted = set(blobs)
        named = {one["blob"]: (one["name"], "") for _, one in self._requests.loose.items() if one["blob"] in wanted}
        for key, record in self._requests.table.items() if wanted else ():
            for paper in [*record["papers"], *(record.get("adding") or ())]:
                if paper["blob"] in wanted:
                    named[paper["blob"]] = (paper["name"], key)
        return named

    def drop_needless(self, blob: str) -> bool:
        """Remove damaged bytes that no document or request names; True when they were the copy of a page."""
        with self._step():
            copy = self._changes.drop_copy(blob)
            self._vault.delete_blob(blob)
        return copy


def _shape(record: DocumentRecord, damaged: DamagedFile) -> DamagedDocument:
    until = listed_until(record["kind"], date.fromisoformat(record["date"]))
    own = record["id"].startswith(_OWN) or record["kind"] == "other"
    return {
        "id": record["id"], "kind": record["kind"], "title": record["title"], "date": record["date"],
        "since": damaged["since"], "fetchable": not own and not damaged.get("gone"),
        "until": until.isoformat() if until else None,
    }
