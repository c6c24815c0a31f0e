"""Requests that the person brought to the fund: noted as sent, and moved on by what comes into the inbox."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime

from agent.account import clean_text
from agent.procedures.inbox.matching import Match, about_ours
from agent.procedures.registry import procedures
from agent.protocol.requests import Decision, Maybe, Need, RequestRecord
from agent.requests import history
from agent.requests.errors import BadDay, BadReference, NotNow
from agent.store import NotFound, Store
from agent.store.requests import KeptRequest, RequestChanges
from config import clock

_REFERENCE = re.compile(r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9-]{5,39}")
_DOCUMENT = "supporting-document"
_MAYBE = 5
"""Messages asked about at a time."""


class ByHand:
    """The requests of one open vault that the person brings."""

    def __init__(
        self, store: Store, now: Callable[[], datetime] = clock.now, today: Callable[[], date] = clock.today,
    ) -> None:
        self._store = store
        self._book = store.requests
        self._now = now
        self._today = today

    def sent(self, key: str, on: date | None = None, reference: str | None = None) -> RequestRecord:
        """Note that the person sent it: its clocks begin that day. Raises NotFound, NotNow, BadDay, BadReference.

        Once noted, the reference can still be given or put right, until the service answered under one of its own.
        """
        record = self._book.record(key)
        noted = record["status"] == "handed_over"
        if record["status"] != "ready" and not (noted and (on or reference)):
            raise NotNow(status=record["status"])
        changes: RequestChanges = {"by_hand": True}
        if reference is not None and reference.strip():
            if not _REFERENCE.fullmatch(reference.strip()):
                raise BadReference(reference=clean_text(reference, 60))
            changes["reference"] = reference.strip().upper()
        if on is not None or not record["sent_at"]:
            changes["sent_at"] = self._moment(record, on)
        with self._store.step():
            self._book.save(history.note({**record, **changes}, self._now(), history.HANDED_OVER, status="handed_over"))
            if record["procedure"] == _DOCUMENT and not noted:
                self._complete_named(str(record["answers"].get("reference") or ""))
        self.read_inbox()
        return self._book.get(key)

    def _complete_named(self, reference: str) -> None:
        """A document sent under the reference of a request that waits for papers is what it waited for."""
        for other in self._book.brought():
            if (other["status"] == "needs_papers" and other.get("by_hand") and reference.strip()
                    and other["reference"] == reference.strip().upper()):
                self._book.save(history.note(other, self._now(), history.SENT_APART, status="sent", needs=[]))

    def _moment(self, record: KeptRequest, on: date | None) -> str:
        now, first = self._now(), date.fromisoformat(record["created_at"][:10])
        if on is None:
            return now.isoformat(timespec="seconds")
        if not first <= on <= max(self._today(), first):
            raise BadDay(day=on.isoformat(), first=first.isoformat())
        return datetime.combine(on, now.timetz()).isoformat(timespec="seconds")

    def read_inbox(self) -> list[str]:
        """Move on what messages are surely about, and keep the others as questions; ids of the requests changed."""
        requests = self._book.brought()
        if not requests:
            return []
        changed = []
        with self._store.step():
            for match in about_ours(self._store.messages.all(), requests, procedures()):
                record = self._book.record(match.request)
                if match.sure:
                    self._forget(match.message, but=match.request)
                after = self._moved(record, match) if match.sure else self._with_question(record, match)
                if after != record:
                    self._book.save(after)
                    changed.append(match.request)
        return list(dict.fromkeys(changed))

    def settle(self, key: str, message: str, is_about: bool) -> RequestRecord:
        """The person's answer about one message. Raises NotFound when there is no question about it."""
        record = self._book.record(key)
        if not any(question["message"] == message for question in record.get("maybe", ())):
            raise NotFound(id=message)
        with self._store.step():
            if not is_about:
                self._book.save(history.note(_settled(record, message), self._now(), history.NOT_ABOUT))
                self.read_inbox()  # one less that it may mean
            else:
                matches = about_ours(self._store.messages.all(), self._book.brought(), procedures())
                match = next((each for each in matches if (each.request, each.message) == (key, message)), None)
                if match is None:  # the inbox or the request is another one now: nothing to move
                    self._book.save(_settled(record, message))
                else:
                    self._book.save(self._moved(record, match))
                self._forget(message, but=key)
        return self._book.get(key)

    def _forget(self, message: str, *, but: str) -> None:
        """A message is about one request: there is no question about it for the others any more."""
        for other in self._book.brought():
            if other["id"] != but and any(question["message"] == message for question in other.get("maybe", ())):
                self._book.save(_settled(other, message))

    def _with_question(self, record: KeptRequest, match: Match) -> KeptRequest:
        questions = record.get("maybe", [])
        if any(question["message"] == match.message for question in questions) or len(questions) >= _MAYBE:
            return record
        question: Maybe = {"message": match.message, "subject": clean_text(match.subject, 300),
                           "received_on": match.on.isoformat(), "outcome": match.outcome}
        return history.note(record, self._now(), history.MAYBE_ABOUT, maybe=[*questions, question])

    def _moved(self, record: KeptRequest, match: Match) -> KeptRequest:
        record = {**_settled(record, match.message), "by_hand": True,
                  "moved_by": [*record.get("moved_by", ()), match.message]}
        record["reference"] = record["reference"] or match.reference
        record["sent_at"] = record["sent_at"] or datetime.combine(match.on, self._now().timetz()).isoformat(
            timespec="seconds")
        at = self._now()
        if match.outcome == "receipt":
            if record["status"] not in ("ready", "handed_over"):
                return record
            return history.note(record, at, history.RECOGNISED, status="sent")
        if match.outcome == "complete":
            need: Need = {"paper": "document", "label_fr": history.TO_COMPLETE.fr, "label_en": history.TO_COMPLETE.en,
                          "until": match.until.isoformat() if match.until else None}
            return history.note(record, at, history.needs([clean_text(match.subject, 200)]), status="needs_papers",
                                needs=[need])
        accepted = match.outcome == "accepted"
        reason = clean_text(match.reason or "", 1000) or None
        decision: Decision = {"accepted": accepted, "reason": reason, "on": match.on.isoformat()}
        text = history.accepted("") if accepted else history.refused([reason or ""])
        return history.note(record, at, text, status=match.outcome, decision=decision, needs=[], closed=True)


def _settled(record: KeptRequest, message: str) -> KeptRequest:
    """``record`` without a question about that message."""
    questions = [question for question in record.get("maybe", ()) if question["message"] != message]
    judged = record.get("judged", [])
    return {**record, "maybe": questions, "judged": judged if message in judged else [*judged, message]}
