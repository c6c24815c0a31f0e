"""What a recording holds, read but not yet kept."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from agent.account import Message, Profile
from agent.errors import AmeliError
from agent.files.imports.model import Keep
from agent.files.imports.ownership import Span
from agent.portal.pages.payment_detail import Detail
from agent.portal.types import FetchedFile, MessageRow, PaymentRow, StatementRef

if TYPE_CHECKING:
    from agent.files.formats.har import Dropped, Unread
    from agent.files.formats.statements import Statement as Paper


class Member(msgspec.Struct):
    """One payment: its row, its detail, its décompte, as far as they were recorded."""

    row: PaymentRow
    listed: bool = True
    """False when only the detail was recorded: the row is made from it, without a label."""
    detail: Detail | None = None
    pdf: bytes | None = None
    at: int = 0
    """Its place among all rows: payments of one day are kept in the order of the list."""


class Group(msgspec.Struct):
    """The payments of one day, kind and amount, in the order of the list: it makes their ids."""

    paid_on: date
    kind: str
    amount: Decimal
    members: list[Member]
    whole: bool
    """They come from a list that was not filtered by person: their ranks are those that a sync gives."""


class Statement(msgspec.Struct):
    """A monthly statement whose PDF was recorded."""

    ref: StatementRef
    data: bytes


class Opened(msgspec.Struct):
    """A message whose page was recorded."""

    row: MessageRow
    message: Message
    files: list[FetchedFile | None]
    """In the order a sync fetches them; None for one that was not recorded."""


@dataclass
class Found:
    """All that one recording holds of the account."""

    dropped: "Dropped"
    local: bool
    visited: bool = True
    """The account service was talked to at all."""
    groups: list[Group] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    inbox: list[MessageRow] = field(default_factory=list)
    """Newest first, as listed."""
    opened: dict[str, Opened] = field(default_factory=dict)
    """By the service's id of the message."""
    profile: Profile | None = None
    profile_on: date | None = None
    recorded_at: datetime | None = None
    """When the newest of the answers was asked for, where the recording tells."""
    numbers: set[str] = field(default_factory=set)
    """Of everybody whose account this is, by the personal details and the statements in it: one, or none told."""
    spans: list[Span] = field(default_factory=list)
    """Days of which a list shows every payment of everybody."""
    letterheads: list["Paper"] = field(default_factory=list)
    """What the statements in it say of whose they are."""
    papers: list[bytes] = field(default_factory=list)
    """PDFs that no page recorded explains, and nothing else here."""
    explained: list[Keep] = field(default_factory=list)
    """Such PDFs that explain themselves: what keeps each."""
    unrecorded: int = 0
    """Answers of the account whose content the browser left out."""
    damaged: int = 0
    """PDFs that are cut, or do not open: another recording, or a sync, may bring them whole."""
    unlisted: int = 0
    """Messages opened whose row in the inbox was not recorded: nothing tells who sent them and when."""
    unread: list["Unread"] = field(default_factory=list)
    """Entries of the file that could not be read: the first of those that ``dropped`` counts."""
    cut_after: int | None = None
    """The file ends before its end, behind so many entries."""
    mended: int = 0
    """Answers of the account in which damaged signs were replaced or guessed."""
    signed_out: int = 0
    """Sign-in forms where a page was asked for."""
    problems: list[AmeliError] = field(default_factory=list)

    def attempt(self, work: Callable[[], None]) -> None:
        """Do ``work``; what is not understood becomes a problem and the rest goes on."""
        try:
            work()
        except AmeliError as error:
            self.problems.append(error)
