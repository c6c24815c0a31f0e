"""Desktop notifications over a real message bus, with a stand-in of the service that shows them."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from jeepney import DBusAddress, new_signal
from jeepney.io.asyncio import open_dbus_connection

from agent.notifications.channels import Desktop, Notice
from agent.notifications.errors import NoAnswer, Refused
from agent.notifications.message_bus import Clickable
from agent.notifications.screens import open_screens, terminal
from tests.agent.notifications.bus import desktop, needs_bus, private_bus

NOTICE: Notice = {"event": "test", "lang": "fr"}


@pytest.fixture
async def address(tmp_path: Path) -> AsyncIterator[str]:
    async with private_bus(tmp_path) as where:
        yield where


async def until(filled: list[str]) -> None:
    """Let others run until the list is no longer empty."""
    end = time.monotonic() + 10
    while not filled:
        assert time.monotonic() < end, "it never came"
        await asyncio.sleep(0.01)


@needs_bus
async def test_a_notice_arrives_whole_with_a_button_that_opens_the_screens(address: str) -> None:
    opened: list[str] = []

    async def opens(token: str) -> None:
        opened.append(token)

    bus = Clickable({"DBUS_SESSION_BUS_ADDRESS": address}, 5)
    async with desktop(address) as service:
        await bus.show("ameli", "Un nouveau paiement <b>", "Ouvrir", opens)
        ((app, replaces, _icon, title, body, actions, _hints, _expires),) = service.shown
        assert (app, replaces, title, body, actions) == ("ameli", 0, "ameli", "Un nouveau paiement <b>",
                                                          ["default", "Ouvrir"])
        await service.says("ActionInvoked", "us", 7, "default")  # another program's notice
        await service.says("ActivationToken", "us", 1, "token-1")
        await service.says("ActionInvoked", "us", 1, "default")
        await until(opened)
    assert opened == ["token-1"]
    bus.close()


@needs_bus
async def test_a_click_that_another_program_invents_opens_nothing(address: str) -> None:
    opened: list[str] = []

    async def opens(token: str) -> None:
        opened.append(token)

    bus = Clickable({"DBUS_SESSION_BUS_ADDRESS": address}, 5)
    async with desktop(address) as service:
        await bus.show("ameli", "x", "Ouvrir", opens)
        stranger = await open_dbus_connection(address)
        path = DBusAddress("/org/freedesktop/Notifications", interface="org.freedesktop.Notifications")
        await stranger.send(new_signal(path, "ActionInvoked", "us", (1, "default")))
        await stranger.close()
        await service.says("ActionInvoked", "us", 1, "default")
        await until(opened)
    assert len(opened) == 1
    bus.close()


@needs_bus
@pytest.mark.parametrize(("able", "body", "actions"), [
    (("body", "body-markup"), "a &lt;b&gt; &amp; c", []), (("actions",), "a <b> & c", ["default", "Ouvrir"]),
    ((), "a <b> & c", []),
])
async def test_only_what_the_desktop_can_do_is_asked_of_it(
    address: str, able: tuple[str, ...], body: str, actions: list[str],
) -> None:
    async def opens(token: str) -> None:
        raise AssertionError(token)

    bus = Clickable({"DBUS_SESSION_BUS_ADDRESS": address}, 5)
    async with desktop(address, able) as service:
        await bus.show("ameli", "a <b> & c", "Ouvrir", opens)
        assert (service.shown[0][4], service.shown[0][5]) == (body, actions)
        await service.says("NotificationClosed", "uu", 1, 2)
    bus.close()


@needs_bus
async def test_a_bus_without_a_service_and_a_service_that_refuses_are_told_as_such(address: str) -> None:
    channel = Desktop(find=lambda name: None, environ={"DBUS_SESSION_BUS_ADDRESS": address}, deadline_s=5)
    with pytest.raises(Refused, match="ServiceUnknown"):
        await channel.send("x", NOTICE)
    async with desktop(address) as service:
        service.refuses = "GetCapabilities"
        with pytest.raises(Refused, match="LimitsExceeded"):
            await channel.send("x", NOTICE)
        service.refuses = "Notify"
        with pytest.raises(Refused, match="LimitsExceeded"):
            await channel.send("x", NOTICE)
        service.refuses = ""
        await channel.send("x", NOTICE)
        assert service.shown[0][5] == [], "without a terminal there is nothing to open"


@needs_bus
async def test_a_service_that_never_answers_costs_the_deadline_and_no_more(address: str) -> None:
    channel = Desktop(find=lambda name: None, environ={"DBUS_SESSION_BUS_ADDRESS": address}, deadline_s=0.3)
    async with desktop(address) as service:
        service.mute = True
        with pytest.raises(NoAnswer, match=r"0\.3 s"):
            await channel.send("x", NOTICE)


async def test_a_bus_that_is_mute_or_speaks_nonsense_is_given_up(tmp_path: Path) -> None:
    said = [b"", b"nonsense\r\n" * 200]

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10)
        writer.write(said[-1])
        await writer.drain()
        await reader.read()
        writer.close()

    server = await asyncio.start_unix_server(answer, tmp_path / "bus")
    environ = {"XDG_RUNTIME_DIR": str(tmp_path)}
    with pytest.raises(Refused):
        await Desktop(find=lambda name: None, environ=environ, deadline_s=5).send("x", NOTICE)
    said.pop()
    with pytest.raises(NoAnswer):
        await Desktop(find=lambda name: None, environ=environ, deadline_s=0.3).send("x", NOTICE)
    server.close()


def test_the_screens_open_in_a_window_of_the_terminal_that_is_there(tmp_path: Path) -> None:
    out = tmp_path / "args"
    program = tmp_path / "foot"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$XDG_ACTIVATION_TOKEN" "$AMELI_HOME" "$AMELI_PASSPHRASE_FILE" "$@" '
                       f"> {out}.part\nmv {out}.part {out}\n", encoding="utf-8")
    program.chmod(0o700)
    window = terminal(lambda name: str(program) if name == "foot" else None)
    assert window == (str(program),)
    assert terminal(lambda name: None) is None
    open_screens(window, {"PATH": "/bin:/usr/bin", "AMELI_HOME": "/h", "AMELI_PASSPHRASE_FILE": "/secret"}, "t")
    end = time.monotonic() + 10
    while not out.exists():
        assert time.monotonic() < end
        time.sleep(0.01)
    token, home, secret, *command = out.read_text(encoding="utf-8").split("\n")
    assert (token, home, secret) == ("t", "/h", "")
    assert "ameli_tui" in "\n".join(command)
