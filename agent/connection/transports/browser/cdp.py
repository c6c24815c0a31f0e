"""The browser's debugging protocol: commands answered by number, events handed to listeners, over one web socket."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import msgspec

from agent.concurrency.reader_threads import aside
from agent.connection.transports.browser.errors import BrowserGone
from config.json_value import JsonObject, JsonValue

if TYPE_CHECKING:
    from websockets.asyncio.client import ClientConnection

T = TypeVar("T")
log = logging.getLogger(__name__)
_LARGEST = 128 << 20
_CONNECT_S = 10.0
_LARGE = 64 << 10
"""Characters of a message that is read aside: it brings a page."""


class CommandFailed(Exception):
    """The browser refused a command. The text names the command alone: answers may quote pages."""


class Cdp:
    """One connection to a browser. Commands take an optional session: the tab they are for."""

    def __init__(self, link: ClientConnection) -> None:
        self._link = link
        self._numbers = itertools.count(1)
        self._waiting: dict[int, tuple[str, asyncio.Future[JsonObject]]] = {}
        self._listeners: list[Callable[[str, JsonObject, str], None]] = []
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

    def listen(self, listener: Callable[[str, JsonObject, str], None]) -> None:
        """Hand every event to ``listener(method, parameters, session)``; it must not wait."""
        self._listeners.append(listener)

    async def send(self, method: str, session: str | None = None, /, timeout_s: float = 30.0, **parameters: JsonValue
                   ) -> JsonObject:
        """Send a command and return its result. Raises BrowserGone, CommandFailed, TimeoutError."""
        if self.closed:
            raise BrowserGone
        number = next(self._numbers)
        answer: asyncio.Future[JsonObject] = asyncio.get_running_loop().create_future()
        self._waiting[number] = method, answer
        message: JsonObject = {"id": number, "method": method, "params": parameters}
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

    async def ask(
        self, shape: type[T], method: str, session: str | None = None, /, timeout_s: float = 30.0,
        **parameters: JsonValue,
    ) -> T:
        """As `send`, with the result in its shape; one of another shape raises CommandFailed."""
        result = await self.send(method, session, timeout_s=timeout_s, **parameters)
        try:
            return msgspec.convert(result, shape)
        except msgspec.ValidationError:  # its text may quote the page
            raise CommandFailed(method) from None

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

    def _take(self, message: JsonObject) -> None:
        number, result = message.get("id"), message.get("result")
        if not isinstance(number, int):
            self._tell(message)
            return
        method, answer = self._waiting.get(number, ("", None))
        if answer is None or answer.done():
            return
        if "error" in message:
            answer.set_exception(CommandFailed(method))
        else:
            answer.set_result(result if isinstance(result, dict) else {})

    def _tell(self, event: JsonObject) -> None:
        method, parameters, session = event.get("method"), event.get("params"), event.get("sessionId")
        for listener in self._listeners:
            listener(method if isinstance(method, str) else "", parameters if isinstance(parameters, dict) else {},
                     session if isinstance(session, str) else "")


def _closed() -> tuple[type[Exception], ...]:
    """What the library raises once the connection is gone."""
    from websockets.exceptions import ConnectionClosed

    return (ConnectionClosed,)
