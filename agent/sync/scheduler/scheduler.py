"""The schedule: arms its alarm, runs, learns from the outcome, and watches the clocks."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta, tzinfo
from random import Random, SystemRandom
from typing import Protocol

from msgspec.structs import replace

from agent.errors import AmeliError, NeedsPerson, TryLater
from agent.store.account_records import PlanRecord
from agent.sync.scheduler.clocks import Clocks, Reading, SystemClocks
from agent.sync.scheduler.errors import RefreshTooSoon
from agent.sync.scheduler.plan import Plan, Planner
from config.settings import SyncSettings

_log = logging.getLogger(__name__)

HEARTBEAT_S = 30.0
SUSPEND_S = 5.0
"""More than this between the two monotonic clocks is a suspend."""
JUMP_S = 60.0
"""More than this between wall clock and time passed is a clock that was set."""
MANUAL_EVERY_S = 300.0
_JOB = "next"


class Timer(Protocol):
    """Calls back once at a moment."""

    def start(self) -> None: ...
    def arm(self, at: datetime, callback: Callable[[], Awaitable[None]]) -> None: ...
    def disarm(self) -> None: ...
    def stop(self) -> None: ...


class ApTimer:
    """APScheduler 3.11 as an alarm clock: one job, one date in UTC, nothing else of it is used."""

    def __init__(self) -> None:
        from apscheduler.schedulers.asyncio import AsyncIOScheduler

        # The default grace is 1 s: a job that is late after a suspend would be dropped. None means never.
        defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)

    def start(self) -> None:
        """Begin; needs the event loop that will run the callbacks."""
        self._scheduler.start()

    def arm(self, at: datetime, callback: Callable[[], Awaitable[None]]) -> None:
        """Call back at ``at`` (aware), instead of any moment given before."""
        self._scheduler.add_job(callback, "date", run_date=at, id=_JOB, replace_existing=True)

    def disarm(self) -> None:
        """Forget the moment given before."""
        if self._scheduler.get_job(_JOB) is not None:
            self._scheduler.remove_job(_JOB)

    def stop(self) -> None:
        """End for good."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)


