"""Requests that the person brought to the fund: noted as sent, and moved on by what comes into the inbox."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime

from agent.account import clean_text
from agent.procedures.inbox.matching import Found, about_ours
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
    """What happens to such requests of one open vault."""

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
            self._book.save(history.note({**record, **changes}, self._now(), history.HANDED, status="handed_over"))
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
            for found in about_ours(self._store.messages(), requests, procedures()):
                record = self._book.record(found.request)
                if found.sure:
                    self._forget(found.message, but=found.request)
                after = self._moved(record, found) if found.sure else self._asked(record, found)
                if after != record:
                    self._book.save(after)
                    changed.append(found.request)
        return list(dict.fromkeys(changed))

    def settle(self, key: str, message: str, yes: bool) -> RequestRecord:
        """The person's answer about one message. Raises NotFound when nothing was asked about it."""
        record = self._book.record(key)
        if not any(one["message"] == message for one in record.get("maybe") or ()):
            raise NotFound(id=message)
        with self._store.step():
            if not yes:
                self._book.save(history.note(_judged(record, message), self._now(), history.NOT_IT))
                self.read_inbox()  # one less that it may mean
            else:
                requests = self._book.brought()
                listed = about_ours(self._store.messages(), requests, procedures())
                found = next((one for one in listed if (one.request, one.message) == (key, message)), None)
                if found is None:  # the inbox or the request is another one now: nothing to move
                    self._book.save(_judged(record, message))
                else:
                    self._book.save(self._moved(record, found))
                self._forget(message, but=key)
        return self._book.get(key)

    def _forget(self, message: str, *, but: str) -> None:
        """A message is about one request: the others are not asked about it any more."""
        for other in self._book.brought():
            if other["id"] != but and any(one["message"] == message for one in other.get("maybe") or ()):
                self._book.save(_judged(other, message))

    def _asked(self, record: KeptRequest, found: Found) -> KeptRequest:
        asked = record.get("maybe") or []
        if any(one["message"] == found.message for one in asked) or len(asked) >= _MAYBE:
            return record
        maybe: Maybe = {"message": found.message, "subject": clean_text(found.subject, 300),
                        "received_on": found.on.isoformat(), "outcome": found.outcome}
        return history.note(record, self._now(), history.ASKED, maybe=[*asked, maybe])

    def _moved(self, record: KeptRequest, found: Found) -> KeptRequest:
        record = {**_judged(record, found.message), "by_hand": True,
                  "moved_by": [*(record.get("moved_by") or []), found.message]}
        record["reference"] = record["reference"] or found.reference
        record["sent_at"] = record["sent_at"] or datetime.combine(found.on, self._now().timetz()).isoformat(
            timespec="seconds")
        at = self._now()
        if found.outcome == "receipt":
            if record["status"] not in ("ready", "handed_over"):
                return record
            return history.note(record, at, history.RECOGNISED, status="sent")
        if found.outcome == "complete":
            until = found.until.isoformat() if found.until else None
            need: Need = {"paper": "document", "label_fr": history.TO_COMPLETE.fr, "label_en": history.TO_COMPLETE.en,
                          "until": until}
            return history.note(record, at, history.needs([clean_text(found.subject, 200)]), status="needs_papers",
                              needs=[need])
        accepted = found.outcome == "accepted"
        reason = clean_text(found.reason or "", 1000) or None
        decision: Decision = {"accepted": accepted, "reason": reason, "on": found.on.isoformat()}
        text = history.accepted("") if accepted else history.refused([reason or ""])
        return history.note(record, at, text, status=found.outcome, decision=decision, needs=[], closed=True)


def _judged(record: KeptRequest, message: str) -> KeptRequest:
    """``record`` with nothing left to ask about that message."""
    maybe = [one for one in record.get("maybe") or () if one["message"] != message]
    judged = record.get("judged") or []
    return {**record, "maybe": maybe, "judged": judged if message in judged else [*judged, message]}
