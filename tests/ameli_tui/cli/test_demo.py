"""The demo: ready at once, kept apart, and gone without a trace however it ends."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from ameli_tui.cli.demo.news import News
from config.settings import Settings
from tests.ameli_tui.cli.site import Site
from tests.benchmarks.terminal import Session
from tests.commands import Home, clean_environment


@pytest.fixture
def free_folder() -> Iterator[Path]:
    """A folder with a short name, for whatever a demo makes."""
    with tempfile.TemporaryDirectory(prefix="ameli-test-") as folder:
        yield Path(folder)


def processes_of(folder: Path) -> list[int]:
    """The processes that name this folder in their command or environment."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if str(folder).encode() in (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes():
                    found.append(int(entry.name))
    return found


def wait_until_gone(folder: Path, still_s: float = 0) -> None:
    """Wait until nothing is in the folder, and none comes back for ``still_s`` seconds; fails after 15 s."""
    began, gone_since = time.monotonic(), None
    while gone_since is None or time.monotonic() - gone_since < still_s:
        if any(folder.iterdir()) or processes_of(folder):
            assert time.monotonic() - began < 15, (list(folder.rglob("*")), processes_of(folder))
            gone_since = None
        elif gone_since is None:
            gone_since = time.monotonic()
        time.sleep(0.05)


def test_detaching_twice_finds_the_same_demo(demo_home: Home) -> None:
    folder = str(demo_home.folder)
    assert demo_home.json("demo", "--home", folder, "--detach") == demo_home.details


def test_a_stopped_agent_or_a_locked_vault_is_brought_back(demo_home: Home) -> None:
    demo_home.run("lock")
    again = demo_home.json("demo", "--home", str(demo_home.folder), "--detach")
    assert again["passphrase"] == demo_home.details["passphrase"]
    assert demo_home.json("agent", "status")["locked"] is False


def test_a_locked_demo_keeps_its_portal_and_what_was_asked_there(demo_home: Home) -> None:
    demo_home.run("lock")
    again = demo_home.json("demo", "--home", str(demo_home.folder), "--detach")
    assert again["portal_url"] == demo_home.details["portal_url"]


def test_a_detached_demo_is_locked_and_looks_as_seldom_as_anybodys(demo_home: Home) -> None:
    shown = demo_home.json("config", "show")
    usual = Settings()
    assert (shown["agent"]["lock_after_min"], shown["agent"]["lock_at_most_h"]) == (
        usual.agent.lock_after_min, usual.agent.lock_at_most_h)
    assert (shown["sync"]["every_h"], shown["agent"]["sign_in"]) == (usual.sync.every_h, usual.agent.sign_in)
    assert demo_home.json("agent", "status")["watch"]["asked"] is False


def test_news_is_played_until_the_end_of_the_block_or_of_the_portal(site: Site) -> None:
    site.sign_in()
    pauses: list[float] = []

    def wait(seconds: float) -> bool:
        """Three times at once; then for good."""
        pauses.append(seconds)
        return len(pauses) > 3

    with News(site.portal["base_url"], wait):
        pass
    found = site.home.json("sync")["new"]
    assert (found["payments"], found["messages"]) == (4, 1)
    assert pauses[0] < pauses[1] == pauses[2]
    site.end()
    began = len(pauses)
    with News(site.portal["base_url"], lambda _seconds: len(pauses) > began + 9 or bool(pauses.append(0.0))):
        pass
    assert len(pauses) == began + 1


@pytest.mark.slow
def test_whoever_locks_a_demo_sees_that_it_goes_on_watching(free_folder: Path) -> None:
    home = Home(free_folder / "home")
    place = str(home.folder)
    session = Session([sys.executable, "-m", "ameli_tui", "demo", "--home", place, "--payments", "10"],
                      clean_environment())
    try:
        assert session.wait_for("News comes while you look", 120)
        assert session.wait_for("€", 30)
        session.press("L")
        session.settle()
        session.press("\r")
        assert session.wait_for("Passphrase", 30)
        began = time.monotonic()
        while not (status := home.json("agent", "status"))["sealed"]:
            assert status["watching"], status
            assert time.monotonic() - began < 240
            session.read(2)
        assert status["watch"]["access"] == "sign_in"
        assert status["polls_while_locked"] > 0
        opened = json.loads((home.folder / "sandbox" / "demo.json").read_text())["passphrase"]
        assert opened == "demo-demo-demo"
        assert home.json("unlock")["seen_while_locked"] >= status["sealed"]
    finally:
        session.press("q")
        session.close()
    home.json("demo", "--home", place, "--detach", timeout=120)
    try:
        assert home.json("config", "show")["sync"]["every_h"] == Settings().sync.every_h
    finally:
        home.json("demo", "--home", place, "--stop")


