"""Exports from the screens: what, of which year, where to; the file is private and never replaces another."""

import stat
import zipfile
from pathlib import Path

import pytest

from agent.protocol.export_formats import DOCUMENTS, EXPORT_FORMATS
from ameli_tui.screens.documents.documents import DocumentsPage
from ameli_tui.screens.documents.export import ExportScreen
from ameli_tui.screens.home.home import HomePage
from tests.ameli_tui.fake_agent import FakeAgent
from tests.ameli_tui.opened import Driven, opened, opened_home
from tests.commands import Home


async def fill(driven: Driven, first: str, path: Path) -> None:
    """Type both lines anew."""
    await driven.keys("ctrl+u")
    if first:
        await driven.type(first)
    await driven.keys("enter", "ctrl+u")
    await driven.type(str(path))
    await driven.keys("enter")


def asked(fake: FakeAgent, path: str) -> list[dict[str, str]]:
    """The questions to one call."""
    return [query for _method, called, query in fake.calls if called == path]


async def test_home_offers_every_format_and_writes_the_one_chosen(tmp_path: Path) -> None:
    fake, target = FakeAgent(), tmp_path / "ameli.xlsx"
    async with opened(fake) as driven:
        await driven.keys("x")
        assert isinstance(driven.page, ExportScreen)
        for text in ("pas chiffré", *(known.fr.replace("\xa0", " ") for known in EXPORT_FORMATS)):
            assert text in driven.text
        await driven.keys("j", "enter")
        await fill(driven, "2026", target)
        assert isinstance(driven.page, HomePage)
        assert "Enregistré" in driven.text
    assert asked(fake, "/v1/export") == [{"format": "xlsx", "year": "2026", "lang": "fr"}]
    assert target.read_bytes() == fake.document_data
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


@pytest.mark.parametrize("start", ["1", "2"])
async def test_the_palette_leads_there_from_every_screen(start: str) -> None:
    async with opened(FakeAgent(), lang="en") as driven:
        await driven.keys(start, "colon")
        await driven.type("export everything")
        await driven.until("export everything as a file")
        await driven.keys("enter")
        await driven.until("What shall be written?")
        assert isinstance(driven.page, ExportScreen)


async def test_an_empty_year_asks_for_all_and_a_wrong_one_is_told(tmp_path: Path) -> None:
    fake, target = FakeAgent(), tmp_path / "x.csv"
    async with opened(fake) as driven:
        await driven.keys("x", "j", "j", "enter")
        await fill(driven, "26", target)
        assert "quatre chiffres" in driven.text
        await driven.keys("shift+tab")
        await fill(driven, "", target)
    assert asked(fake, "/v1/export") == [{"format": "csv-excel", "lang": "fr"}]
    assert target.exists()


async def test_a_file_that_exists_stays_and_is_told(tmp_path: Path) -> None:
    fake, target = FakeAgent(), tmp_path / "mine.pdf"
    target.write_text("mine")
    async with opened(fake) as driven:
        await driven.keys("x", "enter")
        assert "2026" in driven.text
        await fill(driven, "2026", target)
        assert "existe déjà" in driven.text
        assert asked(fake, "/v1/export") == []
        await driven.keys("escape")
        assert isinstance(driven.page, HomePage)
    assert target.read_text() == "mine"


async def test_documents_become_a_zip_and_the_missing_ones_are_told(tmp_path: Path) -> None:
    fake, target = FakeAgent(), tmp_path / "papers.zip"
    kept = sum(one["fetched"] for one in fake.documents)
    async with opened(fake) as driven:
        await driven.keys("3", "x")
        await driven.keys(*["j"] * [known.name for known in EXPORT_FORMATS].index(DOCUMENTS), "enter")
        assert "{date}_{kind}_{title}" in driven.text
        await fill(driven, "{title}", target)
        assert isinstance(driven.page, DocumentsPage)
        assert f"{len(fake.documents) - kept} documents ne sont pas" in driven.text
    with zipfile.ZipFile(target) as archive:
        assert len(archive.namelist()) == kept
    assert asked(fake, "/v1/export/documents") == [{"naming": "{title}", "lang": "fr"}]


async def test_one_damaged_document_holds_up_none_of_the_others(tmp_path: Path) -> None:
    fake, target = FakeAgent(), tmp_path / "papers.zip"
    kept = [one["id"] for one in fake.documents if one["fetched"]]
    fake.refuse[f"/v1/documents/{kept[0]}/content"] = "document_lost"
    async with opened(fake) as driven:
        await driven.keys("3", "x")
        await driven.keys(*["j"] * [known.name for known in EXPORT_FORMATS].index(DOCUMENTS), "enter")
        await fill(driven, "{title}", target)
        assert f"{len(fake.documents) - len(kept) + 1} documents ne sont pas" in driven.text
    with zipfile.ZipFile(target) as archive:
        assert len(archive.namelist()) == len(kept) - 1


async def test_a_refusal_is_told_where_the_lines_are(tmp_path: Path) -> None:
    fake = FakeAgent()
    fake.refuse["/v1/export"] = "not_now"
    async with opened(fake, lang="en") as driven:
        await driven.keys("x", "enter")
        await fill(driven, "2026", tmp_path / "x.pdf")
        assert isinstance(driven.page, ExportScreen)
        assert "no longer possible" in driven.text


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_report_of_the_year_shown_is_saved_from_a_real_agent(
    size: tuple[int, int], demo_home: Home, tmp_path: Path
) -> None:
    target = tmp_path / "year.pdf"
    async with opened_home(demo_home.folder, size, "en") as driven:
        driven.app.open_export("report", 2025)
        await driven.settle()
        assert "2025" in driven.text
        await fill(driven, "2025", target)
    assert target.read_bytes().startswith(b"%PDF")
