"""The browser's debugging protocol: commands answered by number, events handed to listeners, over one web socket."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import logging
from collections.abc import Callable
from typing import Any

from agent.concurrency.reader_threads import aside
from agent.connection.transports.browser.errors import BrowserGone

Message = dict[str, Any]
log = logging.getLogger(__name__)
_LARGEST = 128 << 20
_CONNECT_S = 10.0
_LARGE = 64 << 10
"""Characters of a message that is read aside: it brings a page."""


class CommandFailed(Exception):
    """The browser refused a command. The text names the command alone: answers may quote pages."""


class Cdp:
    """One connection to a browser. Commands take an optional session: the tab they are for."""

    def __init__(self, link: Any) -> None:
        self._link = link
        self._numbers = itertools.count(1)
        self._waiting: dict[int, tuple[str, asyncio.Future[Message]]] = {}
        self._listeners: list[Callable[[str, Message, str], None]] = []
        self._reading = asyncio.create_task(self._read())
        self.closed = False

    @classmethod
    async def connect(cls, address: str) -> Cdp:
        """Connect to a ``ws://`` address of this machine. Raises OSError, TimeoutError."""
        from websockets.asyncio.client import connect  # 70 ms, and only where a browser is used
        from websockets.exceptions import InvalidHandshake

        try:
            return cls(await connect(
                address, max_size=_LARGEST, open_timeout=_CONNECT_S, ping_interval=None, compression=None, proxy=None))
        except InvalidHandshake as error:
            raise OSError("not a browser") from error

    def listen(self, listener: Callable[[str, Message, str], None]) -> None:
        """Hand every event to ``listener(method, parameters, session)``; it must not wait."""
        self._listeners.append(listener)

    async def send(self, method: str, session: str | None = None, /, timeout_s: float = 30.0, **parameters: Any
                   ) -> Message:
        """Send a command and return its result. Raises BrowserGone, CommandFailed, TimeoutError."""
        if self.closed:
            raise BrowserGone
        number = next(self._numbers)
        answer: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._waiting[number] = method, answer
        message: Message = {"id": number, "method": method, "params": parameters}
        if session is not None:
            message["sessionId"] = session
        try:
            await self._link.send(json.dumps(message))
            async with asyncio.timeout(timeout_s):
                return await answer
        except _closed():
            raise BrowserGone from None
        finally:
            self._waiting.pop(number, None)

    async def close(self) -> None:
        """Close the connection; the browser stays as it is."""
        self.closed = True
        with contextlib.suppress(OSError, *_closed()):
            await self._link.close()
        self._reading.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._reading

    async def _read(self) -> None:
        try:
            async for text in self._link:
                self._take(await aside(json.loads, text) if len(text) > _LARGE else json.loads(text))
        except _closed():
            log.info("the browser's debugging connection ended")
        finally:
            self.closed = True
            for _, answer in self._waiting.values():
                if not answer.done():
                    answer.set_exception(BrowserGone())

    def _take(self, message: Message) -> None:
        number = message.get("id")
        if number is None:
            for listener in self._listeners:
                listener(message.get("method", ""), message.get("params", {}), message.get("sessionId", ""))
            return
        method, answer = self._waiting.get(number, ("", None))
        if answer is None or answer.done():
            return
        if "error" in message:
            answer.set_exception(CommandFailed(method))
        else:
            answer.set_result(message.get("result", {}))


def _closed() -> tuple[type[Exception], ...]:
    """What the library raises once the connection is gone."""
    from websockets.exceptions import ConnectionClosed

    return (ConnectionClosed,)
