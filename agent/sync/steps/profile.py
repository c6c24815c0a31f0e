"""The person and the family: they seldom change, so they are read once a week."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agent.sync.context import SyncContext
    from agent.sync.result import Outcome

EVERY = timedelta(days=7)


async def sync_profile(run: SyncContext) -> Outcome:
    """Read the profile when it is older than a week, missing, or everything is asked for again."""
    read_on = run.store.sync_state().get("profile")
    if read_on and not run.full and timedelta(0) <= run.today - date.fromisoformat(read_on) < EVERY:
        return "not_due"
    profile = await run.portal.profile()

    def save() -> None:
        run.store.save_profile(profile)
        run.store.set_sync_state(profile=run.today.isoformat())

    await run.keep(save)
    return "read"
