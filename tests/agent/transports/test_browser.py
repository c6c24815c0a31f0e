"""A visible Chromium under a virtual screen, against the stand-in behind its strictest firewall."""

import asyncio
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from agent.connection import Connection
from agent.connection.browser import BrowserConnection
from agent.portal.errors import Blocked
from agent.sandbox.generator import make_household
from agent.store import Store
from agent.transports.browser import Browser
from agent.transports.browser.errors import (
    BrowserGone,
    BrowserUnreachable,
    NoBrowser,
    NoDisplay,
    OtherAccountOpen,
    SignInByBrowser,
    SignInNotFinished,
)
from agent.transports.browser.launch import arguments, find_browser, start
from config.settings import PortalSettings
from tests.agent.bench import TODAY
from tests.agent.store.helpers import new_vault
from tests.agent.transports.person import Person, screen
from tests.played import Played, played

HERE = shutil.which("Xvfb") is not None and shutil.which("chromium") is not None
with_chromium = [
    pytest.mark.slow, pytest.mark.xdist_group("chromium"),
    pytest.mark.skipif(not HERE and not os.environ.get("CI"), reason="Chromium and Xvfb are not installed here"),
]
PASSWORD_SHOWN = "Lavande"


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    with screen() as name:
        yield name


@pytest.fixture
def service() -> Iterator[Played]:
    with played(make_household(seed=7, today=TODAY, years=1)) as one:
        one.sandbox.service.options.update({"otp": "off", "waf": "strict"})
        yield one


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

    async def sign_in(self) -> None:
        house = self.service.household
        await asyncio.gather(self.connection.login(), self.person.sign_in(house.nir, house.password))


@pytest.fixture
def desk(tmp_path: Path, service: Played, display: str) -> Desk:
    return Desk(tmp_path, service, display)


def told(store: Store) -> Any:
    return [store.payments(), [{**one, "read": None} for one in store.messages()],
            [{**one, "size": None} for one in store.documents()], store.profile()]


@pytest.mark.parametrize("mark", [pytest.param(None, marks=with_chromium)])
async def test_the_person_signs_in_and_the_account_is_read_through_the_window(
    desk: Desk, tmp_path: Path, mark: None
) -> None:
    try:
        await desk.sign_in()
        result = await desk.connection.sync()
        assert result.problems == []
        assert len(desk.store.payments()) == len(desk.service.household.payments)
        payment = next(one for one in desk.store.documents() if one["kind"] == "decompte")
        assert (await desk.connection.document(payment["id"])).startswith(b"%PDF-")
        assert (await desk.connection.attestation()).startswith(b"%PDF-")
        refused = desk.connection.browser.refused
    finally:
        await desk.connection.close()
    assert desk.store.credentials() == {"nir": desk.service.household.nir, "password": None}
    assert desk.service.household.password not in str(list(desk.store.account.table.items()))
    assert refused == []

    # What the plain way reads once the firewall is off is the same, to the line.
    desk.service.sandbox.service.options.update({"waf": "off"})
    plain = Store(new_vault(tmp_path / "plain"), today=lambda: TODAY)
    direct = Connection(desk.settings, plain, today=lambda: TODAY)
    await direct.login(desk.service.household.nir, desk.service.household.password)
    await direct.sync()
    for one in (desk.store, plain):  # opened for one of them only
        one.shelf.table.drop(payment["id"]) if one.shelf.table.fetch(payment["id"]) else None
    assert told(desk.store) == told(plain)


@pytest.mark.parametrize("mark", [pytest.param(None, marks=with_chromium)])
async def test_a_session_that_ends_in_the_middle_waits_for_the_person_and_goes_on(desk: Desk, mark: None) -> None:
    service = desk.service.sandbox.service
    try:
        await desk.sign_in()
        asked = 0
        transport = desk.connection._transport
        assert transport is not None
        handle = transport.handle_async_request

        async def counted(request: httpx.Request) -> httpx.Response:
            nonlocal asked
            asked += 1
            if asked == 8:
                service.end_sessions()
            return await handle(request)

        transport.handle_async_request = counted  # type: ignore[method-assign]
        with pytest.raises(SignInByBrowser):
            await desk.connection.sync()
        assert desk.store.needs()[0]["code"] == "sign_in_by_browser"
        before = asked
        with pytest.raises(SignInByBrowser):  # nothing is asked again and again
            await desk.connection.sync(trigger="schedule")
        assert asked == before
        await desk.sign_in()
        result = await desk.connection.sync()
        assert result.problems == []
        assert all(one["complete"] for one in desk.store.payments())
        assert desk.store.needs() == []
    finally:
        await desk.connection.close()


