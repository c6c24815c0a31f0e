"""Which days a sync lists and which details it fetches, decided without a service."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.sync.steps.payments_plan import (
    OVERLAP,
    SLACK,
    ListedSoFar,
    expected_oldest,
    list_from,
    listed_until,
    missed,
    oldest_left,
    still_left,
    to_fetch,
    usual_window,
)

DAY = timedelta(days=1)
TODAY = date(2026, 11, 23)
NOTHING = ListedSoFar()
LISTED = ListedSoFar(oldest=date(2026, 5, 1), until=date(2026, 11, 20))
LEFT = ListedSoFar(oldest=date(2026, 5, 1), until=date(2026, 11, 20), left_since=date(2026, 6, 2))
_DAYS = st.none() | st.dates(date(2015, 1, 1), date(2040, 1, 1))


@given(_DAYS, _DAYS, _DAYS, _DAYS)
def test_what_is_kept_reads_as_it_was(a: date | None, b: date | None, c: date | None, d: date | None) -> None:
    so_far = ListedSoFar(oldest=a, until=b, left_since=c, failed_on=d)
    assert ListedSoFar.read(so_far.note()) == so_far


def test_a_note_of_an_older_version_reads() -> None:
    note = {"oldest": "2026-05-01", "until": "2026-11-20", "left_since": None, "failed_on": "2026-11-19"}
    assert ListedSoFar.read(note) == ListedSoFar(
        oldest=date(2026, 5, 1), until=date(2026, 11, 20), failed_on=date(2026, 11, 19))
    assert ListedSoFar.read({"oldest": "2026-05-01", "until": "2026-11-20", "gone": 1}) == LISTED
    assert ListedSoFar.read(None) == ListedSoFar.read({}) == NOTHING
    assert LISTED.note() == {"oldest": "2026-05-01", "until": "2026-11-20", "left_since": None, "failed_on": None}


def test_without_the_page_of_dates_a_first_list_goes_back_by_the_usual_length() -> None:
    assert usual_window(NOTHING, TODAY, 214 * DAY) == (TODAY - 214 * DAY, TODAY)


def test_without_the_page_of_dates_the_window_slides_with_the_days() -> None:
    assert usual_window(LISTED, TODAY, 214 * DAY) == (date(2026, 5, 4), TODAY)


def test_the_oldest_day_is_what_the_service_says_within_the_slack() -> None:
    slid = date(2026, 5, 4)
    assert expected_oldest(LISTED, slid + SLACK, TODAY) == slid + SLACK
    assert expected_oldest(LISTED, slid + SLACK + DAY, TODAY) == slid
    assert expected_oldest(LISTED, date(2026, 1, 1), TODAY) == date(2026, 1, 1)
    assert expected_oldest(NOTHING, TODAY - DAY, TODAY) == TODAY - DAY


def test_payments_are_missed_when_nobody_looked_for_longer_than_the_service_looks_back() -> None:
    until = date(2026, 11, 20)
    later = date(2027, 6, 30)
    assert missed(LISTED, until + DAY, later) == until
    assert missed(LISTED, until, later) is None
    assert missed(NOTHING, TODAY, TODAY) is None


def test_a_window_that_shrank_is_no_time_that_was_missed() -> None:
    assert missed(LISTED, date(2026, 11, 21), TODAY) is None


@pytest.mark.parametrize(("so_far", "full", "retry", "since"), [
    (NOTHING, False, True, date.min),
    (LISTED, True, False, date.min),
    (LISTED, False, True, date(2026, 11, 20) - OVERLAP),
    (LEFT, False, True, date(2026, 6, 2)),
    (LEFT, False, False, date(2026, 11, 20) - OVERLAP),
    (ListedSoFar(until=TODAY, left_since=TODAY), False, True, TODAY - OVERLAP),
])  # fmt: skip
def test_a_list_begins_where_something_may_be_new_or_is_incomplete(
    so_far: ListedSoFar, full: bool, retry: bool, since: date
) -> None:
    assert list_from(so_far, full=full, retry=retry) == since


@pytest.mark.parametrize(("full", "retry", "wanted"), [
    (False, False, ["new"]), (False, True, ["half", "new"]), (True, False, ["half", "new", "whole"]),
])  # fmt: skip
def test_details_are_asked_for_when_new_or_incomplete_or_all_of_them(
    full: bool, retry: bool, wanted: list[str]
) -> None:
    listed = {key: key for key in ("half", "new", "whole")}
    assert to_fetch(listed, {"half": False, "whole": True}, full=full, retry=retry) == wanted


def test_equals_of_which_one_is_new_are_all_asked_for_since_their_places_may_have_moved() -> None:
    listed = {"first": "equal", "other": "alone", "second": "equal"}
    assert to_fetch(listed, {"first": True, "other": True}, full=False, retry=True) == ["first", "second"]
    assert to_fetch(listed, {"first": True, "other": True, "second": True}, full=False, retry=True) == []


def test_a_list_that_lost_rows_does_not_move_what_was_listed() -> None:
    oldest = date(2026, 5, 4)
    before = (LISTED.oldest, LISTED.until)
    assert listed_until(LISTED, oldest, TODAY, shrunk=False) == (oldest, TODAY)
    assert listed_until(LISTED, oldest, TODAY, shrunk=True) == before
    assert listed_until(NOTHING, oldest, TODAY, shrunk=True) == (oldest, TODAY)


def test_a_list_that_stays_shorter_holds_back_no_longer_than_the_overlap() -> None:
    assert LISTED.until is not None
    edge = LISTED.until + OVERLAP
    assert listed_until(LISTED, TODAY, edge, shrunk=True) == (LISTED.oldest, LISTED.until)
    assert listed_until(LISTED, TODAY, edge + DAY, shrunk=True) == (TODAY, edge + DAY)


@pytest.mark.parametrize(("full", "retry", "shrunk", "kept"), [
    (False, True, False, False), (True, False, False, False), (False, False, False, True), (True, True, True, True),
])  # fmt: skip
def test_what_was_left_before_is_remembered_while_it_may_not_be_listed(
    full: bool, retry: bool, shrunk: bool, kept: bool
) -> None:
    left = still_left(LEFT, full=full, retry=retry, shrunk=shrunk)
    assert left == (LEFT.left_since if kept else None)


def test_the_oldest_of_what_is_left_counts() -> None:
    early, late = date(2026, 6, 2), date(2026, 8, 1)
    assert oldest_left([], None) is None
    assert oldest_left([late, early], None) == oldest_left([late], early) == oldest_left([], early) == early
    assert oldest_left([early], late) == early


@pytest.mark.parametrize("half", [ListedSoFar(oldest=date(2026, 5, 1)), ListedSoFar(until=date(2026, 11, 20))])
def test_half_a_note_of_what_was_listed_counts_as_none(half: ListedSoFar) -> None:
    """A vault that lost one of two days: the run lists as if it knew neither."""
    oldest = date(2026, 1, 1)
    assert usual_window(half, TODAY, 214 * DAY) == (TODAY - 214 * DAY, TODAY)
    assert expected_oldest(half, oldest, TODAY) == oldest
    assert listed_until(half, oldest, TODAY, shrunk=True) == (oldest, TODAY)
