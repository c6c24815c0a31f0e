"""A message bus of a test's own, and a stand-in of the desktop's notification service on it."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from jeepney import (
    DBusAddress,
    HeaderFields,
    Message,
    MessageType,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.bus_messages import message_bus
from jeepney.io.asyncio import DBusConnection, DBusRouter, Proxy, open_dbus_connection

NAME, PATH = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
needs_bus = pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="dbus-daemon is not installed")


@contextlib.asynccontextmanager
async def private_bus(folder: Path) -> AsyncIterator[str]:
    """The address of a bus that ends with the block."""
    address = f"unix:path={folder}/bus"
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address=1", f"--address={address}"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        assert daemon.stdout is not None
        line = await asyncio.to_thread(daemon.stdout.readline)
        assert line.startswith(b"unix:")
        yield address
    finally:
        daemon.terminate()
        daemon.wait(10)
        if daemon.stdout is not None:
            daemon.stdout.close()


class Desktop:
    """The notification service: keeps what it is told, and clicks when a test does."""

    def __init__(self, wire: DBusConnection, able: list[str]) -> None:
        self._wire = wire
        self._able = able
        self.shown: list[tuple[Any, ...]] = []
        self.refuses = ""
        """The call that is refused."""
        self.mute = False

    async def serve(self) -> None:
        """Answer until cancelled."""
        while True:
            call = await self._wire.receive()
            if call.header.message_type is MessageType.method_call and not self.mute:
                await self._wire.send(self._answer(call))

    def _answer(self, call: Message) -> Message:
        asked = call.header.fields[HeaderFields.member]
        if asked == self.refuses:
            return new_error(call, "org.freedesktop.DBus.Error.LimitsExceeded")
        if asked == "GetCapabilities":
            return new_method_return(call, "as", (self._able,))
        self.shown.append(call.body)
        return new_method_return(call, "u", (len(self.shown),))

    async def says(self, member: str, signature: str, *body: object) -> None:
        """Tell everyone, as the service does of a click and of a notice that is gone."""
        emitter = DBusAddress(PATH, interface=NAME)
        await self._wire.send(new_signal(emitter, member, signature, body))


@contextlib.asynccontextmanager
async def desktop(address: str, able: tuple[str, ...] = ("actions", "body")) -> AsyncIterator[Desktop]:
    """The service on that bus."""
    wire = await open_dbus_connection(address)
    async with DBusRouter(wire) as router:
        await Proxy(message_bus, router).RequestName(NAME)
    service = Desktop(wire, list(able))
    serving = asyncio.create_task(service.serve())
    try:
        yield service
    finally:
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving
        await wire.close()
