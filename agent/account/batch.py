"""What a reader read, on its way to the store: `agent.store.apply` is the only one who writes it.

A batch says by which way and when it was read. It is plain data: it may be applied at once, later, or again.
"""

from datetime import UTC, date, datetime
from decimal import Decimal

import msgspec

from agent.account.model import Coverage, Document, Message, Payment, Profile
from agent.account.sync_notes import SyncNotes
from agent.protocol.origins import Way


def utc(moment: datetime) -> str:
    """A moment as batches bear it: ISO in UTC, so that later ones sort after earlier ones."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


class PaymentRead(msgspec.Struct, frozen=True, kw_only=True):
    """One payment as one source tells it.

    ``payment.label`` is empty where the source does not say it. The ids of its parts begin with ``payment.id``.
    """

    payment: Payment
    offered: bool = False
    """The service offers its décompte."""
    ranked: bool = True
    """``payment.id`` is the service's own: kind and rank come from its whole list of that day. Else ``payment.kind``
    may be a guess, and the payment is found among its equals by its care."""
    number: int = 0
    """Its place in the whole source, from 0, where it is not ``ranked``."""
    alone: bool = False
    """A paper of this one payment told of it, with a reference of its day's order."""


class DocumentRead(msgspec.Struct, frozen=True, kw_only=True):
    """A file. ``document.unread``: its lines could not be taken from it."""

    document: Document
    data: bytes
    of: int | None = None
    """It is the décompte of the payment with this ``number`` in the same batch: the payment's id, known once it was
    found among its equals, makes the document's."""

    def __repr__(self) -> str:
        return f"DocumentRead({self.document.kind})"


class MessageRead(msgspec.Struct, frozen=True, kw_only=True):
    """A message with the files that were had. ``message.attachments`` names those files."""

    message: Message
    ref: str = ""
    """Another name to know it by: a digest of the service's own id."""
    files: tuple[DocumentRead, ...] = ()
    total: int = 0
    """How many files it has."""


class ProfileRead(msgspec.Struct, frozen=True, kw_only=True):
    """The person and the family."""

    profile: Profile
    on: date | None
    """Day on which the source showed it; None where it does not tell."""


class BankLine(msgspec.Struct, frozen=True, kw_only=True):
    """A credit on the person's bank account that concerns health."""

    on: date
    amount: Decimal
    label: str
    payer: str
    ordered: date | None = None
    """Day of the fund's order, where the label tells it."""


class BankAccount(msgspec.Struct, frozen=True, kw_only=True):
    """The credits of one account in one file."""

    account: str
    """A digest: what tells accounts apart."""
    lines: tuple[BankLine, ...] = ()
    covered: tuple[tuple[date, date], ...] = ()
    """First and last days of which the file surely says everything."""


class ShareRead(msgspec.Struct, frozen=True, kw_only=True):
    """What a complementary insurer paid for the care of one payment."""

    payment: str
    amount: Decimal
    on: date


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """What one way brought at one moment."""

    way: Way
    at: str
    """When it was read: an ISO moment in UTC."""
    source: str = ""
    """Id of the import; empty for what was read at the service."""
    payments: tuple[PaymentRead, ...] = ()
    documents: tuple[DocumentRead, ...] = ()
    messages: tuple[MessageRead, ...] = ()
    profile: ProfileRead | None = None
    coverage: Coverage | None = None
    bank: tuple[BankAccount, ...] = ()
    shares: tuple[ShareRead, ...] = ()
    notes: SyncNotes | None = None
    """What the sync notes of itself: the names that changed."""

    def __repr__(self) -> str:
        return f"Batch({self.way}, {len(self.payments)} payments, {len(self.messages)} messages)"


class Applied(msgspec.Struct, kw_only=True):
    """What applying a batch did: counts of what was new and of what was known already, by kind."""

    new: dict[str, int] = {}
    known: dict[str, int] = {}
    changed: int = 0
    """Payments known in full that now read differently."""
    completed: int = 0
    """Payments known by their row alone that now have their detail."""

    def count(self, kind: str, *, new: bool) -> None:
        """Count one more thing."""
        counts = self.new if new else self.known
        counts[kind] = counts.get(kind, 0) + 1
