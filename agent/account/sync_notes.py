"""What a sync notes of itself between two runs. Days and moments are ISO."""

from typing import TypedDict, cast


class PaymentsNote(TypedDict, total=False):
    """Where the payments stand between two runs, in days; see ``agent.sync.steps.payments_plan.ListedSoFar``."""

    oldest: str | None
    until: str | None
    left_since: str | None
    failed_on: str | None


class StatementsNote(TypedDict, total=False):
    """Where the monthly statements stand."""

    listed_on: str | None
    """Day of the last list of which every file was fetched."""
    looked_on: str
    """Day of the last list while the vault was locked, of which nothing was fetched."""
    announced: list[str]
    """As of the inbox."""


class InboxNote(TypedDict, total=False):
    """Where the inbox stands."""

    listed: int
    """How many messages the last list had."""
    unread: list[str]
    """Ids of those opened here that the person had not read at the service."""
    announced: list[str]
    """Ids of those that the person was told of while the vault was locked, and that are still to be fetched."""


class SyncNotes(TypedDict, total=False):
    """What the sync notes of itself."""

    payments: PaymentsNote
    statements: StatementsNote
    inbox: InboxNote
    profile: str
    """Day on which the profile was read."""
    finished: bool
    """The first run of this vault came to its end."""
    last: str
    """Moment of the last whole run."""
    at: dict[str, str]
    """When each of the others was noted: a note read earlier never replaces a later one."""


def noted(before: SyncNotes, notes: SyncNotes, moment: str) -> SyncNotes:
    """The notes with some changed, as read at an ISO moment; a later note is never replaced by an earlier one."""
    moments = dict(before.get("at") or {})
    fresh = {name for name in notes if name != "at" and moments.get(name, "") <= moment}
    changes = cast(SyncNotes, {name: value for name, value in notes.items() if name in fresh})
    return {**before, **changes, "at": {**moments, **dict.fromkeys(fresh, moment)}}
