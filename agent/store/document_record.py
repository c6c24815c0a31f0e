"""A document as the vault keeps it: known to whoever moves it with its payment, too."""

from typing import NotRequired, TypedDict


class DocumentRecord(TypedDict):
    """A document, kept under its id; the fields of ``agent.account.Document``, and the name of its bytes."""

    id: str
    kind: str
    title: str
    date: str
    filename: str
    media_type: NotRequired[str]
    size: NotRequired[int | None]
    fetched: NotRequired[bool]
    payment: NotRequired[str | None]
    message: NotRequired[str | None]
    unread: NotRequired[bool]
    blob: str | None
    """None until the bytes are kept."""
