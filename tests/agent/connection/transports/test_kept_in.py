"""Which browser is driven, and that it reaches nobody but the account service."""

import asyncio
import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from agent.connection.browser import BrowserConnection
from agent.connection.transports.browser import Browser
from agent.connection.transports.browser.errors import (
    BrowserNotKeptIn,
    BrowserUnreachable,
    HeadlessBrowser,
    NoBrowser,
    NoDisplay,
)
from agent.connection.transports.browser.launch import arguments, find_browser, resolver_rules, start
from agent.sandbox.generator import make_household
from agent.store import Store
from config.screen import NAMES
from config.settings import PortalSettings
from tests.agent.bench import TODAY
from tests.agent.connection.transports.desk import Desk, chromium, debugging_port, with_chromium
from tests.agent.connection.transports.person import Person
from tests.agent.store.helpers import new_vault
from tests.played import played


@pytest.mark.parametrize("mark", [pytest.param(None, marks=with_chromium)])
async def test_no_other_host_is_ever_reached(desk: Desk, mark: None) -> None:
    browser = desk.connection.browser
    with played(make_household(seed=8, today=TODAY, years=1)) as other:
        try:
            await browser.start()
            await browser.go(desk.settings.base_url + "/")
            there = other.sandbox.base_url.replace("127.0.0.1", "127.0.0.2")
            for url in ("http://example.invalid/x", there + "/"):
                fetch = f"fetch({json.dumps(url)}, {{mode: 'no-cors'}}).then(() => 'came', () => 'refused')"
                image = (f"new Promise(done => {{ const one = new Image(); one.onload = () => done('came'); "
                         f"one.onerror = () => done('refused'); one.src = {json.dumps(url)}; }})")
                assert [await browser.run(fetch), await browser.run(image)] == ["refused", "refused"]
            assert set(browser.refused) == {"example.invalid", "127.0.0.2"}
            await browser.go(there + "/")
            assert await browser.run("location.protocol") == "chrome-error:"
        finally:
            await browser.close()


@pytest.mark.parametrize("mark", [pytest.param(None, marks=with_chromium)])
async def test_a_browser_behind_a_forwarded_port_must_be_kept_to_the_service(desk: Desk, mark: None) -> None:
    hosts = (urlsplit(desk.settings.base_url).hostname or "", urlsplit(desk.settings.identity_url).hostname or "")

    async def reach(name: str, *options: str) -> None:
        profile = desk.folder / name
        async with chromium(profile, "--remote-debugging-port=0", *options, display=desk.display):
            browser = Browser(desk.settings.base_url, desk.settings.identity_url, desk.profile,
                              port=await debugging_port(profile))
            connection = BrowserConnection(desk.settings, desk.store, browser, today=lambda: TODAY, patience_s=60)
            try:
                house = desk.service.household
                await asyncio.gather(connection.login(), Person(profile).sign_in(house.nir, house.password)
                                     if name == "kept" else asyncio.sleep(0))
                assert (await connection.sync()).problems == []
            finally:
                await connection.close()
            assert (profile / "DevToolsActivePort").exists()  # it is the person's own: let go of, not ended

    with pytest.raises(BrowserNotKeptIn) as caught:
        await reach("open")
    assert "--host-resolver-rules=" in caught.value.hint("en")
    with pytest.raises(HeadlessBrowser):
        await reach("headless", "--headless=new")
    await reach("kept", f"--host-resolver-rules={resolver_rules(hosts)}")
    assert desk.store.payments.found() and not desk.profile.exists()


@pytest.mark.parametrize("mark", [pytest.param(None, marks=with_chromium)])
async def test_the_browser_of_an_agent_that_was_killed_is_closed_by_the_next(desk: Desk, mark: None) -> None:
    killed = desk.connection.browser
    await killed.start()
    left = killed._running
    assert left is not None
    await killed._drop()
    try:
        desk.connection = desk.connect()
        await desk.connection.browser.start()
        await asyncio.wait_for(left._process.wait(), 10)
        assert desk.connection.browser.open
    finally:
        await desk.connection.close()
    assert not desk.profile.exists()


async def test_windows_open_where_the_caller_sits(desk_without_window: BrowserConnection) -> None:
    connection = desk_without_window
    connection.on_screen({"DISPLAY": ":7", "XAUTHORITY": "/run/x"}, watched=True)
    assert {name: connection.browser._environ.get(name) for name in NAMES} == {
        "DISPLAY": ":7", "WAYLAND_DISPLAY": None, "XAUTHORITY": "/run/x"}
    connection.on_screen({}, watched=False)  # over SSH, with a session that is kept: the agent's own screen will do
    with pytest.raises(NoDisplay):
        connection.on_screen({}, watched=True)


@pytest.fixture
def desk_without_window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BrowserConnection:
    monkeypatch.setattr("sys.platform", "linux")
    browser = Browser("https://assure.ameli.fr", "https://ameliconnect.ameli.fr", tmp_path, environ={"HOME": "/"})
    return BrowserConnection(PortalSettings(transport="browser"), Store(new_vault(tmp_path / "vault")), browser)


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
