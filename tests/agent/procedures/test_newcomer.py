"""Where a newcomer stands."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.procedures.newcomer.stages import SITUATIONS, Facts, read_facts, where_am_i
from agent.procedures.registry import procedures

TODAY = date(2026, 11, 23)


def now(**given_: Any) -> str:
    """The stage somebody is at."""
    return str(where_am_i(read_facts(given_), TODAY)["now"])


@pytest.mark.parametrize(("given_", "expected"), [
    ({}, "arrived"),
    ({"arrived_on": "2026-10-01"}, "residence"),
    ({"arrived_on": "2026-08-23"}, "file"),
    ({"arrived_on": "2026-10-01", "exempt": True}, "file"),
    ({"arrived_on": "2026-11-20", "situation": "employee"}, "file"),
    ({"file_sent_on": "2026-10-01"}, "waiting_number"),
    ({"waiting_number_on": "2026-11-01"}, "certified"),
    ({"certified_on": "2026-11-01"}, "account"),
    ({"account": True}, "card_order"),
    ({"card_ordered_on": "2026-11-01"}, "card"),
    ({"card": True}, "finished"),
])
def test_the_latest_fact_tells_the_stage(given_: dict[str, Any], expected: str) -> None:
    assert now(**given_) == expected


def test_clocks_run_from_the_days_that_are_known() -> None:
    found = where_am_i(read_facts({"file_sent_on": "2026-11-01", "waiting_number_on": "2026-11-10",
                                   "asked_civil_status_on": "2026-11-12"}), TODAY)
    stage = next(one for one in found["stages"] if one["name"] == "certified")
    assert [(one["on"], one["kind"]) for one in stage["clocks"]] == [
        ("2027-02-12", "duty"), ("2026-11-15", "estimate"), ("2027-01-24", "estimate")]


def test_students_are_sent_to_their_own_site() -> None:
    found = where_am_i(Facts(situation="student", arrived_on=TODAY), TODAY)
    assert "etudiant-etranger.ameli.fr" in found["next_en"]


@pytest.mark.parametrize("wrong", [{"place": "Lyon"}, {"situation": "tourist"}, {"account": "yes"},
                                   {"arrived_on": "yesterday"}])
def test_facts_that_cannot_be_read_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_facts(wrong)


days = st.none() | st.dates(date(1900, 1, 1), date(2026, 11, 23))


@given(st.builds(Facts, situation=st.sampled_from(SITUATIONS), arrived_on=days, exempt=st.booleans(),
                 file_sent_on=days, waiting_number_on=days, asked_civil_status_on=days, certified_on=days,
                 account=st.booleans(), card_ordered_on=days, card=st.booleans()))
def test_exactly_one_stage_is_now_and_everything_before_it_is_done(facts: Facts) -> None:
    found = where_am_i(facts, TODAY)
    states = [one["state"] for one in found["stages"]]
    assert states == sorted(states, key=["done", "now", "later"].index)
    assert states.count("now") == (found["now"] != "finished")
    for stage in found["stages"]:
        assert stage["text_fr"]
        assert stage["text_en"]
        assert stage["procedure"] is None or stage["procedure"] in procedures()
