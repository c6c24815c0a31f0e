"""Asking for something by commands, end to end: told all mistakes, sent, completed, taken back, never twice."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import papers
from tests.agent.processes import wait_until
from tests.ameli_tui.cli.test_prompts import converse
from tests.commands import Home, clean_environment
from tests.thoroughness import one_in

pytestmark = pytest.mark.xdist_group("procedure-commands")  # one demo for all of them

IBAN = "FR14 2004 1010 0505 0001 3M02 606"
PDF = papers.pdf()


class Desk:
    """A demo of one's own: its home, some files, and the other side of the wire."""

    def __init__(self, folder: Path) -> None:
        self.home = Home(folder / "home")
        details = self.home.json(
            "demo", "--home", str(self.home.folder), "--detach", "--seed", "3", "--years", "1", timeout=120)
        self.url = details["portal_url"] + "/_sandbox/"
        self.folder = folder
        self.file("ok.json", json.dumps({"holder_is_me": True, "iban": IBAN}).encode())
        self.file("rib.pdf", PDF)

    def file(self, name: str, data: bytes) -> str:
        """Write a file; its path."""
        path = self.folder / name
        path.write_bytes(data)
        return str(path)

    def path(self, name: str) -> str:
        return str(self.folder / name)

    def control(self, what: str, body: Any = None) -> Any:
        """Ask the stand-in, or make it do something."""
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(self.url + what, data)) as answer:
            return json.load(answer)

    def faults(self, spec: str) -> None:
        self.control("options", {"faults": spec})

    def keeps_waiting(self) -> bool:
        """Whether the stand-in holds a request up, for want of speed."""
        return bool(self.control("options")["held_up"])

    def received(self) -> list[dict[str, Any]]:
        """The requests the service has."""
        return list(self.control("requests")["requests"])

    def start(self, *more: str) -> Any:
        return self.home.json(
            "procedures", "start", "bank-details", "--answers", self.path("ok.json"), "--attach",
            f"rib={self.path('rib.pdf')}", *more)

    def request(self, key: str) -> Any:
        return self.home.json("procedures", "request", key)


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    folder = Path(tempfile.mkdtemp(prefix="ameli-test-"))
    one = Desk(folder)
    try:
        yield one
    finally:
        one.home.run("demo", "--home", str(one.home.folder), "--stop")
        shutil.rmtree(folder)


def test_the_list_and_the_questions_keep_the_contract(desk: Desk) -> None:
    found = {one["name"]: one for one in desk.home.json("procedures")}
    assert found["bank-details"].keys() >= {"name", "title_fr", "title_en", "who", "papers", "deadline", "submits"}
    assert found["bank-details"]["submits"] == "portal"
    shown = desk.home.json("procedures", "show", "bank-details")
    assert all(field.keys() >= {"type", "rule_fr", "rule_en", "example"} for field in shown["fields"])
    said = desk.home.run("procedures", "show", "bank-details")
    assert "iban: IBAN" in said.out and "36 46" in said.out


def test_every_mistake_is_told_at_once_and_nothing_is_sent(desk: Desk) -> None:
    before = desk.received()
    answers = desk.file("bad.json", json.dumps({"holder_is_me": False, "iban": "FR76 1027", "bik": "x"}).encode())
    note = desk.file("note.txt", b"hello")
    done = desk.home.run("procedures", "start", "bank-details", "--answers", answers, "--attach", f"rib={note}",
                         "--attach", f"photo={note}", "--json")
    assert done.code == 1
    assert [one["field"] for one in done.json["errors"]] == ["holder", "iban", "bik", "rib", "photo"]
    assert all(one["message_fr"] and one["message_en"] for one in done.json["errors"])
    assert done.err.splitlines()[0] == "Nothing was sent: this must be put right first."
    assert desk.received() == before


def test_the_verdict_on_the_c2s_is_told_as_soon_as_the_answers_are_complete(desk: Desk) -> None:
    field = next(one for one in desk.home.json("procedures", "show", "c2s")["fields"] if one["name"] == "applicant")
    answers: dict[str, Any] = {
        "kind": "first", "benefit": "none", "applicant": field["proposed"], "applicant_birth_date": "1993-08-12",
        "household": [], "resources": [{"kind": "wages", "amounts": "500"}], "housing": "rent", "postcode": "75012",
        "lived_abroad": False, "manager": "cpam"}
    done = desk.home.run("procedures", "start", "c2s", "--answers", desk.file("c2s.json", json.dumps(answers).encode()),
                         "--json")
    assert (done.code, [one["field"] for one in done.json["errors"]]) == (1, ["tax_notice"])
    verdict = next(one for one in done.json["notes"] if one["name"] == "verdict")
    assert (verdict["kind"], verdict["text_en"]) == ("good", "By these answers: free C2S.")
    assert "free C2S" in done.err
    del answers["housing"]
    less = desk.home.run("procedures", "start", "c2s", "--answers", desk.file("c2s.json", json.dumps(answers).encode()),
                         "--json")
    assert (less.code, less.json["notes"]) == (1, [])


