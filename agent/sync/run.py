"""The run itself: its steps in order, and what happens to their errors."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from datetime import date
from typing import TYPE_CHECKING

from agent.errors import AmeliError
from agent.portal.errors import PortalChanged
from agent.store import Store
from agent.sync.context import SyncContext
from agent.sync.errors import NOT_UNDERSTOOD, Gap, ListShrunk
from agent.sync.result import Outcome, Progress, SyncResult, no_progress
from agent.sync.steps.inbox import sync_inbox
from agent.sync.steps.payments import sync_payments
from agent.sync.steps.profile import sync_profile
from agent.sync.steps.statements import sync_statements

if TYPE_CHECKING:
    from agent.portal import Portal

Step = Callable[[SyncContext], Awaitable[Outcome]]
_STEPS: dict[str, Step] = {
    "payments": sync_payments, "statements": sync_statements, "inbox": sync_inbox, "profile": sync_profile,
}
NEWS = ("payments", "inbox")
"""Steps for whose sake a run is made: when none of them could be read, the run failed."""
_NOT_UNREAD = frozenset({Gap.code, ListShrunk.code})
"""Problems that do not mean that something listed could not be read."""


class SyncRun(SyncContext):
    """The steps of one run, in order, and what becomes of their errors."""

    def __init__(
        self, portal: Portal, store: Store, *, full: bool = False, today: date, progress: Progress = no_progress,
        clock: Callable[[], float] = time.monotonic, retry: bool = True,
    ) -> None:
        """``retry`` off: what was not understood earlier today is not asked for again."""
        super().__init__(portal, store, full=full, today=today, progress=progress, retry=retry)
        self._clock = clock
        self._refused: dict[str, AmeliError] = {}

    async def __call__(self) -> SyncResult:
        """Run all steps. Raises the connector's errors that end a run (unreachable, blocked, session ended…), and
        what was wrong with the payments (or else the inbox) when neither of the two could be read."""
        started, requests = self._clock(), self.portal.requests
        try:
            for name, step in _STEPS.items():
                self.result.steps[name] = await self._attempt(name, step)
            self._partly()
            refused = [self._refused[name] for name in NEWS if name in self._refused]
            if refused and not any(self.result.steps[name] == "read" for name in NEWS):
                raise refused[0]  # a week of such runs would look like a week without news
            if self.full and self._all_read():
                await self.keep(self.store.loss.over)
            if self.first and self.result.steps["payments"] == "read":
                await self.note(finished=True)
        finally:
            self.result.requests += self.portal.requests - requests
            self.result.seconds += self._clock() - started
        return self.result

    def _all_read(self) -> bool:
        """Whether every step was made and read everything it listed."""
        return (all(outcome == "read" for outcome in self.result.steps.values())
                and all(one["code"] in _NOT_UNREAD for one in self.result.problems))

    def _partly(self) -> None:
        """Report pages that were read in part, without an error."""
        for seen in self.portal.watch.changed.values():
            if not any(one.get("page") == seen.page for one in self.result.problems):
                self.problem(PortalChanged(page=seen.page, missing=seen.missing))

    async def _attempt(self, name: str, step: Step) -> Outcome:
        """Do one step; what the service answered and was not understood is then a problem."""
        try:
            outcome = await step(self)
        except NOT_UNDERSTOOD as error:
            self._refused[name] = error
            self.problem(error)
            return "failed"
        self._refused.pop(name, None)  # the step is made again when the session was renewed in between
        return outcome


async def run_sync(
    portal: Portal, store: Store, *, full: bool = False, today: date, progress: Progress = no_progress
) -> SyncResult:
    """Bring the store up to date with the account; ``full`` reads again what is already known.

    Raises the connector's errors that end a run; what was read until then is kept.
    """
    return await SyncRun(portal, store, full=full, today=today, progress=progress)()
