"""The outbox: what is queued arrives exactly once, whatever is cut off and whenever.

Every step is a PUT under a name fixed when the request was queued, so that repeating it is harmless; and each step is
written down before (``tried``: it may have arrived) and after. Whoever is killed in between repeats the step.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from agent.protocol.requests import Decision
from agent.requests import history as words
from agent.requests.progress import advance, given_up
from agent.store import Store
from agent.store.interfaces import Doc
from agent.store.requests import MESSAGE, is_waiting
from config import clock

if TYPE_CHECKING:
    from agent.portal import Portal
    from agent.portal.pages.desk import Desk, Taken

log = logging.getLogger(__name__)


class Round(msgspec.Struct):
    """What one visit to the desk did."""

    desk: bool = True
    """The portal takes requests."""
    sent: int = 0
    changed: list[str] = []
    """Ids of the requests whose standing is another one now."""
    refused: int = 0
    accepted: int = 0
    needs: int = 0
    moved: int = 0
    """Stages reached after a yes: a card is being made, or was posted."""


class Outbox:
    """Sends what waits, and asks where the rest stands."""

    def __init__(self, store: Store, now: Callable[[], datetime] = clock.now) -> None:
        self._store = store
        self._book = store.requests
        self._now = now

    @property
    def idle(self) -> bool:
        """Nothing waits and nothing is followed: no need to visit the desk."""
        return not self._book.waiting() and not self._book.followed()

    async def visit(self, portal: Portal, done: Round) -> None:
        """Send everything that waits, then refresh what is followed; ``done`` is filled as it goes.

        Raises what ends a conversation (AmeliError); what was done until then is kept.
        """
        if self.idle:
            return
        desk = portal.desk
        done.desk = await desk.exists()
        if not done.desk:
            self._hand_over(done)
            return
        for listed in self._book.waiting():
            # As it is now: while the one before was sent, the person may have taken this one back.
            record = self._book.table.fetch(listed["id"])
            if record is None or not is_waiting(record):
                continue
            if record.get("withdraw"):
                await self._withdraw(desk, record, done)
            elif record.get("adding"):
                await self._add(desk, record, done)
            else:
                await self._send(desk, record, done)
        await self._refresh(desk, done)

    def _hand_over(self, done: Round) -> None:
        """No such service here: what never left is the person's to bring."""
        for record in self._book.waiting():
            if record["status"] == "queued" and not record.get("tried"):
                self._keep(words.note(record, self._now(), words.READY, status="ready"), done)

    async def _send(self, desk: Desk, record: Doc, done: Round) -> None:
        record = {**record, "tried": True}
        self._book.save(record)
        for paper in record["papers"]:
            refusal = await desk.put_paper(paper["sha256"], self._book.paper(paper), paper["media_type"])
            if refusal is not None:
                self._refuse(record, [(paper["name"], refusal.message)], done)
                return
        body, key = _body(record), record["key"]
        taken = await (desk.put_message(key, body) if record["procedure"] == MESSAGE else desk.put_request(key, body))
        if taken.refusals:
            self._refuse(record, _reasons(taken), done)
            return
        record = self._now_kept(record)
        moment = self._now()
        done.sent += 1
        self._keep(words.note(
            record, moment, words.sent(taken.reference), status="sent", reference=taken.reference or None,
            sent_at=moment.isoformat(timespec="seconds")), done)
        log.info("a request was sent")

    async def _add(self, desk: Desk, record: Doc, done: Round) -> None:
        for paper in record["adding"]:
            refusal = await desk.put_paper(paper["sha256"], self._book.paper(paper), paper["media_type"])
            if refusal is None:
                taken = await desk.put_request_paper(record["key"], paper["name"], _described(paper, name=False))
                problems = _reasons(taken)
            else:
                problems = [(paper["name"], refusal.message)]
            record = self._now_kept(record)
            rest = [one for one in record["adding"] if one != paper]
            if problems:
                with self._store.step():
                    self._book.drop_blobs([paper])
                    self._keep(words.note({**record, "adding": rest}, self._now(),
                                          words.refused([text for _, text in problems])), done)
                continue
            record = {**record, "adding": rest, "papers": [*record["papers"], paper]}
            self._keep(record if rest else words.note(record, self._now(), words.ADDED), done)
            done.sent += not rest

    async def _withdraw(self, desk: Desk, record: Doc, done: Round) -> None:
        gone = await desk.withdraw(record["key"])
        record = {**self._now_kept(record), "withdraw": False}
        if not gone:
            self._keep(words.note(record, self._now(), words.TOO_LATE, status=_arrived(record)), done)
            return
        with self._store.step():
            self._book.drop_blobs([*record["papers"], *(record.get("adding") or [])])
            self._keep(words.note({**record, "papers": [], "adding": []}, self._now(), words.WITHDRAWN,
                                  status="cancelled", needs=[]), done)

    async def _refresh(self, desk: Desk, done: Round) -> None:
        for old in self._book.followed().values():
            if given_up(old, self._now()):
                log.info("a request is followed no more")
                self._book.save({**old, "closed": True})
        if not self._book.followed():
            return
        for progress in await desk.requests():
            record = self._book.followed().get(progress.key)
            after = advance(record, progress, self._now()) if record is not None else None
            if record is None or after is None or after == record:
                continue
            if after["status"] == "refused":
                self._end(after, done)
            else:
                self._keep(after, done)
            if after["status"] != record["status"] or after["needs"] != record["needs"]:
                done.refused += after["status"] == "refused"
                done.accepted += after["status"] == "accepted"
                done.needs += after["status"] == "needs_papers"
            elif after["status"] == "accepted" and after["stages"] != record["stages"]:
                done.moved += 1

    def _refuse(self, record: Doc, reasons: list[tuple[str, str]], done: Round) -> None:
        """The service's no ends a request, also one that the person asked to take back while it was being sent."""
        record = self._now_kept(record)
        done.refused += 1
        decision: Decision = {"accepted": False, "reason": None, "on": self._now().date().isoformat(), "reasons": [
            {"field": field, "message": text} for field, text in reasons]}
        told = [f"{field} : {text}" if field else text for field, text in reasons]
        self._end(words.note(record, self._now(), words.refused(told), status="refused", decision=decision), done)

    def _end(self, record: Doc, done: Round) -> None:
        """Keep a refused request: nothing is left to take back or to add."""
        with self._store.step():
            self._book.drop_blobs(record.get("adding") or [])
            self._keep({**record, "withdraw": False, "adding": []}, done)

    def _now_kept(self, record: Doc) -> Doc:
        """The record after the service answered: meanwhile the person may have asked to take it back."""
        return self._book.record(record["id"])

    def _keep(self, record: Doc, done: Round) -> None:
        self._book.save(record)
        if record["id"] not in done.changed:
            done.changed.append(record["id"])


def _arrived(record: Doc) -> str:
    return "sent" if record["status"] == "queued" else str(record["status"])


def _body(record: Doc) -> dict[str, Any]:
    papers = [_described(one) for one in record["papers"]]
    if record["procedure"] == MESSAGE:
        return {**record["answers"], "papers": papers}
    return {"procedure": record["procedure"], "declared_on": record["declared_on"], "answers": record["answers"],
            "papers": papers}


def _described(paper: Doc, name: bool = True) -> dict[str, Any]:
    shown = {key: paper[key] for key in ("sha256", "filename", "media_type")}
    return {"name": paper["name"], **shown} if name else shown


def _reasons(taken: Taken) -> list[tuple[str, str]]:
    return [(one.field, one.message or one.code) for one in taken.refusals]