def test_a_request_is_sent_completed_and_decided(desk: Desk) -> None:
    sent = desk.start()
    assert sent["status"] == "sent" and sent["reference"]
    (filed,) = [one for one in desk.received() if one["reference"] == sent["reference"]]
    assert filed["procedure"] == "bank-details"
    desk.control("requests", {"reference": sent["reference"], "needs": ["identity"]})
    desk.home.json("sync")
    asked = desk.request(sent["request"])
    assert (asked["status"], [one["paper"] for one in asked["needs"]]) == ("needs_papers", ["identity"])
    assert any(line["value_en"].startswith("••••") for line in asked["summary"])
    assert IBAN.replace(" ", "")[-11:] not in desk.home.run("procedures", "request", sent["request"]).out
    other = f"rib={desk.path('rib.pdf')}"
    wrong = desk.home.run("procedures", "complete", sent["request"], "--attach", other, "--json")
    assert (wrong.code, wrong.json["errors"][0]["field"]) == (1, "rib")
    card = desk.file("card.pdf", PDF + b"%2")
    done = desk.home.json("procedures", "complete", sent["request"], "--attach", f"identity={card}")
    assert (done["status"], done["waiting"]) == ("sent", False)
    desk.control("requests", {"reference": sent["reference"], "accept": True})
    desk.home.json("sync")
    asked = desk.request(sent["request"])
    assert (asked["status"], asked["decision"]["accepted"]) == ("accepted", True)
    assert desk.home.run("procedures", "cancel", sent["request"]).code == 1
    assert [one["status"] for one in desk.home.json("procedures", "requests") if one["id"] == sent["request"]] == [
        "accepted"]


def test_a_refusal_of_the_service_is_shown_with_its_reason(desk: Desk) -> None:
    sent = desk.start()
    desk.control("requests", {"reference": sent["reference"], "refuse": "Le RIB n'est pas lisible."})
    desk.home.json("sync")
    asked = desk.request(sent["request"])
    assert (asked["status"], asked["decision"]["reason"]) == ("refused", "Le RIB n'est pas lisible.")


def test_a_draft_is_kept_sent_or_gone(desk: Desk) -> None:
    count = len(desk.received())
    draft = desk.start("--draft")
    assert (draft["status"], draft["reference"], draft["to_correct"]) == ("draft", None, [])
    assert len(desk.received()) == count
    assert desk.home.json("procedures", "send", draft["request"])["status"] == "sent"
    gone = desk.start("--draft")
    assert desk.home.json("procedures", "cancel", gone["request"])["status"] == "cancelled"
    assert desk.home.run("procedures", "request", gone["request"], "--json").error["code"] == "not_found"
    assert len(desk.received()) == count + 1


def test_a_request_can_be_taken_back(desk: Desk) -> None:
    count = len(desk.received())
    sent = desk.start()
    assert desk.home.json("procedures", "cancel", sent["request"])["status"] == "cancelled"
    assert len(desk.received()) == count


def test_offline_it_waits_and_leaves_with_the_next_sync(desk: Desk) -> None:
    count = len(desk.received())
    desk.faults("503=demarches")
    try:
        waiting = desk.start()
        assert (waiting["status"], waiting["waiting"]) == ("queued", True)
        assert waiting["problem"]["exit"] == 4
        assert desk.home.json("agent", "status")["pending"] == 1
    finally:
        desk.faults("")
    desk.home.json("sync")
    assert desk.request(waiting["request"])["status"] == "sent"
    assert len(desk.received()) == count + 1
    assert desk.home.json("agent", "status")["pending"] == 0


@pytest.mark.parametrize("spec", one_in(2, [
    "drop-after=1x@/requests/", "500-after=1x@/requests/", "drop=1x@/requests/", "drop-after=1x@/papers/"]))
def test_an_answer_that_is_lost_makes_no_second_request(desk: Desk, spec: str) -> None:
    count = len(desk.received())
    desk.faults(spec)
    try:
        key = desk.start()["request"]
        desk.home.json("sync")
    finally:
        desk.faults("")
    assert desk.request(key)["status"] == "sent"
    assert len(desk.received()) == count + 1


