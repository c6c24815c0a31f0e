"""The run itself: its steps in order, and what happens to their errors."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

from agent.account.batch import Batch
from agent.errors import AmeliError
from agent.portal.errors import PortalChanged
from agent.store import Store
from agent.store.apply import apply
from agent.store.known import StoreKnown
from agent.sync.context import Reading
from agent.sync.errors import NOT_UNDERSTOOD, Gap, ListShrunk
from agent.sync.result import Outcome, Progress, SyncResult, no_progress
from agent.sync.steps.inbox import sync_inbox
from agent.sync.steps.payments import sync_payments
from agent.sync.steps.pipeline import Writer
from agent.sync.steps.profile import sync_profile
from agent.sync.steps.statements import sync_statements
from config.clock import now as real_now

if TYPE_CHECKING:
    from agent.portal import Portal

Step = Callable[[Reading], Awaitable[Outcome]]
_STEPS: dict[str, Step] = {
    "payments": sync_payments, "statements": sync_statements, "inbox": sync_inbox, "profile": sync_profile,
}
NEWS = ("payments", "inbox")
"""Steps for whose sake a run is made: when none of them could be read, the run failed."""
_NOT_UNREAD = frozenset({Gap.code, ListShrunk.code})
"""Problems that do not mean that something listed could not be read."""


class SyncRun:
    """The steps of one run, in order, what they read written as it comes, and what becomes of their errors."""

    def __init__(
        self, store: Store, *, full: bool = False, today: date, progress: Progress = no_progress,
        clock: Callable[[], float] = time.monotonic, now: Callable[[], datetime] = real_now, retry: bool = True,
    ) -> None:
        """``retry`` off: what was not understood earlier today is not asked for again."""
        self._store, self._clock = store, clock
        self._reading = Reading(
            StoreKnown(store), self._write, full=full, today=today, progress=progress, retry=retry, now=now)
        self._writer = Writer()
        self._refused: dict[str, AmeliError] = {}
        self.result = self._reading.result
        self.problem = self._reading.problem

    async def __call__(self, portal: Portal) -> SyncResult:
        """Run all steps over an open portal. Raises the errors that end a run (unreachable, blocked, session
        ended…), and what was wrong with the payments (or else the inbox) when neither of the two could be read."""
        started, requests = self._clock(), portal.requests
        self._reading.portal = portal
        try:
            for name, step in _STEPS.items():
                self.result.steps[name] = await self._attempt(name, step)
            self._partly(portal)
            refused = [self._refused[name] for name in NEWS if name in self._refused]
            if refused and not any(self.result.steps[name] == "read" for name in NEWS):
                raise refused[0]  # a week of such runs would look like a week without news
            if self._reading.full and self._all_read():
                await self._store.write(self._store.loss.over)
            if self.result.first and self.result.steps["payments"] == "read":
                async with self._writer:
                    await self._reading.note(finished=True)
        finally:
            self.result.requests += portal.requests - requests
            self.result.seconds += self._clock() - started
        return self.result

    async def _write(self, batch: Batch) -> None:
        """Write a batch as one durable step, while the next thing comes over the wire."""
        await self._writer.write(partial(self._apply, batch))

    def _apply(self, batch: Batch) -> None:
        applied = apply(self._store, batch)
        for kind, count in applied.new.items():
            if kind in self.result.new:
                self.result.new[kind] += count
        self.result.changed += applied.changed

    def _all_read(self) -> bool:
        """Whether every step was made and read everything it listed."""
        return (all(outcome == "read" for outcome in self.result.steps.values())
                and all(one["code"] in _NOT_UNREAD for one in self.result.problems))

    def _partly(self, portal: Portal) -> None:
        """Report pages that were read in part, without an error."""
        for seen in portal.watch.changed.values():
            if not any(one.get("page") == seen.page for one in self.result.problems):
                self.problem(PortalChanged(page=seen.page, missing=seen.missing))

    async def _attempt(self, name: str, step: Step) -> Outcome:
        """Do one step; what the service answered and was not understood is then a problem."""
        try:
            async with self._writer:
                outcome = await step(self._reading)
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
    return await SyncRun(store, full=full, today=today, progress=progress)(portal)
