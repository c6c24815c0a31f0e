"""What the rules know from when, over the socket: tables of the law, and versions of the fund's table of acts."""

from typing import NotRequired, TypedDict


class TakenTariffs(TypedDict):
    """``POST /v1/tariffs``: a version of the fund's table was taken in."""

    version: str
    """``CCAM-V82``."""
    applies_from: str
    acts: int
    words: int
    """Acts with their official words."""
    changed: int
    """Tariffs that were not known, or not the same, for that day."""
    known: bool
    """The same was kept already."""


class TariffVersion(TypedDict):
    """A version of the fund's table of technical acts."""

    version: str
    applies_from: str
    taken_in: bool
    """By the person; else it comes with the program."""
    words: int


class TechnicalActs(TypedDict):
    """What is known of technical acts."""

    review: str
    stale: bool
    acts: int
    versions: list[TariffVersion]
    damaged: list[str]
    """Files of versions taken in that cannot be read any more."""


class TariffValue(TypedDict):
    """One amount, rate or ceiling: what it is on a day."""

    name: str
    label: str
    unit: str
    value: str | None
    """None: not known for that day."""
    since: str | None
    """The first day of the value, or the first for which it was read."""
    began: bool
    """``since`` is the day on which it began."""
    source: str | None
    doubt: str
    """What is not sure of it: nothing, ``outdated``, ``unread``, ``between`` or ``disputed``."""


class TariffTable(TypedDict):
    """One table of the law."""

    name: str
    review: str
    """The day by which it must be looked at again."""
    stale: bool
    parameters: int
    entries: int
    """Values through time."""
    with_first_day: int
    """Of them, those whose first day a source tells."""
    read_only: int
    """Those that were only read for a day."""
    latest_only: int
    """Parameters of which only the last known value is known for the day."""
    not_known: int
    """Parameters of which nothing is known for the day: ended, or known to have changed."""
    sources: int
    values: NotRequired[list[TariffValue]]
    """Where one table was asked for."""


class TariffsStatus(TypedDict):
    """``GET /v1/tariffs``: what the rules know on a day."""

    on: str
    entries: int
    with_first_day: int
    read_only: int
    sources: int
    stale: list[str]
    """Tables past the day by which they must be looked at again."""
    tables: list[TariffTable]
    technical_acts: TechnicalActs
