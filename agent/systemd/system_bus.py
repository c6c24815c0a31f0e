"""A connection to the system's message bus that can be handed descriptors; it sleeps while nothing is said."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import socket
import struct
from collections import deque
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jeepney import Message

_MOST = 64 * 1024
"""Bytes of a message: those of the login manager have some hundred."""
_CLOSED_AT_EXEC: int = getattr(socket, "MSG_CMSG_CLOEXEC", 0)
"""For descriptors that come: no program that is started later gets them. Not everywhere."""
_DEFAULT = "unix:path=/run/dbus/system_bus_socket"


class BusEnded(Exception):
    """The bus is not there, ends, or says what nobody understands; the text says which."""


class BusRefused(Exception):
    """A call is answered by an error; the text is its whole name."""


class SystemBus:
    """One connection, for one task. Descriptors that come with what nobody asked for are closed."""

    def __init__(self, link: socket.socket) -> None:
        """``link``: connected, and not blocking; nothing said yet."""
        from jeepney import Parser

        self._link, self._parser, self._serials = link, Parser(), itertools.count(1)
        self._early: deque[Message] = deque()
        """Signals that came before the answer to a call."""

    @classmethod
    async def open(cls, environ: Mapping[str, str]) -> SystemBus:
        """Connect and say hello. Raises BusEnded, BusRefused; waits for as long as the bus does."""
        from jeepney.bus import get_connectable_addresses
        from jeepney.bus_messages import message_bus

        link = socket.socket(socket.AF_UNIX)
        link.setblocking(False)
        try:
            address = next(get_connectable_addresses(environ.get("DBUS_SYSTEM_BUS_ADDRESS") or _DEFAULT))
            await asyncio.get_running_loop().sock_connect(link, address)
            bus = cls(link)
            await bus._authenticate()
            await bus.call(message_bus.Hello())
        except (OSError, RuntimeError, ValueError) as error:  # the last two: an address, or a greeting, of another kind
            link.close()
            raise BusEnded(type(error).__name__) from error
        except BaseException:
            link.close()
            raise
        return bus

    async def _authenticate(self) -> None:
        from jeepney.auth import BEGIN, Authenticator

        loop, state = asyncio.get_running_loop(), Authenticator(enable_fds=True)
        for line in state:
            await loop.sock_sendall(self._link, line)
            answer = await loop.sock_recv(self._link, 1024)
            if not answer:
                raise BusEnded("EOF")
            state.feed(answer)
        await loop.sock_sendall(self._link, BEGIN)

    async def call(self, message: Message) -> tuple[object, ...]:
        """What a method answers. A descriptor in it is jeepney's ``FileDescriptor``, the caller's to close.

        Raises BusRefused, BusEnded.
        """
        from jeepney import HeaderFields, MessageType

        serial = next(self._serials)
        try:
            await asyncio.get_running_loop().sock_sendall(self._link, message.serialise(serial=serial))
        except OSError as error:
            raise BusEnded(type(error).__name__) from error
        while True:
            said = await self._receive()
            kind, fields = said.header.message_type, said.header.fields
            if fields.get(HeaderFields.reply_serial) == serial and kind is MessageType.error:
                raise BusRefused(fields.get(HeaderFields.error_name, ""))
            if fields.get(HeaderFields.reply_serial) == serial and kind is MessageType.method_return:
                return tuple(said.body)
            close_all(said.body)
            if kind is MessageType.signal:
                self._early.append(said)

    async def signal(self) -> Message:
        """The next signal, however long it takes. Raises BusEnded."""
        from jeepney import MessageType

        while not self._early:
            said = await self._receive()
            close_all(said.body)
            if said.header.message_type is MessageType.signal:
                return said
        return self._early.popleft()

    async def _receive(self) -> Message:
        from jeepney.fds import FileDescriptor, fds_buf_size

        try:
            while (said := self._parser.get_next_message()) is None:
                wanted = self._parser.bytes_desired()
                if wanted > _MOST:
                    raise BusEnded("too long")
                await self._readable()
                data, extra, flags, _from = self._link.recvmsg(wanted, fds_buf_size(), _CLOSED_AT_EXEC)
                self._parser.add_data(data, FileDescriptor.from_ancdata(extra))
                if not data or flags & socket.MSG_CTRUNC:
                    raise BusEnded("EOF")
            return said
        except OSError as error:
            raise BusEnded(type(error).__name__) from error
        except (ValueError, TypeError, KeyError, IndexError, struct.error) as error:
            raise BusEnded("not D-Bus") from error

    async def _readable(self) -> None:
        loop = asyncio.get_running_loop()
        ready = asyncio.Event()
        loop.add_reader(self._link, ready.set)
        try:
            await ready.wait()
        finally:
            loop.remove_reader(self._link)

    def close(self) -> None:
        """Let go of the bus."""
        close_all(self._parser.fds)
        self._link.close()


def close_all(parts: object) -> None:
    """Close the descriptors that lie among the parts of a message."""
    from jeepney.fds import FileDescriptor

    for part in parts if isinstance(parts, list | tuple) else ():
        if isinstance(part, FileDescriptor):
            with contextlib.suppress(OSError):
                os.close(part.to_raw_fd())
