"""Documents over the socket: what exists, and what is kept of it. Days are ISO, sizes bytes."""

from typing import TypedDict

from agent.protocol.origins import RecordOrigin


class Document(TypedDict):
    """One of the list of ``GET /v1/documents``, newest first."""

    id: str
    kind: str
    """``decompte``, ``releve_mensuel``, ``attestation``, ``message``, ``attachment`` or ``other``."""
    title: str
    date: str
    filename: str
    media_type: str
    size: int | None
    """None until the bytes were fetched."""
    fetched: bool
    """Whether the bytes are kept; else the service is asked for them."""
    payment: str | None
    message: str | None
    unread: bool
    """Whether it is a statement of which no line could be read."""


class DocumentWithOrigins(Document):
    """``GET /v1/documents/ID``."""

    origins: list[RecordOrigin]
    """Where its file came from, the best first; nothing until it is kept."""


class DamagedDocument(TypedDict):
    """A document whose bytes in the vault are not what was written, and that is not fetched again yet."""

    id: str
    kind: str
    title: str
    date: str
    since: str
    """Day on which that was found."""
    fetchable: bool
    """It is a document of the service, which was not found to have it no more."""
    until: str | None
    """Last day on which the service has it; None where nobody knows."""


class NamedDocument(Document):
    """A document with the name it gets in a folder."""

    name: str
    """With its folders, after the template asked for."""


class NamedDocuments(TypedDict):
    """``GET /v1/export/documents``."""

    documents: list[NamedDocument]
