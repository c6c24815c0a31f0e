"""One connector, several ways for its requests: every way reads the same account."""

import asyncio
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from agent.connection import Connection, NoAccount, connect
from agent.connection.browser import BrowserConnection
from agent.connection.errors import NoRecording, OnlyRecorded
from agent.connection.transports.browser import Browser
from agent.sandbox.generator import make_household
from agent.store import Store
from config.settings import PortalSettings
from tests.agent.bench import TODAY
from tests.agent.connection.transports.desk import with_chromium
from tests.agent.connection.transports.person import Person, screen
from tests.agent.store.helpers import new_vault
from tests.played import Played, played
from tests.recorder import Recorder


@pytest.fixture
def service() -> Iterator[Played]:
    with played(make_household(seed=1, today=TODAY, years=2)) as one:
        one.sandbox.service.options.update({"otp": "off"})
        yield one


class Ways:
    """Makes a home that reaches one account in the way named."""

    def __init__(self, folder: Path, service: Played) -> None:
        self.folder, self.service = folder, service
        self.settings = PortalSettings(
            base_url=service.sandbox.base_url, identity_url=service.sandbox.identity_url, pause_s=0)

    def store(self, name: str) -> Store:
        return Store(new_vault(self.folder / name), today=lambda: TODAY)

    async def direct(self) -> Store:
        store = self.store("direct")
        await self._used(Connection(self.settings, store, today=lambda: TODAY), self.service.household)
        return store

    async def sandbox(self) -> Store:
        store = self.store("sandbox")
        settings = PortalSettings(base_url="http://127.0.0.1:1", identity_url="http://localhost:2", pause_s=0,
                                  transport="sandbox", seed=1)
        await self._used(connect(settings, store, None), self.service.household)
        return store

    async def recorded(self) -> Store:
        recorder = Recorder(httpx.AsyncHTTPTransport(trust_env=False))
        await self._used(Connection(self.settings, self.store("first"), transport=recorder, today=lambda: TODAY),
                         self.service.household)
        har = self.folder / "session.har"
        har.write_text(json.dumps(recorder.har(base=self.settings.base_url, identity=self.settings.identity_url)))
        store = self.store("recorded")
        settings = PortalSettings(pause_s=0, transport="recorded", recording=str(har))
        connection = connect(settings, store, None)
        with pytest.raises(OnlyRecorded):
            await connection.login()
        assert (await connection.sync()).problems == []
        return store

    async def browser(self) -> Store:
        store = self.store("browser")
        with screen() as display:
            browser = Browser(self.settings.base_url, self.settings.identity_url, self.folder / "profile",
                              environ={**os.environ, "DISPLAY": display})
            connection = BrowserConnection(self.settings, store, browser, today=lambda: TODAY, patience_s=60)
            house = self.service.household
            try:
                await asyncio.gather(
                    connection.login(), Person(self.folder / "profile").sign_in(house.nir, house.password))
                assert (await connection.sync()).problems == []
            finally:
                await connection.close()
        return store

    async def _used(self, connection: Connection, house: Any) -> None:
        with pytest.raises(NoAccount):
            await connection.sync()
        await connection.login(house.nir, house.password)
        assert (await connection.sync()).problems == []


def told(store: Store) -> Any:
    return [store.payments.found(), [{**one, "read": None} for one in store.messages.all()],
            [{**one, "size": None} for one in store.documents.all()], store.profile()]


@pytest.mark.parametrize("way", ["sandbox", "recorded", pytest.param("browser", marks=with_chromium)])
async def test_every_way_reads_the_same_account(way: str, service: Played, tmp_path: Path,
                                                monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMELI_TODAY", TODAY.isoformat())
    ways = Ways(tmp_path, service)
    plain = await ways.direct()
    other = await getattr(ways, way)()
    assert len(other.payments.found()) > 10
    if way == "sandbox":  # its account has the same payments; its messages and files are its own copies
        assert other.payments.found() == plain.payments.found()
    else:
        assert told(other) == told(plain)


def test_a_recording_that_is_not_there_is_told(tmp_path: Path) -> None:
    settings = PortalSettings(transport="recorded", recording=str(tmp_path / "none.har"))
    with pytest.raises(NoRecording):
        connect(settings, Store(new_vault(tmp_path / "vault")), None)
