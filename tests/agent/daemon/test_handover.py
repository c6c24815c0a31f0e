"""What one image of the process leaves to the next: read whole, or taken for a beginning."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from agent.client.client import connect
from agent.core.refusals import AlreadyRunning, BadListenSocket
from agent.daemon.handover import VARIABLE, Descriptors, Place, next_environment, pass_on, received
from agent.daemon.ticket_memory import LARGEST
from agent.daemon.unix_socket import AgentSocket
from agent.notifications import screens
from config.python_process import own_command
from tests.agent.processes import home_paths, wait_until


def told(**changes: Any) -> dict[str, str]:
    """The environment of a next image, with so much changed."""
    whole = {"pid": os.getpid(), "socket": -1, "lock": -1, "folder": -1, "home_lock": -1, "spare": True,
             "inherited": False, "file": [7, 8], "ticket": -1,
             "children": [], **changes}
    return {"PATH": "/bin", VARIABLE: json.dumps(whole)}


def test_a_process_that_begins_was_left_nothing() -> None:
    assert received({"PATH": "/bin"}) is None


def test_what_was_left_is_read_and_kept_from_programs_started_from_here() -> None:
    hear, say = os.pipe()
    for number in (hear, say):
        os.set_inheritable(number, True)
    environ = told(lock=hear, ticket=say, children=[12, 34], later_versions_may_say="more")
    came = received(environ)
    assert came is not None and environ == {"PATH": "/bin"}
    assert came.place == Place(Descriptors(-1, hear, -1, -1), spare=True, inherited=False, file=(7, 8))
    assert (came.ticket, came.children) == (say, (12, 34))
    assert not os.get_inheritable(hear) and not os.get_inheritable(say)
    os.close(hear)
    os.close(say)


def test_what_was_left_to_another_process_is_passed_over() -> None:
    environ = told(pid=os.getpid() + 1)
    assert received(environ) is None and environ == {"PATH": "/bin"}


@pytest.mark.parametrize("words", ["", "x", "[]", "null", "{}", '{"pid": PID}', '{"pid": PID, "socket": "x"}'])
def test_what_cannot_be_read_is_closed_and_taken_for_a_beginning(words: str) -> None:
    code = (  # every open file goes, so in a process of its own
        "import os, sys; from agent.daemon.handover import VARIABLE, received; left = os.dup(0); "
        "assert received({VARIABLE: sys.argv[1].replace('PID', str(os.getpid()))}) is None; "
        "os.fstat(left)"
    )
    done = subprocess.run([sys.executable, "-c", code, words], capture_output=True, text=True, timeout=20, check=False)
    assert "Bad file descriptor" in done.stderr and "AssertionError" not in done.stderr


def test_the_command_is_found_from_any_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    here = Path.cwd()
    monkeypatch.setattr(sys, "argv", ["bin/ameli", "agent", "run"])
    monkeypatch.setattr(sys, "orig_argv", ["python", "-E", "-P", "bin/ameli", "agent", "run"])
    assert own_command() == [sys.executable, "-E", "-P", str(here / "bin/ameli"), "agent", "run"]
    monkeypatch.setattr(sys, "argv", ["-c", "--detach"])
    monkeypatch.setattr(sys, "orig_argv", ["python", "-E", "-c", "import agent", "--detach"])
    assert own_command() == [sys.executable, "-E", "-c", "import agent", "--detach"]


def test_the_environment_holds_what_an_agent_needs_and_nothing_secret() -> None:
    given = {"PATH": "/bin", "AMELI_HOME": "home", "AMELI_PASSPHRASE_FILE": "x", "AWS_SECRET_ACCESS_KEY": "x",
             "NOTIFY_SOCKET": "@n", "WATCHDOG_USEC": "9", "LISTEN_FDS": "1", "PYTHONPATH": "/p",
             "CREDENTIALS_DIRECTORY": "/run/c"}
    kept = next_environment(given, Path("/somewhere/home"))
    assert kept == {"PATH": "/bin", "AMELI_HOME": "/somewhere/home", "NOTIFY_SOCKET": "@n", "WATCHDOG_USEC": "9",
                    "CREDENTIALS_DIRECTORY": "/run/c",
                    **({} if sys.flags.ignore_environment else {"PYTHONPATH": "/p"})}
    assert "AMELI_HOME" not in next_environment({"PATH": "/bin"}, Path("/somewhere/home"))


@pytest.mark.parametrize("command", [["/nowhere/python", "-m", "agent"], ["/", "-m", "agent"]])
def test_a_program_that_is_gone_leaves_everything_as_it_was(tmp_path: Path, command: list[str]) -> None:
    agent_socket = AgentSocket(home_paths(tmp_path), {})
    place = agent_socket.place
    before = set(Path("/dev/fd").iterdir())
    with pytest.raises(OSError, match=r"No such file|denied"):
        pass_on(place, b"a ticket", command, {})
    assert set(Path("/dev/fd").iterdir()) == before
    assert not any(os.get_inheritable(number) for number in place.descriptors if number >= 0)
    assert agent_socket.still_ours()
    agent_socket.close()


def test_a_ticket_that_is_too_large_keeps_nobody_from_giving_way(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    agent_socket = AgentSocket(home_paths(tmp_path), {})
    with pytest.raises(FileNotFoundError):
        pass_on(agent_socket.place, bytes(LARGEST + 1), ["/nowhere/python"], {})
    assert "too large" in caplog.text
    agent_socket.close()


def test_a_place_is_held_on_without_ever_being_let_go(tmp_path: Path) -> None:
    paths = home_paths(tmp_path)
    first = AgentSocket(paths, {})
    number = paths.socket.stat().st_ino
    numbers = first.place.descriptors
    handed_on = first.place._replace(descriptors=Descriptors(*(os.dup(one) if one >= 0 else -1 for one in numbers)))
    first.socket.close()
    os.close(numbers.lock)
    second = AgentSocket(paths, {}, handed_on)
    assert second.still_ours() and paths.socket.stat().st_ino == number and not second.inherited
    with pytest.raises(AlreadyRunning):
        AgentSocket(paths, {})
    connect(str(paths.socket), 1.0).close()
    second.close()
    assert not paths.socket.exists()
    AgentSocket(paths, {}).close()


def test_what_is_no_listening_socket_is_refused(tmp_path: Path) -> None:
    first = AgentSocket(home_paths(tmp_path), {})
    for wrong in (-1, 1 << 19, os.open("/", os.O_RDONLY), socket.socket(socket.AF_INET).detach()):
        place = first.place._replace(descriptors=first.place.descriptors._replace(socket=wrong))
        with pytest.raises(BadListenSocket):
            AgentSocket(home_paths(tmp_path), {}, place)
    first.close()


def test_the_end_of_a_window_that_an_earlier_image_opened_is_noted() -> None:
    window = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    screens.watch_windows([window.pid])
    assert screens.windows() == (window.pid,)
    assert window.stdin is not None
    window.stdin.close()
    wait_until(lambda: screens.windows() == ())
    with pytest.raises(ChildProcessError):
        os.waitpid(window.pid, 0)
    window.wait()  # it finds that somebody else did
