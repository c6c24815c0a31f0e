"""Which message of the inbox is about a request that the person brought to the fund, and how sure that is. Pure.

The service says nothing of the kind in data: there are the reference, the words and the days. A reference settles it.
Words settle it only for an acknowledgement, when one request alone can be meant, which the person noted as sent not
long before; everything else is a question to the person.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple, NotRequired

from agent.procedures.inbox.topics import Referenced, names
from agent.procedures.model import Procedure
from agent.procedures.text_match import fold
from agent.protocol.messages import KeptMessage
from agent.protocol.requests import Outcome, Status

WITHIN = timedelta(days=30)
"""An acknowledgement that came later may be that of another request."""
_EARLY = timedelta(days=1)
"""The page may date its acknowledgement a day before the person noted it."""
_UNACKNOWLEDGED = ("ready", "handed_over")
_OPEN = (*_UNACKNOWLEDGED, "sent", "needs_papers")
_COMPLETE = re.compile(r"a completer|incomplet|pieces? (?:a fournir|manquante|demandee)|document manquant"
                       r"|photo(?:graphie)? (?:refusee|non conforme)")
_REFUSED = re.compile(r"\b(?:refuse|rejete)e?s?\b|\b(?:refus|rejet)\b|defavorable|n'(?:a|ont) pas pu etre accept")
_ACCEPTED = re.compile(r"\b(?:accepte|accorde)e?s?\b|\battribution\b|(?<!de)\bfavorable")
_RECEIPT = re.compile(r"accuse de reception|bien (?:ete )?(?:recue?s?|enregistree?s?|prise? en compte)"
                      r"|confirmation de|(?:demande|declaration) (?:recue|enregistree|prise en compte)")
_REFERENCE = re.compile(
    r"(?:r[ée]f[ée]rence|num[ée]ro|n°) *(?:de (?:la |votre )?(?:demande|dossier|d[ée]claration))?"
    r" *(?::|n°|est(?: le)?)? *(?=[A-Z0-9-]*\d)([A-Z0-9][A-Z0-9-]{5,39})(?!\w)", re.IGNORECASE)
_REASON = re.compile(r"(?:motif|raison) *: *(.+)", re.IGNORECASE)
_BEFORE = re.compile(r"avant le (\d{1,2})/(\d{1,2})/(\d{4})")


class Brought(Referenced):
    """What matching looks at of a request, as the store keeps it."""

    status: Status
    created_at: str
    sent_at: str | None
    """Moments, ISO."""
    by_hand: NotRequired[bool]
    """The person brought it."""
    moved_by: NotRequired[list[str]]
    """Ids of the messages that were about it."""
    judged: NotRequired[list[str]]
    """Those, and the ones that the person said were not."""


class Match(NamedTuple):
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
    messages: Iterable[KeptMessage], requests: Sequence[Brought], declared: Mapping[str, Procedure],
) -> list[Match]:
    """What the messages say of requests brought by hand, oldest first.

    ``requests``: every request, brought by hand or not; messages to advisers left out.
    """
    matches: list[Match] = []
    for message in sorted(messages, key=lambda message: (message["received_on"], message["id"])):
        if any(message["id"] in request.get("moved_by", ()) for request in requests):
            continue  # a message is about one request
        outcome = _outcome(message)
        if outcome is None:
            continue
        named = [request for request in requests if names(_text(message), request["reference"])]
        if named:
            ours = [request for request in named if _open(request) and not _judged(message, request)]
            if len(named) == len(ours):  # else it is about one that the service itself keeps us informed of
                matches += [_match(message, outcome, request, sure=len(ours) == 1) for request in ours]
            continue
        waits = _UNACKNOWLEDGED if outcome == "receipt" else _OPEN
        meant = [request for request in requests if _open(request) and request["status"] in waits
                 and not _judged(message, request) and _may_mean(message, request, declared)]
        sure = len(meant) == 1 and outcome == "receipt" and meant[0]["status"] == "handed_over"
        matches += [_match(message, outcome, request, sure=sure) for request in meant]
    return matches


def _text(message: KeptMessage) -> str:
    return f"{message['subject']}\n{message['body']}"


def _outcome(message: KeptMessage) -> Outcome | None:
    """What the subject says, else the text; a text that says two things says nothing."""
    for text in (fold(message["subject"]), fold(message["body"])):
        if _RECEIPT.search(text) and not _REFUSED.search(text):
            return "receipt"
        if _COMPLETE.search(text):
            return "complete"
        if _REFUSED.search(text):
            return "refused"
        if _ACCEPTED.search(text):
            return "accepted"
    return None


def _open(request: Brought) -> bool:
    status = request["status"]
    return status in _UNACKNOWLEDGED or (request.get("by_hand", False) and status in _OPEN)


def _judged(message: KeptMessage, request: Brought) -> bool:
    return message["id"] in request.get("judged", ())


def _may_mean(message: KeptMessage, request: Brought, declared: Mapping[str, Procedure]) -> bool:
    if request["reference"] and _reference(message):
        return False  # each has a reference, and they differ
    began = date.fromisoformat((request["sent_at"] or request["created_at"])[:10])
    received = date.fromisoformat(message["received_on"])
    return began - _EARLY <= received <= began + WITHIN and request["procedure"] in _procedures(message, declared)


def _procedures(message: KeptMessage, declared: Mapping[str, Procedure]) -> set[str]:
    """The procedures whose words the subject has; the text is looked at only when it has none."""
    for text in (message["subject"], message["body"]):
        line = fold(text)
        matching = {each.name for each in declared.values() if each.inbox and re.search(each.inbox, line)}
        if matching:
            return matching
    return set()


def _match(message: KeptMessage, outcome: Outcome, request: Brought, *, sure: bool) -> Match:
    body = message["body"]
    reason = _REASON.search(body) if outcome == "refused" else None
    return Match(
        request["id"], message["id"], outcome, date.fromisoformat(message["received_on"]), sure, message["subject"],
        _reference(message), reason[1].strip() if reason else None, _until(body) if outcome == "complete" else None)


def _reference(message: KeptMessage) -> str | None:
    reference = _REFERENCE.search(_text(message))
    return reference[1].upper().rstrip("-") if reference else None


def _until(body: str) -> date | None:
    named = _BEFORE.search(fold(body))
    if not named:
        return None
    day, month, year = (int(part) for part in named.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None
