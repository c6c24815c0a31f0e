"""What a file of the fund's table says, whatever its form."""

from dataclasses import dataclass, field
from datetime import date

from config.ccam.table import Price, Tariff

MOST_WORDS = 600
"""Characters kept of what an act is called."""
MOST_UNREAD = 50
"""Rows that could not be read and are named; more are counted."""


@dataclass(frozen=True, slots=True)
class Unread:
    """A row that was passed over, and why in French and English."""

    row: int
    why_fr: str
    why_en: str


@dataclass(slots=True)
class Parsed:
    """A version of the table."""

    version: str
    """Its number."""
    day: date
    """From which it applies."""
    kind: str
    """``sheet`` or ``dbase``."""
    lines: list[tuple[Tariff, list[Price | None]]] = field(default_factory=list)
    """Each tariff with its cells: the price of ``day`` or None, then those that began on a day of their own."""
    words: dict[str, str] = field(default_factory=dict)
    """What each act is, in the fund's words."""
    unread: list[Unread] = field(default_factory=list)

    @property
    def source(self) -> str:
        """How tables name it: ``CCAM-V82``."""
        return f"CCAM-V{self.version}"
