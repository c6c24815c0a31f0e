"""A file that does not say whose it is, on the screens: asked about when it is brought, or when it was put aside."""

from pathlib import Path
from typing import Any

import pytest

from ameli_tui.screens.documents.import_files import ImportScreen
from ameli_tui.screens.documents.ownership import WhoseScreen
from tests.ameli_tui.fake_agent import FakeAgent
from tests.ameli_tui.fake_imports import WHOSE
from tests.ameli_tui.opened import opened


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "doubt.har"
    path.write_bytes(b"x")
    return path


def words(fake: FakeAgent) -> list[Any]:
    """What the agent was told of the files that reached it."""
    return [body.get("mine") for _method, path, body in fake.calls if path == "/v1/import"]


async def test_a_file_in_doubt_is_taken_in_after_the_person_said_so(file: Path) -> None:
    fake = FakeAgent()
    async with opened(fake, lang="en") as driven:
        await driven.keys("i")
        await driven.type(str(file))
        await driven.keys("enter", "enter")
        assert "? doubt.har" in driven.text and words(fake) == [None]
        await driven.keys("enter")
        assert isinstance(driven.page, WhoseScreen) and "Is it of this account?" in driven.text
        await driven.keys("enter")  # the cursor begins where nothing happens
        assert isinstance(driven.page, ImportScreen) and words(fake) == [None]
        await driven.keys("enter", "escape")
        assert isinstance(driven.page, ImportScreen) and words(fake) == [None]
        await driven.keys("enter", "g", "enter")
        assert words(fake) == [None, "yes"] and "12 new items" in driven.text


async def test_a_file_that_was_put_aside_is_offered_first_and_can_be_declined(file: Path) -> None:
    fake = FakeAgent()
    fake.problems = [WHOSE | {"path": str(file), "file": file.name}]
    async with opened(fake, lang="en") as driven:
        await driven.keys("i")
        assert "? doubt.har: whose is it? Enter answers" in driven.text
        await driven.keys("tab", "enter")
        assert isinstance(driven.page, WhoseScreen)
        await driven.keys("k", "enter")
        assert words(fake) == ["no"] and "You said no." in driven.text
