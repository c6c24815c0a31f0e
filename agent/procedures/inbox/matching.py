"""Which message of the inbox is about a request that the person brought to the fund, and how sure that is. Pure.

The service says nothing of the kind in data: there are the reference, the words and the days. A reference settles it.
Words settle it only for an acknowledgement, when one request alone can be meant, which the person noted as sent not
long before; everything else is a question to the person.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

from agent.procedures.inbox.topics import names
from agent.procedures.model import Procedure
from agent.procedures.text_match import fold

Outcome = Literal["receipt", "complete", "accepted", "refused"]
WITHIN = timedelta(days=30)
"""An acknowledgement that came later may be that of another request."""
_EARLY = timedelta(days=1)
"""The page may date its acknowledgement a day before the person noted it."""
_UNACKNOWLEDGED = ("ready", "handed_over")
_OPEN = (*_UNACKNOWLEDGED, "sent", "needs_papers")
_COMPLETE = re.compile(r"a completer|incomplet|pieces? (?:a fournir|manquante|demandee)|document manquant"
                       r"|photo(?:graphie)? (?:refusee|non conforme)")
_NO = re.compile(r"\b(?:refuse|rejete)e?s?\b|\b(?:refus|rejet)\b|defavorable|n'(?:a|ont) pas pu etre accept")
_YES = re.compile(r"\b(?:accepte|accorde)e?s?\b|\battribution\b|(?<!de)\bfavorable")
_RECEIPT = re.compile(r"accuse de reception|bien (?:ete )?(?:recue?s?|enregistree?s?|prise? en compte)"
                      r"|confirmation de|(?:demande|declaration) (?:recue|enregistree|prise en compte)")
_REFERENCE = re.compile(
    r"(?:r[ée]f[ée]rence|num[ée]ro|n°) *(?:de (?:la |votre )?(?:demande|dossier|d[ée]claration))?"
    r" *(?::|n°|est(?: le)?)? *(?=[A-Z0-9-]*\d)([A-Z0-9][A-Z0-9-]{5,39})(?!\w)", re.IGNORECASE)
_REASON = re.compile(r"(?:motif|raison) *: *(.+)", re.IGNORECASE)
_BEFORE = re.compile(r"avant le (\d{1,2})/(\d{1,2})/(\d{4})")


class Found(NamedTuple):
    """A message about a request."""

    request: str
    message: str
    outcome: Outcome
    on: date
    """The day it was received."""
    sure: bool
    """False: the person is to be asked."""
    subject: str
    reference: str | None = None
    """That of the request, when the message gives one."""
    reason: str | None = None
    until: date | None = None
    """The last day for what is missing."""


def about_ours(
    messages: Iterable[Mapping[str, Any]], requests: Sequence[Mapping[str, Any]], declared: Mapping[str, Procedure],
) -> list[Found]:
    """What the messages say of requests brought by hand, oldest first.

    ``requests``: every request as the store keeps it, with ``by_hand``, ``moved_by`` (ids of the messages that were
    about it) and ``judged`` (those settled one way or the other); messages to advisers left out.
    """
    found: list[Found] = []
    for message in sorted(messages, key=lambda one: (str(one["received_on"]), str(one["id"]))):
        if any(message["id"] in (one.get("moved_by") or ()) for one in requests):
            continue  # a message is about one request
        said = f"{message.get('subject') or ''}\n{message.get('body') or ''}"
        outcome = _outcome(message)
        if outcome is None:
            continue
        named = [one for one in requests if names(said, one.get("reference"))]
        if named:
            ours = [one for one in named if _open(one) and not _judged(message, one)]
            if len(named) == len(ours):  # else it is about one that the service itself keeps us told of
                found += [_found(message, outcome, one, sure=len(ours) == 1) for one in ours]
            continue
        waits = _UNACKNOWLEDGED if outcome == "receipt" else _OPEN
        meant = [one for one in requests if _open(one) and one["status"] in waits and not _judged(message, one)
                 and _may_mean(message, one, declared)]
        sure = len(meant) == 1 and outcome == "receipt" and meant[0]["status"] == "handed_over"
        found += [_found(message, outcome, one, sure=sure) for one in meant]
    return found


def _outcome(message: Mapping[str, Any]) -> Outcome | None:
    """What the subject says, else the text; a text that says two things says nothing."""
    for text in (fold(str(message.get("subject") or "")), fold(str(message.get("body") or ""))):
        if _RECEIPT.search(text) and not _NO.search(text):
            return "receipt"
        if _COMPLETE.search(text):
            return "complete"
        if _NO.search(text):
            return "refused"
        if _YES.search(text):
            return "accepted"
    return None


def _open(request: Mapping[str, Any]) -> bool:
    status = request["status"]
    return status in _UNACKNOWLEDGED or (bool(request.get("by_hand")) and status in _OPEN)


def _judged(message: Mapping[str, Any], request: Mapping[str, Any]) -> bool:
    return message["id"] in (request.get("judged") or ())


def _may_mean(message: Mapping[str, Any], request: Mapping[str, Any], declared: Mapping[str, Procedure]) -> bool:
    if request.get("reference") and _reference(message):
        return False  # each has a reference, and they differ
    began = date.fromisoformat(str(request["sent_at"] or request["created_at"])[:10])
    received = date.fromisoformat(str(message["received_on"]))
    return began - _EARLY <= received <= began + WITHIN and request["procedure"] in _procedures(message, declared)


def _procedures(message: Mapping[str, Any], declared: Mapping[str, Procedure]) -> set[str]:
    """The procedures whose words the subject has; the text is looked at only when it has none."""
    for text in (message.get("subject"), message.get("body")):
        line = fold(str(text or ""))
        told = {one.name for one in declared.values() if one.inbox and re.search(one.inbox, line)}
        if told:
            return told
    return set()


def _found(message: Mapping[str, Any], outcome: Outcome, request: Mapping[str, Any], *, sure: bool) -> Found:
    body = str(message.get("body") or "")
    reason = _REASON.search(body) if outcome == "refused" else None
    return Found(
        str(request["id"]), str(message["id"]), outcome, date.fromisoformat(str(message["received_on"])), sure,
        str(message.get("subject") or ""), _reference(message), reason[1].strip() if reason else None,
        _until(body) if outcome == "complete" else None)


def _reference(message: Mapping[str, Any]) -> str | None:
    found = _REFERENCE.search(f"{message.get('subject') or ''}\n{message.get('body') or ''}")
    return found[1].upper().rstrip("-") if found else None


def _until(body: str) -> date | None:
    found = _BEFORE.search(fold(body))
    if not found:
        return None
    day, month, year = (int(part) for part in found.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None
