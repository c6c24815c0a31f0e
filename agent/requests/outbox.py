"""The outbox: what is queued arrives exactly once, whatever is cut off and whenever.

Every step is a PUT under a name fixed when the request was queued, so that repeating it is harmless; and each step is
written down before (``tried``: it may have arrived) and after. Whoever is killed in between repeats the step.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from agent.protocol.requests import Decision, KeptPaper, Status
from agent.requests import history
from agent.requests.progress import advance, given_up
from agent.store import Store
from agent.store.requests import MESSAGE, KeptRequest, is_waiting
from config import clock
from config.json_value import JsonObject, JsonValue

if TYPE_CHECKING:
    from agent.portal import Portal
    from agent.portal.pages.desk import Taken

log = logging.getLogger(__name__)


class Round(msgspec.Struct):
    """What one visit to the desk did."""

    desk: bool = True
    """The portal takes requests."""
    sent: int = 0
    changed: list[str] = []
    """Ids of the requests that are in another state now."""
    refused: int = 0
    accepted: int = 0
    needs: int = 0
    moved: int = 0
    """Stages reached after an acceptance: a card is being made, or was posted."""


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

    def visit(self, portal: Portal) -> Visit:
        """A visit to the desk of an open portal; ``run`` makes it."""
        return Visit(self._store, portal, self._now)


class Visit:
    """One visit to the desk. ``done`` says what it did, also when it is cut short."""

    def __init__(self, store: Store, portal: Portal, now: Callable[[], datetime]) -> None:
        self._store = store
        self._book = store.requests
        self._desk = portal.desk
        self._now = now
        self.done = Round()

    async def run(self) -> None:
        """Send everything that waits, unless this is a restored copy; then refresh what is followed.

        Raises what ends a conversation (AmeliError); what was done until then is kept.
        """
        if not self._book.waiting() and not self._book.followed():
            return
        self.done.desk = await self._desk.exists()
        # A restored copy does not know what left since it was made: nothing leaves before the person has spoken.
        held = self._store.vault.restored_from is not None
        if not self.done.desk:
            if not held:
                self._hand_over()
            return
        for listed in () if held else self._book.waiting():
            # As it is now: while the one before was sent, the person may have taken this one back.
            record = self._book.table.fetch(listed["id"])
            if record is None or not is_waiting(record):
                continue
            if record.get("withdraw"):
                await self._withdraw(record)
            elif record.get("adding"):
                await self._add(record)
            else:
                await self._send(record)
        await self._refresh()

    def _hand_over(self) -> None:
        """No such service here: what never left is the person's to bring."""
        for record in self._book.waiting():
            if record["status"] == "queued" and not record.get("tried"):
                self._save(history.note(record, self._now(), history.READY, status="ready"))

    async def _send(self, record: KeptRequest) -> None:
        record = {**record, "tried": True}
        self._book.save(record)
        for paper in record["papers"]:
            refusal = await self._desk.put_paper(paper["sha256"], self._book.paper(paper), paper["media_type"])
            if refusal is not None:
                self._refuse(record, [(paper["name"], refusal.message)])
                return
        body, key = _body(record), record["key"]
        put = self._desk.put_message if record["procedure"] == MESSAGE else self._desk.put_request
        taken = await put(key, body)
        if taken.refusals:
            self._refuse(record, _reasons(taken))
            return
        record = self._reload(record)
        moment = self._now()
        self.done.sent += 1
        self._save(history.note(
            record, moment, history.sent(taken.reference), status="sent", reference=taken.reference or None,
            sent_at=moment.isoformat(timespec="seconds")))
        log.info("a request was sent")

    async def _add(self, record: KeptRequest) -> None:
        for paper in record["adding"]:
            refusal = await self._desk.put_paper(paper["sha256"], self._book.paper(paper), paper["media_type"])
            if refusal is None:
                taken = await self._desk.put_request_paper(record["key"], paper["name"], _described(paper))
                problems = _reasons(taken)
            else:
                problems = [(paper["name"], refusal.message)]
            record = self._reload(record)
            rest = [other for other in record["adding"] if other != paper]
            if problems:
                with self._store.step():
                    self._book.drop_blobs([paper])
                    self._save(history.note({**record, "adding": rest}, self._now(),
                                            history.refused([text for _, text in problems])))
                continue
            record = {**record, "adding": rest, "papers": [*record["papers"], paper]}
            self._save(record if rest else history.note(record, self._now(), history.ADDED))
            self.done.sent += not rest

    async def _withdraw(self, record: KeptRequest) -> None:
        gone = await self._desk.withdraw(record["key"])
        record = {**self._reload(record), "withdraw": False}
        if not gone:
            self._save(history.note(record, self._now(), history.TOO_LATE, status=_arrived(record)))
            return
        with self._store.step():
            self._book.drop_blobs([*record["papers"], *(record.get("adding") or [])])
            self._save(history.note({**record, "papers": [], "adding": []}, self._now(), history.WITHDRAWN,
                                    status="cancelled", needs=[]))

    async def _refresh(self) -> None:
        for old in self._book.followed().values():
            if given_up(old, self._now()):
                log.info("a request is followed no more")
                self._book.save({**old, "closed": True})
        if not self._book.followed():
            return
        for progress in await self._desk.requests():
            record = self._book.followed().get(progress.key)
            if record is None:
                continue
            after = advance(record, progress, self._now())
            if after == record:
                continue
            if after["status"] == "refused":
                self._save_refused(after)
            else:
                self._save(after)
            if after["status"] != record["status"] or after["needs"] != record["needs"]:
                self.done.refused += after["status"] == "refused"
                self.done.accepted += after["status"] == "accepted"
                self.done.needs += after["status"] == "needs_papers"
            elif after["status"] == "accepted" and after["stages"] != record["stages"]:
                self.done.moved += 1

    def _refuse(self, record: KeptRequest, reasons: list[tuple[str, str]]) -> None:
        """A refusal ends a request, also one that the person asked to take back while it was being sent."""
        record = self._reload(record)
        self.done.refused += 1
        decision: Decision = {"accepted": False, "reason": None, "on": self._now().date().isoformat(), "reasons": [
            {"field": field, "message": text} for field, text in reasons]}
        lines = [f"{field} : {text}" if field else text for field, text in reasons]
        self._save_refused(
            history.note(record, self._now(), history.refused(lines), status="refused", decision=decision))

    def _save_refused(self, record: KeptRequest) -> None:
        """Keep a refused request: nothing is left to take back or to add."""
        with self._store.step():
            self._book.drop_blobs(record.get("adding") or [])
            self._save({**record, "withdraw": False, "adding": []})

    def _reload(self, record: KeptRequest) -> KeptRequest:
        """The record as it is now that the service answered: meanwhile the person may have taken it back."""
        return self._book.record(record["id"])

    def _save(self, record: KeptRequest) -> None:
        self._book.save(record)
        if record["id"] not in self.done.changed:
            self.done.changed.append(record["id"])


def _arrived(record: KeptRequest) -> Status:
    return "sent" if record["status"] == "queued" else record["status"]


def _body(record: KeptRequest) -> JsonObject:
    papers: list[JsonValue] = [{"name": paper["name"], **_described(paper)} for paper in record["papers"]]
    if record["procedure"] == MESSAGE:
        return {**record["answers"], "papers": papers}
    return {"procedure": record["procedure"], "declared_on": record["declared_on"], "answers": record["answers"],
            "papers": papers}


def _described(paper: KeptPaper) -> JsonObject:
    return {"sha256": paper["sha256"], "filename": paper["filename"], "media_type": paper["media_type"]}


def _reasons(taken: Taken) -> list[tuple[str, str]]:
    return [(refusal.field, refusal.message or refusal.code) for refusal in taken.refusals]
