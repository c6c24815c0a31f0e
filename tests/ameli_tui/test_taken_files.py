"""Files that were taken in: listed, told, and taken back after a question."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from ameli_tui.screens.base.confirm import SureScreen
from ameli_tui.screens.base.text_reader import ReadingScreen
from ameli_tui.screens.documents.import_files import ImportScreen
from ameli_tui.screens.documents.taken_files import TakenFilesScreen
from tests.agent.files.formats.statements.writer import Act, Care, Paper, draw
from tests.ameli_tui.fake_agent import FakeAgent
from tests.ameli_tui.fake_imports import taken_earlier
from tests.ameli_tui.opened import opened, opened_home
from tests.commands import Home


def taken_back(fake: FakeAgent) -> list[object]:
    """Ids that the agent was told to take back."""
    return [body["id"] for _method, path, body in fake.calls if path == "/v1/imports/undo"]


async def test_the_files_taken_in_are_listed_while_a_path_is_typed_and_escape_leads_back_to_it() -> None:
    async with opened(FakeAgent(), lang="en") as driven:
        await driven.keys("i")
        await driven.type("/nowhere")
        await driven.keys("f3")
        assert isinstance(driven.page, TakenFilesScreen)
        rows = [line for line in driven.text.splitlines() if "new" in line]
        assert ["releve-octobre.pdf" in rows[0], "session-octobre.har" in rows[1]] == [True, True]
        assert "12 new · 3 known" in rows[1] and "2 files" in driven.text
        await driven.keys("escape")
        assert isinstance(driven.page, ImportScreen) and "/nowhere" in driven.text


async def test_a_file_is_taken_back_after_one_question_and_what_went_with_it_is_told() -> None:
    fake = FakeAgent()
    async with opened(fake, lang="en") as driven:
        await driven.keys("i", "f3", "j", "x")
        assert isinstance(driven.app.screen, SureScreen) and "Take session-octobre.har back?" in driven.text
        assert "what another source says" in driven.text
        await driven.keys("y")
        assert isinstance(driven.page, TakenFilesScreen) and taken_back(fake) == []
        await driven.keys("x", "enter")
        assert taken_back(fake) == ["77aa10f2b3c4"]
        assert "session-octobre.har: taken back. Gone: 2 payments, 1 document." in driven.text
        assert "3 payments stay" in driven.text and "that mark is gone" in driven.text
        assert "← 30 Oct 2026 session-octobre.har" in driven.text and "taken back 23 Nov 2026" in driven.text
        await driven.keys("x")
        assert "taken back already" in driven.text and len(taken_back(fake)) == 1
        await driven.keys("enter")
        assert isinstance(driven.page, ReadingScreen) and "Taken back: 23 Nov 2026" in driven.text
        await driven.keys("escape", "escape")
        assert isinstance(driven.page, ImportScreen) and "(taken back)" in driven.text


async def test_a_refusal_is_told_and_the_file_stays_as_it_is() -> None:
    fake = FakeAgent()
    fake.refuse["/v1/imports/undo"] = "not_now"
    async with opened(fake, lang="en") as driven:
        await driven.keys("i", "f3", "x", "enter")
        assert "This is no longer possible." in driven.text and "✓ 2 Nov 2026  releve-octobre.pdf" in driven.text


async def test_without_any_file_there_is_nothing_to_take_back() -> None:
    fake = FakeAgent()
    fake.imports.files = []
    async with opened(fake, lang="en") as driven:
        await driven.keys("i", "f3", "x", "enter")
        assert isinstance(driven.page, TakenFilesScreen) and "There is nothing to take back." in driven.text
        assert "No file was taken in yet." in driven.text and taken_back(fake) == []


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)], ids=lambda size: f"{size[0]}x{size[1]}")
async def test_a_hostile_or_endless_name_is_harmless_and_leaves_the_columns_in_sight(size: tuple[int, int]) -> None:
    fake = FakeAgent()
    name = "x\x1b[2J\n[bold]" + "é" * 300 + ".pdf"
    fake.imports.files.append(taken_earlier("0000f00d", name, "2026-10-01T10:00:00+00:00"))
    async with opened(fake, size=size) as driven:
        await driven.keys("i", "f3", "G")
        assert "x\ufffd[2J [bold]é" in driven.text and driven.text.count("3 déjà") == 3
        await driven.keys("x")
        assert "…" in driven.text and isinstance(driven.app.screen, SureScreen)
        await driven.keys("enter")
        assert taken_back(fake) == ["0000f00d"] and "annulé 23/11/2026" in driven.text


async def test_a_statement_goes_from_a_real_vault_and_its_payment_with_it(demo_home: Home, tmp_path: Path) -> None:
    told = demo_home.json("profile")
    born = date.fromisoformat(told["birth_date"])
    act = Act(date(2019, 3, 4), "C GENERALISTE", "G", Decimal("25.00"), Decimal("25.00"), 70, Decimal("17.50"))
    paper = Paper(date(2019, 3, 11), [Care(told["name"].split()[0], born, [act])], Decimal("17.50"), nir=told["nir"])
    file = tmp_path / "mars-2019.pdf"
    file.write_bytes(draw(paper))
    async with opened_home(demo_home.folder, size=(120, 36), lang="en") as driven:
        await driven.keys("i")
        await driven.type(str(file))
        await driven.keys("enter")
        await driven.until("2 items would be new")
        assert demo_home.json("payments", "--until", "2019-12-31") == []
        await driven.keys("enter")
        await driven.until("2 new items.")
        assert [one["amount"] for one in demo_home.json("payments", "--until", "2019-12-31")] == ["17.50"]
        await driven.keys("f3")
        await driven.until("✓ ")
        await driven.keys("g", "x", "enter")
        await driven.until("mars-2019.pdf: taken back. Gone: 1 payment, 1 document.")
        assert demo_home.json("payments", "--until", "2019-12-31") == []
