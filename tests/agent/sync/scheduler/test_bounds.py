"""The service is never asked more often than it bears, whatever the settings say."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.sync.scheduler import Plan, Planner
from config.settings import SyncSettings
from tests.agent.sync.scheduler.test_scheduler import Bench

PARIS = ZoneInfo("Europe/Paris")
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
_ANY = st.one_of(st.floats(), st.integers(-10**6, 10**6))


@given(_ANY, _ANY, st.integers(-100, 100), st.integers(-100, 100), st.booleans(), st.integers(0, 99))
def test_no_interval_is_shorter_than_the_least(
    every_h: float, jitter: float, start: int, end: int, local: bool, seed: int
) -> None:
    settings = SyncSettings(every_h=every_h, jitter=jitter, quiet_from=start, quiet_until=end)
    planner = Planner(settings, Random(seed), PARIS, local=local)
    least = timedelta(seconds=5) if local else timedelta(minutes=30)
    following = planner.after_success(NOON)
    assert NOON + least <= following <= NOON + planner.longest
    retry = planner.after_failure(Plan(failures=1), NOON, None).next_run
    assert retry is not None and NOON + timedelta(minutes=5) <= retry


@pytest.mark.parametrize("every_h", [0.0, -5.0, 1e-9, float("nan"), float("inf")])
async def test_a_day_of_nonsense_asks_at_most_twice_an_hour(every_h: float) -> None:
    bench = Bench(NOON, SyncSettings(every_h=every_h, jitter=float("nan"), quiet_from=0, quiet_until=0))
    bench.schedule.start()
    await bench.live(timedelta(hours=24))
    assert 1 <= len(bench.runs) <= 49
    assert all(later - earlier >= timedelta(minutes=29) for earlier, later in pairwise(bench.runs))


async def test_a_plan_of_longer_intervals_is_not_waited_for_when_they_were_shortened_meanwhile() -> None:
    long = Bench(NOON, SyncSettings(every_h=100, jitter=0, quiet_from=0, quiet_until=0))
    long.schedule.start()
    long.schedule.succeeded()
    short = Bench(NOON, SyncSettings(every_h=1, jitter=0, quiet_from=0, quiet_until=0))
    short.saved = long.saved
    short.schedule.start()
    assert short.schedule.next_run is not None and short.schedule.next_run < NOON + timedelta(hours=1)


async def test_a_changed_interval_leaves_the_wait_after_failures_alone() -> None:
    from agent.errors import AmeliError

    bench = Bench(NOON)
    bench.schedule.start()
    for _ in range(3):
        bench.schedule.failed(AmeliError())
    planned = bench.schedule.next_run
    bench.schedule.change(SyncSettings(every_h=0.5))
    assert bench.schedule.next_run == planned is not None
    bench.schedule.change(SyncSettings(every_h=0.5, automatic=False))
    assert bench.schedule.next_run is None
