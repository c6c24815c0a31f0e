"""One key shows what the words mean, on every screen there is, in forms and before the data too."""

import pkgutil
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import ameli_tui.screens
from agent.procedures.registry import procedures
from ameli_tui.screens.agent.setup import SetupScreen
from ameli_tui.screens.agent.unlock import UnlockScreen
from ameli_tui.screens.base.page import Page
from ameli_tui.screens.base.text_reader import ReadingScreen
from ameli_tui.screens.help.glossary import GlossaryScreen
from ameli_tui.screens.requests.fill import FillScreen
from ameli_tui.screens.requests.request import RequestScreen
from ameli_tui.widgets.text_input import Field
from ameli_tui.widgets.virtual_list import Lines
from tests.ameli_tui.fake_agent import FakeAgent
from tests.ameli_tui.fake_requests import asked_for_papers, make_request
from tests.ameli_tui.opened import Driven, opened, way_to
from tests.thoroughness import one_in

_FILL = (*way_to("bank-details"), "enter")
_ACCIDENT = (*way_to("accident-declaration"), "enter")
_WAYS: dict[str, tuple[str, ...]] = {
    "HomePage": (), "ExportScreen": ("x",), "ImportScreen": ("i",), "TakenFilesScreen": ("i", "f3"),
    "PaymentsPage": ("2",), "PaymentScreen": ("2", "enter"), "WhyScreen": ("2", "w"),
    "DocumentsPage": ("3",), "CertificatesScreen": ("3", "c"), "PeriodScreen": ("3", "c", "p"),
    "SaveScreen": ("3", "w"), "MessagesPage": ("4",), "MessageScreen": ("4", "enter"), "SentScreen": ("4", "t"),
    "WriteScreen": ("4", "r"), "AgentPage": ("5",), "LoginScreen": ("5", "c"), "DoctorScreen": ("5", "d"),
    "WatchingScreen": ("5", "w"), "LedgerPage": ("6",),
    "YearScreen": ("6", "v"), "OwedPage": ("7",), "ContractScreen": ("7", "c"), "EstimateScreen": ("7", "e"),
    "ProceduresPage": ("8",), "NewcomerScreen": ("u",),
    "ProcedureScreen": _FILL[:-1], "FillScreen": _FILL, "AttachScreen": (*_FILL, "n", "enter"), "AskPage": ("9",),
    "GuideScreen": ("9", "escape", "i"), "HelpScreen": ("2", "question_mark"),
    "ReadingScreen": ("9", "escape", "i", "enter"), "RequestScreen": ("8", "shift+tab", "enter"),
}
"""Keys from home to each screen."""
_BY_CALL = {"WhoseScreen", "PreviewScreen", "SummaryScreen", "LongTextScreen", "HandOverScreen", "QrScreen",
            "NoteSentScreen"}
"""Reached below: by filling in, or by bringing a request to the fund oneself."""
_BASES = {"Page", "FilePage", "FileListPage", "FormScreen", "FilterPage", "ListPage", "BesidePage", "BringsFiles",
          "DraftKeeper", "GlossaryScreen"}


def screens() -> set[str]:
    """The name of every screen of the program."""
    found = set()
    for module in pkgutil.walk_packages(ameli_tui.screens.__path__, "ameli_tui.screens."):
        for name, one in vars(import_module(module.name)).items():
            if isinstance(one, type) and issubclass(one, Page):
                found.add(name)
    return found


async def look_up(driven: Driven) -> None:
    """The key opens the glossary, which has words, and leads back to the same place."""
    page, focused = driven.page, driven.app.focused
    await driven.keys("f4")
    words = driven.page
    assert isinstance(words, GlossaryScreen), type(page).__name__
    assert words.terms, type(page).__name__
    await driven.keys("enter")
    assert isinstance(driven.page, ReadingScreen)
    await driven.keys("q", "q")
    assert driven.page is page
    assert driven.app.focused is focused


def test_every_screen_is_walked_through_here() -> None:
    assert screens() - _BASES == {*_WAYS, *_BY_CALL, "SetupScreen", "UnlockScreen"}


@pytest.mark.parametrize("name", one_in(6, _WAYS))
async def test_the_key_works_on_every_screen(name: str) -> None:
    fake = FakeAgent()
    fake.asked.requests.append(asked_for_papers())
    async with opened(fake) as driven:
        await driven.keys(*_WAYS[name])
        assert type(driven.page).__name__ == name
        await look_up(driven)