@pytest.mark.parametrize("mark", [pytest.param(None, marks=with_chromium)])
async def test_a_window_opened_anew_goes_on_with_the_kept_session(desk: Desk, mark: None) -> None:
    try:
        await desk.sign_in()
        await desk.person.close_window()
        with pytest.raises(BrowserGone):
            await desk.connection.sync(trigger="schedule")  # by itself it opens no window
        assert (await desk.connection.sync()).problems == []
    finally:
        await desk.connection.close()
    assert not desk.profile.exists()


@pytest.mark.parametrize("mark", [pytest.param(None, marks=with_chromium)])
async def test_nobody_signs_in_and_another_account_are_told(desk: Desk, mark: None) -> None:
    desk.connection = desk.connect(patience_s=2)
    try:
        with pytest.raises(SignInNotFinished):
            await desk.connection.login()
        desk.store.set_credentials("1850578006084", None)
        desk.connection._patience_s = 60
        with pytest.raises(OtherAccountOpen):
            await desk.sign_in()
    finally:
        await desk.connection.close()


@pytest.mark.parametrize("mark", [pytest.param(None, marks=with_chromium)])
async def test_no_other_host_is_ever_reached(desk: Desk, mark: None) -> None:
    browser = desk.connection.browser
    with played(make_household(seed=8, today=TODAY, years=1)) as other:
        try:
            await browser.start()
            await browser.go(desk.settings.base_url + "/")
            there = other.sandbox.base_url.replace("127.0.0.1", "127.0.0.2")
            for url in ("http://example.invalid/x", there + "/"):
                script = f"fetch({json.dumps(url)}, {{mode: 'no-cors'}}).then(() => 'came', () => 'refused')"
                assert await browser.run(script) == "refused"
            assert set(browser.refused) == {"example.invalid", "127.0.0.2"}
        finally:
            await browser.close()


@pytest.mark.parametrize("mark", [pytest.param(None, marks=with_chromium)])
async def test_a_headless_browser_and_a_program_that_calls_itself_one_are_refused(
    desk: Desk, tmp_path: Path, mark: None
) -> None:
    agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36"
    async with httpx.AsyncClient(headers={"user-agent": agent}) as client:
        answer = await client.get(desk.settings.base_url + "/")
    assert "Request Rejected" in answer.text
    process = await asyncio.create_subprocess_exec(
        find_browser(), "--headless=new", "--no-sandbox", f"--user-data-dir={tmp_path / 'headless'}", "--dump-dom",
        "--timeout=20000", desk.settings.base_url + "/", stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL)
    shown, _ = await asyncio.wait_for(process.communicate(), 60)
    assert b"Request Rejected" in shown


async def test_a_plain_client_behind_the_firewall_is_told_once(service: Played, tmp_path: Path) -> None:
    settings = PortalSettings(base_url=service.sandbox.base_url, identity_url=service.sandbox.identity_url, pause_s=0)
    connection = Connection(settings, Store(new_vault(tmp_path / "vault")), today=lambda: TODAY)
    with pytest.raises(Blocked):
        await connection.login(service.household.nir, service.household.password)


async def test_without_a_screen_the_commands_for_ssh_are_told(tmp_path: Path) -> None:
    with pytest.raises(NoDisplay) as caught:
        await start("chromium", tmp_path, (), {})
    assert "ssh -R 9222:127.0.0.1:9222" in caught.value.hint("en")
    assert "--remote-debugging-port=9222" in caught.value.hint("fr")
    browser = Browser("https://assure.ameli.fr", "https://ameliconnect.ameli.fr", tmp_path, port=1)
    with pytest.raises(BrowserUnreachable):
        await browser.start()


def test_a_browser_that_is_not_there_is_told() -> None:
    with pytest.raises(NoBrowser):
        find_browser("no-such-browser-anywhere")


def test_the_browser_is_started_visible_apart_and_silent(tmp_path: Path) -> None:
    command = arguments("chromium", tmp_path, ("assure.ameli.fr",), as_root=False)
    assert not any("headless" in one or one == "--no-sandbox" or "enable-automation" in one for one in command)
    assert any(one.startswith("--host-resolver-rules=MAP * ~NOTFOUND") for one in command)
    assert "--remote-debugging-address=127.0.0.1" in command
