"""The run of an open vault: its steps in order, what they read written as it comes."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

from agent.account.batch import Batch
from agent.store import Store
from agent.store.apply import apply
from agent.store.known import StoreKnown
from agent.sync.context import Reading
from agent.sync.errors import Gap, ListShrunk
from agent.sync.result import Progress, SyncResult, no_progress
from agent.sync.steps.in_order import Step, StepsInOrder
from agent.sync.steps.inbox import sync_inbox
from agent.sync.steps.payments import sync_payments
from agent.sync.steps.pipeline import Writer
from agent.sync.steps.profile import sync_profile
from agent.sync.steps.statements import sync_statements
from config.clock import now as real_now

if TYPE_CHECKING:
    from agent.portal import Portal

_STEPS: dict[str, Step] = {
    "payments": sync_payments, "statements": sync_statements, "inbox": sync_inbox, "profile": sync_profile,
}
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
        self._steps = StepsInOrder(self._reading, _STEPS, self._writer)
        self.result = self._reading.result
        self.problem = self._reading.problem

    async def __call__(self, portal: Portal) -> SyncResult:
        """Run all steps over an open portal. Raises the errors that end a run (unreachable, blocked, session
        ended…), and what was wrong with the payments (or else the inbox) when neither of the two could be read."""
        started, requests = self._clock(), portal.requests
        try:
            await self._steps.read(portal)
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


async def run_sync(
    portal: Portal, store: Store, *, full: bool = False, today: date, progress: Progress = no_progress
) -> SyncResult:
    """Bring the store up to date with the account; ``full`` reads again what is already known.

    Raises the connector's errors that end a run; what was read until then is kept.
    """
    return await SyncRun(store, full=full, today=today, progress=progress)(portal)
