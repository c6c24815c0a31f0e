"""What the steps of one sync run share: the portal, the store, what was asked for, and what was found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, TypeVar, Unpack, cast

from agent.errors import AmeliError
from agent.store import Store
from agent.sync.result import Progress, SyncResult, no_progress

if TYPE_CHECKING:
    from agent.portal import Portal
    from agent.protocol.problems import Problem
    from agent.store.account_records import SyncNotes

T = TypeVar("T")


class SyncContext:
    """One run over an open portal. ``result`` is filled as it goes and is right even when the run is cut short."""

    def __init__(
        self, portal: Portal, store: Store, *, full: bool = False, today: date, progress: Progress = no_progress,
        retry: bool = True,
    ) -> None:
        """``retry`` off: what was not understood earlier today is not asked for again."""
        self.portal = portal
        self.store = store
        self.full = full or store.loss.problem is not None
        """After a loss everything is read again, until one run has read it all."""
        self.today = today
        self.progress = progress
        self.retry = retry
        self.first = not store.sync_state().get("finished")
        self.result = SyncResult(first=self.first, problems=[])

    async def keep(self, work: Callable[[], T]) -> T:
        """Do ``work`` on the store as one durable step, away from the loop; see ``Store.write``."""
        return await self.store.write(work)

    async def note(self, **changes: Unpack[SyncNotes]) -> None:
        """Change some of the sync's notes, see ``Store.set_sync_state``."""
        await self.keep(lambda: self.store.set_sync_state(**changes))

    def problem(self, error: AmeliError) -> None:
        """Report an error and go on. The same error is reported once, with a count."""
        problem = cast("Problem", error.problem() | {name: str(fact) for name, fact in error.facts.items()})
        for known in self.result.problems:
            if {name: value for name, value in known.items() if name != "count"} == problem:
                known["count"] = known.get("count", 1) + 1
                return
        self.result.problems.append(problem)
