"""What the person asked for: drafts, the outbox and the history, each with its papers as encrypted blobs."""

from collections.abc import Iterable
from typing import NotRequired, TypedDict

from agent.protocol.procedures import KeptAnswers
from agent.protocol.requests import (
    Decision,
    HistoryLine,
    KeptPaper,
    LoosePaper,
    Maybe,
    Need,
    RequestRecord,
    StageReached,
    Status,
    StoredPaper,
)
from agent.store.errors import NotFound
from agent.store.interfaces import Keeper, Step, Table

MESSAGE = "message"
"""The ``procedure`` of a message to an adviser: it travels in the same outbox."""


class LooseFile(LoosePaper):
    """A paper received ahead of its request."""

    blob: str


class RequestChanges(TypedDict, total=False):
    """What may change of a request while it goes from draft to decision."""

    status: Status
    """See ``agent.protocol.requests.RequestRecord``, also for what follows."""
    reference: str | None
    declared_on: str | None
    answers: KeptAnswers
    papers: list[StoredPaper]
    needs: list[Need]
    stage: str | None
    stages: list[StageReached]
    decision: Decision | None
    sent_at: str | None
    tried: bool
    """An attempt to send it began, so it may have arrived."""
    adding: list[StoredPaper]
    """Papers to send after the request."""
    withdraw: bool
    """It is to be taken back at the service."""
    closed: bool
    """Decided, and nothing more to come."""
    by_hand: bool
    """The person brought it."""
    moved_by: list[str]
    """Ids of the messages that were about it."""
    judged: list[str]
    """Those, and the ones that were not."""
    maybe: list[Maybe]
    """Messages to be asked about."""


class KeptRequest(TypedDict):
    """A request as it is kept, and what the outbox still has to do with it; see `RequestChanges`."""

    id: str
    procedure: str
    status: Status
    reference: str | None
    key: str
    declared_on: str | None
    answers: KeptAnswers
    papers: list[StoredPaper]
    history: list[HistoryLine]
    needs: list[Need]
    stage: str | None
    stages: list[StageReached]
    decision: Decision | None
    created_at: str
    sent_at: str | None
    tried: NotRequired[bool]
    adding: NotRequired[list[StoredPaper]]
    withdraw: NotRequired[bool]
    closed: NotRequired[bool]
    by_hand: NotRequired[bool]
    moved_by: NotRequired[list[str]]
    judged: NotRequired[list[str]]
    maybe: NotRequired[list[Maybe]]


class RequestBook:
    """Requests by id."""

    def __init__(self, vault: Keeper, step: Step) -> None:
        self._vault = vault
        self._step = step
        self.table: Table[KeptRequest] = vault.db.table("requests")
        self.loose: Table[LooseFile] = vault.db.table("loose_papers")
        """Papers received and not yet part of a request."""

    # -- requests ----------------------------------------------------------------------------------------------------

    def save(self, record: KeptRequest) -> None:
        """Keep a request under its id."""
        if record != self.table.fetch(record["id"]):
            self.table.put(record["id"], record)

    def record(self, key: str) -> KeptRequest:
        """The whole record, for the outbox. Raises NotFound."""
        record = self.table.fetch(key)
        if record is None:
            raise NotFound(id=key)
        return record

    def get(self, key: str) -> RequestRecord:
        """One request as it is shown. Raises NotFound."""
        return _shape(self.record(key))

    def all(self, messages: bool = False) -> list[RequestRecord]:
        """Every request (or every message sent), newest first."""
        records = [one for _, one in self.table.items() if (one["procedure"] == MESSAGE) is messages]
        newest_first = sorted(records, key=lambda record: (record["created_at"], record["id"]), reverse=True)
        return [_shape(one) for one in newest_first]

    def waiting(self) -> list[KeptRequest]:
        """What the outbox has to do, oldest first."""
        records = [one for _, one in self.table.items() if is_waiting(one)]
        return sorted(records, key=lambda record: (record["created_at"], record["id"]))

    def followed(self) -> dict[str, KeptRequest]:
        """The requests whose progress is worth asking the service for, by their key."""
        return {one["key"]: one for _, one in self.table.items()
                if one["status"] in ("sent", "needs_papers", "accepted") and one["procedure"] != MESSAGE
                and not one.get("closed") and not one.get("by_hand")}

    def brought(self) -> list[KeptRequest]:
        """Every request, as the outbox sees it, when one of them is the person's to bring; else nothing."""
        records = [one for _, one in self.table.items() if one["procedure"] != MESSAGE]
        by_hand = any(one.get("by_hand") or one["status"] in ("ready", "handed_over") for one in records)
        return sorted(records, key=lambda record: (record["created_at"], record["id"])) if by_hand else []

    def remove(self, key: str) -> None:
        """Forget a request and its papers. Raises NotFound."""
        record = self.record(key)
        with self._step():
            self.drop_blobs([*record["papers"], *(record.get("adding") or [])])
            self.table.drop(key)

    # -- papers ------------------------------------------------------------------------------------------------------

    def keep_loose(self, paper: LoosePaper, data: bytes) -> None:
        """Keep a paper received ahead of its request; ``paper["id"]`` is its key."""
        with self._step():
            self.loose.put(paper["id"], {**paper, "blob": self._vault.put_blob(data)})

    def take_loose(self, keys: Iterable[str]) -> list[StoredPaper]:
        """Take papers out of the loose ones, in that order; call inside a step. Raises NotFound."""
        taken: list[StoredPaper] = []
        for key in keys:
            paper = self.loose.fetch(key)
            if paper is None:
                raise NotFound(id=key)
            self.loose.drop(key)
            taken.append({**_paper(paper), "blob": paper["blob"]})
        return taken

    def peek_loose(self, keys: Iterable[str]) -> list[LooseFile]:
        """The loose papers of those ids. Raises NotFound."""
        papers = []
        for key in keys:
            paper = self.loose.fetch(key)
            if paper is None:
                raise NotFound(id=key)
            papers.append(paper)
        return papers

    def sweep(self, before: str) -> None:
        """Forget loose papers received before a moment (ISO): nobody came back for them."""
        with self._step():
            for key, paper in list(self.loose.items()):
                if paper["at"] < before:
                    self._vault.delete_blob(paper["blob"])
                    self.loose.drop(key)

    def paper(self, paper: StoredPaper) -> bytes:
        """A paper's bytes."""
        return self._vault.get_blob(paper["blob"])

    def drop_blobs(self, papers: Iterable[StoredPaper]) -> None:
        """Remove the bytes of papers, for good."""
        for paper in papers:
            self._vault.delete_blob(paper["blob"])


def is_waiting(record: KeptRequest) -> bool:
    """Whether the outbox has something to do with a request."""
    return bool(record["status"] == "queued" or record.get("adding") or record.get("withdraw"))


def _shape(record: KeptRequest) -> RequestRecord:
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


def _paper(paper: KeptPaper) -> KeptPaper:
    return {"name": paper["name"], "filename": paper["filename"], "media_type": paper["media_type"],
            "size": paper["size"], "sha256": paper["sha256"]}
