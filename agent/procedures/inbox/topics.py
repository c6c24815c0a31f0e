"""What a message of the inbox is about, read from its words and from the reference of a request it names. Pure.

The service gives a message no kind of its own: these words are those of its published examples, and whatever they do
not cover is simply a message.
"""

import re
from collections.abc import Sequence
from typing import TypedDict

from agent.procedures.text_match import fold
from agent.protocol.messages import About, KeptHead, KeptMessage
from agent.protocol.requests import RequestRecord

COMPLETE, DECISION, ANSWER, RECEIPT = "complete", "decision", "answer", "receipt"
"""A file to complete, a decision, an adviser's answer, an acknowledgement."""
ASKING = (COMPLETE, DECISION)
"""What a person must not miss."""
_KINDS = (
    (RECEIPT, re.compile(r"^accuse de reception|^pieces? recues?\b")),
    (COMPLETE, re.compile(
        r"a completer|incomplet|piece a fournir|pieces? (?:manquante|demandee)|document manquant|photo(?:graphie)? "
        r"(?:refusee|non conforme)")),
    (DECISION, re.compile(
        r"\b(?:accepte|refuse|rejete|accorde|annule)e?s?\b|\bdecision\b|\brejet\b|\brefus\b|\battribution\b"
        r"|notification de droits|fin de (?:vos )?droits")),
    (ANSWER, re.compile(r"^re ?:|^reponse\b")),
)
_COMPLETES = "supporting-document"
"""The procedure that answers a file to complete which no request of ours began."""
_LEAST_REFERENCE = 6
"""Signs of a reference that cannot stand in a text by chance."""


class Referenced(TypedDict):
    """What a request is recognised by."""

    id: str
    procedure: str
    reference: str | None


def about(message: KeptHead, requests: Sequence[Referenced], body: str = "") -> About | None:
    """What a message, with its text or without, is about; None for one about nothing in particular.

    ``requests``: messages to advisers left out.
    """
    subject = fold(message["subject"])
    kind = next((name for name, words in _KINDS if words.search(subject)), "")
    text = f"{message['subject']} {body}"
    request = next((request for request in requests if names(text, request["reference"])), None)
    if not kind and request is None:
        return None
    procedure = request["procedure"] if request else _COMPLETES if kind == COMPLETE else None
    return {"kind": kind, "request": request["id"] if request else None, "procedure": procedure}


def answer_to(written: RequestRecord, inbox: Sequence[KeptMessage]) -> str | None:
    """The id of the message that answers one written to an adviser; None while there is none.

    It came that day or later, is no acknowledgement, and names the reference or repeats the subject.
    """
    sent, subject = written["sent_at"], fold(str(written["answers"].get("subject") or ""))
    if not sent:
        return None
    for message in reversed(inbox):
        heading = fold(message["subject"])
        if message["received_on"] < sent[:10] or _KINDS[0][1].search(heading):
            continue
        named = names(f"{message['subject']} {message['body']}", written["reference"])
        if named or (subject and heading.endswith(subject) and _KINDS[3][1].search(heading)):
            return message["id"]
    return None


def names(text: str, reference: str | None) -> bool:
    """Whether a text names a reference, whole; one too short never counts."""
    if reference is None or len(reference) < _LEAST_REFERENCE:
        return False
    return re.search(rf"(?<!\w){re.escape(reference)}(?!\w)", text) is not None
