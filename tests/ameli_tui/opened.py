"""The screens on a stand-in agent, driven by keys, and what they show as text."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

from textual import events
from textual.pilot import Pilot

from agent.client.client import Client
from ameli_tui import i18n
from ameli_tui.app.app import AmeliApp
from ameli_tui.app.start import send_opening
from ameli_tui.screens.base.page import Page
from ameli_tui.screens.payments import payments
from config.paths import Paths, find_paths
from tests.ameli_tui.fake_agent import FakeAgent

SNAPSHOTS = Path(__file__).with_name("snapshots")
UPDATE = "AMELI_UPDATE_SNAPSHOTS"


class Driven:
    """A running program of the screens."""

    def __init__(self, app: AmeliApp, pilot: Pilot[str], home: Path) -> None:
        self.app = app
        self.pilot = pilot
        self.home = home

    async def keys(self, *keys: str) -> "Driven":
        """Press keys, then wait until all is answered and drawn."""
        await self.pilot.press(*keys)
        return await self.settle()

    async def type(self, text: str) -> "Driven":
        """Put a text into the line that has the focus, as a terminal pastes it."""
        self.app.post_message(events.Paste(text))
        await self.pilot.pause()
        return await self.settle()

    async def settle(self) -> "Driven":
        """Wait until nothing is asked any more and everything is drawn."""
        quiet = 0
        for _try in range(1200):
            await self.pilot.pause(0.01)
            busy = self.app._asker.busy or any(
                page.asker.busy for page in self.app.screen_stack if isinstance(page, Page))
            quiet = 0 if busy else quiet + 1
            if quiet >= 3:
                return self
        raise AssertionError("the screens never came to rest")

    async def until(self, text: str) -> "Driven":
        """Wait until a text is in sight."""
        for _try in range(400):
            if text in self.text:
                return self
            await self.pilot.pause(0.01)
        raise AssertionError(f"never saw {text!r} in\n{self.text}")

    @property
    def text(self) -> str:
        """What is in sight, without colours; spaces that do not break are plain ones here."""
        strips = self.app.screen._compositor.render_strips()
        return "\n".join(strip.text.rstrip() for strip in strips).replace("\xa0", " ")

    @property
    def page(self) -> Page:
        """The screen that is shown."""
        assert isinstance(self.app.screen, Page)
        return self.app.screen


@asynccontextmanager
async def opened(
    fake: FakeAgent | None = None, size: tuple[int, int] = (80, 24), lang: Literal["fr", "en"] = "fr",
    theme: str = "auto",
) -> AsyncIterator[Driven]:
    """The screens, first frame drawn, on this agent; without one nobody answers."""
    # Not pytest's tmp_path: a socket's path is short on some systems.
    folder = Path(tempfile.mkdtemp(prefix="ameli-tui-"))
    paths = Paths(folder / "config", folder / "data", folder / "state", folder / "run")
    before, pause = i18n._lang, payments._PAUSE_S
    i18n.set_lang(lang)
    payments._PAUSE_S = 0.01
    try:
        if fake is not None:
            fake.serve(paths.socket)
        client = Client(paths)
        app = AmeliApp(paths, client, send_opening(client), theme)
        async with app.run_test(size=size) as pilot:
            driven = Driven(app, pilot, folder)
            await driven.settle()
            yield driven
    finally:
        if fake is not None:
            fake.close()
        i18n.set_lang(before)
        payments._PAUSE_S = pause
        shutil.rmtree(folder)


@asynccontextmanager
async def opened_home(
    home: Path, size: tuple[int, int] = (80, 24), lang: Literal["fr", "en"] = "fr"
) -> AsyncIterator[Driven]:
    """The screens on a home whose own agent runs."""
    paths, before = find_paths({"AMELI_HOME": str(home), "HOME": "/nowhere"}), i18n._lang
    i18n.set_lang(lang)
    try:
        client = Client(paths)
        app = AmeliApp(paths, client, send_opening(client), "auto")
        async with app.run_test(size=size) as pilot:
            driven = Driven(app, pilot, home)
            await driven.settle()
            yield driven
    finally:
        i18n.set_lang(before)


def same_as_stored(name: str, text: str) -> None:
    """Compare with ``snapshots/NAME``; AMELI_UPDATE_SNAPSHOTS=1 stores it anew."""
    path = SNAPSHOTS / name
    if os.environ.get(UPDATE):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
    assert path.exists(), f"{path} is missing: run with {UPDATE}=1 and look at it"
    assert text + "\n" == path.read_text(encoding="utf-8")
