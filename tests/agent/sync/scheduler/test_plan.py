"""The arithmetic of the schedule, bound by bound: chance says its lowest and its highest."""

from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from agent.sync.scheduler import Plan, Planner
from agent.sync.scheduler.plan import GIVE_UP_AFTER
from config.settings import SyncSettings

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PARIS = ZoneInfo("Europe/Paris")
SECOND, MINUTE, HOUR, DAY = (timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days"))
_NO_NIGHT = {"quiet_from": 0, "quiet_until": 0}


class Chance(Random):
    """Always the same share of what is possible: 0 the lowest, 1 the highest."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self._share = share

    def uniform(self, a: float, b: float) -> float:
        return a + self._share * (b - a)


LOWEST, HIGHEST = Chance(0), Chance(1)


def planner(chance: Random = LOWEST, *, local: bool = False, **settings: float) -> Planner:
    """A planner without quiet hours, unless told."""
    return Planner(SyncSettings(**{**_NO_NIGHT, **settings}), chance, PARIS, local=local)  # type: ignore[arg-type]


@pytest.mark.parametrize(("every_h", "local", "usual"), [
    (6, False, 6 * HOUR), (0.5, False, 30 * MINUTE), (0.1, False, 30 * MINUTE), (0.1, True, 6 * MINUTE),
    (0.001, True, 5 * SECOND), (168, False, 7 * DAY), (1000, False, 7 * DAY),
])  # fmt: skip
def test_the_usual_time_between_two_runs_is_the_settings_within_its_bounds(
    every_h: float, local: bool, usual: timedelta
) -> None:
    assert planner(every_h=every_h, local=local).usual == usual


def test_a_service_is_elsewhere_unless_said_otherwise() -> None:
    assert Planner(SyncSettings(every_h=0.1), LOWEST).usual == 30 * MINUTE


@pytest.mark.parametrize(("chance", "after"), [(LOWEST, 4.8 * HOUR), (Chance(0.5), 6 * HOUR), (HIGHEST, 7.2 * HOUR)])
def test_a_regular_run_is_moved_by_the_jitter_to_both_sides(chance: Chance, after: timedelta) -> None:
    assert planner(chance, every_h=6, jitter=0.2).after_success(NOON) == NOON + after


def test_the_jitter_is_bound_too_and_never_comes_below_the_least() -> None:
    assert planner(HIGHEST, every_h=6, jitter=3).after_success(NOON) == NOON + 9 * HOUR
    assert planner(LOWEST, every_h=6, jitter=-1).after_success(NOON) == NOON + 6 * HOUR
    assert planner(LOWEST, every_h=0.5, jitter=0.5).after_success(NOON) == NOON + 30 * MINUTE
    assert planner(LOWEST, every_h=0.5, jitter=0.5, local=True).after_success(NOON) == NOON + 15 * MINUTE


@pytest.mark.parametrize(("every_h", "longest"), [
    (6, 1.2 * DAY + 30 * MINUTE + DAY), (40, 48 * HOUR + 30 * MINUTE + DAY), (24, 1.2 * DAY + 30 * MINUTE + DAY),
])  # fmt: skip
def test_no_plan_lies_further_ahead_than_the_longest_wait_and_a_night(every_h: float, longest: timedelta) -> None:
    assert planner(every_h=every_h, jitter=0.2).longest == longest


def test_a_kept_run_is_overdue_once_no_plan_of_now_would_lie_so_late() -> None:
    plan = Plan(last_success=NOON)
    latest = NOON + 7.2 * HOUR + 30 * MINUTE
    at = planner(every_h=6, jitter=0.2)
    assert not at.overdue(plan, latest)
    assert at.overdue(plan, latest + SECOND)
    assert not at.overdue(Plan(last_success=NOON, failures=1), latest + DAY)
    assert not at.overdue(Plan(), latest + DAY)


@pytest.mark.parametrize(("chance", "previous", "delay"), [
    (LOWEST, 0, 5 * MINUTE), (HIGHEST, 0, 15 * MINUTE), (LOWEST, 3600, 5 * MINUTE), (HIGHEST, 600, 30 * MINUTE),
    (HIGHEST, 7100, 21300 * SECOND), (HIGHEST, 7200, 6 * HOUR), (HIGHEST, 7300, 6 * HOUR), (HIGHEST, 90000, 6 * HOUR),
])  # fmt: skip
def test_a_failure_waits_from_five_minutes_up_to_three_times_the_last_wait_and_six_hours_at_most(
    chance: Chance, previous: float, delay: timedelta
) -> None:
    plan = Plan(failures=1, delay_s=previous)
    after = planner(chance).after_failure(plan, NOON, None)
    assert after == Plan(failures=1, delay_s=delay.total_seconds(), next_run=NOON + delay)


@pytest.mark.parametrize(("retry_after", "wait"), [
    (None, 5 * MINUTE), (0.0, 5 * MINUTE), (299.0, 5 * MINUTE), (301.0, 301 * SECOND), (86400.0, DAY), (1e9, DAY),
])  # fmt: skip
def test_what_the_service_asks_for_is_waited_up_to_a_day(retry_after: float | None, wait: timedelta) -> None:
    plan = Plan(failures=1)
    after = planner().after_failure(plan, NOON, retry_after)
    assert after.next_run == NOON + wait
    assert after.delay_s == 300  # the next back-off grows from our own wait


@pytest.mark.parametrize(("chance", "hours"), [(LOWEST, 21.6), (HIGHEST, 26.4)])
def test_after_five_failures_in_a_row_one_try_a_day_is_made(chance: Chance, hours: float) -> None:
    assert GIVE_UP_AFTER == 5
    assert not Plan(failures=4).paused
    plan = Plan(failures=5, delay_s=300)
    assert plan.paused
    after = planner(chance).after_failure(plan, NOON, None)
    assert after.next_run == NOON + hours * HOUR
    assert after.delay_s == pytest.approx(hours * 3600)
    assert planner(LOWEST).after_failure(Plan(failures=4), NOON, None).next_run == NOON + 5 * MINUTE


@pytest.mark.parametrize(("chance", "seconds"), [(LOWEST, 30), (HIGHEST, 120)])
def test_soon_is_half_a_minute_to_two_minutes_ahead(chance: Chance, seconds: int) -> None:
    assert planner(chance).soon(NOON) == NOON + seconds * SECOND


def paris(hour: int, minute: int = 0, *, day: int = 23, second: int = 0) -> datetime:
    """A moment of November 2026 in Paris."""
    return datetime(2026, 11, day, hour, minute, second, tzinfo=PARIS)


@pytest.mark.parametrize(("night", "moment", "moved_to"), [
    ((22, 7), paris(21, 59, second=59), None), ((22, 7), paris(22), paris(7, day=24)),
    ((22, 7), paris(23, 59), paris(7, day=24)), ((22, 7), paris(0), paris(7)), ((22, 7), paris(6, 59), paris(7)),
    ((22, 7), paris(7), None), ((1, 5), paris(0, 59), None), ((1, 5), paris(1), paris(5)),
    ((1, 5), paris(4, 59), paris(5)), ((1, 5), paris(5), None), ((1, 5), paris(23), None),
    ((0, 5), paris(0, 30), paris(5)), ((-4, 5), paris(0, 30), paris(5)), ((5, 0), paris(0, 30), None),
    ((13, 13), paris(13), None), ((-4, 40), paris(22), paris(23)), ((-4, 40), paris(23), None),
])  # fmt: skip
def test_what_falls_into_the_quiet_hours_is_moved_to_the_morning(
    night: tuple[int, int], moment: datetime, moved_to: datetime | None
) -> None:
    start, end = night
    for chance, spread in ((LOWEST, timedelta(0)), (HIGHEST, 30 * MINUTE)):
        awake = planner(chance, quiet_from=start, quiet_until=end).awake(moment.astimezone(UTC))
        assert awake == (moment if moved_to is None else moved_to + spread)


def test_every_moment_that_is_chosen_lies_outside_the_quiet_hours() -> None:
    at = planner(quiet_from=22, quiet_until=7, every_h=6, jitter=0)
    evening, morning = paris(21, 59, second=50), paris(7, day=24)
    assert at.after_success(evening) == morning
    assert at.soon(evening) == morning
    assert at.after_failure(Plan(failures=1), evening, None).next_run == morning
    assert not at.overdue(Plan(last_success=evening), morning + 30 * MINUTE)
    assert at.overdue(Plan(last_success=evening), morning + 31 * MINUTE)


def test_a_plan_is_kept_as_it_is_and_nothing_kept_is_a_fresh_one() -> None:
    plan = Plan(next_run=NOON, last_success=NOON - DAY, failures=3, delay_s=12.5, waiting_for="code_needed")
    assert Plan.from_json(plan.to_json()) == plan
    assert Plan.from_json(None) == Plan.from_json({}) == Plan()
    assert (Plan().failures, Plan().delay_s, Plan().next_run, Plan().waiting_for) == (0, 0.0, None, None)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_taken_as_the_most(value: float) -> None:
    assert planner(every_h=value).usual == 7 * DAY
    assert planner(HIGHEST, every_h=6, jitter=value).after_success(NOON) == NOON + 9 * HOUR
