"""Notifications over the desktop's message bus (org.freedesktop.Notifications), each with what a click on it does.

Signals of a notice come to the connection that sent it alone, so that one stays open for as long as it can be clicked.
"""

from __future__ import annotations

import asyncio
import contextlib
import html
import logging
import struct
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from agent.notifications.errors import NoAnswer, NoDesktop, Refused

if TYPE_CHECKING:
    from jeepney import Message
    from jeepney.io.asyncio import DBusConnection

_log = logging.getLogger(__name__)
_NAME = "org.freedesktop.Notifications"
_PATH = "/org/freedesktop/Notifications"
CLICKABLE_S = 1800.0
"""How long a click is waited for."""
_MOST = 4
"""Notices that can be clicked at a time."""
Open = Callable[[str], Awaitable[None]]
"""Opens the screens; takes the desktop's token for a new window, which may be empty."""


def bus_address(environ: Mapping[str, str]) -> str | None:
    """Where the desktop's message bus listens; None without a desktop session."""
    if given := environ.get("DBUS_SESSION_BUS_ADDRESS"):
        return given
    runtime = environ.get("XDG_RUNTIME_DIR")
    return f"unix:path={runtime}/bus" if runtime else None


class Clickable:
    """Shows notices, and waits for clicks on the newest of them."""

    def __init__(self, environ: Mapping[str, str], deadline_s: float) -> None:
        self._environ = environ
        self._deadline_s = deadline_s
        self._waiting: list[asyncio.Task[None]] = []

    async def show(self, title: str, text: str, label: str, opens: Open | None) -> None:
        """Show a notice; with ``opens`` a click on it, or on its button ``label``, opens the screens.

        Raises NoDesktop, NoAnswer, Refused.
        """
        address = bus_address(self._environ)
        if address is None:
            raise NoDesktop
        link: _Link | None = None
        waits = False
        try:
            async with asyncio.timeout(self._deadline_s):
                link = await _Link.open(address)
                number = await link.notify(title, text, label if opens else "")
            if link.clickable and opens is not None:
                self._wait(link, number, opens)
                waits = True
        except TimeoutError as error:
            raise NoAnswer(seconds=f"{self._deadline_s:g}") from error
        except _Unusable as error:
            raise Refused(reason=error) from error
        finally:
            if link is not None and not waits:
                link.close()

    def _wait(self, link: _Link, number: int, opens: Open) -> None:
        self._waiting = [task for task in self._waiting if not task.done()]
        for task in self._waiting[: max(0, len(self._waiting) - _MOST + 1)]:
            task.cancel()
        task = asyncio.get_running_loop().create_task(_clicked(link, number, opens))
        task.add_done_callback(lambda _done: link.close())  # also when it is cancelled before it began
        self._waiting.append(task)

    def close(self) -> None:
        """Wait for no click any more; the notices stay where they are."""
        for task in self._waiting:
            task.cancel()
        self._waiting.clear()


async def _clicked(link: _Link, number: int, opens: Open) -> None:
    try:
        async with asyncio.timeout(CLICKABLE_S):
            token = await link.click(number)
    except (TimeoutError, _Unusable):
        return
    if token is not None:
        try:
            await opens(token)
        except OSError as error:
            _log.info("the screens could not be opened from a notice: %s", error.strerror)


class _Unusable(Exception):
    """The bus is not there, ends, refuses, or says what nobody understands; the text says which."""


