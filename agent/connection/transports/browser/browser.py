"""One browser and the one tab that is used in it: found or started, and kept to the service's hosts.

Two things hold it there: the browser resolves no other name (a rule of its command line, which also holds for
navigations, scripts' calls and every other tab), and what a page loads besides is refused here and noted.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from agent.connection.transports.browser import launch
from agent.connection.transports.browser.answers import (
    Attached,
    Evaluated,
    KeptCookies,
    Navigated,
    NewTarget,
    OneTarget,
    Paused,
    Targets,
)
from agent.connection.transports.browser.cdp import Cdp, CommandFailed
from agent.connection.transports.browser.errors import BrowserGone, BrowserNotStarted, HeadlessBrowser
from config import screen
from config.json_value import JsonObject, JsonValue

log = logging.getLogger(__name__)
_LOAD_S = 45.0
_READY = """new Promise(done => document.readyState !== "loading" ? done(true)
  : document.addEventListener("DOMContentLoaded", () => done(true)))"""
_INSIDE = ("about:", "data:", "blob:", "chrome:", "devtools:", "chrome-error:")
_NEVER_TYPED = ("Stylesheet", "Image", "Media", "Font", "Script", "EventSource", "Other")
"""Requests that carry nothing a person typed. The browser hands over a request it holds with its whole body, so those
of forms (navigations) and of the sign-in page's own scripts are never held: what is typed does not enter this process.
"""
_NOWHERE = "http://ameli-tui.localhost:65535/"
"""Answered by nobody; a browser that resolves only the service's hosts does not even know the name."""
_UNKNOWN_NAME = "net::ERR_NAME_NOT_RESOLVED"
_HEADLESS = "headless"


@dataclass(slots=True)
class Seen:
    """One answer as it came over the network, before the page had it."""

    url: str
    status: int
    headers: dict[str, str]


