"""A service that is down for days: what the schedule, the connection and the vault make of it, over simulated days."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import httpx
import pytest

from agent.errors import AmeliError
from agent.sync.scheduler import Schedule
from agent.sync.scheduler.clocks import Reading
from config.settings import SyncSettings
from tests.agent.bench import Bench
from tests.agent.sync.scheduler.test_scheduler import World
from tests.thoroughness import one_in

STEP_S = 120.0
NOON = datetime(2026, 11, 23, 10, tzinfo=UTC)
TOTAL = ["503", "500", "404", "redirect", "markup", "malformed", "truncate"]
"""Faults of the sandbox after which nothing of the account can be read."""
NEWS = ("payments", "inbox")
OF_NEWS = ("as_paiements_page", "as_messages_recus_page")


class Days(World):
    """The schedule's clocks, which move the service's with them."""

    def __init__(self, bench: Bench) -> None:
        super().__init__(NOON)
        self.bench = bench

    def tick(self, seconds: float) -> None:
        super().tick(seconds)
        self.bench.clock.moment = self.true
        self.bench.today = self.true.date()

    def read(self) -> Reading:
        return Reading(self.true, self.awake, self.passed)


@dataclass
class Life:
    """An agent's schedule over a real connection to the sandbox."""

    bench: Bench
    world: Days
    schedule: Schedule
    runs: int = 0

    async def live(self, **duration: float) -> None:
        end = self.world.true + timedelta(**duration)
        while self.world.true < end:
            self.world.tick(STEP_S)
            if await self.world.ring():
                self.runs += 1
            while self.schedule.running:
                await asyncio.sleep(0.001)
            self.schedule.heartbeat()

    @property
    def last(self) -> str | None:
        """The moment of the last good sync, as the agent's status tells it."""
        last: str | None = self.bench.store.sync_state().get("last")
        return last


async def begun(folder: Path) -> Life:
    """An account read once, whose agent goes on by itself."""
    bench = await Bench(folder).signed_in()
    world = Days(bench)
    schedule = Schedule(
        SyncSettings(), lambda: bench.connection.sync(trigger="schedule"), clocks=world, rng=Random(3),
        zone=ZoneInfo("Europe/Paris"), timer=world, external_heartbeat=True,
    )
    schedule.start()
    life = Life(bench, world, schedule)
    await life.live(hours=1)
    assert life.last is not None, "the first run by itself went well"
    life.bench.wire.requests.clear()
    life.runs = 0
    return life


@pytest.mark.parametrize("fault", one_in(7, TOTAL))
async def test_a_week_without_the_service_is_no_week_of_good_syncs(tmp_path: Path, fault: str) -> None:
    life = await begun(tmp_path)
    last, before = life.last, life.bench.known()
    life.bench.break_with(fault)
    await life.live(days=7)
    assert life.last == last, "the last sync stays where the service was last read"
    assert life.schedule.state == "paused"
    assert life.schedule.stale
    assert life.runs <= 5 + 7, "five tries in a row, then one a day"
    assert len(life.bench.wire.requests) <= 25 * life.runs
    assert all(run["failed"] for run in life.bench.store.runs.newest(life.runs))
    assert life.bench.store.needs(), "the status says that there is a problem"
    assert life.bench.known() == before

    life.bench.break_with("")
    await life.live(days=2)
    assert life.last != last
    assert life.schedule.state == "planned"
    assert not life.schedule.stale
    assert life.bench.store.needs() == []


@pytest.mark.slow
@pytest.mark.parametrize("fault", [*TOTAL, "429", "drop"])
async def test_a_month_without_the_service_costs_it_two_runs_a_day_at_most(tmp_path: Path, fault: str) -> None:
    life = await begun(tmp_path)
    last = life.last
    life.bench.break_with(fault)
    await life.live(days=30)
    assert life.last == last
    assert life.runs <= 5 + 30
    assert len(life.bench.wire.requests) <= 25 * life.runs
    assert life.schedule.stale


@pytest.mark.parametrize("wait", ["7200", "Mon, 23 Nov 2026 13:00:00 GMT"])
@pytest.mark.parametrize("status", [429, 503])
async def test_the_service_is_left_alone_as_long_as_it_asks_for(tmp_path: Path, status: int, wait: str) -> None:
    life = await begun(tmp_path)
    life.bench.wire.rewrite = lambda request: httpx.Response(
        status, headers={"retry-after": wait, "date": "Mon, 23 Nov 2026 11:00:00 GMT"})
    await life.live(hours=8)
    assert life.runs >= 1
    times = [datetime.fromisoformat(run["started"]) for run in life.bench.store.runs.newest(life.runs)]
    # No page is asked for twice; after "too many requests" no other page is either.
    assert len(life.bench.wire.requests) <= life.runs * (1 if status == 429 else 3)
    assert all(newer - older >= timedelta(seconds=7200) for newer, older in pairwise(times))


@pytest.mark.parametrize("fault", TOTAL)
async def test_the_persons_own_sync_fails_when_nothing_was_read(tmp_path: Path, fault: str) -> None:
    bench = await Bench(tmp_path).signed_in()
    await bench.connection.sync()
    last = bench.store.sync_state()["last"]
    bench.clock.move(hours=2)
    bench.break_with(fault)
    with pytest.raises(AmeliError) as failed:
        await bench.connection.sync()
    assert failed.value.exit_code == 4
    assert bench.store.sync_state()["last"] == last
    (newest,) = bench.store.runs.newest(1)
    assert newest["failed"]
    assert {newest["steps"][name] for name in NEWS} == {"failed"}
    assert newest["steps"]["profile"] == "not_due"
    codes = [problem["code"] for problem in newest["problems"]]
    assert failed.value.code in codes
    assert len({str(problem["message"]) for problem in newest["problems"]}) == len(codes), "each thing is said once"


async def test_a_first_sync_that_reads_the_profile_alone_is_none(tmp_path: Path) -> None:
    bench = await Bench(tmp_path).signed_in()
    bench.wire.rewrite = lambda request: (
        None if "_page" in str(request.url) and not any(page in str(request.url) for page in OF_NEWS)
        else httpx.Response(503))
    with pytest.raises(AmeliError) as failed:
        await bench.connection.sync()
    assert failed.value.exit_code == 4
    assert bench.store.sync_state().get("last") is None
    assert not bench.store.sync_state().get("finished")
    assert bench.store.runs.newest(1)[0]["steps"]["profile"] == "read"
    assert bench.store.profile()["name"]


@pytest.mark.parametrize(("spec", "failed"), [
    ("markup=as_messages_recus_page", "inbox"), ("404=as_messages_recus_page", "inbox"),
    ("500=as_messages_recus_page", "inbox"),
    ("keys=paiements.do", "payments"), ("503=paiements.do", "payments"), ("404=paiements.do", "payments"),
])
async def test_one_page_that_does_not_read_is_a_problem_and_no_failure(tmp_path: Path, spec: str, failed: str) -> None:
    bench = await Bench(tmp_path).signed_in()
    await bench.connection.sync()
    bench.clock.move(hours=7)
    bench.break_with(spec)
    result = await bench.connection.sync()
    assert result.steps[failed] == "failed"
    assert result.problems
    assert {result.steps[name] for name in NEWS} == {"failed", "read"}
    assert bench.store.sync_state()["last"] == bench.clock().isoformat()
    assert not bench.store.runs.newest(1)[0]["failed"]
