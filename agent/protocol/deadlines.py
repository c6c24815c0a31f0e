"""What has a last day."""

from typing import Literal, TypedDict

DeadlineKind = Literal["duty", "right", "window", "estimate"]
"""To be done by then; the fund's own limit; something opens or closes; about when."""


class Action(TypedDict, total=False):
    """What a deadline is about: one of these."""

    procedure: str
    """Name of the procedure to begin."""
    request: str
    """Id."""
    message: str
    """Id."""


class LastDay(TypedDict):
    """One last day, whatever today is."""

    id: str
    title_fr: str
    title_en: str
    due: str
    """Day, ISO."""
    kind: DeadlineKind
    source: str
    action: Action | None


class Deadline(LastDay):
    """One last day, as seen today."""

    days_left: int
    """Negative for a duty that was missed."""
