"""Finding a browser of the Chromium family and starting it, with a profile of its own and nothing it might tell."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from agent.account import clean_text
from agent.connection.transports.browser.errors import (
    BrowserBarred,
    BrowserGone,
    BrowserNotKeptIn,
    BrowserNotStarted,
    BrowserUnreachable,
    NoBrowser,
    NoDisplay,
)
from agent.systemd import transient_unit
from config.python_process import python_environment
from config.screen import screen_of

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "brave-browser", "microsoft-edge")
MAC = ("Google Chrome", "Chromium", "Brave Browser", "Microsoft Edge")
USUAL_PORT = 9222
_PORT_FILE = "DevToolsActivePort"
_START_S = 30.0
_UNIT_STOPS_S = 10.0
_OWN_HOSTS = "ameli.fr"
_WIPE_TRIES, _WIPE_PAUSE_S = 40, 0.05
log = logging.getLogger(__name__)


def find_browser(given: str = "", platform: str = sys.platform) -> str:
    """The browser's program: the one set, else the first one known. Raises NoBrowser."""
    if given:
        if path := shutil.which(given):
            return path
        raise NoBrowser
    if platform == "darwin":
        for name in MAC:
            path = f"/Applications/{name}.app/Contents/MacOS/{name}"
            if os.access(path, os.X_OK):
                return path
    for name in NAMES:
        if path := shutil.which(name):
            return path
    raise NoBrowser


