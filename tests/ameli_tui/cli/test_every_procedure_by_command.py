"""Every procedure by commands, with a real agent and the stand-in over HTTP: from the first mistake to the decision."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.procedures.registry import procedures
from tests import papers
from tests.agent.procedures.samples import GOOD
from tests.agent.processes import wait_until
from tests.ameli_tui.cli.test_procedure_commands import Desk
from tests.commands import clean_environment
from tests.thoroughness import one_in

pytestmark = pytest.mark.xdist_group("every-procedure-by-command")  # one demo for all of them

DECLARED = procedures()
SENT = [name for name, one in DECLARED.items() if one.submits == "portal"]
BY_HAND = [name for name, one in DECLARED.items() if one.submits == "handoff"]


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    folder = Path(tempfile.mkdtemp(prefix="ameli-test-"))
    one = Desk(folder)
    one.file("photo.jpg", papers.picture(size=(700, 900)))
    one.file("paper.pdf", papers.pdf())
    try:
        yield one
    finally:
        one.home.run("demo", "--home", str(one.home.folder), "--stop")
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def people(desk: Desk) -> list[str]:
    """The people of the demo's account, the insured person first."""
    return [one["name"] for one in desk.home.json("profile")["beneficiaries"]]


def answers(name: str, people: list[str]) -> dict[str, Any]:
    """The sample answers, with the people of this account in place of the sample's."""
    def mine(value: Any, kind: str) -> Any:
        if kind == "people":
            return people
        return people[0] if value == "DUPONT Jeanne" else people[-1]

    kinds = {one.name: one.kind.name for one in DECLARED[name].fields}
    return {field: mine(value, kinds[field]) if kinds[field] in ("person", "people") else value
            for field, value in GOOD[name][0].items()}


def arguments(desk: Desk, name: str, given: dict[str, Any]) -> list[str]:
    """The command that asks for it, papers included."""
    photos = {one.name for one in DECLARED[name].papers if one.photo}
    attach = [f"--attach={one}={desk.path('photo.jpg' if one in photos else 'paper.pdf')}" for one in GOOD[name][1]]
    return ["procedures", "start", name, "--answers", desk.file(f"{name}.json", json.dumps(given).encode()), *attach]


def ask_for(desk: Desk, name: str, people: list[str], *more: str) -> Any:
    return desk.home.json(*arguments(desk, name, answers(name, people)), *more)


def filed(desk: Desk, name: str) -> list[dict[str, Any]]:
    return [one for one in desk.received() if one["procedure"] == name]


def test_all_of_them_are_here() -> None:
    assert len(DECLARED) >= 14 and set(GOOD) == set(DECLARED) == {*SENT, *BY_HAND}


@pytest.mark.parametrize("name", one_in(5, sorted(DECLARED)))
def test_every_mistake_is_told_at_once_and_nothing_leaves(desk: Desk, name: str) -> None:
    before = len(desk.received())
    asked = DECLARED[name]
    wrong = {one.name: {"no": "answer"} for one in asked.fields}
    done = desk.home.run(*arguments(desk, name, {**wrong, "surprise": 1})[:5], "--attach",
                         f"nonsense={desk.path('paper.pdf')}", "--json")
    told = [one["field"] for one in done.json["errors"]]
    always = {one.name for screen in asked.screens if screen.when is None for one in screen.fields if one.when is None}
    needed = {one.name for one in asked.papers if one.needed is True}
    assert done.code == 1
    assert always | needed | {"surprise", "nonsense"} <= set(told)
    assert len(told) == len(set(told))
    assert all(one["message_fr"] and one["message_en"] for one in done.json["errors"])
    assert len(desk.received()) == before


@pytest.mark.parametrize("name", one_in(5, sorted(SENT)))
def test_sent_it_goes_through_its_stages_to_a_decision(desk: Desk, people: list[str], name: str) -> None:
    sent = ask_for(desk, name, people)
    assert sent["status"] == "sent" and sent["reference"]
    stages = [stage for stage, _ in DECLARED[name].stages]
    decided, found = False, desk.request(sent["request"])
    for stage in stages[1:]:
        if stage in [one["name"] for one in found["stages"]]:
            continue  # its day is that of the stage before
        desk.control("requests", {"reference": sent["reference"], "stage": stage})
        desk.home.json("sync")
        found = desk.request(sent["request"])
        assert stages.index(found["stage"]) >= stages.index(stage)
        decided = decided or found["status"] == "accepted"
    found = desk.request(sent["request"])
    assert decided and found["decision"]["accepted"]
    assert [one["name"] for one in found["stages"]] == stages
    assert all(one["label_fr"] and one["label_en"] and one["on"] for one in found["stages"])


@pytest.mark.parametrize("name", one_in(5, sorted(SENT)))
def test_completed_after_a_request_for_papers(desk: Desk, people: list[str], name: str) -> None:
    sent = ask_for(desk, name, people)
    desk.control("requests", {"reference": sent["reference"], "needs": ["identity"]})
    desk.home.json("sync")
    found = desk.request(sent["request"])
    assert (found["status"], [one["paper"] for one in found["needs"]]) == ("needs_papers", ["identity"])
    desk.home.json("procedures", "complete", sent["request"], "--attach", f"identity={desk.path('rib.pdf')}")
    found = desk.request(sent["request"])
    assert (found["status"], found["needs"]) == ("sent", [])
    (at_the_desk,) = [one for one in desk.received() if one["reference"] == sent["reference"]]
    assert "identity" in [one["name"] for one in at_the_desk["papers"]]
    desk.control("requests", {"reference": sent["reference"], "refuse": "Pièce illisible."})
    desk.home.json("sync")
    found = desk.request(sent["request"])
    assert (found["status"], found["decision"]["reason"]) == ("refused", "Pièce illisible.")


