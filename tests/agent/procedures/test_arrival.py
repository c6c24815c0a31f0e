"""What a newcomer tells of the way: read like the answers of a procedure, kept by the agent."""

from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from agent.assistant.answer import subjects
from agent.procedures.deadlines.deadlines import DeadlineFacts, deadlines
from agent.procedures.model import World
from agent.procedures.newcomer.questions import EVERYBODY, GUIDE, QUESTIONS, SITUATION, read_answers, the_way
from agent.procedures.newcomer.stages import Facts
from agent.procedures.registry import procedures
from config import clock
from tests.agent.processes import PASSPHRASE, Served, served

TODAY = date(2026, 11, 23)
WORLD = World(TODAY, {}, {})
NAMES = [SITUATION.name, *(one.name for asked in QUESTIONS.values() for one in asked)]


def test_every_fact_of_the_path_is_asked_for() -> None:
    assert set(NAMES) == set(Facts.__dataclass_fields__)


def test_every_link_of_the_path_leads_somewhere() -> None:
    known = {one["intent"] for one in subjects("fr")}
    assert {*EVERYBODY, *(one for linked in GUIDE.values() for one in linked), "students", "pensioners"} <= known
    for situation in SITUATION.choices:
        for stage in the_way({"situation": situation.value, "exempt": False}, WORLD)["stages"]:
            assert stage["questions"]
            assert stage["procedure"] is None or (stage["procedure"] in procedures() and stage["opens_en"])


def test_every_mistake_is_told_at_once_in_both_languages() -> None:
    told, wrong = read_answers({"situation": "tourist", "arrived_on": "24/12/2026", "card": "perhaps", "x\x1b": 1,
                             "account": True, "certified_on": ""}, WORLD)
    assert told == {"account": True}
    assert [one["field"] for one in wrong] == ["situation", "arrived_on", "card", "x\x1b"]
    assert all(one["message_fr"] and one["message_en"] for one in wrong)


@given(st.dictionaries(st.sampled_from(NAMES), st.one_of(
    st.none(), st.booleans(), st.text(max_size=12), st.dates(date(2020, 1, 1), TODAY).map(str),
    st.sampled_from(["employee", "student", "01/09/2026"]), st.integers(), st.lists(st.integers(), max_size=2))))
def test_whatever_is_told_is_read_or_refused_and_reads_the_same_again(told: dict[str, Any]) -> None:
    found, wrong = read_answers(told, WORLD)
    assert read_answers(found, WORLD) == (found, [])
    assert {one["field"] for one in wrong}.isdisjoint(found)
    path = the_way(found, WORLD)
    assert path["stages"]


def test_the_delays_of_the_stage_one_is_at_are_deadlines() -> None:
    def due(**told: str) -> list[tuple[str, str, str | None]]:
        listed = deadlines(DeadlineFacts(newcomer=the_way(told, WORLD)), TODAY)
        return [(one["due"], one["kind"], (one["action"] or {}).get("procedure")) for one in listed]

    assert due(arrived_on="2026-11-01") == [("2027-02-01", "window", "entitlement-opening")]
    asked = due(waiting_number_on="2026-11-01", asked_civil_status_on="2026-11-10")
    assert asked == [("2027-02-10", "duty", "supporting-document")]
    assert due(card_ordered_on="2026-11-20")[0][1:] == ("estimate", None)
    assert deadlines(DeadlineFacts(), TODAY) == []


async def test_the_agent_keeps_what_was_told_in_the_vault(tmp_path: Path) -> None:
    async with served(tmp_path) as agent:
        await agent.post("/v1/setup", {"passphrase": PASSPHRASE})
        told = {"situation": "employee", "arrived_on": "2020-09-01"}
        answer = await agent.post("/v1/newcomer", {"told": told})
        assert answer["path"]["now"] == "file"
        wrong = await agent.post("/v1/newcomer", {"told": {**told, "file_sent_on": "soon"}})
        assert [one["field"] for one in wrong["errors"]] == ["file_sent_on"]
        shown = await agent.get("/v1/newcomer")
        assert shown["told"] == told
        told_of = {**told, "waiting_number_on": "2020-11-01", "asked_civil_status_on": clock.today().isoformat()}
        await agent.post("/v1/newcomer", {"told": told_of})
        assert [one["kind"] for one in await agent.get("/v1/deadlines")] == ["duty"]
        assert "09 74 75 36 46" in shown["lines"][0]["text_en"]
        await _forget(agent)


async def _forget(agent: Served) -> None:
    assert (await agent.post("/v1/newcomer", {"told": {}}))["told"] == {}
    assert (await agent.get("/v1/newcomer"))["told"] == {}
    assert (await agent.refused("/v1/newcomer", {"told": []}, method="POST")).code == "bad_request"
