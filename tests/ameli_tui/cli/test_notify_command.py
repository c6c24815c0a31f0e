"""``ameli notify test``: each channel that is on, what became of it, and the cure, with the vault open or locked."""

import asyncio
import json
from pathlib import Path

from tests.agent.notifications.bus import desktop, needs_bus, private_bus
from tests.commands import Home, make_vault

NO_DESKTOP = {"DBUS_SESSION_BUS_ADDRESS": "", "DISPLAY": "", "WAYLAND_DISPLAY": ""}


def test_every_channel_that_is_on_is_tried_while_the_vault_is_locked(empty_home: Home, tmp_path: Path) -> None:
    make_vault(empty_home, "four random words")
    note = tmp_path / "note"
    empty_home.run("config", "set", "notify.command", "--", "/bin/sh", "-c", f"cat > {note}")
    done = empty_home.run("notify", "test", "--json", **NO_DESKTOP)
    assert done.code == 1, "not everything was told"
    tried = {one["name"]: one for one in done.json["channels"]}
    assert {name: one["ok"] for name, one in tried.items()} == {
        "desktop": False, "command": True, "terminal": False}
    assert tried["desktop"]["said"] == "There is no desktop session here."
    assert tried["command"]["cure"] is None
    assert "Open them" in tried["terminal"]["cure"]
    assert json.loads(note.read_text(encoding="utf-8")) == {
        "event": "test", "lang": "en", "text": "This is a test: notices of ameli arrive here."}
    assert empty_home.json("agent", "status")["locked"]

    french = empty_home.run("notify", "test", "terminal", AMELI_LANG="fr")
    assert (french.code, french.out.splitlines()) == (1, [
        "!!  terminal  Aucun écran n'est ouvert.",
        "    -> Ouvrez-les avec « ameli » dans un autre terminal, puis essayez de nouveau."])


def test_one_channel_can_be_named_and_one_that_is_off_says_how_to_switch_it_on(empty_home: Home) -> None:
    make_vault(empty_home, "four random words")
    for setting, value in (("notify.desktop", "false"), ("notify.terminal", "off"), ("notify.command", "/bin/true")):
        assert empty_home.run("config", "set", setting, value).code == 0
    done = empty_home.run("notify", "test", "command", "--json")
    assert (done.code, [one["name"] for one in done.json["channels"]]) == (0, ["command"])
    for name, cure in (("desktop", "notify.desktop true"), ("terminal", "notify.terminal bell")):
        off = empty_home.run("notify", "test", name, "--json")
        assert off.code == 1
        assert f"ameli config set {cure}" in off.json["channels"][0]["cure"]
    empty_home.run("config", "unset", "notify.command")
    none = empty_home.run("notify", "test")
    assert (none.code, none.out.startswith("No channel is on")) == (1, True)
    assert empty_home.run("notify", "test", "pigeon").code == 2


@needs_bus
async def test_a_real_message_bus_takes_the_notice_of_a_locked_agent(empty_home: Home, tmp_path: Path) -> None:
    make_vault(empty_home, "four random words")
    async with private_bus(tmp_path) as address, desktop(address) as service:
        done = await asyncio.to_thread(
            empty_home.run, "notify", "test", "desktop", "--json", DBUS_SESSION_BUS_ADDRESS=address)
        assert done.json == {"channels": [
            {"name": "desktop", "ok": True, "said": "The desktop took the notice.", "cure": None}]}
        assert done.code == 0
        ((_app, _replaces, _icon, title, body, *_rest),) = service.shown
        assert (title, body) == ("ameli", "This is a test: notices of ameli arrive here.")
