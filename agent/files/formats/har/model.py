"""What is kept of a recording, and what is told of the rest."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from agent.files.formats.har.scanner import Why


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One answer of the account service's data host."""

    method: str
    url: str
    """Harmless: without anti-forgery token, session id, fragment or needless port."""
    status: int
    """0 when the browser noted none (a request that was cut)."""
    headers: Mapping[str, str]
    """Of the answer, names in lower case: type, disposition, date, and where a redirect leads inside the service."""
    body: bytes | None
    """Decoded; None when the browser did not record it."""
    started_at: datetime | None

    def __repr__(self) -> str:
        return f"Entry({self.method}, {self.status}, {len(self.body or b'')} bytes)"


class Dropped(msgspec.Struct, kw_only=True):
    """How much was left out, unread."""

    sign_in: int = 0
    """Exchanges with the identity host, or that carry its codes: the password is in them."""
    elsewhere: int = 0
    """Exchanges with any other host or place."""
    cookies: int = 0
    """Exchanges of the service whose cookies or authorization were taken off."""
    bodies: int = 0
    """Exchanges of the service that sent something: what was sent is not kept."""
    tokens: int = 0
    """Anti-forgery tokens."""
    unreadable: int = 0
    """Entries that cannot be read, or are no exchange at all."""


class Unread(msgspec.Struct, frozen=True):
    """An entry that was not read."""

    number: int
    """Its place in the file, from 1."""
    why: Why


class Recording(msgspec.Struct, kw_only=True):
    """What a browser recorded at the account service, in order of time."""

    entries: list[Entry]
    dropped: Dropped
    local: bool = False
    """The answers are of a stand-in on this machine, not of the real service."""
    unread: list[Unread] = msgspec.field(default_factory=list)
    """The first of those that ``dropped.unreadable`` counts."""
    cut_after: int | None = None
    """The file ends before its end: how many entries begin before. None: it is whole."""
    mended: int = 0
    """Answers kept in which signs that are no text were replaced or guessed."""

    @property
    def unrecorded(self) -> int:
        """Answers whose content the browser left out."""
        return sum(one.body is None for one in self.entries)
