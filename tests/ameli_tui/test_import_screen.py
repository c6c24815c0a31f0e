"""Files of one's own on the screens: typed, listed, dropped, and told what became of each."""

import os
from pathlib import Path
from urllib.parse import quote

import pytest

from ameli_tui.files import collect as bringing
from ameli_tui.screens.base.text_reader import ReadingScreen
from ameli_tui.screens.documents.import_files import ImportScreen
from ameli_tui.screens.home.home import HomePage
from tests.ameli_tui.fake_agent import FakeAgent
from tests.ameli_tui.opened import Driven, opened


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "mes fichiers"
    folder.mkdir()
    for name in ("releve-2026-09.pdf", "session.har", "broken.har", "photo.jpg"):
        (folder / name).write_bytes(b"x")
    return folder


def brought(fake: FakeAgent) -> list[str]:
    """The names of the files that reached the agent."""
    return [str(body["name"]) for _method, path, body in fake.calls if path == "/v1/import"]


async def screen(driven: Driven) -> ImportScreen:
    await driven.keys("i")
    assert isinstance(driven.page, ImportScreen)
    return driven.page


async def test_a_whole_folder_is_taken_in_and_each_file_told(files: Path) -> None:
    fake = FakeAgent()
    async with opened(fake) as driven:
        await screen(driven)
        await driven.type(str(files))
        await driven.keys("enter")
        assert "3 fichiers de ce dossier" in driven.text and "photo.jpg" in driven.text
        await driven.keys("tab", "enter")
        assert brought(fake) == ["broken.har", "releve-2026-09.pdf", "session.har"]
        assert "13 nouveautés" in driven.text and "1 fichier à problème" in driven.text
        assert "Supprimez maintenant ce fichier HAR" in driven.text
        assert "× broken.har" in driven.text
        await driven.keys("enter")
        assert isinstance(driven.page, ReadingScreen) and "Refaites-le." in driven.text
        await driven.keys("q")
        assert "✓ session.har" in driven.text
        await driven.keys("escape", "escape")
        assert isinstance(driven.page, HomePage)


@pytest.mark.parametrize("paste", [
    lambda paths: " ".join(f"'{path}'" for path in paths),
    lambda paths: " ".join(str(path).replace(" ", "\\ ") for path in paths),
    lambda paths: "\n".join(f"file://{quote(str(path))}" for path in paths),
], ids=["quoted", "escaped", "addresses"])
async def test_files_dropped_on_the_terminal_are_taken_in(files: Path, paste: object) -> None:
    fake = FakeAgent()
    async with opened(fake, lang="en") as driven:
        await screen(driven)
        await driven.type(paste([files / "session.har", files / "releve-2026-09.pdf"]))  # type: ignore[operator]
        await driven.keys("enter")
        assert brought(fake) == ["session.har", "releve-2026-09.pdf"]
        assert "13 new items" in driven.text


async def test_what_is_not_there_or_not_ones_own_is_told(files: Path, tmp_path: Path) -> None:
    fake = FakeAgent()
    async with opened(fake, lang="en") as driven:
        await screen(driven)
        await driven.type(str(tmp_path / "nothing.pdf"))
        await driven.keys("enter")
        assert "there is no such file" in driven.text and not brought(fake)
        await driven.type(str(files / "rel"))
        assert "nothing.pdf" not in driven.text
        await driven.keys("enter", "enter")
        assert brought(fake) == ["releve-2026-09.pdf"]


async def test_names_of_any_bytes_are_shown_and_taken(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"dossier\xff")).mkdir()
    (tmp_path / os.fsdecode(b"odd\xff.pdf")).write_bytes(b"x")
    fake = FakeAgent()
    async with opened(fake, lang="en") as driven:
        await screen(driven)
        await driven.type(f"{tmp_path}/")
        assert "dossier" not in driven.text and "odd\ufffd.pdf" in driven.text
        await driven.keys("tab", "enter", "enter")
        assert brought(fake) == ["odd\ufffd.pdf"]


async def test_an_agent_that_locks_meanwhile_stops_it(files: Path) -> None:
    fake = FakeAgent()
    async with opened(fake, lang="en") as driven:
        await screen(driven)
        fake.refuse["/v1/import"] = "locked"
        await driven.type(str(files / "session.har"))
        await driven.keys("enter", "enter")
        assert driven.app.gated


async def test_escape_stops_after_the_file_under_way(files: Path) -> None:
    fake = FakeAgent()
    fake.delay["/v1/import"] = 0.3
    async with opened(fake, lang="en") as driven:
        page = await screen(driven)
        await driven.type(f"{files}/")
        await driven.keys("tab")
        driven.typed_ahead("enter")
        await driven.until("Escape stops after this file")
        driven.typed_ahead("escape")
        await driven.settle()
        assert len(brought(fake)) == 1 and driven.page is page
        assert "broken.har" in driven.text


async def test_files_dropped_on_home_open_the_screen_and_other_pastes_do_nothing(files: Path) -> None:
    fake = FakeAgent()
    async with opened(fake, lang="en") as driven:
        await driven.type("some words")
        await driven.type("/nowhere/at/all.pdf")
        assert isinstance(driven.page, HomePage)
        await driven.type(f"'{files / 'session.har'}'\n")
        assert isinstance(driven.page, ImportScreen) and not brought(fake)
        await driven.keys("enter", "enter")
        assert brought(fake) == ["session.har"]


async def test_the_documents_screen_and_the_first_run_lead_there_too() -> None:
    async with opened(FakeAgent()) as driven:
        await driven.keys("3", "i")
        assert isinstance(driven.page, ImportScreen)
    fake = FakeAgent(state="setup")
    async with opened(fake) as driven:
        await driven.keys("enter", "enter")
        for _time in range(2):
            await driven.type("court mais plus long cheval")
            await driven.keys("enter")
        await driven.type(fake.recovery[-5:])
        await driven.keys("enter", "j", "enter")
        assert isinstance(driven.page, ImportScreen)


def test_one_path_may_hold_anything(tmp_path: Path) -> None:
    odd = tmp_path / "it's \"here\" & there.pdf"
    odd.write_bytes(b"x")
    assert bringing.dropped(f" {odd} ") == [odd]
    assert bringing.dropped("'not closed") == [Path("'not closed")]
    assert bringing.dropped("~nobody-at-all/x") == [Path("~nobody-at-all/x")]
    assert bringing.dropped("x" * 9000) == [Path("x" * 9000)]
    assert bringing.expand([Path("y" * 9000)]) == [Path("y" * 9000)]
    assert bringing.dropped("") == []