async def test_the_key_works_in_a_long_text_and_on_the_summary() -> None:
    fake = FakeAgent()
    fake.asked.requests.append(make_request("q1", "bank-details", "draft", answers={
        "holder_is_me": True, "iban": "FR1420041010050500013M02606"}))
    async with opened(fake) as driven:
        await driven.keys(*_ACCIDENT)
        page = driven.page
        assert isinstance(page, FillScreen)
        page.rows.move_to(next(at for at, row in enumerate(page.rows_shown) if row.path == "circumstances"))
        await driven.keys("enter")
        assert type(driven.page).__name__ == "LongTextScreen"
        await look_up(driven)
        await driven.keys("escape", "escape", "D", "8", "shift+tab", "enter", "enter", "v")
        assert type(driven.page).__name__ == "SummaryScreen"
        await look_up(driven)


async def test_the_key_works_where_a_request_is_brought_by_oneself() -> None:
    fake = FakeAgent()
    fake.asked.submits = "handoff"
    fake.asked.requests.append(make_request("q1", "bank-details", "ready", answers={
        "holder_is_me": True, "iban": "FR1420041010050500013M02606"}))
    async with opened(fake) as driven:
        await driven.keys("8", "shift+tab", "enter")
        request = driven.page
        assert isinstance(request, RequestScreen)
        for choice, name in (("hand-over", "HandOverScreen"), ("handed-over", "NoteSentScreen")):
            at = next(at for at, one in enumerate(request.ways_on) if one[0] == choice)
            await driven.keys("g", *["j"] * at, "enter")
            assert type(driven.page).__name__ == name
            await look_up(driven)
            if name == "HandOverScreen":
                await driven.keys("r")
                assert type(driven.page).__name__ == "QrScreen"
                await look_up(driven)
                await driven.keys("q")
            await driven.keys("escape")
            assert driven.page is request


async def test_the_key_works_where_it_is_asked_whose_a_file_is(tmp_path: Path) -> None:
    (tmp_path / "doubt.har").write_bytes(b"x")
    async with opened(FakeAgent()) as driven:
        await driven.keys("i")
        await driven.type(str(tmp_path / "doubt.har"))
        await driven.keys("enter")
        assert type(driven.page).__name__ == "PreviewScreen"
        await look_up(driven)
        await driven.keys("enter", "enter")
        assert type(driven.page).__name__ == "WhoseScreen"
        await look_up(driven)


@pytest.mark.parametrize("state", ["setup", "locked"])
async def test_the_glossary_is_open_before_the_data_and_leads_nowhere_else(state: str) -> None:
    gate = {"setup": SetupScreen, "locked": UnlockScreen}[state]
    fake = FakeAgent(state=state)
    async with opened(fake) as driven:
        await look_up(driven)
        await driven.keys("f4")
        for key in ("1", "2", "colon", "s", "u", "L", "question_mark"):
            await driven.keys(key)
            assert isinstance(driven.page, GlossaryScreen)
        await driven.keys("escape")
        assert isinstance(driven.page, gate)


async def test_the_vault_opened_elsewhere_leads_past_the_glossary_to_the_data() -> None:
    fake = FakeAgent(state="locked")
    async with opened(fake) as driven:
        page = driven.page
        await driven.keys("f4")
        fake.state = "unlocked"
        driven.app.gate_passed()
        await driven.settle()
        assert driven.page not in (page,)
        assert driven.page.NAME == "home"


@pytest.mark.parametrize("name", one_in(4, [*procedures()]))
async def test_each_question_is_the_first_word_offered(name: str) -> None:
    async with opened(FakeAgent(), lang="en") as driven:
        driven.app.open_procedure(name)
        await driven.settle()
        await driven.keys("a")
        page = driven.page
        assert isinstance(page, FillScreen)
        rows = [at for at, row in enumerate(page.rows_shown) if row.kind in ("field", "group", "paper")]
        for at in rows:
            page.rows.move_to(at)
            term: Any = page.term_at_hand()
            assert term["fr"] and term["en"] and term["meaning_fr"] and term["meaning_en"]
        page.rows.move_to(rows[0])
        await driven.keys("m")
        words = driven.page
        assert isinstance(words, GlossaryScreen)
        assert words.terms[0]["en"] == page.rows_shown[rows[0]].declared["label_en"]  # type: ignore[index]
        await driven.keys("q", "D")


async def test_a_line_that_is_being_typed_in_offers_its_question_and_keeps_what_was_typed() -> None:
    async with opened(FakeAgent()) as driven:
        await driven.keys(*_FILL)
        page = driven.page
        assert isinstance(page, FillScreen)
        page.rows.move_to(next(at for at, row in enumerate(page.rows_shown) if row.path == "iban"))
        await driven.keys("enter")
        await driven.type("FR14 20")
        await driven.keys("f4")
        assert "IBAN" in next(line for line in driven.text.splitlines() if "▌" in line)
        await driven.keys("q")
        assert isinstance(driven.app.focused, Field)
        assert driven.app.focused.value == "FR14 20"
        await driven.keys("f4", "slash")
        await driven.type("taux")
        await driven.keys("enter")
        assert isinstance(driven.app.focused, Lines)
        assert "Taux" in driven.text
