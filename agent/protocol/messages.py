"""The inbox as it is told: one message in the list, one as the vault keeps it, and what it is about."""

from typing import TypedDict

from agent.protocol.origins import RecordOrigin


class About(TypedDict):
    """What a message is about, as far as its words and a reference it names tell."""

    kind: str
    """``complete`` (a file to complete), ``decision``, ``answer``, ``receipt``; empty for another one that names a
    request."""
    request: str | None
    """Id of the request whose reference it names."""
    procedure: str | None
    """Name of that request's procedure, or of the one that answers the message."""


class KeptHead(TypedDict):
    """A message as the vault keeps it, without its text."""

    id: str
    received_on: str
    """Day, ISO."""
    sender: str
    subject: str
    read: bool
    """Opened at the service or here."""
    attachments: list[str]
    """Ids of documents."""


class KeptMessage(KeptHead):
    """A message as the vault keeps it."""

    body: str
    """Plain text."""


class MessageHead(KeptHead):
    """A message of the first screen: no text, and what its subject alone tells that it is about."""

    about: About | None


class Message(KeptMessage):
    """A message of the inbox."""

    about: About | None
    """None: about nothing known."""


class MessageWithOrigins(Message):
    """One message, read."""

    origins: list[RecordOrigin]
    """Where it came from, the best first."""
