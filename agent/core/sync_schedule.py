"""The syncs of one open vault: now, because the person asks, and later by themselves; and what is told of them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from agent.concurrency.uninterrupted import finish
from agent.core.events import Events
from agent.core.sync_runs import BY_SCHEDULE, SyncRuns
from agent.core.tasks import Tasks
from agent.errors import AmeliError, NeedsPerson
from agent.notifications import Notifier
from agent.protocol.events import REQUESTS_CHANGED
from agent.requests import RequestService
from agent.store import Store
from agent.vault.errors import VaultError, VaultLocked
from config.addresses import on_this_machine

if TYPE_CHECKING:
    from agent.connection import Connection
    from agent.procedures.model import World
    from agent.protocol.account import SyncFound
    from agent.store.account_records import PlanRecord
    from agent.sync import SyncResult
    from agent.sync.scheduler import Schedule
    from config.settings import SyncSettings

log = logging.getLogger(__name__)
_ABORT_S = 5.0
"""How long a run may take to end when it is told to."""


class SyncSchedule:
    """When one open vault is brought up to date."""

    def __init__(
        self, store: Store, settings: SyncSettings, address: str, connection: Callable[[], Awaitable[Connection]],
        tasks: Tasks, events: Events, notifier: Callable[[], Notifier], requests: RequestService,
    ) -> None:
        """``address`` is the service's; ``notifier`` gives the one to tell news with now."""
        self._store = store
        self._settings = settings
        self._address = address
        self._connection = connection
        self._tasks = tasks
        self._events = events
        self._notifier = notifier
        self._requests = requests
        self.runs = SyncRuns(connection, events, tasks, self._report)
        self.schedule: Schedule | None = None
        """None while nobody is signed in."""
        self.soon = False
        """Something was seen while the vault was locked and is still to be fetched: the first run by itself is soon."""
        self._closed = False
        self._unsaved_plan: PlanRecord | None = None

    # -- asked for by the person -------------------------------------------------------------------------------------

    async def run_now(
        self, *, full: bool, wait: bool, screen: Mapping[str, str] | None = None
    ) -> SyncFound | None:
        """Sync now or join the run under way; return the contract's result, or None at once without ``wait``.

        ``screen``: the caller's, see ``config.screen``. Raises RefreshTooSoon; and with ``wait`` what
        ``Connection.sync`` raises.
        """
        self._store.vault.ensure_writable()  # before anything is asked of the service that could not be kept
        if self.schedule is not None and not self.runs.running:
            self.schedule.allow_manual()
        if screen:
            (await self._connection()).on_screen(screen, watched=False)
        run = self._tasks.start(self._run_for_person(full))
        return await self._tasks.join(run) if wait else None

    async def _run_for_person(self, full: bool) -> SyncFound:
        try:
            result = await self.runs.run(full)
        except AmeliError as error:
            if self.schedule is not None and not isinstance(error, VaultLocked):
                self.schedule.failed(error)
            raise
        if self.schedule is not None:
            self.schedule.succeeded()
        return result

    # -- by itself ---------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Begin to look for news by itself, or start over after the person did something about what was in the way.

        Nothing is begun without an account, or once this is closed.
        """
        if self.schedule is not None:
            self.schedule.person_acted()
            return
        if self._closed or self._store.credentials() is None:  # closed while a sign-in was under way
            return
        from agent.sync.scheduler import Schedule

        self.schedule = Schedule(
            self._settings,
            self.run_scheduled,
            load=self._store.account.schedule.read,
            save=self._keep_plan,
            limited=not on_this_machine(self._address),
            external_heartbeat=True,  # one wake-up for the whole process
        )
        self.schedule.start()
        if self.soon:
            self.soon = False
            self.schedule.bring_forward()

    async def stop(self) -> None:
        """Look for nothing by itself any more; ``start`` begins anew."""
        schedule, self.schedule = self.schedule, None
        if schedule is not None:
            await schedule.stop(_ABORT_S)

    def change(self, settings: SyncSettings) -> None:
        """Go on with other settings."""
        self._settings = settings
        if self.schedule is not None:
            self.schedule.change(settings)

    def heartbeat(self) -> None:
        """Look at the clocks."""
        if self.schedule is not None:
            self.schedule.heartbeat()

    async def run_scheduled(self) -> None:
        """One run by itself. Raises what ends it, after the person was told when they are needed."""
        try:
            await self.runs.run(trigger=BY_SCHEDULE)
        except NeedsPerson:
            await self._notifier().tell_person_needed()
            raise

    @property
    def stale(self) -> bool:
        """Runs are made by themselves, and none has gone well for three intervals."""
        return self.schedule is not None and self.schedule.stale

    @property
    def next_sync(self) -> str | None:
        """When the next run by itself begins (ISO, UTC); None when none is planned."""
        moment = self.schedule.next_run if self.schedule is not None else None
        return moment.isoformat(timespec="seconds") if moment is not None else None

    # -- what a run brought ------------------------------------------------------------------------------------------

    async def _report(self, result: SyncResult, trigger: str) -> None:
        """Note what the inbox says of requests, and tell the person what is new when nobody was waiting for it."""
        if changed := await self._store.write(self._requests.by_hand.read_inbox):
            self._events.publish(REQUESTS_CHANGED({"ids": changed, "sent": 0}))
        if trigger != BY_SCHEDULE:
            return
        new = {**result.untold(), "requests": len(changed)} if changed else result.untold()
        await self._notifier().tell_news(new, first=result.first)
        newly_close = await asyncio.to_thread(_reminder)
        if not self._closed:
            close = await self._store.write(lambda: newly_close(self._store, self._requests.world()))
            await self._notifier().tell_deadlines(close)

    # -- keeping the plan --------------------------------------------------------------------------------------------

    def _keep_plan(self, plan: PlanRecord) -> None:
        """Keep the newest plan, away from the loop; what is not written yet is when this closes."""
        self._unsaved_plan = plan
        self._tasks.start(self.save_plan())

    async def save_plan(self) -> None:
        """Write the newest plan down, if that was not done yet."""
        await finish(self._write_plan)

    def _write_plan(self) -> None:
        plan, self._unsaved_plan = self._unsaved_plan, None
        if plan is None:
            return
        try:
            self._store.account.schedule.write(plan)
        except VaultError as error:  # then the next start plans anew
            log.warning("the plan of the next sync could not be kept: %s", error.code)

    async def close(self) -> None:
        """Stop for good."""
        self._closed = True
        await self.stop()


def _reminder() -> Callable[[Store, World], int]:
    from agent.requests.reminders import newly_close  # it brings all procedures: not on the event loop

    return newly_close


def warm_up() -> None:
    """Import what an open vault needs next, away from the event loop."""
    import_module("agent.sync.scheduler")
    import_module("apscheduler.schedulers.asyncio")
