"""The calendar file, read back by a reader of its own."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from agent.files.exports.calendar import calendar

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def one(**changes: Any) -> dict[str, Any]:
    """A deadline."""
    return {"id": "q1:a", "title_fr": "Pièce à envoyer", "title_en": "Paper to send", "due": "2026-12-01",
            "kind": "duty", "source": "CSS", **changes}


def test_an_event_lasts_its_whole_day_and_reminds() -> None:
    event = Calendar.from_ical(calendar([one()], NOW)).walk("VEVENT")[0]
    assert (event["UID"], event["SUMMARY"]) == ("q1:a@ameli-tui", "Pièce à envoyer")
    assert event["DTSTART"].dt == date(2026, 12, 1)
    assert event["DTEND"].dt == date(2026, 12, 2)
    assert [alarm["TRIGGER"].dt for alarm in event.walk("VALARM")] == [timedelta(days=-7), timedelta(days=-1)]


def test_an_estimate_does_not_remind() -> None:
    assert not Calendar.from_ical(calendar([one(kind="estimate")], NOW)).walk("VALARM")


def test_the_same_list_gives_the_same_file() -> None:
    assert calendar([one()], NOW) == calendar([one()], NOW)
    assert b"Paper to send" in calendar([one()], NOW, "en")


def test_an_empty_list_is_a_calendar_too() -> None:
    assert calendar([], NOW).startswith(b"BEGIN:VCALENDAR\r\n")


def summary(data: bytes) -> str:
    """The title as RFC 5545 has it read, 3.1 and 3.3.11; the library takes some of its signs for others."""
    lines = data.replace(b"\r\n ", b"").decode().split("\r\n")
    [written] = [line.removeprefix("SUMMARY:") for line in lines if line.startswith("SUMMARY:")]
    return re.sub(r"\\(.)", lambda sign: "\n" if sign[1] in "nN" else sign[1], written)


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=300))
def test_any_title_is_escaped_and_no_line_is_too_long(title: str) -> None:
    data = calendar([one(title_fr=title)], NOW)
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert len(Calendar.from_ical(data).walk("VEVENT")) == 1
    assert summary(data) == title


def test_a_title_cannot_add_lines_of_its_own() -> None:
    data = calendar([one(title_fr="x\r\nATTACH:http://example.org/evil\nEND:VCALENDAR")], NOW)
    assert not [line for line in data.split(b"\r\n") if line.startswith(b"ATTACH")]
    assert data.count(b"\r\nEND:VCALENDAR") == 1