class _Link:
    """One connection to the bus, used for one notice."""

    def __init__(self, wire: DBusConnection) -> None:
        self._wire = wire
        self._early: list[Message] = []
        """Signals that came before the answer to a call."""
        self._server = ""
        self.clickable = False

    @classmethod
    async def open(cls, address: str) -> _Link:
        """Connect and say hello. Raises NoDesktop, _Unusable."""
        from jeepney.auth import BEGIN, AuthenticationError, Authenticator
        from jeepney.bus import get_connectable_addresses
        from jeepney.bus_messages import message_bus
        from jeepney.io.asyncio import DBusConnection

        try:
            reader, writer = await asyncio.open_unix_connection(next(get_connectable_addresses(address)))
        except FileNotFoundError as error:
            raise NoDesktop from error
        except OSError as error:
            raise _Unusable(error.strerror or "OSError") from error
        except (RuntimeError, ValueError) as error:
            raise _Unusable("DBUS_SESSION_BUS_ADDRESS") from error
        link = cls(DBusConnection(reader, writer))
        try:
            state = Authenticator()
            for line in state:
                writer.write(line)
                answer = await reader.read(1024)
                if not answer:
                    raise _Unusable("EOF")
                state.feed(answer)
            writer.write(BEGIN)
            await link._ask(message_bus.Hello())
        except (OSError, AuthenticationError) as error:
            link.close()
            raise _Unusable(type(error).__name__) from error
        except BaseException:
            link.close()
            raise
        return link

    async def notify(self, title: str, text: str, label: str) -> int:
        """Show a notice, with an action when ``label`` names one; its number. Raises _Unusable."""
        from jeepney import DBusAddress, MatchRule, new_method_call
        from jeepney.bus_messages import message_bus

        service = DBusAddress(_PATH, bus_name=_NAME, interface=_NAME)
        able = _words(await self._ask(new_method_call(service, "GetCapabilities")))
        self.clickable = bool(label) and "actions" in able
        if self.clickable:
            await self._ask(message_bus.AddMatch(MatchRule(type="signal", interface=_NAME, path=_PATH)))
        body = html.escape(text, quote=False) if "body-markup" in able else text
        actions = ["default", label] if self.clickable else []
        hints = {"urgency": ("y", 1)}
        answer = await self._ask(new_method_call(
            service, "Notify", "susssasa{sv}i", (title, 0, "", title, body, actions, hints, -1)))
        if not answer or not isinstance(answer[0], int):
            raise _Unusable("Notify")
        return answer[0]

    async def click(self, number: int) -> str | None:
        """Wait until the notice is clicked: the desktop's token for a window; None once it is gone unclicked.

        Raises _Unusable when the bus ends.
        """
        from jeepney import HeaderFields

        token = ""
        while True:
            signal = self._early.pop(0) if self._early else await self._receive()
            fields = signal.header.fields
            if fields.get(HeaderFields.sender) != self._server or not signal.body or signal.body[0] != number:
                continue
            member = fields.get(HeaderFields.member)
            if member == "ActivationToken" and len(signal.body) > 1:
                token = str(signal.body[1])
            elif member == "ActionInvoked":
                return token
            elif member == "NotificationClosed":
                return None

    def close(self) -> None:
        """Let go of the bus."""
        with contextlib.suppress(OSError):
            self._wire.writer.close()

    async def _ask(self, call: Message) -> tuple[object, ...]:
        from jeepney import HeaderFields, MessageType

        serial = next(self._wire.outgoing_serial)
        try:
            await self._wire.send(call, serial=serial)
        except OSError as error:
            raise _Unusable(type(error).__name__) from error
        while True:
            said = await self._receive()
            kind, fields = said.header.message_type, said.header.fields
            if kind is MessageType.signal:
                self._early.append(said)
            elif fields.get(HeaderFields.reply_serial) == serial:
                if kind is MessageType.error:
                    raise _Unusable(str(fields.get(HeaderFields.error_name, "error")).rpartition(".")[2])
                self._server = str(fields.get(HeaderFields.sender, ""))
                return tuple(said.body)

    async def _receive(self) -> Message:
        try:
            return await self._wire.receive()
        except (EOFError, OSError) as error:
            raise _Unusable("EOF") from error
        except (ValueError, TypeError, KeyError, IndexError, struct.error) as error:
            raise _Unusable("not D-Bus") from error


def _words(body: tuple[object, ...]) -> list[str]:
    return [word for word in body[0] if isinstance(word, str)] if body and isinstance(body[0], list) else []
