"""A person at the browser's window, for tests: types and clicks over a debugging connection of their own."""

import asyncio
import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from agent.connection.transports.browser.cdp import Cdp, CommandFailed

_THERE = "document.querySelector('%s') !== null"


@contextmanager
def screen() -> Iterator[str]:
    """A virtual screen; its name for DISPLAY."""
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x900x24", "-nolisten", "tcp"], pass_fds=(write,),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(write)
    try:
        number = b""
        while not number.endswith(b"\n"):
            got = os.read(read, 16)
            assert got, "Xvfb ended"
            number += got
        yield f":{number.decode().strip()}"
    finally:
        server.terminate()
        server.wait(10)
        os.close(read)


class Person:
    """Somebody who sees the window and uses its keyboard."""

    def __init__(self, profile: Path) -> None:
        self._profile = profile

    async def _tab(self) -> tuple[Cdp, str]:
        until = time.monotonic() + 30
        while True:
            try:
                port, path = (self._profile / "DevToolsActivePort").read_text().split("\n")[:2]
                link = await Cdp.connect(f"ws://127.0.0.1:{port}{path}")
                break
            except (OSError, ValueError):
                assert time.monotonic() < until, "no window"
                await asyncio.sleep(0.2)
        while True:  # the tab that shows the service: others may come and go before it does
            pages = [one for one in (await link.send("Target.getTargets"))["targetInfos"] if one["type"] == "page"]
            shown = [one for one in pages if one["url"].startswith("http") and ":65535/" not in one["url"]]
            if shown or time.monotonic() > until - 25:
                break
            await asyncio.sleep(0.2)
        chosen = (shown or pages)[0]
        session = (await link.send("Target.attachToTarget", targetId=chosen["targetId"], flatten=True))["sessionId"]
        return link, session

    async def sign_in(self, nir: str, password: str, read_code: Callable[[], str] | None = None) -> None:
        """Type number and password into the form, once it is there, and press Enter; with ``read_code``, ask for the
        one-time code, type what it reads, and have the device remembered."""
        link, tab = await self._tab()
        try:
            for _try in range(5):  # a page that was just coming may take what was typed away
                await self._wait(link, tab, _THERE % "input[type=password]")
                await self._type(link, tab, "input[name=user]", nir)
                await self._type(link, tab, "input[type=password]", password)
                typed = ("[document.querySelector('input[name=user]').value, "
                         "document.querySelector('input[type=password]').value].join('|')")
                if await self._run(link, tab, typed) != f"{nir}|{password}":
                    continue
                await self._enter(link, tab)
                if await self._gone(link, tab, _THERE % "input[type=password]"):
                    break
            if read_code is not None:
                await self._wait(link, tab, _THERE % "#BoutonGenerationOTP")
                await self._run(link, tab, "document.querySelector('#BoutonGenerationOTP').click()")
                await self._wait(link, tab, _THERE % "#numOTP1")
                for rank, figure in enumerate(read_code(), 1):
                    await self._type(link, tab, f"#numOTP{rank}", figure)
                await self._run(link, tab, "document.querySelector('#enrolerDevice').click()")
                await self._enter(link, tab)
        finally:
            await link.close()

    async def look(self, condition: str) -> None:
        """Wait until the window shows something: a condition in the page's own words."""
        link, tab = await self._tab()
        try:
            await self._wait(link, tab, condition)
        finally:
            await link.close()

    async def close_window(self) -> None:
        """Close the browser."""
        link, _ = await self._tab()
        await link.send("Browser.close")
        await link.close()

    async def _type(self, link: Cdp, tab: str, field: str, text: str) -> None:
        await self._run(
            link, tab, f"(one => {{ one.value = ''; one.focus(); }})(document.querySelector({json.dumps(field)}))")
        await link.send("Input.insertText", tab, text=text)

    async def _enter(self, link: Cdp, tab: str) -> None:
        for kind in ("keyDown", "keyUp"):
            await link.send("Input.dispatchKeyEvent", tab, type=kind, key="Enter", code="Enter", text="\r",
                            windowsVirtualKeyCode=13)

    async def _gone(self, link: Cdp, tab: str, condition: str) -> bool:
        """Whether the page went on within some seconds."""
        until = time.monotonic() + 8
        while time.monotonic() < until:
            if await self._run(link, tab, condition) is False:
                return True
            await asyncio.sleep(0.1)
        return False

    async def _wait(self, link: Cdp, tab: str, condition: str) -> None:
        until = time.monotonic() + 30
        while not await self._run(link, tab, condition):
            assert time.monotonic() < until, condition
            await asyncio.sleep(0.1)

    async def _run(self, link: Cdp, tab: str, script: str) -> Any:
        try:
            found = await link.send("Runtime.evaluate", tab, expression=script, returnByValue=True)
        except CommandFailed:  # the page was just replaced by the next
            return None
        return found["result"].get("value")
