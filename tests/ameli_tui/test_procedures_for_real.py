"""Procedures through the screens on a real agent and the sandbox's service: what is typed here arrives there."""

import json
import os
import shutil
import signal
import tempfile
import urllib.request
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from agent.procedures.registry import procedures
from ameli_tui.screens.messages.messages import MessagesPage
from ameli_tui.screens.messages.sent import SentScreen
from ameli_tui.screens.requests.request import RequestScreen
from tests import papers
from tests.agent.procedures.samples import GOOD, PROFILE
from tests.ameli_tui.opened import opened_home
from tests.ameli_tui.person import Person
from tests.ameli_tui.terminal import terminal
from tests.commands import TODAY, Home
from tests.thoroughness import one_in

pytestmark = pytest.mark.xdist_group("procedures-for-real")  # one demo for all of them

_SOON = ("bank-details",)
_NAMES = [name if name in _SOON else pytest.param(name, marks=pytest.mark.slow) for name in procedures()]


class Desk:
    """A demo of one's own, and the other side of the wire."""

    def __init__(self, folder: Path) -> None:
        self.home = Home(folder / "home")
        told = self.home.json(
            "demo", "--home", str(self.home.folder), "--detach", "--seed", "3", "--years", "1", timeout=120)
        self._url = told["portal_url"] + "/_sandbox/"
        self.folder = folder
        (folder / "piece.pdf").write_bytes(papers.pdf())
        (folder / "photo.jpg").write_bytes(papers.picture("JPEG", (700, 900)))
        profile = self.home.json("profile")
        self._people = [one["name"] for one in profile["beneficiaries"]]

    def mine(self, given: Any) -> Any:
        """An answer of the samples for this household: its own people, by their rank."""
        names = [one["name"] for one in PROFILE["beneficiaries"]]
        if isinstance(given, list):
            found = [self.mine(one) for one in given]
            return [one for at, one in enumerate(found) if one not in found[:at]]
        if isinstance(given, Mapping):
            return {name: self.mine(value) for name, value in given.items()}
        return self._people[min(names.index(given), len(self._people) - 1)] if given in names else given

    def control(self, what: str, body: Any = None) -> Any:
        """Ask the stand-in, or make it do something."""
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(urllib.request.Request(self._url + what, data)) as answer:
            return json.load(answer)

    def received(self) -> list[dict[str, Any]]:
        """The requests the service has."""
        return list(self.control("requests")["requests"])


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    folder = Path(tempfile.mkdtemp(prefix="ameli-test-"))
    one = Desk(folder)
    try:
        yield one
    finally:
        one.home.run("demo", "--home", str(one.home.folder), "--stop")
        shutil.rmtree(folder)


@asynccontextmanager
async def person_at(desk: Desk) -> AsyncIterator[Person]:
    """The screens of that demo."""
    async with opened_home(desk.home.folder) as driven:
        yield Person(driven)


async def fill_in(person: Person, desk: Desk, name: str) -> None:
    """The sample of a procedure, with its papers."""
    answers, attached = GOOD[name]
    await person.fill(desk.mine(answers))
    for paper in attached:
        await person.attach(paper, desk.folder / ("photo.jpg" if paper == "photo" else "piece.pdf"))


@pytest.mark.parametrize("name", _NAMES)
async def test_what_is_filled_in_by_keys_arrives_once(desk: Desk, name: str) -> None:
    before = desk.received()
    async with person_at(desk) as person:
        await person.begin(name)
        await fill_in(person, desk, name)
        await person.driven.keys("q")  # cut off, gone on with: the draft lies in the vault
        await person.go_on()
        await person.look()
        assert desk.received() == before
        await person.send()
        (newest, *_others) = desk.home.json("procedures", "requests")
        assert newest["procedure"] == name
        if procedures()[name].submits != "portal":
            assert newest["status"] == "ready"
            assert desk.received() == before
            return
        assert newest["status"] == "sent", newest
        assert isinstance(person.driven.page, RequestScreen)
        assert newest["reference"] in person.driven.text
    (filed,) = [one for one in desk.received() if one not in before]
    assert (filed["procedure"], filed["reference"]) == (name, newest["reference"])


