"""What a bank file says."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple


class Line(NamedTuple):
    """One movement of an account: euros, negative when they leave."""

    on: date
    """Day of booking."""
    amount: Decimal
    label: str


@dataclass(slots=True)
class Account:
    """The movements of one account in a file, before anything is left out."""

    name: str
    """What tells it from others: a number, or nothing. Never kept as it is."""
    lines: list[Line] = field(default_factory=list)
    since: date | None = None
    until: date | None = None
    """First and last day the file covers, as far as it says."""
    foreign: int = 0
    """Movements in another currency than the euro."""


class Credit(NamedTuple):
    """Money that came in and concerns health."""

    on: date
    amount: Decimal
    label: str
    payer: Literal["fund", "top_up", "maybe"]
    """The fund, the complementary insurer, or somebody who may be one of them."""
    reference_day: date | None
    """The day of the fund's payment order, where the label has its reference."""


@dataclass(slots=True)
class BankFile:
    """A file reduced to what concerns health."""

    kind: Literal["ofx", "csv"]
    account: str
    """A digest of the account's number; nothing when the file has none."""
    since: date
    until: date
    credits: list[Credit]
    left_out: int
    """Movements that were not kept."""
    foreign: int = 0
