"""How everything stands, on a screen: what is wrong first, and a page that the service changed."""

import json
from pathlib import Path
from typing import Literal

import pytest

from ameli_tui.screens.agent.doctor import DoctorScreen
from ameli_tui.screens.base.save_as import SaveScreen
from ameli_tui.screens.base.text_reader import ReadingScreen
from tests.ameli_tui.fake_doctor import SAMPLE, ChangedAgent
from tests.ameli_tui.opened import LOOKS, opened, same_as_stored


@pytest.mark.parametrize(("size", "lang"), LOOKS)
async def test_the_screens_look_as_stored(lang: Literal["fr", "en"], size: tuple[int, int]) -> None:
    async with opened(ChangedAgent(), size=size, lang=lang) as driven:
        await driven.keys("5")
        same_as_stored(f"agent-changed-{size[0]}x{size[1]}-{lang}.txt", driven.text)
        await driven.keys("d")
        same_as_stored(f"doctor-{size[0]}x{size[1]}-{lang}.txt", driven.text)
        await driven.keys("j", "enter")
        same_as_stored(f"doctor-page-{size[0]}x{size[1]}-{lang}.txt", driven.text)


async def test_what_is_wrong_comes_first_and_opens_with_all_that_was_seen() -> None:
    async with opened(ChangedAgent()) as driven:
        await driven.keys("5", "d")
        assert isinstance(driven.page, DoctorScreen)
        lines = driven.text.splitlines()
        marks = [next(at for at, line in enumerate(lines) if words in line)
                 for words in ("60 Mio libres", "messages reçus", "le coffre est ouvert")]
        assert marks == sorted(marks)
        await driven.keys("j", "enter")
        assert isinstance(driven.page, ReadingScreen)
        for words in ("#tableauMessagesRecus", "#listeMessages", "22/11/2026", "--out inbox.html"):
            assert words in driven.text


async def test_a_sample_is_saved_under_a_name_of_the_persons_choice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    async with opened(ChangedAgent()) as driven:
        await driven.keys("5", "d", "e")
        assert "Pas d'exemple ici" in driven.text
        await driven.keys("j", "e")
        assert isinstance(driven.page, SaveScreen)
        await driven.keys("enter")
        assert json.loads((tmp_path / "inbox.json").read_bytes()) == SAMPLE
        assert "inbox.json" in driven.text


async def test_without_changes_the_agents_screen_says_nothing_of_them() -> None:
    fake = ChangedAgent()
    fake.changes = []
    async with opened(fake) as driven:
        await driven.keys("5")
        assert "Pages changées" not in driven.text
