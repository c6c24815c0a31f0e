"""Finding a browser of the Chromium family and starting it, with a profile of its own and nothing it might tell."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from agent.transports.browser.errors import BrowserNotStarted, BrowserUnreachable, NoBrowser, NoDisplay

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "brave-browser", "microsoft-edge")
MAC = ("Google Chrome", "Chromium", "Brave Browser", "Microsoft Edge")
USUAL_PORT = 9222
_PORT_FILE = "DevToolsActivePort"
_START_S = 30.0
_OWN_HOSTS = "ameli.fr"


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
    return platform == "darwin" or bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))


def remote_start(port: int) -> str:
    """The command that starts a browser on the person's own computer, for a forwarded port."""
    return f"chromium --remote-debugging-port={port} --user-data-dir=\"$HOME/.ameli-browser\""


def no_display(port: int = USUAL_PORT) -> NoDisplay:
    """What to do over SSH."""
    return NoDisplay(port=port, start=remote_start(port), host=socket.gethostname())


def unreachable(port: int) -> BrowserUnreachable:
    """Nothing answers at a forwarded port."""
    return BrowserUnreachable(port=port, start=remote_start(port), host=socket.gethostname())


def arguments(program: str, profile: Path, hosts: tuple[str, ...], *, as_root: bool) -> list[str]:
    """The command line: a visible window that resolves no other host than the service's."""
    allowed = ", ".join(f"EXCLUDE {host}" for host in (*hosts, f"*.{_OWN_HOSTS}"))
    return [
        program, f"--user-data-dir={profile}", "--remote-debugging-port=0", "--remote-debugging-address=127.0.0.1",
        f"--host-resolver-rules=MAP * ~NOTFOUND, {allowed}",
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

    def __init__(self, process: asyncio.subprocess.Process, address: str) -> None:
        self._process = process
        self.address = address
        """``ws://…`` of the whole browser."""

    @property
    def alive(self) -> bool:
        """It has not ended."""
        return self._process.returncode is None

    async def stop(self) -> None:
        """End it: politely, then not."""
        for sign in (signal.SIGTERM, signal.SIGKILL):
            if self.alive:
                self._process.send_signal(sign)
                try:
                    async with asyncio.timeout(5):
                        await self._process.wait()
                except TimeoutError:
                    continue


def wipe(profile: Path) -> None:
    """Remove what a browser left on disk: the session is kept by the vault, or not at all."""
    shutil.rmtree(profile, ignore_errors=True)


def _prepare(profile: Path) -> None:
    wipe(profile)
    profile.mkdir(parents=True, exist_ok=True, mode=0o700)


async def start(program: str, profile: Path, hosts: tuple[str, ...], environ: Mapping[str, str]) -> Running:
    """Start the browser and wait for its debugging port. Raises NoDisplay, BrowserNotStarted."""
    if not has_display(environ):
        raise no_display()
    port_file = profile / _PORT_FILE
    await asyncio.to_thread(_prepare, profile)
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    try:
        process = await asyncio.create_subprocess_exec(
            *arguments(program, profile, hosts, as_root=as_root), stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL, env=dict(environ),
            start_new_session=True)
    except OSError as error:
        raise BrowserNotStarted(why=error.strerror or str(error)) from error
    waited = 0.0
    while waited < _START_S:
        if process.returncode is not None:
            raise BrowserNotStarted(why=f"exit {process.returncode}")
        try:
            port, path = port_file.read_text("ascii").split("\n")[:2]
            return Running(process, f"ws://127.0.0.1:{int(port)}{path.strip()}")
        except (OSError, ValueError):
            await asyncio.sleep(0.1)
            waited += 0.1
    process.kill()
    raise BrowserNotStarted(why="no debugging port")