def test_a_document_that_names_a_waiting_request_completes_it(desk: Desk, people: list[str]) -> None:
    sent = ask_for(desk, "bank-details", people)
    desk.control("requests", {"reference": sent["reference"], "needs": ["identity"]})
    desk.home.json("sync")
    assert desk.request(sent["request"])["status"] == "needs_papers"
    given = {**answers("supporting-document", people), "reference": sent["reference"]}
    desk.home.json(*arguments(desk, "supporting-document", given))
    desk.home.json("sync")
    found = desk.request(sent["request"])
    assert (found["status"], found["needs"]) == ("sent", [])


@pytest.mark.parametrize("name", one_in(5, sorted(DECLARED)))
def test_a_cancelled_draft_is_gone(desk: Desk, people: list[str], name: str) -> None:
    count = len(filed(desk, name))
    draft = ask_for(desk, name, people, "--draft")
    assert (draft["status"], draft["to_correct"]) == ("draft", [])
    desk.home.json("procedures", "cancel", draft["request"])
    assert desk.home.run("procedures", "request", draft["request"], "--json").error["code"] == "not_found"
    assert draft["request"] not in [one["id"] for one in desk.home.json("procedures", "requests")]
    assert len(filed(desk, name)) == count


@pytest.mark.parametrize("name", sorted(BY_HAND))
def test_what_no_program_can_send_is_a_complete_file_and_a_place_to_bring_it(
    desk: Desk, people: list[str], name: str
) -> None:
    made = ask_for(desk, name, people)
    assert made["status"] == "ready"
    found = desk.home.json("procedures", "hand-over", made["request"])
    assert found["place"]["url"] == "https://assure.ameli.fr/" or found["place"]["kind"] == "post"
    typed = {one["field"] for one in found["copies"]}
    assert {name for name, value in GOOD[name][0].items() if value not in (None, "")} <= typed
    target = desk.folder / f"{name}.pdf"
    desk.home.json("procedures", "dossier", made["request"], "--out", str(target))
    assert target.read_bytes().startswith(b"%PDF-")
    sent = desk.home.json("procedures", "sent", made["request"], "--reference", "D2611-0042")
    assert (sent["status"], sent["reference"]) == ("handed_over", "D2611-0042")
    refused = desk.home.run("procedures", "cancel", made["request"], "--json")
    assert (refused.code, refused.error["code"]) == (1, "not_now")


@pytest.mark.parametrize(("situation", "wanted"), [
    ("resident", {"form", "residence_proof"}), ("student", {"enrolment"}), ("pensioner", {"form", "s1"}),
    ("family", {"children_form", "marriage_certificate"})])
def test_joining_asks_for_the_papers_of_the_case(desk: Desk, situation: str, wanted: set[str]) -> None:
    given: dict[str, Any] = {
        **GOOD["entitlement-opening"][0], "situation": situation, "exempt": "none", "arrived_on": "2026-05-15",
        "school": "Université de Lyon", "pension_state": "DE", "with_family": situation == "family"}
    if situation == "family":
        given["family"] = [{"relation": relation, "last_name": "SEGUIN", "first_names": "Anne",
                            "birth_date": "2015-04-02"} for relation in ("spouse", "child")]
    done = desk.home.run(*arguments(desk, "entitlement-opening", given)[:5], "--json")
    told = {one["field"] for one in done.json["errors"]}
    assert done.code == 1 and wanted <= told, done.json
    assert {"identity", "birth_certificate", "rib"} <= told


@pytest.mark.slow
@pytest.mark.parametrize("where", ["demarches/v1/", "/papers/", "/requests/"])
@pytest.mark.parametrize("name", sorted(SENT))
def test_the_agent_killed_while_it_sends_sends_once(desk: Desk, people: list[str], name: str, where: str) -> None:
    count = len(filed(desk, name))
    pid = desk.home.json("agent", "status")["pid"]
    wait_until(lambda: not desk.keeps_waiting(), 20)  # what an agent left that was killed before
    desk.faults(f"latency=1@{where}")
    try:
        with subprocess.Popen(
            [sys.executable, "-m", "ameli_tui", *arguments(desk, name, answers(name, people)), "--json"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=clean_environment(AMELI_HOME=str(desk.home.folder)),
        ) as starting:
            wait_until(lambda: desk.keeps_waiting() or starting.poll() is not None, 20)
            os.kill(pid, signal.SIGKILL)
            starting.communicate(timeout=20)
    finally:
        desk.faults("")
    desk.home.json("sync", timeout=90)
    mine = [one for one in desk.home.json("procedures", "requests") if one["procedure"] == name]
    assert mine[0]["status"] == "sent"
    assert len(filed(desk, name)) == count + 1
    assert mine[0]["reference"] in {one["reference"] for one in filed(desk, name)}
