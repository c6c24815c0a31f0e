"""The schedule against simulated clocks: months of suspends, jumps and bad days in a moment."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from agent.errors import AmeliError, NeedsPerson, ServiceTrouble, TryLater
from agent.sync.scheduler import ApTimer, Plan, Planner, RefreshTooSoon, Schedule
from agent.sync.scheduler.clocks import Reading, SystemClocks
from config.settings import SyncSettings

PARIS = ZoneInfo("Europe/Paris")
HEART = 30.0


class Person(NeedsPerson):
    code = "wrong_password"


class Slow(ServiceTrouble, TryLater):
    code = "too_many_requests"

    def __init__(self, retry_after: float) -> None:
        self.retry_after = retry_after
        super().__init__()


class World:
    """Three clocks and one alarm that, like the real one, counts the time awake only."""

    def __init__(self, start: datetime) -> None:
        self.true = start
        self.offset = timedelta(0)
        self.awake = 1000.0
        self.passed = 1000.0
        self.due: float | None = None
        self.callback: Callable[[], Awaitable[None]] | None = None

    def read(self) -> Reading:
        return Reading(self.true + self.offset, self.awake, self.passed)

    def start(self) -> None:
        self.due = None

    def arm(self, at: datetime, callback: Callable[[], Awaitable[None]]) -> None:
        self.due = self.awake + max(0.0, (at - self.true - self.offset).total_seconds())
        self.callback = callback

    def disarm(self) -> None:
        self.due = None

    def stop(self) -> None:
        self.due = None

    def sleep(self, seconds: float) -> None:
        """Suspend the machine."""
        self.true += timedelta(seconds=seconds)
        self.passed += seconds

    def tick(self, seconds: float) -> None:
        self.true += timedelta(seconds=seconds)
        self.awake += seconds
        self.passed += seconds

    async def ring(self) -> bool:
        if self.due is None or self.awake < self.due:
            return False
        self.due = None
        assert self.callback is not None
        await self.callback()
        for _ in range(4):
            await asyncio.sleep(0)
        return True


class Bench:
    """A schedule in a world, with the moments of its runs."""

    def __init__(self, start: datetime, settings: SyncSettings | None = None, seed: int = 1) -> None:
        self.world = World(start)
        self.runs: list[datetime] = []
        self.outcome: AmeliError | None = None
        self.saved: dict[str, Any] | None = None
        self.schedule = Schedule(
            settings or SyncSettings(), self.run, load=lambda: self.saved, save=self.save, clocks=self.world,
            rng=Random(seed), zone=PARIS, timer=self.world, external_heartbeat=True,
        )

    def save(self, record: dict[str, Any]) -> None:
        self.saved = record

    async def run(self) -> None:
        self.runs.append(self.world.true)
        if self.outcome is not None:
            raise self.outcome

    async def live(self, duration: timedelta) -> None:
        end = self.world.true + duration
        while self.world.true < end:
            self.world.tick(HEART)
            await self.world.ring()
            self.schedule.heartbeat()


NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


async def test_ninety_days_with_both_clock_changes_suspends_and_jumps() -> None:
    rng = Random(7)
    for start in (datetime(2026, 2, 10, 9, tzinfo=UTC), datetime(2026, 8, 20, 9, tzinfo=UTC)):
        bench = Bench(start)
        bench.schedule.start()
        end, awake_since, gaps = start + timedelta(days=90), bench.world.true, []
        disturbances = sorted(start + timedelta(seconds=rng.uniform(0, 90 * 86400)) for _ in range(42))
        for number, moment in enumerate([*disturbances, end]):
            while bench.world.true < moment:
                before = len(bench.runs)
                bench.world.tick(HEART)
                await bench.world.ring()
                bench.schedule.heartbeat()
                if len(bench.runs) > before:
                    gaps.append(bench.world.true - awake_since)
                    awake_since = bench.world.true
            if number == 10:
                bench.world.offset += timedelta(days=1)
            elif number == 30:
                bench.world.offset -= timedelta(days=1, hours=3)
            else:
                bench.world.sleep(rng.uniform(600, 14 * 3600))
        local = [run.astimezone(PARIS) for run in bench.runs]
        # The machine's wrong clock makes its nights wrong: only days with a right clock are judged.
        right = [moment for moment in local if not disturbances[10] <= moment <= disturbances[30]
                 and moment < disturbances[30]]
        assert all(7 <= moment.hour < 22 for moment in right)
        assert 150 <= len(bench.runs) <= 330
        assert max(gaps) < timedelta(hours=30)
        between = [later - earlier for earlier, later in zip(bench.runs, bench.runs[1:], strict=False)]
        assert min(between) > timedelta(hours=4)
        await bench.schedule.stop()


async def test_after_a_suspend_the_network_gets_a_moment_and_then_it_runs() -> None:
    bench = Bench(NOON)
    bench.schedule.start()
    await bench.live(timedelta(minutes=5))
    assert len(bench.runs) == 1
    bench.world.sleep(20 * 3600)
    woke = bench.world.true
    bench.schedule.heartbeat()
    await bench.live(timedelta(minutes=5))
    assert len(bench.runs) == 2
    assert timedelta(seconds=30) <= bench.runs[1] - woke <= timedelta(seconds=180)


@pytest.mark.parametrize("jump", [timedelta(days=1), timedelta(days=-1), timedelta(days=400), timedelta(hours=-5)])
async def test_a_clock_set_by_hand_changes_nothing_to_the_rhythm(jump: timedelta) -> None:
    bench = Bench(NOON, SyncSettings(quiet_from=0, quiet_until=0))
    bench.schedule.start()
    await bench.live(timedelta(minutes=5))
    bench.world.offset += jump
    await bench.live(timedelta(hours=8))
    assert len(bench.runs) == 2
    assert timedelta(hours=4.7) < bench.runs[1] - bench.runs[0] < timedelta(hours=7.3)


async def test_no_run_starts_at_night() -> None:
    bench = Bench(datetime(2026, 11, 23, 21, 30, tzinfo=UTC))
    bench.schedule.start()
    await bench.live(timedelta(hours=12))
    assert bench.runs[0].astimezone(PARIS).hour == 7


def test_the_quiet_hours_end_at_seven_local_time_on_the_days_of_the_clock_change() -> None:
    planner = Planner(SyncSettings(), Random(1), PARIS)
    for year, month, day in ((2026, 3, 29), (2026, 10, 25)):
        night = datetime(year, month, day, 1, 30, tzinfo=PARIS).astimezone(UTC)
        assert planner.awake(night).astimezone(PARIS).replace(minute=0, second=0, microsecond=0) == datetime(
            year, month, day, 7, tzinfo=PARIS
        )
    late = datetime(2026, 3, 28, 23, tzinfo=PARIS).astimezone(UTC)
    assert planner.awake(late).astimezone(PARIS).day == 29


async def test_failures_back_off_and_five_in_a_row_leave_one_try_a_day() -> None:
    bench = Bench(NOON, SyncSettings(quiet_from=0, quiet_until=0))
    bench.outcome = AmeliError()
    bench.schedule.start()
    await bench.live(timedelta(days=1, hours=12))
    assert bench.schedule.state == "paused"
    tries = len(bench.runs)
    assert tries >= 5
    await bench.live(timedelta(days=3))
    assert 2 <= len(bench.runs) - tries <= 4
    bench.outcome = None
    await bench.live(timedelta(days=2))
    assert bench.schedule.state == "planned"


async def test_retry_after_is_honoured() -> None:
    bench = Bench(NOON, SyncSettings(quiet_from=0, quiet_until=0))
    bench.outcome = Slow(9 * 3600)
    bench.schedule.start()
    await bench.live(timedelta(hours=9))
    assert len(bench.runs) == 1
    await bench.live(timedelta(hours=1))
    assert len(bench.runs) == 2


async def test_what_needs_a_person_stops_automatic_runs_until_they_acted_even_over_a_restart() -> None:
    bench = Bench(NOON)
    bench.outcome = Person()
    bench.schedule.start()
    await bench.live(timedelta(days=3))
    assert len(bench.runs) == 1
    assert bench.schedule.state == "waiting"
    await bench.schedule.stop()
    again = Bench(NOON)
    again.saved = bench.saved
    again.schedule.start()
    await again.live(timedelta(days=2))
    assert again.runs == []
    again.schedule.person_acted()
    await again.live(timedelta(minutes=5))
    assert len(again.runs) == 1


async def test_the_plan_survives_a_restart() -> None:
    bench = Bench(NOON)
    bench.schedule.start()
    await bench.live(timedelta(minutes=5))
    planned = bench.schedule.next_run
    await bench.schedule.stop()
    again = Bench(bench.world.true)
    again.saved = bench.saved
    again.schedule.start()
    assert again.schedule.next_run == planned
    assert Plan.from_json(bench.saved).last_success is not None


async def test_automatic_runs_can_be_switched_off() -> None:
    bench = Bench(NOON, SyncSettings(automatic=False))
    bench.schedule.start()
    await bench.live(timedelta(days=1))
    assert bench.runs == []
    assert bench.schedule.state == "off"


def test_refreshing_by_hand_waits_five_minutes_unless_the_service_is_local() -> None:
    bench = Bench(NOON)
    bench.schedule.allow_manual()
    with pytest.raises(RefreshTooSoon) as caught:
        bench.schedule.allow_manual()
    assert caught.value.retry_after == 300
    bench.world.tick(301)
    bench.schedule.allow_manual()
    local = Schedule(SyncSettings(), bench.run, limited=False, clocks=bench.world)
    local.allow_manual()
    local.allow_manual()


async def test_stale_data_is_said() -> None:
    bench = Bench(NOON)
    bench.schedule.start()
    await bench.live(timedelta(minutes=5))
    assert not bench.schedule.stale
    bench.outcome = AmeliError()
    await bench.live(timedelta(hours=19))
    assert bench.schedule.stale


async def test_a_mistake_of_ours_counts_as_a_failure_and_the_schedule_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    world, calls = World(NOON), []

    async def broken() -> None:
        calls.append(1)
        raise RuntimeError("bug")

    schedule = Schedule(SyncSettings(quiet_from=0, quiet_until=0), broken, clocks=world, rng=Random(1), timer=world,
                        external_heartbeat=True)
    schedule.start()
    for _ in range(300):
        world.tick(HEART)
        await world.ring()
    assert len(calls) >= 2
    assert "unexpected" in caplog.text


async def test_stopping_lets_a_run_write_down_what_it_has() -> None:
    world, written, began = World(NOON), [], asyncio.Event()

    async def run() -> None:
        try:
            began.set()
            await asyncio.sleep(60)
        finally:
            written.append("kept")

    schedule = Schedule(SyncSettings(), run, clocks=world, rng=Random(1), timer=world, external_heartbeat=True)
    schedule.start()
    world.tick(200)
    await world.ring()
    await began.wait()
    assert schedule.state == "running"
    await schedule.stop()
    assert written == ["kept"]


async def test_the_real_timer_rings_and_a_late_alarm_is_not_dropped() -> None:
    rung = asyncio.Event()

    async def ring() -> None:
        rung.set()

    timer = ApTimer()
    timer.start()
    timer.arm(datetime.now(UTC) + timedelta(days=3), ring)
    timer.arm(datetime.now(UTC) - timedelta(hours=2), ring)
    async with asyncio.timeout(2):
        await rung.wait()
    timer.disarm()
    timer.stop()


async def test_the_schedule_runs_on_the_machines_own_clocks() -> None:
    ran = asyncio.Event()

    async def run() -> None:
        ran.set()

    schedule = Schedule(SyncSettings(quiet_from=0, quiet_until=0), run, rng=Random(1))
    schedule.start()
    schedule._arm(SystemClocks().read().wall)
    async with asyncio.timeout(2):
        await ran.wait()
    await asyncio.sleep(0)
    assert schedule.next_run is not None
    await schedule.stop()
