"""What a person does with a request: keep a draft, queue it, complete it, take it back, hand it over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from hashlib import sha256
from pathlib import PurePath
from secrets import token_hex
from uuid import uuid4

from agent.account import clean_text
from agent.procedures.model import Both, Paper, Procedure, World
from agent.procedures.registry import procedure
from agent.procedures.validation import Checked, check
from agent.procedures.values import plain
from agent.protocol.procedures import ReadOnlyAnswers
from agent.protocol.requests import LoosePaper, RequestRecord, TakenPaper
from agent.requests import history
from agent.requests.attachments import DOCUMENT, PORTRAIT, Accepted, accept
from agent.requests.by_hand import ByHand
from agent.requests.errors import EmptyMessage, NoSuchPaper, NotAttached, NotNow
from agent.store import Store
from agent.store.requests import MESSAGE, KeptRequest
from config import clock

ATTACHMENT = Paper("attachment", Both("Pièce jointe", "Attachment"), several=5)
"""What goes with a message to an adviser."""
_SUBJECT, _BODY = 200, 20_000
_THEME = "Droits et démarches"
"""The one theme of the service's list that is known."""
_LOOSE_H = 24


class RequestService:
    """The requests of one open vault."""

    def __init__(
        self, store: Store, *, desk: bool = True, now: Callable[[], datetime] = clock.now,
        today: Callable[[], date] = clock.today,
        fresh_id: Callable[[], str] = lambda: "q" + token_hex(5), fresh_key: Callable[[], str] = lambda: str(uuid4()),
    ) -> None:
        """``desk``: the portal may take requests from programs; where it surely does not, the person brings them."""
        self._store = store
        self._desk = desk
        self._book = store.requests
        self._now = now
        self._today = today
        self._fresh_id = fresh_id
        self._fresh_key = fresh_key
        self.by_hand = ByHand(store, now, today)
        """The requests that the person brings."""

    def world(self) -> World:
        """What the checks may know."""
        coverage = self._store.account.cover.read() or {}
        return World(self._today(), self._store.profile(), coverage.get("situations") or {})

    # -- papers ------------------------------------------------------------------------------------------------------

    def take_paper(self, declared: Procedure | None, name: str, filename: str, data: bytes) -> TakenPaper:
        """Check and keep a file ahead of its request; None stands for a message. Raises BadPaper, NoSuchPaper."""
        papers = {ATTACHMENT.name: ATTACHMENT} if declared is None else {paper.name: paper for paper in declared.papers}
        paper = papers.get(name)
        if paper is None:
            raise NoSuchPaper(name=clean_text(name, 80), known=", ".join(papers) or "—")
        return self._keep(paper, filename, data)

    def take_needed(self, key: str, name: str, filename: str, data: bytes) -> TakenPaper:
        """As ``take_paper``, for a paper that the service asks for. Raises NotNow, BadPaper, NoSuchPaper."""
        record = self._book.record(key)
        wanted = [need["paper"] for need in record["needs"]]
        if record["status"] != "needs_papers":
            raise NotNow(status=record["status"])
        if name not in wanted:
            raise NoSuchPaper(name=clean_text(name, 80), known=", ".join(wanted) or "—")
        papers = {paper.name: paper for paper in procedure(record["procedure"]).papers}
        need = next(need for need in record["needs"] if need["paper"] == name)
        paper = papers.get(name) or Paper(name, Both(need["label_fr"], need["label_en"]))
        return self._keep(paper, filename, data)

    def _keep(self, paper: Paper, filename: str, data: bytes) -> TakenPaper:
        checked = accept(data, _safe(filename), paper, self._today())
        moment = self._now()
        self._book.sweep(datetime.fromtimestamp(moment.timestamp() - _LOOSE_H * 3600, moment.tzinfo).isoformat())
        kept: LoosePaper = {
            "id": "f" + token_hex(8), "at": moment.isoformat(), "name": paper.name, "filename": _safe(filename),
            "media_type": checked.media_type, "size": len(checked.data), "sha256": sha256(checked.data).hexdigest(),
        }
        self._book.keep_loose(kept, checked.data)
        return {**kept, **checked.facts()}

    def look_at(self, filename: str, data: bytes, *, photo: bool) -> Accepted:
        """What would become of a file, which is not kept. Raises BadPaper, UnreadablePaper."""
        return accept(data, _safe(filename), PORTRAIT if photo else DOCUMENT, self._today())

    # -- requests ----------------------------------------------------------------------------------------------------

    def examine(self, declared: Procedure, answers: ReadOnlyAnswers, papers: Sequence[str]) -> Checked:
        """All checks at once; ``papers`` are names."""
        return check(declared, answers, papers, self.world())

    def start(
        self, declared: Procedure, answers: ReadOnlyAnswers, papers: Sequence[str], *, draft: bool = False,
        request: str | None = None,
    ) -> tuple[RequestRecord | None, Checked]:
        """Keep a draft or queue a request; None with what is wrong when it cannot be queued.

        ``papers`` are ids of files taken before; ``request`` is a draft to go on with: its papers stay, except where
        new ones of the same name come. Raises NotFound, NotNow.
        """
        before = self._draft(request, declared) if request else None
        fresh = self._book.peek_loose(papers)
        named = {one["name"] for one in fresh}
        old = [one for one in before["papers"] if one["name"] not in named] if before else []
        checked = self.examine(declared, answers, [one["name"] for one in (*old, *fresh)])
        if not draft and not checked.ok:
            return None, checked
        with self._store.step():
            record = before or self._new(declared.name)
            gone = [one for one in record["papers"] if one["name"] in named]
            self._book.drop_blobs(gone)
            record = {**record, "papers": [*old, *self._book.take_loose(papers)]}
            if draft:
                record = history.note({**record, "answers": dict(answers)}, self._now(), history.DRAFTED,
                                      status="draft")
            else:
                record = self._queue({**record, "answers": plain(checked.values)}, declared)
            self._book.save(record)
        return self._book.get(record["id"]), checked

    def send_draft(self, key: str) -> tuple[RequestRecord | None, Checked]:
        """Queue a draft; None with what is wrong. Raises NotFound, NotNow."""
        record = self._book.record(key)
        declared = procedure(record["procedure"])
        return self.start(declared, record["answers"], [], request=key)

    def remove_paper(self, key: str, name: str, filename: str | None = None) -> RequestRecord:
        """Take a paper off a draft, all its files or the one of that name. Raises NotFound, NotNow, NotAttached."""
        record = self._book.record(key)
        if record["status"] != "draft":
            raise NotNow(status=record["status"])
        gone = [one for one in record["papers"] if one["name"] == name and filename in (None, one["filename"])]
        if not gone:
            joined = ", ".join(sorted({f"{one['name']} ({one['filename']})" for one in record["papers"]}))
            raise NotAttached(known=joined or "—")
        with self._store.step():
            self._book.drop_blobs(gone)
            self._book.save({**record, "papers": [one for one in record["papers"] if one not in gone]})
        return self._book.get(key)

    def _draft(self, key: str, declared: Procedure) -> KeptRequest:
        record = self._book.record(key)
        if record["status"] != "draft" or record["procedure"] != declared.name:
            raise NotNow(status=record["status"])
        return record

    def _new(self, name: str) -> KeptRequest:
        moment = self._now().isoformat(timespec="milliseconds")
        return {
            "id": self._fresh_id(), "procedure": name, "status": "draft", "reference": None, "key": self._fresh_key(),
            "declared_on": None, "answers": {}, "papers": [], "history": [], "needs": [], "stage": None, "stages": [],
            "decision": None, "created_at": moment, "sent_at": None,
        }

    def _queue(self, record: KeptRequest, declared: Procedure) -> KeptRequest:
        """Ready to leave. The day is written down now: a body sent again must be the same to the letter."""
        record = {**record, "declared_on": self._today().isoformat()}
        return self._leaving(record, here=self._desk and declared.submits == "portal")

    def _leaving(self, record: KeptRequest, *, here: bool) -> KeptRequest:
        """``record`` as it waits to be sent from here, or to be brought by the person."""
        if here:
            return history.note(record, self._now(), history.QUEUED, status="queued")
        return history.note(record, self._now(), history.READY, status="ready")

    def complete(self, key: str, papers: Sequence[str]) -> RequestRecord:
        """Add the papers that the service asks for; they leave with the next sending. Raises NotFound, NotNow."""
        record = self._book.record(key)
        if record["status"] != "needs_papers" or not papers:
            raise NotNow(status=record["status"])
        wanted = {need["paper"] for need in record["needs"]}
        for paper in self._book.peek_loose(papers):
            if paper["name"] not in wanted:
                raise NoSuchPaper(name=paper["name"], known=", ".join(sorted(wanted)))
        with self._store.step():
            if record.get("by_hand"):  # the person sends these too
                self._book.save(history.note(
                    {**record, "papers": [*record["papers"], *self._book.take_loose(papers)]},
                    self._now(), history.COMPLETED, status="ready", needs=[]))
                return self._book.get(key)
            adding = [*(record.get("adding") or []), *self._book.take_loose(papers)]
            self._book.save(history.note({**record, "adding": adding}, self._now(), history.ADDING))
        return self._book.get(key)

    def cancel(self, key: str) -> RequestRecord:
        """Take a request back. A draft is gone altogether; one that may have arrived is taken back at the service.

        Raises NotFound, NotNow (decided, or handed over).
        """
        record = self._book.record(key)
        status = record["status"]
        if status == "draft":
            shown: RequestRecord = {**self._book.get(key), "status": "cancelled"}
            self._book.remove(key)
            return shown
        if status == "ready" or (status == "queued" and not record.get("tried")):
            with self._store.step():
                self._book.drop_blobs(record["papers"])
                self._book.save(history.note({**record, "papers": []}, self._now(), history.WITHDRAWN,
                                             status="cancelled"))
        elif status in ("queued", "sent", "needs_papers") and record["procedure"] != MESSAGE:
            self._book.save(history.note({**record, "withdraw": True}, self._now(), history.WITHDRAWING))
        else:
            raise NotNow(status=status)
        return self._book.get(key)

    # -- messages ----------------------------------------------------------------------------------------------------

    def write(self, subject: str, body: str, papers: Sequence[str], theme: str | None = None) -> RequestRecord:
        """Queue a message to an adviser. Raises EmptyMessage, NotFound."""
        subject = " ".join(clean_text(subject, _SUBJECT + 1).split())
        body = clean_text(body.replace("\r\n", "\n"), _BODY + 1).strip()
        if not 0 < len(subject) <= _SUBJECT or not 0 < len(body) <= _BODY:
            raise EmptyMessage
        self._book.peek_loose(papers)
        with self._store.step():
            record: KeptRequest = {**self._new(MESSAGE), "papers": self._book.take_loose(papers), "answers": {
                "subject": subject, "theme": " ".join(clean_text(theme or _THEME, 100).split()), "body": body,
            }, "declared_on": self._today().isoformat()}
            self._book.save(self._leaving(record, here=self._desk))
        return self._book.get(record["id"])


def _safe(filename: str) -> str:
    """A file's name as a label: its last part, without what a path or a header could be made of."""
    name = PurePath(clean_text(filename, 1000).replace("\\", "/")).name
    kept = "".join(sign for sign in name if sign.isalnum() or sign in " ._-()").strip(" .")
    return kept[-100:] or "piece"
