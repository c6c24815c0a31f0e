"""The person and the family: they seldom change, so they are read once a week."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from agent.account.batch import ProfileRead

if TYPE_CHECKING:
    from agent.sync.context import Reading
    from agent.sync.result import Outcome

EVERY = timedelta(days=7)


async def sync_profile(run: Reading) -> Outcome:
    """Read the profile when it is older than a week, missing, or everything is asked for again."""
    read_on = run.known.notes().get("profile")
    if read_on and not run.full and timedelta(0) <= run.today - date.fromisoformat(read_on) < EVERY:
        return "not_due"
    profile = await run.portal.profile()
    await run.person(ProfileRead(profile=profile, on=run.today), {"profile": run.today.isoformat()})
    return "read"
