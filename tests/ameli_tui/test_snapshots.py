"""Every screen as text, at two sizes and in both languages, compared with what was looked at and stored."""

import re
from pathlib import Path
from typing import Literal

import pytest

from tests.ameli_tui.fake_agent import FakeAgent
from tests.ameli_tui.fake_imports import said_by_a_statement, taken_earlier
from tests.ameli_tui.fake_requests import asked_for_papers
from tests.ameli_tui.opened import LOOKS, Driven, opened, same_as_stored, way_to

_WAYS: dict[str, tuple[str, ...]] = {
    "home": (), "payments": ("2",), "payment": ("2", "enter"), "documents": ("3",), "messages": ("4",),
    "message": ("4", "enter"), "agent": ("5",), "help": ("2", "question_mark"), "sign-in": ("5", "c"),
    "why": ("2", "w"), "ledger": ("6",), "year": ("6", "v"), "owed": ("7",), "contract": ("7", "c"),
    "estimate": ("7", "e"), "procedures": ("8",), "procedure": way_to("bank-details"),
    "fill": (*way_to("c2s"), "enter", "v"), "ask": ("9",), "glossary": ("2", "m"),
    "request": ("8", "shift+tab", "enter"), "write": ("4", "r"),
    "newcomer": ("u",), "certificates": ("3", "c"), "sent": ("4", "t"),
}


@pytest.mark.parametrize(("size", "lang"), LOOKS)
async def test_each_screen_looks_as_stored(lang: Literal["fr", "en"], size: tuple[int, int]) -> None:
    fake = FakeAgent()
    fake.asked.requests.append(asked_for_papers())
    async with opened(fake, size=size, lang=lang) as driven:
        for name, keys in _WAYS.items():
            await driven.keys("escape", "1", *keys)
            same_as_stored(f"{name}-{size[0]}x{size[1]}-{lang}.txt", driven.text)


@pytest.mark.parametrize("lang", ["fr", "en"])
async def test_the_screens_before_the_data_look_as_stored(lang: Literal["fr", "en"]) -> None:
    async with opened(FakeAgent(state="locked"), lang=lang) as driven:
        same_as_stored(f"unlock-80x24-{lang}.txt", driven.text)
    async with opened(FakeAgent(state="setup"), lang=lang) as driven:
        same_as_stored(f"setup-80x24-{lang}.txt", driven.text)
        await driven.keys("enter")
        same_as_stored(f"setup-way-80x24-{lang}.txt", driven.text)


@pytest.mark.parametrize(("size", "lang"), LOOKS)
async def test_files_taken_in_look_as_stored(
    lang: Literal["fr", "en"], size: tuple[int, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = tmp_path / "Downloads"
    folder.mkdir()
    for name in ("releve-2026-09.pdf", "session.har", "broken.har", "photo.jpg"):
        (folder / name).write_bytes(b"x")
    async with opened(FakeAgent(), size=size, lang=lang) as driven:
        await driven.keys("i")
        same_as_stored(f"import-{size[0]}x{size[1]}-{lang}.txt", driven.text)
        await driven.keys("tab", "enter")
        same_as_stored(f"imported-{size[0]}x{size[1]}-{lang}.txt", driven.text)


@pytest.mark.parametrize(("size", "lang"), LOOKS)
async def test_where_things_came_from_looks_as_stored(lang: Literal["fr", "en"], size: tuple[int, int]) -> None:
    fake = FakeAgent()
    fake.doubts = [said_by_a_statement()]
    broken = taken_earlier("90cc10f2b3c4", "broken.har", "2026-11-01T18:20:00+00:00", new=0, known=0)
    fake.imports.files.insert(1, broken)
    async with opened(fake, size=size, lang=lang) as driven:
        for name, keys in (("payment-doubt", ("2", "enter", "pagedown")), ("document-text", ("escape", "3", "v")),
                           ("taken", ("escape", "i", "f3")), ("taken-question", ("x",)), ("taken-back", ("enter",))):
            await driven.keys(*keys)
            same_as_stored(f"{name}-{size[0]}x{size[1]}-{lang}.txt", driven.text)


async def _svg(driven: Driven, name: str) -> None:
    # Class names and clip paths carry a hash of the whole; the rest is what is seen.
    same_as_stored(name, re.sub(r"terminal-\d+", "terminal", driven.app.export_screenshot(title="ameli")))


async def test_colours_and_focus_look_as_stored() -> None:
    async with opened(FakeAgent(), size=(120, 36)) as driven:
        await _svg(driven, "home-dark.svg")
        await driven.keys("2", "j", "j")
        await _svg(driven, "payments-dark.svg")
    async with opened(FakeAgent(), size=(120, 36), theme="light") as driven:
        await _svg(driven, "home-light.svg")


def test_no_snapshot_is_left_over() -> None:
    stored = {path.name for path in Path(__file__).with_name("snapshots").iterdir()}
    gates = {f"{name}-80x24-{lang}.txt" for name in ("unlock", "setup", "setup-way") for lang in ("fr", "en")}
    origins = ("payment-doubt", "document-text", "taken", "taken-question", "taken-back")
    gates |= {f"unlock-{name}-{size}-{lang}.txt" for name in ("watching", "needed")
              for size in ("80x24", "120x36", "200x60") for lang in ("fr", "en")}
    elsewhere = (*origins, "import", "imported", "preview", "preview-asked", "hand-over", "doctor",
                 "doctor-page", "agent-changed", "watching")
    pages = {f"{name}-{size}-{lang}.txt" for name in (*_WAYS, *elsewhere)
             for size in ("80x24", "120x40") for lang in ("fr", "en")}
    assert stored == gates | pages | {"home-dark.svg", "payments-dark.svg", "home-light.svg"}
