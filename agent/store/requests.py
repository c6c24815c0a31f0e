"""What the person asked for: drafts, the outbox and the history, each with its papers as encrypted blobs."""

from collections.abc import Callable, Iterable
from typing import Any

from agent.protocol.requests import KeptPaper, RequestRecord, StoredPaper
from agent.store.errors import NotFound
from agent.store.interfaces import Doc, Keeper, Table

MESSAGE = "message"
"""The ``procedure`` of a message to an adviser: it travels in the same outbox."""
_BLOB = "blob"


class RequestBook:
    """Requests by id.

    A record: ``id, procedure, status, reference, key, declared_on, answers, papers, history, needs, stage, stages,
    decision, created_at, sent_at`` and what the outbox still has to do: ``tried`` (an attempt to send began, so it may
    have arrived), ``adding`` (papers to send after the request), ``withdraw`` (to be taken back at the service),
    ``closed`` (accepted, and nothing more to come). One that the person brought has ``by_hand``, ``moved_by`` (ids of
    the messages that were about it), ``judged`` (those and the ones that were not) and ``maybe`` (to be asked about).
    """

    def __init__(self, vault: Keeper, step: Callable[[], Any]) -> None:
        self._vault = vault
        self._step = step
        self.table: Table = vault.db.table("requests")
        self.loose: Table = vault.db.table("loose_papers")
        """Papers received and not yet part of a request."""

    # -- requests ----------------------------------------------------------------------------------------------------

    def save(self, record: Doc) -> None:
        """Keep a request under its id."""
        if record != self.table.fetch(record["id"]):
            self.table.put(record["id"], record)

    def record(self, key: str) -> Doc:
        """The whole record, for the outbox. Raises NotFound."""
        found = self.table.fetch(key)
        if found is None:
            raise NotFound(id=key)
        return found

    def get(self, key: str) -> RequestRecord:
        """One request as it is shown. Raises NotFound."""
        return _shape(self.record(key))

    def all(self, messages: bool = False) -> list[RequestRecord]:
        """Every request (or every message sent), newest first."""
        records = [one for _, one in self.table.items() if (one["procedure"] == MESSAGE) is messages]
        return [_shape(one) for one in sorted(records, key=lambda one: (one["created_at"], one["id"]), reverse=True)]

    def waiting(self) -> list[Doc]:
        """What the outbox has to do, oldest first."""
        records = [one for _, one in self.table.items() if is_waiting(one)]
        return sorted(records, key=lambda one: (one["created_at"], one["id"]))

    def followed(self) -> dict[str, Doc]:
        """The requests whose progress is worth asking the service for, by their key."""
        return {one["key"]: one for _, one in self.table.items()
                if one["status"] in ("sent", "needs_papers", "accepted") and one["procedure"] != MESSAGE
                and not one.get("closed") and not one.get("by_hand")}

    def brought(self) -> list[Doc]:
        """Every request, as the outbox sees it, when one of them is the person's to bring; else nothing."""
        records = [one for _, one in self.table.items() if one["procedure"] != MESSAGE]
        by_hand = any(one.get("by_hand") or one["status"] in ("ready", "handed_over") for one in records)
        return sorted(records, key=lambda one: (one["created_at"], one["id"])) if by_hand else []

    def remove(self, key: str) -> None:
        """Forget a request and its papers. Raises NotFound."""
        record = self.record(key)
        with self._step():
            self.drop_blobs([*record["papers"], *(record.get("adding") or [])])
            self.table.drop(key)

    # -- papers ------------------------------------------------------------------------------------------------------

    def keep_loose(self, paper: Doc, data: bytes) -> Doc:
        """Keep a paper received ahead of its request; ``paper["id"]`` is its key."""
        with self._step():
            kept = {**paper, _BLOB: self._vault.put_blob(data)}
            self.loose.put(paper["id"], kept)
        return kept

    def take_loose(self, keys: Iterable[str]) -> list[Doc]:
        """Take papers out of the loose ones, in that order; call inside a step. Raises NotFound."""
        taken = []
        for key in keys:
            paper = self.loose.fetch(key)
            if paper is None:
                raise NotFound(id=key)
            self.loose.drop(key)
            taken.append({name: value for name, value in paper.items() if name not in ("id", "at")})
        return taken

    def peek_loose(self, keys: Iterable[str]) -> list[Doc]:
        """The loose papers of those ids. Raises NotFound."""
        found = []
        for key in keys:
            paper = self.loose.fetch(key)
            if paper is None:
                raise NotFound(id=key)
            found.append(paper)
        return found

    def sweep(self, before: str) -> None:
        """Forget loose papers received before a moment (ISO): nobody came back for them."""
        with self._step():
            for key, paper in list(self.loose.items()):
                if paper["at"] < before:
                    self._vault.delete_blob(paper[_BLOB])
                    self.loose.drop(key)

    def paper(self, paper: StoredPaper) -> bytes:
        """A paper's bytes."""
        return self._vault.get_blob(paper["blob"])

    def drop_blobs(self, papers: Iterable[Doc]) -> None:
        """Remove the bytes of papers, for good."""
        for paper in papers:
            self._vault.delete_blob(paper[_BLOB])


def is_waiting(record: Doc) -> bool:
    """Whether the outbox has something to do with a request."""
    return bool(record["status"] == "queued" or record.get("adding") or record.get("withdraw"))


def _shape(record: Doc) -> RequestRecord:
    return {
        "id": record["id"], "procedure": record["procedure"], "status": record["status"],
        "reference": record["reference"], "key": record["key"], "declared_on": record["declared_on"],
        "answers": record["answers"], "papers": [_paper(one) for one in record["papers"]],
        "history": record["history"], "needs": record["needs"], "stage": record["stage"], "stages": record["stages"],
        "decision": record["decision"], "created_at": record["created_at"], "sent_at": record["sent_at"],
        "adding": [_paper(one) for one in record.get("adding") or []], "withdrawing": bool(record.get("withdraw")),
        "by_hand": bool(record.get("by_hand")), "maybe": record.get("maybe") or [],
        "moved_by": record.get("moved_by") or [],
    }


def _paper(paper: Doc) -> KeptPaper:
    return {"name": paper["name"], "filename": paper["filename"], "media_type": paper["media_type"],
            "size": paper["size"], "sha256": paper["sha256"]}
