"""A visible Chromium under a virtual screen, against the stand-in behind its strictest firewall."""

import asyncio
from pathlib import Path

import httpx
import pytest

from agent.connection import Connection
from agent.connection.transports.browser.errors import BrowserGone, SignInByBrowser
from agent.portal.errors import Blocked
from agent.store import Store
from config.settings import PortalSettings
from tests.agent.bench import TODAY
from tests.agent.connection.transports.desk import Desk, chromium, told, with_chromium
from tests.agent.store.helpers import new_vault
from tests.played import Played


@pytest.mark.parametrize("mark", [pytest.param(None, marks=with_chromium)])
async def test_the_person_signs_in_and_the_account_is_read_through_the_window(
    desk: Desk, tmp_path: Path, mark: None
) -> None:
    try:
        await desk.sign_in()
        result = await desk.connection.sync()
        assert result.problems == []
        assert len(desk.store.payments.found()) == len(desk.service.household.payments)
        payment = next(one for one in desk.store.documents.all() if one["kind"] == "decompte")
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
        one.documents.table.drop(payment["id"]) if one.documents.table.fetch(payment["id"]) else None
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
        assert all(one["complete"] for one in desk.store.payments.found())
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
async def test_a_headless_browser_and_a_program_that_calls_itself_one_are_refused(
    desk: Desk, tmp_path: Path, mark: None
) -> None:
    agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36"
    async with httpx.AsyncClient(headers={"user-agent": agent}) as client:
        answer = await client.get(desk.settings.base_url + "/")
    assert "Request Rejected" in answer.text
    async with chromium(tmp_path / "headless", "--headless=new", "--dump-dom", "--timeout=20000",
                        desk.settings.base_url + "/") as process:
        shown, _ = await asyncio.wait_for(process.communicate(), 60)
    assert b"Request Rejected" in shown


async def test_a_plain_client_behind_the_firewall_is_told_once(service: Played, tmp_path: Path) -> None:
    settings = PortalSettings(base_url=service.sandbox.base_url, identity_url=service.sandbox.identity_url, pause_s=0)
    connection = Connection(settings, Store(new_vault(tmp_path / "vault")), today=lambda: TODAY)
    with pytest.raises(Blocked):
        await connection.login(service.household.nir, service.household.password)
