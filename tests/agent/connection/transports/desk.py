"""A home whose account is read through a window, and browsers that somebody started themselves."""

import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from agent.connection.browser import BrowserConnection
from agent.connection.transports.browser import Browser
from agent.connection.transports.browser.launch import find_browser
from agent.store import Store
from config.settings import PortalSettings
from tests.agent.bench import TODAY
from tests.agent.connection.transports.person import Person
from tests.agent.store.helpers import new_vault
from tests.played import Played

HERE = shutil.which("Xvfb") is not None and shutil.which("chromium") is not None
with_chromium = [
    pytest.mark.slow, pytest.mark.xdist_group("chromium"),
    pytest.mark.skipif(not HERE and not os.environ.get("CI"), reason="Chromium and Xvfb are not installed here"),
]


class Desk:
    """A home with its browser, and the person in front of it."""

    def __init__(self, folder: Path, service: Played, display: str) -> None:
        self.folder, self.service, self.display = folder, service, display
        self.store = Store(new_vault(folder / "vault"), today=lambda: TODAY)
        self.profile = folder / "browser"
        self.person = Person(self.profile)
        self.settings = PortalSettings(
            base_url=service.sandbox.base_url, identity_url=service.sandbox.identity_url, pause_s=0,
            transport="browser")
        self.connection = self.connect()

    def connect(self, patience_s: float = 60) -> BrowserConnection:
        browser = Browser(self.settings.base_url, self.settings.identity_url, self.profile,
                          environ={**os.environ, "DISPLAY": self.display})
        return BrowserConnection(self.settings, self.store, browser, today=lambda: TODAY, patience_s=patience_s)

    async def sign_in(self, *, code: bool = False) -> None:
        house = self.service.household
        await asyncio.gather(self.connection.login(), self.person.sign_in(
            house.nir, house.password, (lambda: self.service.code) if code else None))


@asynccontextmanager
async def chromium(profile: Path, *options: str, display: str = "") -> AsyncIterator[asyncio.subprocess.Process]:
    """A browser that somebody started themselves; it and its helpers end with the block."""
    process = await asyncio.create_subprocess_exec(
        find_browser(), "--no-sandbox", "--no-first-run", f"--user-data-dir={profile}", *options,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL, start_new_session=True,
        env={**os.environ, "DISPLAY": display})
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


async def debugging_port(profile: Path) -> int:
    """The port a started browser listens at."""
    for _ in range(300):
        with suppress(OSError, ValueError):
            return int((profile / "DevToolsActivePort").read_text().split("\n")[0])
        await asyncio.sleep(0.1)
    raise AssertionError("no debugging port")


def told(store: Store) -> Any:
    return [store.payments.found(), [{**one, "read": None} for one in store.messages.all()],
            [{**one, "size": None} for one in store.documents.all()], store.profile()]
