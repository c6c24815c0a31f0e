"""What has a last day, and where a newcomer stands, by commands."""

import stat
from pathlib import Path

from icalendar import Calendar

from tests.commands import Home


def test_a_newcomer_sees_the_path_without_an_agent(empty_home: Home) -> None:
    done = empty_home.run("newcomer", "--situation", "employee", "--arrived", "2026-09-01", "--file-sent", "2026-10-05")
    assert done.code == 0
    assert "→" in done.out
    found = empty_home.json("newcomer", "--arrived", "2026-09-01", "--exempt")
    assert found["now"] == "file"
    assert found["stages"][0]["state"] == "done"


def test_a_day_that_is_none_is_wrong_usage(empty_home: Home) -> None:
    assert empty_home.run("newcomer", "--arrived", "yesterday").code == 2


def test_deadlines_are_listed_and_go_into_a_calendar(demo_home: Home, tmp_path: Path) -> None:
    found = demo_home.json("deadlines")
    assert [one["due"] for one in found] == sorted(one["due"] for one in found)
    target = tmp_path / "deadlines.ics"
    told = demo_home.json("deadlines", "--out", str(target))
    assert told["media_type"] == "text/calendar"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    events = Calendar.from_ical(target.read_bytes()).walk("VEVENT")
    assert {str(one["UID"]) for one in events} == {f"{one['id']}@ameli-tui" for one in found}
    assert demo_home.run("deadlines").code == 0
    assert demo_home.run("deadlines", "--out", str(target)).code == 1
