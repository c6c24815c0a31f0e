"""Which backups stay: the newest of each of 7 days, 4 weeks and 12 months, within a size, the newest always."""

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from agent.core.backup_generations import Generation, generations, is_unfinished, keep, name_of, superfluous

TODAY = date(2026, 11, 30)
VAULT = "0123456789abcdef0123456789abcdef"
DAYS = st.lists(st.integers(0, 900).map(lambda ago: TODAY - timedelta(ago)), max_size=120)


def generation(day: date, size: int = 1, hour: int = 8) -> Generation:
    made = datetime.combine(day, time(hour), UTC)
    return Generation(made, size, Path(name_of(VAULT, made)))


def test_a_year_of_daily_backups_leaves_the_last_days_weeks_and_months() -> None:
    kept = sorted(keep([TODAY - timedelta(ago) for ago in range(400)], TODAY))
    assert [str(day) for day in kept] == [
        "2025-12-31", "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30", "2026-07-31",
        "2026-08-31", "2026-09-30", "2026-10-31", "2026-11-15", "2026-11-22",
        "2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27", "2026-11-28", "2026-11-29", "2026-11-30"]


@given(DAYS)
def test_what_stays_is_there_few_and_with_the_newest(days: list[date]) -> None:
    kept = keep(days, TODAY)
    assert kept <= set(days)
    assert len(kept) <= 7 + 4 + 12
    assert not days or max(days) in kept or max(days) <= TODAY - timedelta(365)
    assert keep(kept, TODAY) == kept, "looking again removes nothing more"


@given(DAYS)
def test_each_day_week_and_month_that_counts_has_its_newest(days: list[date]) -> None:
    kept = keep(days, TODAY)
    for day in days:
        if day > TODAY - timedelta(7):
            assert day in kept
        monday = TODAY - timedelta(TODAY.weekday())
        if day > monday - timedelta(21):
            week = day - timedelta(day.weekday())
            assert max(one for one in days if one - timedelta(one.weekday()) == week) in kept
        if (TODAY.year * 12 + TODAY.month) - (day.year * 12 + day.month) < 12:
            assert max(one for one in days if (one.year, one.month) == (day.year, day.month)) in kept


@given(DAYS)
def test_removing_day_by_day_keeps_what_removing_once_keeps(days: list[date]) -> None:
    """A backup that went early is never one that a later day would have kept."""
    there: set[date] = set()
    for day in sorted(set(days)):
        there = keep(there | {day}, day)
    assert keep(there, TODAY) == keep(days, TODAY)


@given(DAYS, st.integers(1, 60))
def test_a_clock_that_was_wrong_removes_nothing_of_the_future(days: list[date], ahead: int) -> None:
    future = TODAY + timedelta(ahead)
    assert keep([*days, future], TODAY) == keep(days, TODAY) | {future}


@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 23), st.integers(1, 50)), max_size=60, unique_by=lambda
                one: one[:2]), st.integers(1, 400))
def test_they_fit_the_size_oldest_first_and_the_newest_stays(
    given_: list[tuple[int, int, int]], most: int
) -> None:
    found = [generation(TODAY - timedelta(ago), size, hour) for ago, hour, size in given_]
    gone = superfluous(found, TODAY, most)
    stay = sorted(one for one in found if one not in gone)
    wanted = keep({one.made.date() for one in found}, TODAY)
    assert {one.made.date() for one in stay} <= wanted
    if wanted:
        assert stay and stay[-1].made.date() == max(wanted), "the newest is kept whatever its size"
        assert sum(one.size for one in stay) <= most or len(stay) == 1
        size = sum(one.size for one in stay)
        older = [one for one in found if one.made.date() in wanted and one < stay[0]]
        if older:  # what was removed for its size would not have fitted
            newest = max(one for one in older)
            assert size + newest.size > most or newest.made.date() == stay[0].made.date()


def test_of_one_day_the_newest_stays() -> None:
    morning, noon = generation(TODAY, hour=8), generation(TODAY, hour=12)
    assert superfluous([noon, morning], TODAY, 100) == [morning]


def test_only_the_backups_of_this_vault_are_looked_at(tmp_path: Path) -> None:
    made = datetime(2026, 11, 30, 8, 0, 1, tzinfo=UTC)
    ours = tmp_path / name_of(VAULT, made)
    for name in (ours.name, name_of("f" * 32, made), "notes.txt", "ameli-01234567-20261331T000000Z.backup",
                 f".{ours.name}-00.new", ours.name + ".old"):
        (tmp_path / name).write_bytes(b"12345")
    (tmp_path / name_of(VAULT, made + timedelta(1))).mkdir()
    assert generations(tmp_path, VAULT) == [Generation(made, 5, ours)]
    assert is_unfinished(VAULT, f".{ours.name}-00.new")
    assert not is_unfinished("f" * 32, f".{ours.name}-00.new") and not is_unfinished(VAULT, ours.name)
