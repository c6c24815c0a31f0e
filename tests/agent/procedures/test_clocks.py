"""Delays that run for a request: from what, until when, and when not at all."""

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from agent.procedures.deadlines.clocks import after, running
from agent.procedures.model import Both, Clock
from agent.procedures.registry import procedure

BOTH = Both("x", "x")


def record(**more: Any) -> dict[str, Any]:
    return {"sent_at": None, "stages": [], "needs": [], **more}


def names(*clocks: Clock, values: dict[str, Any] | None = None, **more: Any) -> dict[str, str]:
    asked = replace(procedure("bank-details"), clocks=clocks)
    return {one["name"]: one["on"] for one in running(asked, values or {}, record(**more))}


def test_nothing_runs_before_its_start() -> None:
    sent = Clock("a", BOTH, "sent", "procedures.complete_file", "duty")
    stage = Clock("b", BOTH, "stage:done", "procedures.complete_file", "right")
    answer = Clock("c", BOTH, "answer:born", "procedures.complete_file", "estimate")
    assert names(sent, stage, answer) == {}
    assert names(sent, stage, answer, sent_at="2026-11-23T10:00:00+00:00") == {"a": "2026-12-14"}
    assert names(stage, stages=[{"name": "done", "on": "2026-11-01"}]) == {"b": "2026-11-22"}
    assert names(answer, values={"born": date(2026, 11, 3)}) == {"c": "2026-11-24"}


def test_a_delay_that_no_table_knows_gives_no_date() -> None:
    assert names(Clock("a", BOTH, "sent", "procedures.nothing", "duty"), sent_at="2026-11-23") == {}
    assert names(Clock("a", BOTH, "sent", "procedures.complete_file", "duty"), sent_at="1990-01-01") == {}
    assert names(Clock("a", BOTH, "sent", "procedures.card_age", "duty"), sent_at="2026-11-23") == {}


def test_papers_asked_for_are_duties_with_the_day_the_service_gave() -> None:
    need = {"paper": "identity", "label_fr": "pièce", "label_en": "paper", "until": "2026-12-01"}
    assert names(needs=[need, {**need, "paper": "rib", "until": None}]) == {"paper:identity": "2026-12-01"}


def test_months_end_on_the_last_day_where_there_is_no_such_day() -> None:
    assert after(date(2026, 1, 31), 1, "months") == date(2026, 2, 28)
    assert after(date(2026, 11, 30), 3, "months") == date(2027, 2, 28)
    assert after(date(2024, 2, 29), 1, "years") == date(2025, 2, 28)
    assert after(date(2026, 3, 31), -1, "months") == date(2026, 2, 28)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(-240, 240))
def test_months_always_land_in_the_month_counted_to(start: date, number: int) -> None:
    end = after(start, number, "months")
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == number
    assert end.day <= start.day
