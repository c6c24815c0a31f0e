"""The account service through the person's own browser: they sign in in its window, the agent reads through it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeVar

from agent.connection.connection import Connection, OnRound, no_listener
from agent.connection.errors import NoAccount, SignedOutHereOnly
from agent.connection.page_changes import note_changes
from agent.connection.transports.browser import Browser, BrowserTransport
from agent.connection.transports.browser.errors import (
    BrowserGone,
    OtherAccountOpen,
    SignInByBrowser,
    SignInNotFinished,
)
from agent.connection.transports.browser.launch import has_display, no_display
from agent.errors import AmeliError, NeedsPerson
from agent.portal.errors import PortalChanged, SessionEnded
from agent.portal.pages.selectors import ProfilePage, page_path
from agent.portal.portal import Portal
from config import clock
from config.json_value import JsonObject

if TYPE_CHECKING:
    from agent.account import Profile
    from agent.store import Store
    from config.settings import PortalSettings

T = TypeVar("T")
log = logging.getLogger(__name__)
_PATIENCE_S = 15 * 60.0
_LOOK_S = 1.0
"""How often the window's address is looked at while the person signs in."""
_SCREEN_S = 60.0
"""How long a person may look at one screen in between before it is taken for a page that cannot be read."""


class BrowserConnection(Connection):
    """As ``Connection``, but nobody signs in except the person, in the window."""

    def __init__(
        self, settings: PortalSettings, store: Store, browser: Browser, *,
        now: Callable[[], datetime] = clock.now, today: Callable[[], date] = clock.today,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep, patience_s: float = _PATIENCE_S,
        on_round: OnRound = no_listener,
    ) -> None:
        super().__init__(settings, store, transport=BrowserTransport(browser), now=now, today=today, sleep=sleep,
                         on_round=on_round)
        self.browser = browser
        self._patience_s = patience_s

    def on_screen(self, names: Mapping[str, str], *, watched: bool) -> None:
        """Open windows where the caller sits. ``watched``: somebody must see it; raises NoDisplay when they could not,
        even where the agent itself has a screen that they are away from."""
        if names:
            self.browser.screen(names)
        elif watched and not self._settings.browser_port and not has_display(names):
            raise no_display()

    async def login(
        self, nir: str | None = None, password: str | None = None, otp: str | None = None, *,
        remember: bool = True, keep_password: bool = True,
    ) -> None:
        """Open the window at the service and wait until the person has signed in there.

        The parameters of the other way in are not used: a password given by mistake is not kept. Raises
        SignInNotFinished, OtherAccountOpen, BrowserGone and what ``Browser.start`` raises.
        """
        async with self._busy:
            await self._window(new=True)
            await self.browser.go(self._settings.base_url.rstrip("/") + page_path(ProfilePage.labels[0]))
            await self.browser.show()
            self.browser.persons = True
            try:
                profile = await self._wait_for_person()
            finally:
                self.browser.persons = False
            credentials = self._store.credentials()
            if credentials is not None and credentials["nir"][:13] != profile.nir[:13]:
                raise OtherAccountOpen
            with self._store.step():
                self._store.set_credentials(profile.nir, None)
                self._breaker.reset()
                self._store.set_needs([])
            await self._keep_cookies()

    async def _wait_for_person(self) -> Profile:
        """Look where the window is, and nothing else; once it is inside the portal, ask for the profile page.

        Each new address is asked about once. Raises SignInNotFinished; PortalChanged when the person is in and the
        page cannot be read; the connector's other errors at once.
        """
        looked, since = "", 0.0
        waited = 0.0
        changed: PortalChanged | None = None
        while waited < self._patience_s:
            here = await self.browser.address()
            if here != looked and here.startswith(self._settings.base_url.rstrip("/") + "/"):
                looked, since, changed = here, waited, None
                try:
                    return await self._who()
                except PortalChanged as error:  # a screen in between, perhaps: the person goes on from it
                    changed = error
                except AmeliError as error:
                    if isinstance(error, BrowserGone) or not isinstance(error, (SessionEnded, NeedsPerson)):
                        raise
                    log.info("not signed in yet: %s", error.code)
            if changed is not None and waited - since >= _SCREEN_S:
                raise changed
            await self._sleep(_LOOK_S)
            waited += _LOOK_S
        raise SignInNotFinished(minutes=round(self._patience_s / 60))

    async def _who(self) -> Profile:
        portal = self._open()
        try:
            return await portal.profile()
        finally:
            await note_changes(portal, self._store, self._now())
            await portal.close()

    async def logout(self) -> None:
        """End the session in the browser and forget it here; the data stays. Raises SignedOutHereOnly."""
        async with self._busy:
            try:
                if self._store.account.browser_session.read() is not None:
                    await self._window(new=False)
                    portal = self._open()
                    await portal.sign_out()
            except AmeliError as error:
                raise SignedOutHereOnly(why_fr=error.message("fr"), why_en=error.message("en")) from error
            finally:
                self._store.account.browser_session.write(None)
                self._store.account.browser_device.write(None)
                self._store.forget_credentials()
                await self.browser.close()

    async def close(self) -> None:
        """Close a window that was opened here; call before the vault is locked."""
        await self.browser.close()

    async def _with_portal(self, action: Callable[[Portal], Awaitable[T]], *, person: bool) -> T:
        """Do something through the window. Raises SignInByBrowser when only the person can go on."""
        async with self._busy:
            if self._store.account.browser_session.read() is None:
                raise NoAccount if self._store.credentials() is None else SignInByBrowser
            await self._window(new=person or self._settings.browser_open == "always")
            portal = self._open()
            cut = False
            try:
                return await action(portal)
            except SessionEnded:
                self._store.account.browser_session.write(None)
                await self.browser.show()
                raise SignInByBrowser from None
            except asyncio.CancelledError:
                cut = True
                raise
            finally:
                if self._store.account.browser_session.read() is not None:
                    await self._keep_cookies()
                if not cut:
                    await note_changes(portal, self._store, self._now())
                await portal.close()

    async def _window(self, *, new: bool) -> None:
        """Have a window. ``new``: one may be opened; by itself the agent opens none unless it was told to."""
        if self.browser.open:
            return
        if not new and self._settings.browser_port == 0:
            raise BrowserGone
        await self.browser.start()
        kept = self._store.account.browser_session.read() or self._store.account.browser_device.read()
        if kept is not None and self._settings.browser_port == 0:
            await self.browser.put_cookies(kept["cookies"])

    async def _keep_cookies(self) -> None:
        try:
            cookies = await self.browser.cookies()
        except AmeliError:  # the window was closed meanwhile: what was kept before still holds
            return
        with self._store.step():
            self._store.account.browser_session.write({"cookies": cookies})
            self._store.account.browser_device.write({"cookies": [cookie for cookie in cookies if _outlives(cookie)]})


def _outlives(cookie: JsonObject) -> bool:
    """Whether a cookie stays when the browser is closed: by one of those the service knows the device."""
    expires = cookie.get("expires")
    return isinstance(expires, int | float) and expires > 0