def has_display(environ: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Whether a window can be shown."""
    return platform == "darwin" or bool(screen_of(environ))


def remote_start(port: int) -> str:
    """The command that starts a browser on the person's own computer, for a forwarded port."""
    return (f'chromium --remote-debugging-port={port} --user-data-dir="$HOME/.ameli-browser"'
            f' --host-resolver-rules="{resolver_rules((f"*.{_OWN_HOSTS}",))}"')


def resolver_rules(hosts: tuple[str, ...]) -> str:
    """The browser's own rule that no other name than ``hosts`` stands for any address."""
    return f"MAP * ~NOTFOUND, {', '.join(f'EXCLUDE {host}' for host in hosts)}"


def not_kept_in(port: int) -> BrowserNotKeptIn:
    """The browser at a forwarded port was started without that rule."""
    return BrowserNotKeptIn(start=remote_start(port))


def no_display(port: int = USUAL_PORT) -> NoDisplay:
    """What to do over SSH."""
    return NoDisplay(port=port, start=remote_start(port), host=socket.gethostname())


def unreachable(port: int) -> BrowserUnreachable:
    """Nothing answers at a forwarded port."""
    return BrowserUnreachable(port=port, start=remote_start(port), host=socket.gethostname())


def arguments(program: str, profile: Path, hosts: tuple[str, ...], *, as_root: bool) -> list[str]:
    """The command line: a visible window that resolves no other host than the service's."""
    if any(host.endswith(f".{_OWN_HOSTS}") for host in hosts):
        hosts = (*hosts, f"*.{_OWN_HOSTS}")
    return [
        program, f"--user-data-dir={profile}", "--remote-debugging-port=0", "--remote-debugging-address=127.0.0.1",
        f"--host-resolver-rules={resolver_rules(hosts)}",
        "--no-first-run", "--no-default-browser-check", "--no-service-autorun", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--disable-default-apps", "--disable-domain-reliability",
        "--disable-client-side-phishing-detection", "--disable-breakpad", "--no-pings", "--password-store=basic",
        "--disable-features=Translate,OptimizationHints,MediaRouter,AutofillServerCommunication",
        # Chromium refuses its own cage as root: containers only.
        *(["--no-sandbox"] if as_root else []),
        "about:blank",
    ]


class Running:
    """A browser that was started here."""

    def __init__(self, process: asyncio.subprocess.Process, address: str, unit: str | None = None) -> None:
        """``unit``: it runs outside the service's sandbox, as that unit, and ``process`` waits for its end."""
        self._process = process
        self._unit = unit
        self.address = address
        """``ws://…`` of the whole browser."""

    @property
    def alive(self) -> bool:
        """It has not ended."""
        return self._process.returncode is None

    async def stop(self) -> None:
        """End it: politely, then not, and its helpers with it."""
        if self._unit is not None:
            await self._stop_unit(self._unit)
        for sign in (signal.SIGTERM, signal.SIGKILL):
            if self.alive:
                self._process.send_signal(sign)
                try:
                    async with asyncio.timeout(5):
                        await self._process.wait()
                except TimeoutError:
                    continue
        with contextlib.suppress(ProcessLookupError):
            # It leads a group of its own; helpers that outlive it would still write into the profile.
            os.killpg(self._process.pid, signal.SIGKILL)


    async def _stop_unit(self, unit: str) -> None:
        ender = await asyncio.create_subprocess_exec(
            *transient_unit.end(unit), stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL)
        try:
            async with asyncio.timeout(_UNIT_STOPS_S):
                await ender.wait()
                await self._process.wait()
        except TimeoutError:
            log.error("the browser's unit did not end: %s", unit)
            if ender.returncode is None:
                ender.kill()
                await ender.wait()


def wipe(profile: Path) -> bool:
    """Remove what a browser left on disk: the session is kept by the vault, or not at all. Takes up to 2 s; False when
    something stays, and the log says so."""
    for _ in range(_WIPE_TRIES):
        shutil.rmtree(profile, ignore_errors=True)
        if not profile.exists():
            return True
        time.sleep(_WIPE_PAUSE_S)  # a helper that is ending wrote once more
    log.error("the browser's profile could not be removed: %s", profile)
    return False


def _prepare(profile: Path) -> None:
    if not wipe(profile):
        raise BrowserNotStarted(why=f"{profile}: in use")
    profile.mkdir(parents=True, mode=0o700)


async def _end_left_behind(profile: Path) -> None:
    """End the browser of an agent that was killed: its window would go on with nobody watching over it."""
    from agent.connection.transports.browser.cdp import Cdp, CommandFailed

    try:
        link = await Cdp.connect(_address(profile))
    except (OSError, ValueError, TimeoutError):
        return  # the usual case: there is none
    with contextlib.suppress(CommandFailed, BrowserGone, TimeoutError):
        await link.send("Browser.close")
    await link.close()
    log.warning("a browser that was left behind was closed")


def _address(profile: Path) -> str:
    """Where the browser of a profile listens. Raises OSError, ValueError while it does not."""
    port, path = (profile / _PORT_FILE).read_text("ascii").split("\n")[:2]
    return f"ws://127.0.0.1:{int(port)}{path.strip()}"


async def start(program: str, profile: Path, hosts: tuple[str, ...], environ: Mapping[str, str]) -> Running:
    """Start the browser and wait for its debugging port. Raises NoDisplay, BrowserNotStarted."""
    if not has_display(environ):
        raise no_display()
    await _end_left_behind(profile)
    await asyncio.to_thread(_prepare, profile)
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    command, unit = arguments(program, profile, hosts, as_root=as_root), None
    if (service := transient_unit.own_service(environ)) is not None:
        if not transient_unit.can_leave(environ):
            raise BrowserBarred
        unit = transient_unit.new_unit(service, "browser")
        command = transient_unit.outside(command, unit, service, screen_of(environ))
    try:
        process = await asyncio.create_subprocess_exec(
            *command, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
            # What systemd-run itself says is a line or two; a browser talks without end.
            stderr=asyncio.subprocess.PIPE if unit else asyncio.subprocess.DEVNULL, env=python_environment(environ),
            start_new_session=True)
    except OSError as error:
        raise BrowserNotStarted(why=error.strerror or str(error)) from error
    waited = 0.0
    while waited < _START_S:
        if process.returncode is not None:
            raise BrowserNotStarted(why=await _last_words(process))
        try:
            return Running(process, _address(profile), unit)
        except (OSError, ValueError):
            await asyncio.sleep(0.1)
            waited += 0.1
    await Running(process, "", unit).stop()
    raise BrowserNotStarted(why="no debugging port")


async def _last_words(process: asyncio.subprocess.Process) -> str:
    """Why a browser, or what was to start it, ended."""
    said = await process.stderr.read(2000) if process.stderr is not None else b""
    text = clean_text(" ".join(said.decode(errors="replace").split()), 300)
    return f"exit {process.returncode}" + (f" ({text})" if text else "")