class Schedule:
    """Runs ``run`` every few hours. ``run`` raises AmeliError when it failed.

    ``load`` and ``save`` keep the plan (JSON-able) across restarts. ``limited`` applies the pause between two
    refreshes by hand; leave it off for a service on this machine.
    """

    def __init__(
        self, settings: SyncSettings, run: Callable[[], Awaitable[object]], *,
        load: Callable[[], PlanRecord | None] = lambda: None,
        save: Callable[[PlanRecord], None] = lambda record: None,
        limited: bool = True, clocks: Clocks | None = None, rng: Random | None = None, zone: tzinfo | None = None,
        timer: Timer | None = None, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        external_heartbeat: bool = False,
    ) -> None:
        """``external_heartbeat``: the caller calls ``heartbeat`` every 30 s, so that the process has one wake-up."""
        self._settings = settings
        self._run = run
        self._load, self._save = load, save
        self._limited = limited
        self._clocks = clocks or SystemClocks()
        self._rng = rng or SystemRandom()
        self._zone = zone
        self._planner = Planner(settings, self._rng, zone, local=not limited)
        self._timer = timer
        self._sleep = sleep
        self._external_heartbeat = external_heartbeat
        self._plan = Plan()
        self._last_look: Reading | None = None
        self._last_manual: float | None = None
        self._task: asyncio.Task[None] | None = None
        self._heart: asyncio.Task[None] | None = None
        self._stopping = False

    # -- what it says ------------------------------------------------------------------------------------------------

    @property
    def next_run(self) -> datetime | None:
        """When it runs next (UTC); None while it waits for the person or automatic runs are off."""
        return self._plan.next_run

    @property
    def running(self) -> bool:
        """An automatic run is under way."""
        return self._task is not None and not self._task.done()

    @property
    def state(self) -> str:
        """``off``, ``running``, ``waiting`` (for the person), ``paused`` (too many failures) or ``planned``."""
        if self.running:
            return "running"
        if self._plan.waiting_for:
            return "waiting"
        if self._plan.paused:
            return "paused"
        return "planned" if self._plan.next_run else "off"

    @property
    def stale(self) -> bool:
        """The last good run is older than three intervals."""
        last = self._plan.last_success
        return last is not None and self._clocks.read().wall - last > 3 * self._planner.usual

    # -- its life ----------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Take up the plan kept from before, and begin to watch the clocks. Needs a running event loop."""
        self._stopping = False
        self._timer = self._timer or ApTimer()
        self._timer.start()
        self._plan = Plan.from_json(self._load())
        now = self._look().wall
        kept = self._plan.next_run
        if kept is None or not now < kept <= now + self._planner.longest or self._planner.overdue(self._plan, kept):
            kept = self._planner.soon(now)
        self._arm(kept)
        if not self._external_heartbeat:
            self._heart = asyncio.create_task(self._beat())

    async def stop(self, deadline_s: float = 10.0) -> None:
        """End: no new run starts, one under way gets ``deadline_s`` seconds to write down what it has."""
        self._stopping = True
        if self._heart is not None:
            self._heart.cancel()
        if self._timer is not None:
            self._timer.disarm()
        if self._task is not None and not self._task.done():
            self._task.cancel()  # a run that is cancelled keeps what it read
            await asyncio.wait({self._task}, timeout=deadline_s)
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    # -- outcomes ----------------------------------------------------------------------------------------------------

    def allow_manual(self) -> None:
        """Called before a refresh by hand. Raises RefreshTooSoon within five minutes of the last one."""
        passed = self._clocks.read().passed
        if self._limited and self._last_manual is not None and passed - self._last_manual < MANUAL_EVERY_S:
            raise RefreshTooSoon(seconds=round(MANUAL_EVERY_S - (passed - self._last_manual)))
        self._last_manual = passed

    def succeeded(self) -> None:
        """A run, automatic or by hand, went well."""
        now = self._clocks.read().wall
        self._plan = Plan(last_success=now)
        self._arm(self._planner.after_success(now))

    def failed(self, error: AmeliError) -> None:
        """A run, automatic or by hand, failed; the next one is later, or waits for the person."""
        now = self._clocks.read().wall
        if isinstance(error, NeedsPerson):
            self._plan = replace(self._plan, waiting_for=error.problem()["code"])
            self._arm(None)
            return
        retry_after = error.retry_after if isinstance(error, TryLater) else None
        failed = replace(self._plan, failures=self._plan.failures + 1)
        self._plan = self._planner.after_failure(failed, now, retry_after)
        self._arm(self._plan.next_run)

    def person_acted(self) -> None:
        """The person signed in or cleared what was in the way: start over."""
        self._plan = Plan(last_success=self._plan.last_success)
        self._arm(self._planner.soon(self._clocks.read().wall))

    def bring_forward(self) -> None:
        """Something waits to be fetched: run soon, unless a run is under way or a person is waited for."""
        if not self.running and self._plan.next_run is not None:
            self._arm(min(self._plan.next_run, self._planner.soon(self._clocks.read().wall)))

    def change(self, settings: SyncSettings) -> None:
        """Go on with other settings: the next run is planned anew by them, a wait after failures stays."""
        if settings == self._settings:
            return
        before, self._settings = self._settings, settings
        self._planner = Planner(settings, self._rng, self._zone, local=not self._limited)
        if self.running or self._stopping:
            return  # its outcome plans by the new settings
        now, plan = self._clocks.read().wall, self._plan
        if not plan.failures and plan.last_success is not None:
            self._arm(max(self._planner.after_success(plan.last_success), self._planner.soon(now)))
        elif settings.automatic and not before.automatic:
            self._arm(self._planner.soon(now))
        else:
            self._arm(plan.next_run and self._planner.awake(plan.next_run))

    # -- the clocks --------------------------------------------------------------------------------------------------

    def heartbeat(self) -> None:
        """Compare the clocks with the last look; re-plan after a suspend, a clock that was set, or a missed alarm."""
        last, look = self._last_look, self._look()
        planned = self._plan.next_run
        if planned is None or last is None or self.running:
            return
        passed = look.passed - last.passed
        jump = (look.wall - last.wall).total_seconds() - passed
        if abs(jump) > JUMP_S:
            # The remaining time is what was meant; the date only said it in terms of a wrong clock.
            self._arm(self._planner.awake(planned + timedelta(seconds=jump)))
        elif passed - (look.awake - last.awake) > SUSPEND_S:
            late = planned <= look.wall + timedelta(seconds=HEARTBEAT_S)
            self._arm(self._planner.soon(look.wall) if late else planned)
        elif planned - look.wall > self._planner.longest or planned < look.wall - timedelta(seconds=2 * HEARTBEAT_S):
            self._arm(self._planner.soon(look.wall))

    async def _beat(self) -> None:
        while True:
            await self._sleep(HEARTBEAT_S)
            self.heartbeat()

    def _look(self) -> Reading:
        self._last_look = self._clocks.read()
        return self._last_look

    # -- running -----------------------------------------------------------------------------------------------------

    def _arm(self, at: datetime | None) -> None:
        if not self._settings.automatic or self._plan.waiting_for:
            at = None
        self._plan = replace(self._plan, next_run=at)
        self._save(self._plan.to_json())
        if self._timer is None or self._stopping:
            return
        if at is None:
            self._timer.disarm()
        else:
            self._timer.arm(at, self._due)

    async def _due(self) -> None:
        if self.running or self._stopping:
            return
        self._task = asyncio.create_task(self._once())

    async def _once(self) -> None:
        try:
            await self._run()
        except AmeliError as error:
            _log.info("sync failed: %s", error.problem()["code"])
            self.failed(error)
        except Exception:  # noqa: BLE001
            # A mistake of ours must not end the schedule; it is logged in full and counts as a failure.
            _log.exception("sync ended by an unexpected error")
            self.failed(AmeliError())
        else:
            self.succeeded()
