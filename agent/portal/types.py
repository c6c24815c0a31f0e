"""What goes into the connector and what comes out besides the account's own objects. All of it fits in JSON."""

from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec

from config.json_value import JsonObject


class PortalConfig(msgspec.Struct, frozen=True, kw_only=True):
    """How the service is reached. Addresses come from here alone: none is written in the parsers."""

    base_url: str = "https://assure.ameli.fr"
    identity_url: str = "https://ameliconnect.ameli.fr"
    pause_s: float = 1.0
    """Seconds between two requests."""
    timeout_s: float = 30.0
    user_agent: str = "ameli-tui"
    app_version: str = "25.40.0"


class PortalSession(msgspec.Struct, kw_only=True):
    """An open session: full access to the account while it lives, so it is kept by the vault or not at all."""

    cookies: list[JsonObject] = []
    trusted_device: str | None = None
    """Newest proof that this device needs no code; with the password it is a sign-in without a person."""
    csrf: str | None = None

    def __repr__(self) -> str:
        return f"PortalSession({len(self.cookies)} cookies)"


class CodeAnswer(msgspec.Struct, frozen=True):
    """The one-time code a person typed."""

    code: str
    remember: bool = True
    """Make this device trusted, so that the next sign-ins need no code."""

    def __repr__(self) -> str:
        return "CodeAnswer(…)"


class PaymentRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the payments list, with the service's references to ask for more (they change: list again)."""

    paid_on: date
    kind: str
    label: str
    amount: Decimal
    ref: str
    group: str
    index: str
    pdf_href: str | None = None

    def __repr__(self) -> str:
        return f"PaymentRow({self.kind})"


class StatementRef(msgspec.Struct, frozen=True, kw_only=True):
    """One monthly statement. Its key is (month, object_type, rank); the token changes."""

    month: str
    """``YYYYMM``."""
    object_type: str
    rank: int
    """From 0, among those of the month that have the same type."""
    token: str

    def __repr__(self) -> str:
        return f"StatementRef({self.month}, {self.rank})"


class MessageRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the inbox."""

    id: str
    sender: str
    subject: str
    received_on: date
    href: str | None
    read: bool = False

    def __repr__(self) -> str:
        return "MessageRow(…)"


class FetchedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that came with a message. ``name`` is the service's: a label, never a path."""

    name: str
    data: bytes
    media_type: str
    kind: Literal["message", "attachment"] = "attachment"
    """``message``: the message itself as PDF."""

    def __repr__(self) -> str:
        return f"FetchedFile({self.media_type}, {len(self.data)} bytes)"
