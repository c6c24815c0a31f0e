"""A stand-in of systemd's login manager on a bus of a test's own: it hands out inhibitors, and says when it sleeps."""

from __future__ import annotations

import os
import select
import threading
from pathlib import Path

from jeepney import DBusAddress, HeaderFields, Message, MessageType, new_error, new_method_return, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, open_dbus_connection

NAME, PATH = "org.freedesktop.login1", "/org/freedesktop/login1"
MANAGER = "org.freedesktop.login1.Manager"


class LoginManager:
    """Serves in a thread of its own until closed."""

    def __init__(self, address: str) -> None:
        self._wire: DBusConnection = open_dbus_connection(address, enable_fds=True)
        self._wire.send_and_get_reply(message_bus.RequestName(NAME))
        self._sending = threading.Lock()
        self._ended = threading.Event()
        self.asked: list[tuple[str, ...]] = []
        """What each inhibitor was asked for with."""
        self.refuses = ""
        """The error that inhibitors are answered with."""
        self.refused = 0
        self._held: list[int] = []
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while not self._ended.is_set():
            try:
                call = self._wire.receive(timeout=0.05)
            except TimeoutError:
                continue
            if call.header.message_type is MessageType.method_call:
                self._answer(call)

    def _answer(self, call: Message) -> None:
        assert call.header.fields[HeaderFields.member] == "Inhibit"
        with self._sending:
            if self.refuses:
                self._wire.send(new_error(call, self.refuses))
                self.refused += 1
                return
            mine, theirs = os.pipe()
            self._wire.send(new_method_return(call, "h", (theirs,)))
            os.close(theirs)
        self._held.append(mine)
        self.asked.append(call.body)

    @property
    def waits(self) -> bool:
        """Whether somebody still holds an inhibitor: the other end of a pipe, which closes with its last holder."""
        for end in list(self._held):
            if select.select([end], [], [], 0)[0]:
                os.close(end)
                self._held.remove(end)
        return bool(self._held)

    def sleeps(self, going: bool) -> None:
        """Say that the machine is about to sleep, or awake again."""
        with self._sending:
            self._wire.send(new_signal(DBusAddress(PATH, interface=MANAGER), "PrepareForSleep", "b", (going,)))

    def close(self) -> None:
        """Leave the bus, as at a stop of the service."""
        self._ended.set()
        self._thread.join(10)
        self._wire.close()
        for end in self._held:
            os.close(end)


def environ(folder: Path) -> dict[str, str]:
    """Where the bus in ``folder`` is, for a program that looks for the system's."""
    return {"DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={folder}/bus"}