async def test_papers_asked_for_are_sent_from_the_message_that_asks(desk: Desk) -> None:
    async with person_at(desk) as person:
        await person.begin("postal-address")
        await fill_in(person, desk, "postal-address")
        await person.look()
        await person.send()
        reference = desk.home.json("procedures", "requests")[0]["reference"]
        desk.control("requests", {"reference": reference, "needs": ["identity"]})
        desk.home.json("sync")
        await person.driven.keys("1", "4")
        page = person.driven.page
        assert isinstance(page, MessagesPage)
        page.load()
        await person.driven.settle()
        await person.driven.keys("g")
        at = next(at for at, one in enumerate(page.items) if (one["about"] or {}).get("kind") == "complete")
        await person.driven.keys(*["j"] * at)
        assert "! à compléter ·" in person.driven.text
        await person.driven.keys("o")
        assert isinstance(person.driven.page, RequestScreen)
        await person.driven.keys("g", "enter", "ctrl+u")
        await person.driven.type(str(desk.folder / "piece.pdf"))
        await person.driven.keys("enter", "g", "enter")
        assert "Les pièces sont parties" in person.driven.text
    (filed,) = [one for one in desk.received() if one["reference"] == reference]
    assert filed["status"] != "needs_papers"


async def test_a_refusal_is_told_with_its_reason_and_on_home(desk: Desk) -> None:
    async with person_at(desk) as person:
        await person.begin("contact-details")
        await fill_in(person, desk, "contact-details")
        await person.look()
        await person.send()
        newest = desk.home.json("procedures", "requests")[0]
        desk.control("requests", {"reference": newest["reference"], "refuse": "Adresse déjà prise."})
        desk.home.json("sync")
        await person.driven.keys("1")
        person.driven.page.data_changed()
        await person.driven.settle()
        assert "✉" in person.driven.page.needs.plain()  # type: ignore[attr-defined]
        await person.open_request()
        assert "Adresse déjà prise" in person.driven.text


async def test_a_message_is_written_received_and_answered(desk: Desk) -> None:
    async with person_at(desk) as person:
        driven = person.driven
        await driven.keys("4", "n")
        await driven.type("Feuille de soins")
        await driven.keys("enter")
        await driven.type("Où en est mon remboursement ?")
        await driven.keys("escape", "g", "enter", "enter")
        await driven.keys("t")
        page = driven.page
        assert isinstance(page, SentScreen)
        assert page.written[0]["status"] == "sent"
        assert page.written[0]["answered"] is None
        desk.control("today", {"today": "2026-11-27"})
        try:
            desk.home.json("sync")
        finally:
            desk.control("today", {"today": TODAY})
        page.load()
        await driven.settle()
        assert "répondu" in driven.text
        assert desk.home.json("messages", "sent")[0]["answered"]
        assert "answered" in desk.home.run("messages", "sent").out
        await driven.keys("o")
        await driven.until("Une feuille de soins papier")


@pytest.mark.parametrize("sign", one_in(2, [signal.SIGHUP, signal.SIGTERM]))
def test_a_closed_terminal_leaves_a_draft_with_the_line_that_was_being_typed(desk: Desk, sign: signal.Signals) -> None:
    typed = f"DE89 3704 {sign.value}"  # unlike the example that the empty line shows
    with terminal(desk.home.folder, AMELI_TODAY=TODAY) as shown:
        shown.until("Derniers paiements")
        shown.send(b"8")
        shown.until("Changer mes coordonn")
        shown.send(b"\t" if "┏━ Vos demandes" in shown.text else b"g")
        shown.send(b"gjjjj\r")
        shown.until("Entrée commence")
        shown.send(b"\r")
        shown.until("IBAN")
        shown.send(b"j\r")
        shown.until("comme ")
        shown.send(typed.encode())
        shown.until(typed)
        os.kill(shown.pid, sign)
        assert shown.wait() == (129 if sign == signal.SIGHUP else 0), shown.text
    newest = desk.home.json("procedures", "requests")[0]
    assert (newest["procedure"], newest["status"], newest["answers"]["iban"]) == ("bank-details", "draft", typed)
