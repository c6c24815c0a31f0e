"""Bringing a request oneself by commands, at a service that takes nothing from programs, to what the inbox answers."""

import os
import shutil
import tempfile
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import papers
from tests.agent.processes import wait_until
from tests.ameli_tui.cli.test_procedure_commands import Desk
from tests.ameli_tui.cli.test_prompts import converse
from tests.commands import TODAY

pytestmark = pytest.mark.xdist_group("hand-over-command")  # one demo for all of them

IBAN = "FR1420041010050500013M02606"


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    folder = Path(tempfile.mkdtemp(prefix="ameli-test-"))
    one = Desk(folder)
    one.control("options", {"procedures": False})
    try:
        yield one
    finally:
        one.home.run("demo", "--home", str(one.home.folder), "--stop")
        shutil.rmtree(folder)


@pytest.fixture
def key(desk: Desk) -> Iterator[str]:
    """A request that the service did not take, and the only one while the test lasts."""
    made = desk.start()
    assert made["status"] == "ready"
    yield str(made["request"])
    if desk.request(made["request"])["status"] == "ready":
        desk.home.json("procedures", "cancel", made["request"])


def test_the_page_is_told_and_its_answers_in_the_form_s_order(desk: Desk, key: str) -> None:
    found = desk.home.json("procedures", "hand-over", key)
    assert found["place"]["url"].endswith("_pageLabel=as_info_perso_page")
    assert [(one["field"], one["value"]) for one in found["copies"]] == [("holder_is_me", "Oui"), ("iban", "••••2606")]
    assert found["papers"] == ["rib.pdf"] and len(found["steps"]) == 4
    said = desk.home.run("procedures", "hand-over", key, "--qr").out
    assert found["place"]["url"] in said and said.count("█") > 200
    assert "\x1b" not in said  # a pipe gets plain signs


def test_an_answer_goes_whole_to_the_terminal_s_clipboard_or_is_shown(desk: Desk, key: str) -> None:
    code, shown = converse(desk.home, ["procedures", "hand-over", key, "--copy", "iban"], [])
    sequence = shown.partition("\x1b]52;c;")[2].partition("\x07")[0]
    assert (code, b64decode(sequence).decode()) == (0, IBAN)
    assert IBAN not in shown
    done = desk.home.run("procedures", "hand-over", key, "--copy", "iban", TERM="dumb")
    assert (done.code, done.out.strip()) == (0, IBAN) and "dumb" in done.err
    wrong = desk.home.run("procedures", "hand-over", key, "--copy", "nothing", "--json")
    assert (wrong.code, wrong.error["code"]) == (2, "usage")


def test_the_page_opens_where_there_is_a_desktop_and_else_it_says_what_to_do(desk: Desk, key: str) -> None:
    opened = desk.folder / "opened"
    browser = desk.folder / "bin" / "xdg-open"
    browser.parent.mkdir(exist_ok=True)
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > "{opened}"\n')
    browser.chmod(0o700)
    path = f"{browser.parent}:{os.environ['PATH']}"
    none = desk.home.run("procedures", "hand-over", key, "--open", DISPLAY="", WAYLAND_DISPLAY="", PATH=path)
    assert none.code == 1 and "--qr" in none.err
    done = desk.home.run("procedures", "hand-over", key, "--open", DISPLAY=":9", PATH=path)
    assert done.code == 0
    wait_until(opened.exists)
    wait_until(lambda: opened.read_text().endswith("_pageLabel=as_info_perso_page"))


def message(desk: Desk, subject: str, body: str = "") -> None:
    desk.control("messages", {"subject": subject, "body": body})
    desk.home.json("sync")


def test_sent_acknowledged_completed_and_decided_by_the_inbox(desk: Desk, key: str) -> None:
    for args, code in ((("--on", "2030-01-01"), "bad_day"), (("--on", "x"), "bad_request"),
                       (("--reference", "a b"), "bad_reference")):
        assert desk.home.run("procedures", "sent", key, *args, "--json").error["code"] == code
    sent = desk.home.json("procedures", "sent", key, "--on", TODAY)
    assert sent["status"] == "handed_over"
    clocks = [one for one in desk.home.json("deadlines") if (one["action"] or {}).get("request") == key]
    assert clocks, "the delays run"
    message(desk, "Votre changement de RIB a bien été pris en compte", "Numéro de demande : D2632799001")
    found = desk.request(key)
    assert (found["status"], found["reference"]) == ("sent", "D2632799001")
    message(desk, "Vous avez un dossier à compléter", "Votre demande D2632799001 : RIB, avant le 12/12/2026.")
    found = desk.request(key)
    assert (found["status"], found["needs"][0]["until"]) == ("needs_papers", "2026-12-12")
    done = desk.home.json("procedures", "complete", key, "--attach",
                          f"document={desk.file('again.pdf', papers.pdf('again'))}")
    assert done["status"] == "ready"
    desk.home.json("procedures", "sent", key)
    message(desk, "Votre demande est acceptée", "Votre demande D2632799001 est acceptée.")
    found = desk.request(key)
    assert (found["status"], found["decision"]["on"]) == ("accepted", TODAY)


def test_in_doubt_the_person_is_asked_and_says_so_by_command(desk: Desk) -> None:
    made: list[Any] = [desk.start()["request"] for _ in range(2)]
    for one in made:
        desk.home.json("procedures", "sent", one)
    message(desk, "Accusé de réception : coordonnées bancaires")
    asked = desk.request(made[0])["maybe"]
    assert len(asked) == 1
    said = desk.home.run("procedures", "request", made[0]).out
    assert f"ameli procedures message {made[0]} {asked[0]['message']}" in said
    no = desk.home.json("procedures", "message", made[0], asked[0]["message"], "--no")
    assert no["status"] == "handed_over"
    found = desk.request(made[1])
    assert (found["status"], found["maybe"]) == ("sent", [])  # it could only mean this one now
    message(desk, "Votre demande est acceptée : coordonnées bancaires")
    asked = desk.request(made[1])["maybe"]
    yes = desk.home.json("procedures", "message", made[1], asked[0]["message"])
    assert (yes["status"], desk.request(made[0])["maybe"]) == ("accepted", [])
