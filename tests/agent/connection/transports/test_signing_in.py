"""The person signs in in the window: what the program learns of it, and what it does not."""

import asyncio
import json
from urllib.parse import quote_plus

import pytest

from agent.connection.transports.browser.cdp import Cdp
from agent.connection.transports.browser.errors import OtherAccountOpen, SignInByBrowser, SignInNotFinished
from agent.portal.errors import PortalChanged
from agent.sandbox.server.faults import Faults
from config.json_value import JsonObject
from tests.agent.connection.transports.desk import Desk, with_chromium


@pytest.mark.parametrize("mark", [pytest.param(None, marks=with_chromium)])
async def test_what_the_person_types_never_enters_the_program(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, mark: None
) -> None:
    heard: list[str] = []

    class Overheard(Cdp):
        def _take(self, message: JsonObject) -> None:
            heard.append(json.dumps(message, ensure_ascii=False))
            super()._take(message)

    monkeypatch.setattr("agent.connection.transports.browser.browser.Cdp", Overheard)
    desk.service.sandbox.service.options.update({"otp": "on"})
    house = desk.service.household
    try:
        await desk.sign_in(code=True)
        assert (await desk.connection.sync()).problems == []
    finally:
        await desk.connection.close()
    everything = "\n".join(heard)
    assert "Fetch.requestPaused" in everything  # it did listen
    for typed in (house.password, quote_plus(house.password), desk.service.code, "numOTP1", "name=\\\"password"):
        assert typed not in everything
    kept = str(list(desk.store.account.table.items()))
    assert house.password not in kept and desk.service.code not in kept


@pytest.mark.parametrize("mark", [pytest.param(None, marks=with_chromium)])
async def test_a_device_the_person_had_remembered_needs_no_code_in_the_next_window(desk: Desk, mark: None) -> None:
    desk.service.sandbox.service.options.update({"otp": "on"})
    try:
        await desk.sign_in(code=True)
        mails = len(desk.service.sandbox.service.mails)
        desk.service.sandbox.service.end_sessions()
        with pytest.raises(SignInByBrowser):
            await desk.connection.sync()
        await desk.connection.close()  # the window and its profile are gone
        await desk.sign_in()
        assert (await desk.connection.sync()).problems == []
        assert len(desk.service.sandbox.service.mails) == mails
        await desk.connection.logout()
        assert [desk.store.account.browser_session.read(), desk.store.account.browser_device.read()] == [None, None]
    finally:
        await desk.connection.close()


@pytest.mark.parametrize("mark", [pytest.param(None, marks=with_chromium)])
async def test_a_page_that_changed_is_told_instead_of_waiting_on(desk: Desk, mark: None) -> None:
    async def hurry(_seconds: float) -> None:
        await asyncio.sleep(0.02)

    desk.connection._sleep = hurry
    desk.service.sandbox.faults.replace(Faults.parse("markup@as_info_perso"))
    desk.connection._patience_s = 3000
    try:
        with pytest.raises(PortalChanged):
            await desk.sign_in()
    finally:
        await desk.connection.close()
    assert desk.store.account.browser_session.read() is None


@pytest.mark.parametrize("mark", [pytest.param(None, marks=with_chromium)])
async def test_the_page_of_statements_draws_itself_in_the_window(desk: Desk, mark: None) -> None:
    try:
        await desk.sign_in()
        await desk.connection.browser.go(desk.settings.base_url + "/compte/aspm/releves-mensuels")
        await desk.person.look("document.querySelectorAll('.carteMois').length === 12")
        await desk.person.look("document.querySelector('.v-card-title').textContent === 'OCTOBRE 2026'")
    finally:
        await desk.connection.close()


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
