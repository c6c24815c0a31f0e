"""What a bank file says."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple


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
