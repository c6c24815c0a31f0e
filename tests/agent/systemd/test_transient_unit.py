"""From inside the service's sandbox, a browser and a program of the person's own are started by the service manager."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from agent.connection.transports.browser import Browser
from agent.connection.transports.browser.errors import BrowserBarred, BrowserNotStarted
from agent.connection.transports.browser.launch import start
from agent.core.doctor import _way_in
from agent.notifications.channels import Command
from agent.notifications.screens import open_screens
from agent.systemd import transient_unit as transient
from config.settings import PortalSettings, Settings
from tests.agent.connection.transports.desk import with_chromium
from tests.agent.connection.transports.person import screen
from tests.agent.managed import Manager
from tests.agent.processes import served, wait_until

_BROWSER = """#!{python} -I
import os, pathlib, sys, time
profile = next(one.split("=", 1)[1] for one in sys.argv if one.startswith("--user-data-dir="))
pathlib.Path(profile, "environment").write_text(repr(dict(os.environ)))
pathlib.Path(profile, "DevToolsActivePort").write_text("4711\\n/devtools/browser/x")
time.sleep(60)
"""


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Manager:
    made = Manager(tmp_path / "manager")
    for name in list(os.environ):
        if name.startswith(("AMELI_", "DISPLAY", "WAYLAND")):
            monkeypatch.delenv(name)
    for name, value in made.environ.items():
        monkeypatch.setenv(name, value)
    return made


def fake_browser(folder: Path) -> str:
    path = folder / "my browser"
    path.write_text(_BROWSER.format(python=sys.executable))
    path.chmod(0o755)
    return str(path)


async def test_a_browser_is_a_unit_of_its_own_and_ends_with_everything_in_it(manager: Manager, tmp_path: Path) -> None:
    profile, program = tmp_path / "profile", fake_browser(tmp_path)
    environ = {**os.environ, "DISPLAY": ":77", "AMELI_PASSPHRASE_FILE": "/secret"}
    running = await start(program, profile, ("assure.ameli.fr",), environ)
    assert running.alive and running.address == "ws://127.0.0.1:4711/devtools/browser/x"
    call, = manager.calls
    assert call["program"][0] == program and f"--user-data-dir={profile}" in call["program"]
    assert {"--user", "--wait", "--collect", "--property=BindsTo=ameli-agent.service"} <= set(call["options"])
    assert [one for one in call["options"] if one.startswith("--setenv=")] == ["--setenv=DISPLAY=:77"]
    assert "passphrase" not in (profile / "environment").read_text().lower()
    unit = next(one.partition("=")[2] for one in call["options"] if one.startswith("--unit="))
    await running.stop()
    assert not running.alive and manager.calls[-1] == {"control": ["--user", "stop", unit]}


async def test_what_the_manager_says_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manager = Manager(tmp_path / "manager", fails="Failed to connect to bus: No medium found")
    with pytest.raises(BrowserNotStarted) as caught:
        await start(fake_browser(tmp_path), tmp_path / "profile", (), {**manager.environ, "DISPLAY": ":77"})
    assert "Failed to connect to bus: No medium found" in caught.value.message("fr")


async def test_without_systemd_run_no_browser_is_started_and_the_ways_out_are_told(tmp_path: Path) -> None:
    environ = {"PATH": str(tmp_path), "DISPLAY": ":77", "AMELI_SERVICE": "ameli-agent.service"}
    with pytest.raises(BrowserBarred) as caught:
        await start(fake_browser(tmp_path), tmp_path / "profile", (), environ)
    assert "ameli agent uninstall" in caught.value.hint("en") and "browser_port" in caught.value.hint("fr")


async def test_the_doctor_tells_that_no_browser_can_start_in_the_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AMELI_SERVICE", "ameli-agent.service")
    monkeypatch.setenv("PATH", str(tmp_path))
    async with served(tmp_path / "h", Settings(portal=PortalSettings(
            transport="browser", base_url="http://127.0.0.1:9", identity_url="http://127.0.0.1:9"))) as agent:
        found = await _way_in(agent.agent)
        assert not found["ok"] and "systemd-run" in found["text"]["en"] and "uninstall" in found["cure"]["fr"]


async def test_a_program_of_the_persons_own_is_run_outside_and_hears_of_the_news(
    manager: Manager, tmp_path: Path
) -> None:
    heard = tmp_path / "heard"
    argv = (sys.executable, "-c", f"import sys; open({str(heard)!r}, 'w').write(sys.stdin.read())")
    await Command(argv, deadline_s=20).send("un nouveau paiement", {"event": "news"})
    assert '"event": "news"' in heard.read_text()
    call, = manager.calls
    assert call["program"] == list(argv) and "--pipe" in call["options"]


async def test_an_agent_that_is_no_service_starts_things_itself(
    manager: Manager, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AMELI_SERVICE")
    running = await start(fake_browser(tmp_path), tmp_path / "profile", (), {**os.environ, "DISPLAY": ":77"})
    await running.stop()
    assert manager.calls == []


@pytest.mark.parametrize(("line", "service"), [
    ("0::/user.slice/user-1000.slice/user@1000.service/app.slice/ameli-agent.service\n", "ameli-agent.service"),
    ("0::/user.slice/user@1000.service/app.slice/ameli-agent-0a1b2c3d.service\n", "ameli-agent-0a1b2c3d.service"),
    ("0::/user.slice/user-1000.slice/session-3.scope\n", None),
    ("0::/user.slice/user@1000.service/app.slice/my-ameli-agent.service\n", None),
    ("", None),
])
def test_the_unit_of_an_earlier_version_is_known_by_its_control_group(
    tmp_path: Path, line: str, service: str | None
) -> None:
    (tmp_path / "cgroup").write_text(line)
    assert transient.own_service({}, tmp_path / "cgroup") == service
    assert transient.own_service({}, tmp_path / "nothing") is None
    assert transient.own_service({"AMELI_SERVICE": "x.service"}, tmp_path / "cgroup") == "x.service"


@pytest.mark.slow
@pytest.mark.xdist_group("chromium")
@with_chromium[-1]
async def test_a_real_browser_started_through_the_manager_is_driven_and_ended(manager: Manager, tmp_path: Path) -> None:
    with screen() as display:
        profile = tmp_path / "profile"
        browser = Browser("http://127.0.0.1:9", "http://127.0.0.1:9", profile,
                          environ={**os.environ, "DISPLAY": display})
        await browser.start()
        assert await browser.run("1 + 1") == 2
        pid = int(next((tmp_path / "manager" / "units").iterdir()).read_text())
        await browser.close()
        await asyncio.to_thread(wait_until, lambda: not Path(f"/proc/{pid}").exists())
        assert not profile.exists()


def test_a_window_opened_from_a_notice_lives_on_when_the_service_stops(manager: Manager, tmp_path: Path) -> None:
    out, window = tmp_path / "opened", tmp_path / "window"
    window.write_text(f"#!/bin/sh\nenv > {out}.part\nmv {out}.part {out}\n")
    window.chmod(0o755)
    open_screens((str(window),), {**os.environ, "DISPLAY": ":77", "AMELI_PASSPHRASE_FILE": "/secret"}, "token")
    wait_until(out.exists)
    call, = manager.calls
    assert call["program"][0] == str(window) and any("ameli_tui" in word for word in call["program"])
    assert not [one for one in call["options"] if "BindsTo" in one or "RuntimeMaxSec" in one]
    told = out.read_text().splitlines()
    assert {"DISPLAY=:77", "XDG_ACTIVATION_TOKEN=token"} <= set(told)
    assert not any("PASSPHRASE" in line for line in told)