@pytest.mark.parametrize("where", one_in(3, ["/requests/", "/papers/", "demarches/v1/"]))
def test_the_agent_killed_while_it_sends_sends_once(desk: Desk, where: str) -> None:
    count = len(desk.received())
    pid = desk.home.json("agent", "status")["pid"]
    wait_until(lambda: not desk.keeps_waiting(), 20)  # what an agent left that was killed before
    desk.faults(f"latency=5@{where}")
    try:
        with subprocess.Popen(
            [sys.executable, "-m", "ameli_tui", "procedures", "start", "bank-details", "--answers",
             desk.path("ok.json"), "--attach", f"rib={desk.path('rib.pdf')}", "--json"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=clean_environment(AMELI_HOME=str(desk.home.folder)),
        ) as starting:
            wait_until(desk.keeps_waiting, 20)
            os.kill(pid, signal.SIGKILL)
            starting.communicate(timeout=20)
    finally:
        desk.faults("")
    assert starting.returncode == 1
    desk.home.json("sync", timeout=90)
    newest = desk.home.json("procedures", "requests")[0]
    assert newest["status"] == "sent"
    received = desk.received()
    assert len(received) == count + 1
    assert newest["reference"] in {one["reference"] for one in received}


def test_a_message_is_sent_once_with_its_file_and_found_again(desk: Desk) -> None:
    body = desk.file("body.txt", "Où est mon remboursement ?\n".encode())
    desk.faults("drop-after=1x@/messages/")
    try:
        desk.home.json("messages", "send", "--subject", "Question sur un virement", "--body", body, "--attach",
                       desk.path("rib.pdf"))
        desk.home.json("sync")
    finally:
        desk.faults("")
    found = desk.home.json("messages", "--search", "VIREMENT reception")
    assert len(found) == 1
    assert desk.home.json("messages", "--search", "no such words at all") == []
    wrong = desk.home.run("messages", "send", "--subject", " ", "--body", body, "--json")
    assert (wrong.code, wrong.error["code"]) == (1, "empty_message")


def test_files_that_will_not_do_are_refused_and_nothing_is_lost(desk: Desk) -> None:
    count = len(desk.received())
    for name, data in (("huge.pdf", PDF + b"x" * (10 << 20)), ("empty.pdf", b""), ("named.pdf", b"MZ not a PDF")):
        done = desk.home.run("procedures", "start", "bank-details", "--answers", desk.path("ok.json"), "--attach",
                             f"rib={desk.file(name, data)}", "--json")
        assert (done.code, [one["field"] for one in done.json["errors"]]) == (1, ["rib"]), name
        assert name in done.json["errors"][0]["message_en"]
    assert len(desk.received()) == count


def test_the_questions_are_asked_on_a_terminal_and_a_wrong_answer_again(desk: Desk) -> None:
    count = len(desk.received())
    code, shown = converse(desk.home, ["procedures", "start", "bank-details"], [
        ("account is in my name", "yes\n"), ("IBAN", "FR76 1\n"), ("IBAN of FR has", IBAN + "\n"), ("BIC", "\n")])
    assert code == 0, shown
    assert "Account holder (" not in shown  # asked only for somebody else's account
    assert len(desk.received()) == count + 1


@pytest.mark.parametrize(("args", "code", "error"), [
    (("procedures", "show", "bank-detail"), 1, "no_such_procedure"),
    (("procedures", "start", "bank-details", "--answers", "nowhere.json"), 1, "unreadable_file"),
    (("procedures", "start", "bank-details"), 5, "person_needed"),
    (("procedures", "start", "bank-details", "--answers", "x.json", "--attach", "rib"), 2, "usage"),
    (("procedures", "request", "q0"), 1, "not_found"), (("procedures", "cancel", "q0"), 1, "not_found"),
])
def test_what_cannot_be_done_is_said(desk: Desk, args: tuple[str, ...], code: int, error: str) -> None:
    done = desk.home.run(*args, "--json")
    assert (done.code, done.error["code"]) == (code, error)


def test_answers_that_are_no_object_are_wrong_usage(desk: Desk) -> None:
    for data in (b"[1]", b"{", b"\xff", b"[" * 100_000):
        done = desk.home.run(
            "procedures", "start", "bank-details", "--answers", desk.file("odd.json", data), "--json")
        assert (done.code, done.error["code"]) == (2, "answers_file")
