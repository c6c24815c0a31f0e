"""The screens on a stand-in agent, driven by keys, and what they show as text."""

import asyncio
import os
import shutil
import tempfile
import time
import unicodedata
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

import pytest
from textual import events
from textual.geometry import Size
from textual.keys import KEY_NAME_REPLACEMENTS, key_to_character
from textual.message import Message
from textual.pilot import Pilot

from agent.client.client import Client
from agent.procedures.registry import procedures
from ameli_tui import i18n
from ameli_tui.app.app import AmeliApp
from ameli_tui.app.start import send_opening
from ameli_tui.screens.base.page import Page
from ameli_tui.screens.payments import payments
from config.paths import Paths, find_paths
from tests.ameli_tui.fake_agent import FakeAgent

SNAPSHOTS = Path(__file__).with_name("snapshots")
UPDATE = "AMELI_UPDATE_SNAPSHOTS"
LOOKS = [
    pytest.param((width, height), lang, id=f"{width}x{height}-{lang}", marks=[] if soon else [pytest.mark.slow])
    for width, height, lang, soon in ((80, 24, "fr", True), (80, 24, "en", False), (120, 40, "fr", False),
                                      (120, 40, "en", True))]
"""Parameters ``size`` and ``lang``: each size in each language, of which the fast set sees every one once."""

_REST_S = 60.0
"""Seconds after which screens that never come to rest are a failure."""
_PATIENCE_S = 20.0
"""Seconds after which something that was waited for has not come."""
_TURNS = 4
"""Turns of the event loop within which whoever has a message takes it up."""


class Traffic:
    """Counts the messages that are taken up anywhere in the program, but for the callbacks the harness waits with."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, message: Message) -> None:
        """Textual calls this with each message."""
        if not isinstance(message, events.Callback):
            self.count += 1


def key_event(key: str) -> events.Key:
    """A key as a terminal sends it; ``key`` is its name for Textual, or the character."""
    if len(key) == 1 and not key.isalnum():
        name = unicodedata.name(key).lower().replace("-", "_").replace(" ", "_")
        return events.Key(KEY_NAME_REPLACEMENTS.get(name, name), key)
    return events.Key(key, key_to_character(key))


class Driven:
    """A running program of the screens."""

    def __init__(self, app: AmeliApp, pilot: Pilot[str], home: Path, traffic: Traffic) -> None:
        self.app = app
        self.pilot = pilot
        self.home = home
        self._traffic = traffic

    async def keys(self, *keys: str) -> "Driven":
        """Press keys as somebody does who looks at the screen: the next one when all is answered and drawn."""
        for key in keys:
            self.app.post_message(key_event(key))
            await self.settle()
        return self

    def typed_ahead(self, *keys: str) -> None:
        """Press keys faster than any screen answers. Each is for the screen that is on top when its turn comes."""
        for key in keys:
            self.app.post_message(key_event(key))

    async def type(self, text: str) -> "Driven":
        """Put a text into the line that has the focus, as a terminal pastes it."""
        self.app.post_message(events.Paste(text))
        return await self.settle()

    async def resize(self, width: int, height: int) -> "Driven":
        """Make the terminal this large."""
        await self.pilot.resize_terminal(width, height)
        # The app passes the size on after a pause.
        await self.wait_for(lambda: self.app.screen.size == Size(width, height))
        return await self.settle()

    async def settle(self) -> "Driven":
        """Wait until no message is under way, nothing is asked or about to be asked, and everything is drawn."""
        before = -1
        while before != self._traffic.count:
            await self._quiet()
            if self.left:
                break
            before = self._traffic.count
            await self.pilot.pause(0)  # draws, and a layout may set off the next one
            await self._quiet()
        return self

    async def _quiet(self) -> None:
        """Let the loop turn until no answer is awaited and nobody has taken up a message for some turns."""
        end = time.monotonic() + _REST_S
        turns = 0
        while turns < _TURNS and not self.left:
            before = self._traffic.count
            await asyncio.sleep(0.001 if self.app.busy else 0)
            turns = turns + 1 if before == self._traffic.count and not self.app.busy else 0
            assert time.monotonic() < end, "the screens never came to rest"

    async def until(self, text: str) -> "Driven":
        """Wait until a text is in sight."""
        return await self.wait_for(lambda: text in self.text, f"never saw {text!r} in")

    async def wait_for(self, holds: Callable[[], bool], told: str = "waited in vain before") -> "Driven":
        """Wait until something holds that the screens cannot know they wait for; ``told`` begins what is said else."""
        end = time.monotonic() + _PATIENCE_S
        while not holds():
            assert time.monotonic() < end, f"{told}\n{self.text}"
            await asyncio.sleep(0.005)
        return self

    @property
    def left(self) -> bool:
        """Whether the program ends."""
        return self.app.return_code is not None

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
    theme: str = "auto", rings: bool = True,
) -> AsyncIterator[Driven]:
    """The screens, first frame drawn, on this agent; without one nobody answers."""
    # Not pytest's tmp_path: a socket's path is short on some systems.
    folder = Path(tempfile.mkdtemp(prefix="ameli-tui-"))
    paths = Paths(folder / "config", folder / "data", folder / "state", folder / "run")
    pause = payments.PAUSE_S
    i18n.set_lang(lang)
    payments.PAUSE_S = 0.01
    try:
        if fake is not None:
            fake.serve(paths.socket)
        client = Client(paths)
        app = AmeliApp(paths, client, send_opening(client), theme, rings)
        traffic = Traffic()
        async with app.run_test(size=size, message_hook=traffic) as pilot:
            driven = Driven(app, pilot, folder, traffic)
            await driven.settle()
            if fake is not None:  # what it says before anybody listens is heard by nobody
                await driven.wait_for(lambda: fake.listeners > 0)
            yield driven
    finally:
        if fake is not None:
            fake.close()
        i18n.set_lang(None)
        payments.PAUSE_S = pause
        shutil.rmtree(folder)


@asynccontextmanager
async def opened_home(
    home: Path, size: tuple[int, int] = (80, 24), lang: Literal["fr", "en"] = "fr"
) -> AsyncIterator[Driven]:
    """The screens on a home whose own agent runs."""
    paths = find_paths({"AMELI_HOME": str(home), "HOME": "/nowhere"})
    i18n.set_lang(lang)
    try:
        client = Client(paths)
        app = AmeliApp(paths, client, send_opening(client), "auto")
        traffic = Traffic()
        async with app.run_test(size=size, message_hook=traffic) as pilot:
            driven = Driven(app, pilot, home, traffic)
            await driven.settle()
            yield driven
    finally:
        i18n.set_lang(None)


def way_to(procedure: str) -> tuple[str, ...]:
    """The keys that lead from any numbered screen to what a procedure is and needs."""
    return ("8", "g", *["j"] * [*procedures()].index(procedure), "enter")


def same_as_stored(name: str, text: str) -> None:
    """Compare with ``snapshots/NAME``; AMELI_UPDATE_SNAPSHOTS=1 stores it anew."""
    path = SNAPSHOTS / name
    if os.environ.get(UPDATE):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text + "\n", encoding="utf-8")
    assert path.exists(), f"{path} is missing: run with {UPDATE}=1 and look at it"
    assert text + "\n" == path.read_text(encoding="utf-8")