def test_a_folder_that_holds_something_else_is_refused(free_folder: Path) -> None:
    (free_folder / "letter.txt").write_text("dear")
    done = Home(free_folder).run("demo", "--home", str(free_folder), "--detach", "--json")
    assert (done.code, done.error["code"]) == (1, "not_a_demo_home")
    assert [file.name for file in free_folder.iterdir()] == ["letter.txt"]


def test_other_choices_for_the_same_folder_are_refused(demo_home: Home) -> None:
    done = demo_home.run("demo", "--home", str(demo_home.folder), "--detach", "--json", "--seed", "9")
    assert (done.code, done.error["code"]) == (1, "other_demo")
    assert "--seed 3" in done.error["message"]


def test_stopping_what_is_no_demo_is_refused(free_folder: Path) -> None:
    done = Home(free_folder).run("demo", "--home", str(free_folder), "--stop", "--json")
    assert (done.code, done.error["code"]) == (1, "no_demo")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_detached_demo_ends_with_its_processes_and_starts_again(free_folder: Path) -> None:
    home = Home(free_folder / "home")
    place = str(home.folder)
    made = home.json("demo", "--home", place, "--detach", "--seed", "4", "--years", "1", "--payments", "12",
                     timeout=120)
    payments = home.json("payments")
    assert len(payments) == 12
    assert processes_of(home.folder)
    assert home.json("demo", "--home", place, "--stop") == {"home": place, "stopped": True}
    assert not processes_of(home.folder)
    assert home.json("demo", "--home", place, "--stop") == {"home": place, "stopped": False}
    again = home.json("demo", "--home", place, "--detach", timeout=120)
    assert (again["nir"], again["passphrase"]) == (made["nir"], made["passphrase"])
    assert home.json("payments") == payments
    home.json("demo", "--home", place, "--stop")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_demo_with_a_home_ends_with_its_screens_and_keeps_the_folder(free_folder: Path) -> None:
    home = free_folder / "home"
    session = Session([sys.executable, "-m", "ameli_tui", "demo", "--home", str(home), "--payments", "10"],
                      clean_environment())
    try:
        assert session.wait_for("€", 90)
        session.settle()
        session.press("q")
        while session.read(0.2) is not None:
            pass
    finally:
        session.close()
    assert not processes_of(home)
    assert (home / "sandbox" / "demo.json").exists()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("end", ["quit", "interrupt", "hangup", "kill", "kill-early", "interrupt-early"])
def test_nothing_of_a_demo_is_left(end: str, free_folder: Path) -> None:
    env = clean_environment(TMPDIR=str(free_folder))
    env.pop("AMELI_HOME", None)
    session = Session([sys.executable, "-m", "ameli_tui", "demo", "--years", "1", "--payments", "10"], env)
    try:
        if end.endswith("early"):
            assert session.wait_for("portal")
        else:
            assert session.wait_for("€", 90)
            session.settle()
        if end in ("quit", "interrupt", "interrupt-early"):
            session.press("q" if end == "quit" else "\x03")
        else:
            os.kill(session.pid, {"hangup": signal.SIGHUP}.get(end, signal.SIGKILL))
        if end != "interrupt":  # Ctrl-C asks first, or copies: what counts is that the terminal can go
            while session.read(0.2) is not None:
                pass
    finally:
        session.close()
    wait_until_gone(free_folder)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("after_s", [0.1, 0.25, 0.4, 0.6, 0.8, 1.0, 1.3, 1.6])
def test_a_demo_killed_at_any_moment_leaves_nothing(after_s: float, free_folder: Path) -> None:
    env = clean_environment(TMPDIR=str(free_folder))
    session = Session([sys.executable, "-m", "ameli_tui", "demo", "--years", "1", "--payments", "10"], env)
    try:
        until = time.monotonic() + after_s
        while time.monotonic() < until:
            session.read(0.02)
        os.kill(session.pid, signal.SIGKILL)
    finally:
        session.close()
    wait_until_gone(free_folder, still_s=1.0)  # whoever was about to start has started by then


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_detached_demo_killed_while_it_is_made_can_be_made_again(free_folder: Path) -> None:
    home = Home(free_folder / "home")
    args = ["demo", "--home", str(home.folder), "--detach", "--payments", "10", "--json"]
    for after_s in (0.2, 0.5, 0.9):
        with subprocess.Popen([sys.executable, "-m", "ameli_tui", *args], env=clean_environment(),
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as command:
            time.sleep(after_s)
            command.kill()
    assert home.run(*args, timeout=120).code == 0
    assert len(home.json("payments")) == 10
    home.json("demo", "--home", str(home.folder), "--stop")
    assert not processes_of(home.folder)
