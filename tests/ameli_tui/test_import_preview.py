"""One file on the screens: shown before it counts, its columns said where they are asked, and then taken in or left."""

from pathlib import Path
from typing import Literal

import pytest

from ameli_tui.screens.documents.import_files import ImportScreen
from ameli_tui.screens.documents.preview import PreviewScreen
from tests.ameli_tui.fake_agent import FakeAgent
from tests.ameli_tui.opened import LOOKS, Driven, opened, same_as_stored


def brought(fake: FakeAgent) -> list[tuple[str, str | None]]:
    """Files that reached the agent to be kept, with the columns said of them."""
    return [(str(body["name"]), body.get("columns")) for _method, path, body in fake.calls if path == "/v1/import"]


async def shown(driven: Driven, path: Path) -> None:
    path.write_bytes(b"x")
    await driven.keys("i")
    await driven.type(str(path))
    await driven.keys("enter")
    assert isinstance(driven.page, PreviewScreen)


async def test_a_file_is_shown_first_and_enter_imports_it(tmp_path: Path) -> None:
    fake = FakeAgent()
    async with opened(fake, lang="en") as driven:
        await shown(driven, tmp_path / "session.har")
        assert "12 items would be new" in driven.text and not brought(fake)
        await driven.keys("enter")
        assert isinstance(driven.page, ImportScreen) and brought(fake) == [("session.har", None)]
        assert "12 new items" in driven.text


async def test_a_file_that_is_left_brings_nothing(tmp_path: Path) -> None:
    fake = FakeAgent()
    async with opened(fake, lang="en") as driven:
        await shown(driven, tmp_path / "session.har")
        await driven.keys("escape")
        assert isinstance(driven.page, ImportScreen) and not brought(fake)
        await driven.keys("enter")
        await driven.keys("down", "enter")
        assert isinstance(driven.page, ImportScreen) and not brought(fake)


async def test_what_cannot_be_read_is_not_offered_for_import(tmp_path: Path) -> None:
    fake = FakeAgent()
    async with opened(fake, lang="en") as driven:
        await shown(driven, tmp_path / "broken.har")
        assert "cut short or damaged" in driven.text and "Import it" not in driven.text
        await driven.keys("enter")
        assert isinstance(driven.page, ImportScreen) and not brought(fake)


async def test_columns_are_said_on_the_screen_and_looked_at_again(tmp_path: Path) -> None:
    fake = FakeAgent()
    async with opened(fake, lang="en") as driven:
        await shown(driven, tmp_path / "bank.csv")
        assert "Import it" not in driven.text
        await driven.keys("enter")
        await driven.type("day=1,label=2,amount=3")
        await driven.keys("enter")
        assert "2 items would be new" in driven.text and "20 Oct 2026 – 28 Oct 2026" in driven.text
        assert not brought(fake)
        await driven.keys("enter")
        assert brought(fake) == [("bank.csv", "day=1,label=2,amount=3")]


async def test_columns_that_are_not_said_rightly_can_be_said_again(tmp_path: Path) -> None:
    fake = FakeAgent()
    async with opened(fake, lang="en") as driven:
        await shown(driven, tmp_path / "bank.csv")
        fake.refuse["/v1/import/preview"] = "bad_columns"
        await driven.keys("enter")
        await driven.type("day=0")
        await driven.keys("enter")
        del fake.refuse["/v1/import/preview"]
        await driven.keys("enter")
        assert "day=0" in driven.text
        await driven.keys("escape", "escape")
        assert isinstance(driven.page, ImportScreen) and not brought(fake)


@pytest.mark.parametrize(("size", "lang"), LOOKS)
async def test_a_preview_looks_as_stored(
    lang: Literal["fr", "en"], size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    async with opened(FakeAgent(), size=size, lang=lang) as driven:
        await shown(driven, tmp_path / "bank.csv")
        same_as_stored(f"preview-asked-{size[0]}x{size[1]}-{lang}.txt", driven.text)
        await driven.keys("enter")
        await driven.type("day=1,label=2,amount=3")
        await driven.keys("enter")
        same_as_stored(f"preview-{size[0]}x{size[1]}-{lang}.txt", driven.text)
