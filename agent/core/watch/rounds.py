"""The rounds of a locked agent: when they are made, and what is told of them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from agent.concurrency.uninterrupted import finish
from agent.core.memory import give_back
from agent.core.sync_runs import BY_PERSON, BY_SCHEDULE, publish_failure, publish_news
from agent.errors import AmeliError, NeedsPerson
from agent.protocol.events import SYNC_DONE, SYNC_PROGRESS, SYNC_STARTED, SyncEnded
from agent.sync.scheduler import RefreshTooSoon, Schedule
from config import clock
from config.addresses import on_this_machine

if TYPE_CHECKING:
    from datetime import date
    from random import Random

    from agent.core.events import Events
    from agent.notifications import Notifier
    from agent.protocol.account import SyncFound
    from agent.store.account_records import PlanRecord
    from agent.sync import SyncResult
    from agent.sync.scheduler.clocks import Clocks
    from agent.sync.scheduler.scheduler import Timer
    from agent.watch.ticket import Ticket
    from agent.watch.watcher import Watcher
    from config.settings import PortalSettings, SyncSettings

log = logging.getLogger(__name__)
_TAKING_OVER_S = 5
_ABORT_S = 5.0
"""How long a round may take to seal what it read when it is cut short."""


class Rounds:
    """Made when the vault was locked with a ticket, stopped before it is opened."""

    def __init__(
        self, ticket: Ticket, watcher: Callable[[], Watcher], settings: SyncSettings, portal: PortalSettings,
        events: Events, notifier: Callable[[], Notifier], over: Callable[[], None], keep: Callable[[Ticket], None], *,
        today: Callable[[], date] = clock.today, clocks: Clocks | None = None, rng: Random | None = None,
        timer: Timer | None = None,
    ) -> None:
        """``watcher`` makes who makes the rounds: only then are the libraries loaded that ask the service. ``over`` is
        called after each round, when the ticket knows when the next one is, since what was read then is still in this
        process. ``keep`` as of the watcher."""
        self.ticket = ticket
        """As it stands."""
        self._make = watcher
        self._watcher: Watcher | None = None
        self._events, self._notifier, self._over, self._keep = events, notifier, over, keep
        self._today = today
        self.schedule = Schedule(
            settings, self._by_schedule, load=lambda: self.ticket.plan, save=self._save_plan,
            limited=not on_this_machine(portal.base_url), external_heartbeat=True, clocks=clocks, rng=rng, timer=timer)
        self._running: asyncio.Task[SyncResult] | None = None
        self._read = False
        self._stopping = self._frozen = False

    @property
    def running(self) -> bool:
        """A round is under way."""
        return self._running is not None and not self._running.done()

    @property
    def busy(self) -> bool:
        """A round is under way, or it is not noted yet when the next one begins."""
        return self.running or self._read

    @property
    def watching(self) -> bool:
        """There will be a next round by itself."""
        return self.ticket.access != "none" and (self.schedule.next_run is not None or self.running)

    # -- its life ------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Take up the plan of the ticket."""
        self.schedule.start()

    async def stop(self) -> None:
        """End; a round under way seals what it read."""
        self._stopping = True
        if self._running is not None and not self._running.done():
            self._running.cancel()
            await asyncio.wait({self._running}, timeout=_ABORT_S)
        await self.schedule.stop(_ABORT_S)

    def freeze(self) -> None:
        """Another process takes over with the ticket as it is now: no round may begin that it would not know of."""
        self._frozen = True

    async def heartbeat(self) -> None:
        """Look at the clocks, and at deadlines that come close."""
        self.schedule.heartbeat()
        ticket, today = self.ticket, self._today().isoformat()
        close = [day for day in ticket.near if (ticket.reminded or "") < day <= today]
        if close:
            ticket.reminded = today
            await finish(partial(self._keep, ticket))
            await self._notifier().tell_deadlines(len(close))

    def _save_plan(self, plan: PlanRecord) -> None:
        self.ticket.plan = plan
        if self._read and not self._stopping:
            self._read = False
            self._over()

    # -- rounds --------------------------------------------------------------------------------------------------------

    async def run_now(self) -> SyncFound:
        """A round because a person asks, or the one under way. Raises RefreshTooSoon, and as ``Watcher.round``."""
        if not self.running:
            self.schedule.allow_manual()
        try:
            result = await self._joined(BY_PERSON)
        except AmeliError as error:
            self.schedule.failed(error)
            raise
        self.schedule.succeeded()
        return {**result.json(), "sealed": self.ticket.waiting}

    async def _by_schedule(self) -> None:
        try:
            await self._joined(BY_SCHEDULE)
        except NeedsPerson:
            await self._notifier().tell_person_needed()
            raise

    async def _joined(self, trigger: str) -> SyncResult:
        """Wait for the round under way, begun when there is none; who leaves does not end it. Raises RefreshTooSoon
        while another process takes over."""
        if not self.running:
            if self._frozen:
                raise RefreshTooSoon(seconds=_TAKING_OVER_S)
            self._running = asyncio.get_running_loop().create_task(self._round(trigger))
        assert self._running is not None
        return await asyncio.shield(self._running)

    async def _round(self, trigger: str) -> SyncResult:
        self._events.publish(SYNC_STARTED({"trigger": trigger, "full": False}))
        marks = self.ticket.marks
        comparable = marks is not None and marks.notes().get("finished", False) and not marks.incomplete
        before, done = self.ticket.sealed, SyncEnded(failed=True, new={})
        try:
            if self._watcher is None:
                self._watcher = await asyncio.to_thread(self._make)
            result = await self._watcher.round(progress=self._progress, trigger=trigger)
            done = {"failed": False, "new": result.new, "changed": 0, "problems": len(result.problems)}
        except AmeliError as error:
            log.warning("the round ended: %s", error.problem()["code"])
            publish_failure(self._events, error)
            raise
        finally:
            self._read = True
            give_back()
            self._events.publish(SYNC_DONE(done))
            if comparable and not self._stopping:
                await self._tell(self.ticket.sealed - before, done)
        log.info("round done: %d requests, %d problems", result.requests, len(result.problems))
        return result

    async def _tell(self, sealed: int, done: SyncEnded) -> None:
        """What a round sealed is told, also of one that was cut short; it was noted before, so that it is told once."""
        publish_news(self._events, done["new"])
        await self._notifier().tell_news({"items": sealed})

    def _progress(self, step: str, done: int, total: int) -> None:
        if done in (0, total):
            self._events.publish(SYNC_PROGRESS({"step": step, "done": done, "total": total}))