class Browser:
    """The person's visible browser. ``port`` is a forwarded debugging port; without one a browser is started."""

    def __init__(
        self, base_url: str, identity_url: str, profile: Path, *, program: str = "", port: int = 0,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._hosts = {_host(base_url), _host(identity_url)}
        self._wide = any(host.endswith(".ameli.fr") for host in self._hosts)
        self._profile = profile
        self._program = program
        self._port = port
        self._environ = os.environ if environ is None else environ
        self._running: launch.Running | None = None
        self._cdp: Cdp | None = None
        self._tab = ""
        self._target = ""
        self._tasks: set[asyncio.Task[None]] = set()
        self.seen: list[Seen] = []
        """Answers to calls inside the portal, since the list was last emptied."""
        self.persons = False
        """The person is signing in: the tab is theirs, and nothing may lead it elsewhere."""
        self.refused: list[str] = []
        """Hosts that a page wanted something from and did not get; the browser itself resolves no others."""

    # -- opening -----------------------------------------------------------------------------------------------------

    @property
    def open(self) -> bool:
        """A window is there and answers."""
        return self._cdp is not None and not self._cdp.closed

    def screen(self, names: Mapping[str, str]) -> None:
        """Where windows opened from now on are shown: the caller's ``DISPLAY`` and its kin. The agent may have been
        started before there was a desktop, or from another one."""
        kept = {name: value for name, value in self._environ.items() if name not in screen.NAMES}
        self._environ = {**kept, **names}

    async def start(self) -> None:
        """Open the window, or take hold of the one at the forwarded port. Raises NoBrowser, NoDisplay,
        BrowserNotStarted, BrowserUnreachable, HeadlessBrowser, BrowserNotKeptIn."""
        if self.open:
            return
        await self._drop()
        if self._port:
            if not await self._attach(await self._forwarded()):
                raise launch.unreachable(self._port)
            try:
                await self._check_kept_in()
            except (CommandFailed, TimeoutError):
                raise BrowserGone from None
            return
        if self._running is not None and self._running.alive and await self._attach(self._running.address):
            return  # only its tab was closed
        await self._end()
        program = await asyncio.to_thread(launch.find_browser, self._program)
        self._running = await launch.start(program, self._profile, tuple(sorted(self._hosts)), self._environ)
        if not await self._attach(self._running.address):
            await self._end()
            raise BrowserNotStarted(why="debugging port closed")

    async def _attach(self, address: str) -> bool:
        """Connect and take a tab; False when the browser is going or gone."""
        try:
            self._cdp = await Cdp.connect(address)
            await self._take_tab()
        except (OSError, TimeoutError, BrowserGone, CommandFailed) as error:
            log.warning("no hold on the browser: %r", error)
            await self._drop()
            return False
        return True

    async def _forwarded(self) -> str:
        """The address of the browser behind the forwarded port, as it says itself. Raises BrowserUnreachable,
        HeadlessBrowser."""
        import httpx

        try:
            async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
                version = (await client.get(f"http://127.0.0.1:{self._port}/json/version")).json()
            path = urlsplit(str(version["webSocketDebuggerUrl"])).path
            agent = f"{version.get('Browser', '')} {version.get('User-Agent', '')}"
        except (httpx.HTTPError, ValueError, KeyError, TypeError):
            raise launch.unreachable(self._port) from None
        if _HEADLESS in agent.lower():
            raise HeadlessBrowser
        return f"ws://127.0.0.1:{self._port}{path}"

    async def _check_kept_in(self) -> None:
        """Make sure that the forwarded browser can reach no other host, as the command told to the person has it.

        Nothing leaves that machine: a name that stands for itself is asked for, in a tab that is closed again.
        """
        cdp = self._link()
        target = (await cdp.ask(NewTarget, "Target.createTarget", url="about:blank", background=True)).target_id
        try:
            tab = (await cdp.ask(Attached, "Target.attachToTarget", targetId=target, flatten=True)).session_id
            navigated = await cdp.ask(Navigated, "Page.navigate", tab, url=_NOWHERE)
        finally:
            with contextlib.suppress(CommandFailed, BrowserGone):
                await cdp.send("Target.closeTarget", targetId=target)
        if navigated.error_text != _UNKNOWN_NAME:
            await self._drop()
            raise launch.not_kept_in(self._port)

    async def _take_tab(self) -> None:
        """A tab of the service when one is open, else an empty one, else a new one."""
        cdp = self._link()
        tabs = [tab for tab in (await cdp.ask(Targets, "Target.getTargets")).target_infos if tab.type == "page"]
        ours = next((tab for tab in tabs if self._may(tab.url) and not tab.url.startswith(_INSIDE)), None)
        chosen = ours or next((tab for tab in tabs if tab.url in ("about:blank", "chrome://newtab/")), None)
        self._target = chosen.target_id if chosen else (
            await cdp.ask(NewTarget, "Target.createTarget", url="about:blank")).target_id
        attached = await cdp.ask(Attached, "Target.attachToTarget", targetId=self._target, flatten=True)
        self._tab = attached.session_id
        cdp.listen(self._heard)
        await cdp.send("Page.enable", self._tab)
        patterns: list[JsonValue] = [
            {"urlPattern": "*", "resourceType": kind, "requestStage": "Request"} for kind in _NEVER_TYPED]
        # Our own requests: calls from a page of the portal to the portal. Redirects are seen on their way back.
        patterns.append({"urlPattern": f"{self.base_url}/*", "resourceType": "XHR", "requestStage": "Response"})
        await cdp.send("Fetch.enable", self._tab, patterns=patterns)

    # -- using the tab -----------------------------------------------------------------------------------------------

    async def address(self) -> str:
        """Where the tab is: scheme, host, path and query. Raises BrowserGone."""
        try:
            target = await self._link().ask(OneTarget, "Target.getTargetInfo", targetId=self._target)
        except CommandFailed:
            raise BrowserGone from None
        return target.target_info.url

    async def go(self, url: str, timeout_s: float = _LOAD_S) -> str:
        """Open an address in the tab and wait until its page is there; where that led to."""
        self.seen.clear()
        try:
            await self._link().send("Page.navigate", self._tab, timeout_s=timeout_s, url=url)
            async with asyncio.timeout(timeout_s):
                await self.run(_READY, timeout_s=timeout_s)
        except CommandFailed:
            raise BrowserGone from None
        return await self.address()

    async def run(self, script: str, timeout_s: float = 30.0) -> JsonValue:
        """The value of an expression of ours in the page. Raises BrowserGone, CommandFailed, TimeoutError."""
        evaluated = await self._link().ask(
            Evaluated, "Runtime.evaluate", self._tab, timeout_s=timeout_s, expression=script, awaitPromise=True,
            returnByValue=True)
        if evaluated.exception_details is not None:
            raise CommandFailed("Runtime.evaluate")
        return evaluated.result.value

    async def show(self) -> None:
        """Bring the window to the front: the person is needed."""
        with contextlib.suppress(CommandFailed):
            await self._link().send("Page.bringToFront", self._tab)

    # -- the session -------------------------------------------------------------------------------------------------

    async def cookies(self) -> list[JsonObject]:
        """The cookies of the service's hosts, as the browser gives them."""
        kept = await self._link().ask(KeptCookies, "Storage.getCookies")
        return [cookie for cookie in kept.cookies if self._allowed(str(cookie["domain"]).lstrip("."))]

    async def put_cookies(self, cookies: list[JsonObject]) -> None:
        """Put kept cookies back; one that the browser does not take is left out."""
        names = ("name", "value", "domain", "path", "secure", "httpOnly", "sameSite", "expires", "sourceScheme",
                 "sourcePort")
        for cookie in cookies:
            wanted = {name: cookie[name] for name in names if name in cookie}
            expires = wanted.get("expires")
            if isinstance(expires, int | float) and expires < 0:  # it lives as long as the browser
                del wanted["expires"]
            with contextlib.suppress(CommandFailed):
                await self._link().send("Storage.setCookies", cookies=[wanted])

    async def close(self) -> None:
        """Let go of a forwarded browser; end one that was started here, and remove what it left on disk."""
        await self._drop()
        await self._end()

    # -- inside ------------------------------------------------------------------------------------------------------

    def _link(self) -> Cdp:
        if self._cdp is None or self._cdp.closed:
            raise BrowserGone
        return self._cdp

    async def _drop(self) -> None:
        if self._cdp is not None:
            await self._cdp.close()
            self._cdp = None
        for task in list(self._tasks):
            task.cancel()

    async def _end(self) -> None:
        if self._running is not None:
            await self._running.stop()
            self._running = None
            await asyncio.to_thread(launch.wipe, self._profile)

    def _heard(self, method: str, message: JsonObject, session: str) -> None:
        if method == "Fetch.requestPaused" and session == self._tab:
            task = asyncio.create_task(self._paused(message))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        lost = method == "Target.detachedFromTarget" and message.get("sessionId") == self._tab
        if (lost or method in ("Inspector.targetCrashed", "Target.targetCrashed")) and self._cdp is not None:
            self._cdp.closed = True

    async def _paused(self, message: JsonObject) -> None:
        """Let a request or an answer pass: requests to the service alone, answers noted. What is not understood is not
        let pass, and ends nothing else."""
        try:
            paused = msgspec.convert(message, Paused)
        except msgspec.ValidationError as error:  # its text names kinds and places, no value
            log.warning("the browser held something up that is not understood: %s", error)
            return
        url, key = paused.request.url, paused.request_id
        with contextlib.suppress(CommandFailed, BrowserGone, TimeoutError):
            if paused.answered:
                headers = {header.name.lower(): header.value for header in paused.response_headers or ()}
                self.seen.append(Seen(url, paused.response_status_code or 0, headers))
            elif not self._may(url):
                self.refused.append(_host(url))
                await self._link().send("Fetch.failRequest", self._tab, requestId=key, errorReason="BlockedByClient")
                return
            await self._link().send("Fetch.continueRequest", self._tab, requestId=key)

    def _may(self, url: str) -> bool:
        return url.startswith(_INSIDE) or self._allowed(_host(url))

    def _allowed(self, host: str) -> bool:
        return host in self._hosts or (self._wide and (host == "ameli.fr" or host.endswith(".ameli.fr")))


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").lower()
