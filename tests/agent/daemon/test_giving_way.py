"""Locking ends with another image of the process: the same agent to everybody, which knows nothing of the account."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from agent.client.client import Problem
from agent.client.control import StopResult, start_agent, stop_agent
from agent.core.refusals import AlreadyRunning
from agent.daemon.unix_socket import AgentSocket
from config.paths import Paths
from tests.agent.processes import PASSPHRASE, agent_process, answers, environment, home_paths, wait_until
from tests.raw_client import RawClient
from tests.thoroughness import examples


@pytest.fixture
def paths(tmp_path: Path) -> Iterator[Paths]:
    home = home_paths(tmp_path / "home")
    yield home
    stop_agent(home)


def images(paths: Paths) -> int:
    """How many images of the process have served, of all agents of this home."""
    return (paths.logs / "agent.log").read_text().count(" serves")


def lock(paths: Paths) -> dict[str, Any]:
    """Lock, and wait until the next image answers: its health."""
    before = RawClient(paths).get("/v1/health")
    assert RawClient(paths).post("/v1/lock")["state"] == "locked"
    wait_until(lambda: started(paths) != before["started_at"], 30)
    return RawClient(paths).get("/v1/health", deadline=30)


def started(paths: Paths) -> str:
    return RawClient(paths).get("/v1/health", deadline=30)["started_at"]


def set_up(paths: Paths) -> None:
    """Start an agent and open a new vault."""
    assert start_agent(paths).ok
    RawClient(paths).post("/v1/setup", {"passphrase": PASSPHRASE})


def locked_by_another(paths: Paths) -> bool:
    """Whether a second agent is refused the home."""
    try:
        AgentSocket(paths, {}).close()
    except AlreadyRunning:
        return True
    return False


def test_process_socket_and_lock_stay(paths: Paths) -> None:
    set_up(paths)
    client = RawClient(paths)
    before, file = client.get("/v1/health"), paths.socket.stat().st_ino
    after = lock(paths)
    assert (after["pid"], after["state"]) == (before["pid"], "locked")
    assert paths.socket.stat().st_ino == file
    assert locked_by_another(paths)
    assert client.get("/v1/status")["locked"] is True
    assert client.post("/v1/unlock", {"passphrase": PASSPHRASE}) == {"state": "unlocked"}
    assert lock(paths)["pid"] == before["pid"]
    assert stop_agent(paths) is StopResult.STOPPED and not paths.socket.exists()


def test_the_next_image_is_as_closed_to_others_and_as_apart_as_the_first(paths: Paths) -> None:
    set_up(paths)
    process = Path(f"/proc/{RawClient(paths).get('/v1/health')['pid']}")
    command = (process / "cmdline").read_bytes()
    session = os.getsid(int(process.name))
    lock(paths)
    status = (process / "status").read_text()
    assert "SigBlk:\t0000000000000000" in status and "Threads:\t1\n" in status
    finding = next(one for one in RawClient(paths).get("/v1/doctor", deadline=30) if one["name"] == "memory")
    assert finding["ok"]
    assert (process / "cmdline").read_bytes() == command and b"-E\0-P\0" in command
    assert os.getsid(int(process.name)) == session
    assert (process / "cwd").readlink() == Path("/")
    assert {(process / f"fd/{n}").readlink() for n in range(3)} == {Path("/dev/null")}


def test_open_files_do_not_grow_in_number(paths: Paths) -> None:
    set_up(paths)
    process = Path(f"/proc/{lock(paths)['pid']}/fd")
    counts = set()
    for _ in range(3):
        RawClient(paths).post("/v1/unlock", {"passphrase": PASSPHRASE})
        lock(paths)
        wait_until(lambda: RawClient(paths).get("/v1/health")["busy"] is False)
        counts.add(sum(1 for one in process.iterdir() if not str(one.readlink()).startswith("socket:")))
    assert len(counts) == 1


@pytest.mark.slow
def test_nobody_is_left_without_an_answer_and_nobody_else_gets_the_home(paths: Paths) -> None:
    set_up(paths)
    pid, over = RawClient(paths).get("/v1/health")["pid"], threading.Event()

    def look() -> int:
        answered = 0
        while not over.is_set():
            assert RawClient(paths).get("/v1/health", deadline=30)["pid"] == pid
            answered += 1
        return answered

    def intrude() -> int:
        tries = 0
        while not over.is_set():
            assert locked_by_another(paths)
            tries += 1
        return tries

    with ThreadPoolExecutor(5) as pool:
        callers = [*(pool.submit(look) for _ in range(4)), pool.submit(intrude)]
        try:
            for _ in range(examples(10)):
                RawClient(paths).post("/v1/lock")
                assert RawClient(paths).post("/v1/unlock", {"passphrase": PASSPHRASE}) == {"state": "unlocked"}
        finally:
            over.set()
        assert all(caller.result(60) > 0 for caller in callers)
    assert images(paths) == 1 + examples(10)


def test_listeners_hear_of_the_lock_and_then_the_end(paths: Paths) -> None:
    set_up(paths)
    heard: list[str] = []
    opened = threading.Event()

    def listen() -> None:
        for event in RawClient(paths).events(after=0):
            heard.append(event["event"])
            opened.set()

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    assert opened.wait(10)
    lock(paths)
    listener.join(10)
    assert not listener.is_alive() and heard[-2:] == ["locked", "state"]
    assert next(iter(RawClient(paths).events(after=1)))["event"] == "gap"


def test_somebody_who_says_nothing_does_not_hold_it_up(paths: Paths) -> None:
    set_up(paths)
    with socket.socket(socket.AF_UNIX) as silent, socket.socket(socket.AF_UNIX) as halfway:
        silent.connect(str(paths.socket))
        halfway.connect(str(paths.socket))
        halfway.sendall(b"GET /v1/health HTTP/1.1\r\nhost: a")
        assert lock(paths)["state"] == "locked"
        assert silent.recv(10) == halfway.recv(10) == b""


def test_a_connection_that_is_kept_is_answered_and_then_closed(paths: Paths) -> None:
    set_up(paths)
    with socket.socket(socket.AF_UNIX) as kept:
        kept.connect(str(paths.socket))
        kept.sendall(b"POST /v1/lock HTTP/1.1\r\nhost: a\r\n\r\n")
        answer = b""
        while more := kept.recv(1000):
            answer += more
    assert answer.startswith(b"HTTP/1.1 200 ") and b'{"state":"locked",' in answer and answer.endswith(b"}")


def test_who_unlocks_at_the_same_moment_finds_the_vault_open(paths: Paths) -> None:
    set_up(paths)
    client = RawClient(paths)
    with ThreadPoolExecutor(2) as pool:
        for _ in range(examples(5)):
            locking = pool.submit(client.post, "/v1/lock")
            unlocking = pool.submit(client.post, "/v1/unlock", {"passphrase": PASSPHRASE})
            assert {locking.result(30)["state"], unlocking.result(30)["state"]} <= {"locked", "unlocked"}
            assert client.post("/v1/unlock", {"passphrase": PASSPHRASE}) == {"state": "unlocked"}
            assert client.get("/v1/home", deadline=30)["payments"] == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("wait", [False, True])
def test_a_signal_ends_it_cleanly_while_and_after_it_gives_way(
    tmp_path: Path, number: signal.Signals, wait: bool
) -> None:
    paths = home_paths(tmp_path)
    with agent_process(tmp_path) as process:
        RawClient(paths).post("/v1/setup", {"passphrase": PASSPHRASE})
        if wait:
            lock(paths)
        else:
            RawClient(paths).post("/v1/lock")
        process.send_signal(number)
        assert process.wait(30) == 0
    assert not paths.socket.exists()


@pytest.mark.slow
def test_a_signal_at_any_moment_ends_it_cleanly(tmp_path: Path) -> None:
    for turn in range(examples(20)):
        paths = home_paths(tmp_path / str(turn))
        with agent_process(tmp_path / str(turn)) as process:
            RawClient(paths).post("/v1/setup", {"passphrase": PASSPHRASE})
            RawClient(paths).post("/v1/lock")
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(turn * 0.025)
            process.terminate()
            assert process.wait(30) == 0
        assert not paths.socket.exists()


def test_a_reload_meanwhile_is_taken_in_and_ends_nothing(tmp_path: Path) -> None:
    paths = home_paths(tmp_path)
    with agent_process(tmp_path) as process:
        RawClient(paths).post("/v1/setup", {"passphrase": PASSPHRASE})
        RawClient(paths).post("/v1/lock")
        process.send_signal(signal.SIGHUP)
        assert lock_is_over(paths)
        assert process.poll() is None
        wait_until(lambda: "settings read again" in (paths.logs / "agent.log").read_text())


def lock_is_over(paths: Paths) -> bool:
    wait_until(lambda: images(paths) == 2, 30)
    return RawClient(paths).get("/v1/health", deadline=30)["state"] == "locked"


def test_an_agent_that_is_killed_meanwhile_has_a_successor(paths: Paths) -> None:
    with agent_process(paths.run_dir.parent) as process:
        RawClient(paths).post("/v1/setup", {"passphrase": PASSPHRASE})
        RawClient(paths).post("/v1/lock")
        process.kill()
        process.wait(10)
    assert start_agent(paths).ok
    assert RawClient(paths).post("/v1/unlock", {"passphrase": PASSPHRASE}) == {"state": "unlocked"}


def test_the_command_in_the_foreground_stays_there(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "ameli").write_text("import sys; from ameli_tui.__main__ import main; sys.exit(main())\n")
    paths = home_paths(tmp_path / "home")
    process = subprocess.Popen(
        [sys.executable, "-P", "bin/ameli", "agent", "run"], cwd=tmp_path, stderr=subprocess.PIPE,
        env={**environment(tmp_path), "AMELI_HOME": "home"})
    try:
        wait_until(lambda: answers(paths), 30)
        RawClient(paths).post("/v1/setup", {"passphrase": PASSPHRASE})
        assert lock(paths)["pid"] == process.pid
        assert os.getpgid(process.pid) == os.getpgid(0)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        assert process.stderr is not None and process.stderr.read().count(b"serves") == 2
    finally:
        process.kill()
        process.wait(10)


def test_a_socket_of_the_service_manager_is_held_on_and_the_manager_hears_of_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    paths = home_paths(home)
    paths.run_dir.mkdir(parents=True, mode=0o700)
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(paths.socket))
    listening.listen()
    manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    manager.bind(str(tmp_path / "notify"))
    manager.settimeout(30)
    activated = (
        "import os, sys; os.dup2(int(sys.argv[1]), 3, inheritable=True); os.environ['LISTEN_PID'] = str(os.getpid()); "
        "os.environ['LISTEN_FDS'] = '1'; os.execv(sys.executable, [sys.executable, '-P', '-m', 'agent'])"
    )
    env = environment(home, NOTIFY_SOCKET=str(tmp_path / "notify"), WATCHDOG_USEC="600000000")
    with listening, manager:
        process = subprocess.Popen(
            [sys.executable, "-c", activated, str(listening.fileno())], env=env, pass_fds=[listening.fileno()])
        try:
            assert manager.recv(200) == b"READY=1"
            RawClient(paths).post("/v1/setup", {"passphrase": PASSPHRASE}, deadline=30)
            RawClient(paths).post("/v1/lock")
            facts = manager.recv(200).split(b"\n")
            assert facts[0] == b"RELOADING=1" and facts[1].startswith(b"MONOTONIC_USEC=") and facts[1][15:].isdigit()
            assert manager.recv(200) == b"READY=1"
            assert RawClient(paths).get("/v1/health", deadline=30)["pid"] == process.pid
            process.terminate()
            assert manager.recv(200) == b"STOPPING=1"
            assert process.wait(30) == 0
            assert paths.socket.exists(), "it is the manager's"
        finally:
            process.kill()
            process.wait(10)


def test_a_home_with_a_long_path_is_held_on(tmp_path: Path) -> None:
    paths = home_paths(tmp_path.joinpath(*["a-folder-with-a-rather-long-name"] * 5))
    try:
        set_up(paths)
        assert lock(paths)["state"] == "locked"
        assert RawClient(paths).post("/v1/unlock", {"passphrase": PASSPHRASE}) == {"state": "unlocked"}
    finally:
        assert stop_agent(paths) is StopResult.STOPPED
    assert not paths.socket.exists()


def test_without_a_program_to_become_it_goes_on_locked(tmp_path: Path) -> None:
    """The interpreter is a link that goes away, as with an upgrade."""
    place = tmp_path / "place"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", "--system-site-packages", place], check=True)
    found = json.dumps([one for one in sys.path if one])
    code = f"import sys; sys.path[:] = {found}; from agent.daemon.main import main; sys.exit(main([]))"
    paths = home_paths(tmp_path / "home")
    process = subprocess.Popen([place / "bin" / "python", "-P", "-c", code], env=environment(tmp_path / "home"),
                               stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: answers(paths), 30)
        client = RawClient(paths)
        client.post("/v1/setup", {"passphrase": PASSPHRASE})
        (place / "bin").rename(tmp_path / "gone")
        assert lock(paths)["pid"] == process.pid
        assert "this process stays as it is" in (paths.logs / "agent.log").read_text()
        assert locked_by_another(paths)
        assert client.post("/v1/unlock", {"passphrase": PASSPHRASE}) == {"state": "unlocked"}
        (tmp_path / "gone").rename(place / "bin")
        assert lock(paths)["state"] == "locked"
        process.terminate()
        assert process.wait(30) == 0
    finally:
        process.kill()
        process.wait(10)


def test_settings_that_turned_bad_end_nothing(paths: Paths) -> None:
    set_up(paths)
    paths.settings.parent.mkdir(parents=True, exist_ok=True)
    paths.settings.write_text("langue = 'fr'")
    assert lock(paths)["state"] == "locked"
    assert "langue" in (paths.logs / "agent.log").read_text()
    with pytest.raises(Problem):
        RawClient(paths).get("/v1/home")
