"""How far back a sync lists payments: after a list that lost rows, without the page of dates, when details fail."""

from datetime import date, timedelta
from pathlib import Path

import httpx
import pytest

from agent.portal.pages.payments import WINDOW
from agent.sync.steps.payments import GIVE_UP_AFTER
from agent.sync.steps.payments_plan import OVERLAP
from tests.agent.bench import TODAY, Bench


@pytest.fixture
async def bench(tmp_path: Path) -> Bench:
    one = await Bench(tmp_path).signed_in()
    await one.connection.sync()
    return one


async def test_a_list_that_lost_rows_is_looked_at_again_as_far_back(bench: Bench) -> None:
    before = bench.store.sync_state()["payments"]
    kept = bench.house.payments
    bench.today = TODAY + timedelta(days=10)
    bench.house.payments = []
    bench.rebuild()
    result = await bench.connection.sync()
    assert [problem["code"] for problem in result.problems if problem.get("list") == "payments"] == ["list_shrunk"]
    state = bench.store.sync_state()["payments"]
    assert (state["oldest"], state["until"]) == (before["oldest"], before["until"])
    bench.house.payments = kept
    bench.rebuild()
    assert (await bench.connection.sync()).problems == []
    assert bench.store.sync_state()["payments"]["until"] > before["until"]


async def test_rows_that_stay_away_for_weeks_do_not_hold_the_list_back_for_ever(bench: Bench) -> None:
    before = bench.store.sync_state()["payments"]
    bench.house.payments = []
    bench.rebuild()
    bench.today = TODAY + OVERLAP + timedelta(days=1)
    await bench.connection.login()
    await bench.connection.sync()
    assert bench.store.sync_state()["payments"]["until"] > before["until"]


async def test_what_was_incomplete_before_a_list_lost_rows_is_not_forgotten(bench: Bench) -> None:
    state = bench.store.sync_state()["payments"]
    bench.store.set_sync_state(payments={**state, "left_since": "2026-10-02"})
    bench.house.payments = []
    bench.rebuild()
    await bench.connection.sync()
    assert bench.store.sync_state()["payments"]["left_since"] == "2026-10-02"


def no_dates(request: httpx.Request) -> httpx.Response | None:
    if b"_pageLabel=as_paiements_page" in request.url.query:
        return httpx.Response(200, html="<html><body><p>Nouvelle page</p></body></html>")
    return None


async def test_without_the_page_of_dates_the_window_slides_with_the_days(bench: Bench) -> None:
    before = bench.store.sync_state()["payments"]
    bench.today = TODAY + timedelta(days=5)
    bench.wire.rewrite = no_dates
    result = await bench.connection.sync()
    assert [problem["code"] for problem in result.problems] == ["portal_changed"]
    assert result.steps["payments"] == "read"
    state = bench.store.sync_state()["payments"]
    days = bench.today - date.fromisoformat(before["until"])
    assert state["until"] == bench.today.isoformat()
    assert date.fromisoformat(state["oldest"]) in (
        date.fromisoformat(before["oldest"]), date.fromisoformat(before["oldest"]) + days)


async def test_a_first_list_without_the_page_of_dates_is_that_of_the_usual_window(tmp_path: Path) -> None:
    bench = await Bench(tmp_path).signed_in()
    bench.wire.rewrite = no_dates
    await bench.connection.sync()
    state = bench.store.sync_state()["payments"]
    assert (state["oldest"], state["until"]) == ((TODAY - WINDOW).isoformat(), TODAY.isoformat())
    assert bench.store.payments.found()


async def test_details_are_given_up_after_so_many_that_do_not_read_in_a_row(tmp_path: Path) -> None:
    bench = await Bench(tmp_path).signed_in()
    asked: list[int] = []

    def fail(request: httpx.Request) -> httpx.Response | None:
        if b"chargerDetailPaiements" not in request.url.query:
            return None
        asked.append(1)
        # One that reads in between begins the count anew.
        return None if len(asked) == GIVE_UP_AFTER else httpx.Response(200, html="<p>Nouvelle page</p>")

    bench.wire.rewrite = fail
    await bench.connection.sync()
    assert len(asked) == len(bench.store.payments.found()) == 2 * GIVE_UP_AFTER
    complete = [payment["complete"] for payment in bench.store.payments.found()]
    assert complete.count(True) == 1
