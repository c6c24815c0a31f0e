"""The process: one per home, started and ended cleanly, and what is left when it is killed."""

import json
import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from agent.client.client import Problem
from agent.client.control import Outcome, StopResult, agent_environment, start_agent, stop_agent
from config.paths import Paths, find_paths
from tests.agent.processes import PASSPHRASE, agent_process, answers, environment, home_paths, wait_until
from tests.raw_client import RawClient


@pytest.fixture
def paths(tmp_path: Path) -> Iterator[Paths]:
    found = home_paths(tmp_path / "home")
    yield found
    stop_agent(found)


def _code(folder: Path, **environ: str) -> tuple[int, str]:
    """Run an agent in the foreground until it ends; its exit code and what it said."""
    done = subprocess.run([sys.executable, "-P", "-m", "agent"], env=environment(folder, **environ),
                          capture_output=True, text=True, timeout=20, check=False)
    return done.returncode, done.stderr


def test_starting_says_how_it_went(paths: Paths) -> None:
    assert start_agent(paths).outcome is Outcome.STARTED
    again = start_agent(paths)
    assert again.outcome is Outcome.ALREADY_RUNNING and again.ok
    assert stop_agent(paths) is StopResult.STOPPED
    assert stop_agent(paths) is StopResult.NOT_RUNNING
    assert not paths.socket.exists()


def test_a_home_given_from_where_one_stands_is_found(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AMELI_HOME", "home")
    assert start_agent(find_paths()).outcome is Outcome.STARTED
    assert answers(paths)
    stop_agent(paths)
    run = subprocess.Popen([sys.executable, "-P", "-m", "agent"], env={**environment(tmp_path), "AMELI_HOME": "home"})
    wait_until(lambda: answers(paths))
    run.terminate()
    assert run.wait(10) == 0


def test_a_second_agent_ends_with_75_and_the_first_stays(paths: Paths) -> None:
    start_agent(paths)
    pid = RawClient(paths).get("/v1/health")["pid"]
    for lang, word in (("en", "already"), ("fr", "déjà")):
        code, said = _code(paths.run_dir.parent, AMELI_LANG=lang)
        assert code == 75 and word in said
    assert RawClient(paths).get("/v1/health")["pid"] == pid


def test_of_many_starters_at_once_one_wins_and_all_find_an_agent(paths: Paths) -> None:
    with ThreadPoolExecutor(4) as pool:
        results = [one.result() for one in [pool.submit(start_agent, paths) for _ in range(4)]]
    assert sorted(one.outcome.value for one in results) == ["already_running"] * 3 + ["started"]
    assert answers(paths)


def test_an_agent_stands_apart_from_who_started_it(paths: Paths) -> None:
    os.environ["AMELI_PASSPHRASE_FILE"] = "/canary/passphrase"
    try:
        start_agent(paths)
    finally:
        del os.environ["AMELI_PASSPHRASE_FILE"]
    pid = RawClient(paths).get("/v1/health")["pid"]
    process = Path(f"/proc/{pid}")
    assert os.getsid(pid) != os.getsid(0)
    assert (process / "cwd").readlink() == Path("/")
    assert {(process / f"fd/{n}").readlink() for n in range(3)} == {Path("/dev/null")}
    assert "canary" not in (process / "environ").read_text()
    parent = next(line for line in (process / "status").read_text().splitlines() if line.startswith("PPid"))
    assert parent.split()[1] != str(os.getpid())


def test_modules_of_the_folder_one_stands_in_are_not_run(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trap = tmp_path / "trap"
    trap.mkdir()
    (trap / "agent.py").write_text("open('sprung', 'w')")
    (trap / "h11.py").write_text("open('sprung', 'w')")
    monkeypatch.chdir(trap)
    assert start_agent(paths).outcome is Outcome.STARTED
    assert not (trap / "sprung").exists()


def test_an_unsafe_folder_ends_it_with_77_and_says_which(paths: Paths) -> None:
    paths.run_dir.mkdir(parents=True)
    paths.run_dir.chmod(0o755)
    code, said = _code(paths.run_dir.parent)
    assert code == 77 and str(paths.run_dir) in said
    result = start_agent(paths)
    assert result.outcome is Outcome.FAILED and str(paths.run_dir) in result.reason["fr"]
    paths.run_dir.chmod(0o700)


def test_settings_that_cannot_be_used_end_it_with_78(paths: Paths) -> None:
    paths.settings.parent.mkdir(parents=True)
    paths.settings.write_text("langue = 'fr'")
    code, said = _code(paths.run_dir.parent)
    assert code == 78 and "langue" in said
    assert "langue" in start_agent(paths).reason["en"]


def test_a_place_where_nothing_can_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    code, said = _code(tmp_path / "file" / "home")
    assert code == 77 and "file" in said
    result = start_agent(home_paths(tmp_path / "file" / "home"))
    assert result.outcome is Outcome.FAILED and "file" in result.reason["en"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    paths = home_paths(tmp_path)
    with agent_process(tmp_path) as process:
        RawClient(paths).post("/v1/setup", {"passphrase": PASSPHRASE})
        process.send_signal(number)
        assert process.wait(10) == 0
    assert not paths.socket.exists()
    assert "stopped" in (paths.logs / "agent.log").read_text()


def test_a_killed_agent_loses_nothing_and_its_successor_takes_over(paths: Paths) -> None:
    client = RawClient(paths)
    with agent_process(paths.run_dir.parent) as process:
        client.post("/v1/setup", {"passphrase": PASSPHRASE})
        process.kill()
        process.wait(10)
    assert paths.socket.exists()
    with pytest.raises(Problem):
        client.get("/v1/health")
    assert start_agent(paths).outcome is Outcome.STARTED
    assert client.get("/v1/health")["state"] == "locked"
    assert client.post("/v1/unlock", {"passphrase": PASSPHRASE})["state"] == "unlocked"


def test_a_home_with_a_long_path_works(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["a-folder-with-a-rather-long-name"] * 5)
    paths = home_paths(deep)
    try:
        assert start_agent(paths).outcome is Outcome.STARTED
        assert RawClient(paths).get("/v1/health")["state"] == "setup"
    finally:
        assert stop_agent(paths) is StopResult.STOPPED


def test_an_agent_that_hangs_is_killed_in_the_end(paths: Paths) -> None:
    start_agent(paths)
    pid = RawClient(paths).get("/v1/health")["pid"]
    os.kill(pid, signal.SIGSTOP)
    assert stop_agent(paths, deadline=0.3) is StopResult.KILLED
    assert start_agent(paths).outcome is Outcome.STARTED


def test_open_streams_do_not_delay_the_end(paths: Paths) -> None:
    start_agent(paths)
    stream = RawClient(paths).events(after=0)  # an id of long ago: something is told at once, so the stream is open
    listening, ended = threading.Event(), threading.Event()

    def listen() -> None:
        for _ in stream:
            listening.set()
        ended.set()

    threading.Thread(target=listen, daemon=True).start()
    assert listening.wait(5)
    before = time.monotonic()
    assert stop_agent(paths) is StopResult.STOPPED
    assert time.monotonic() - before < 10  # however busy the machine is
    assert ended.wait(2)


def test_the_service_manager_hears_ready_and_stopping(tmp_path: Path) -> None:
    manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    manager.bind(str(tmp_path / "notify"))
    manager.settimeout(10)
    env = environment(tmp_path / "home", NOTIFY_SOCKET=str(tmp_path / "notify"), WATCHDOG_USEC="200000")
    with manager, agent_process(tmp_path / "home", env=env) as process:
        assert manager.recv(100) == b"READY=1"
        assert manager.recv(100) == b"WATCHDOG=1"
        process.terminate()
        heard = manager.recv(100)
        while heard == b"WATCHDOG=1":
            heard = manager.recv(100)
        assert heard == b"STOPPING=1"
        assert process.wait(10) == 0


def test_memory_is_closed_to_others(paths: Paths) -> None:
    start_agent(paths)
    pid = RawClient(paths).get("/v1/health")["pid"]
    limits = Path(f"/proc/{pid}/limits").read_text()
    assert any(line.startswith("Max core file size") and line.split()[4] == "0" for line in limits.splitlines())
    finding = next(one for one in RawClient(paths).get("/v1/doctor", deadline=30) if one["name"] == "memory")
    assert finding["ok"]


def test_only_what_an_agent_needs_of_the_environment_is_kept() -> None:
    kept = agent_environment({"PATH": "/bin", "HOME": "/h", "LC_ALL": "C", "AWS_SECRET_ACCESS_KEY": "x",
                              "AMELI_PASSPHRASE_FILE": "x", "SSH_AUTH_SOCK": "x", "PYTHONPATH": "/p",
                              "PYTHONHOME": "/p", "AMELI_HOME": "/d"})
    assert kept.keys() == {"PATH", "HOME", "LC_ALL", "AMELI_HOME"}


def test_secrets_leave_no_trace_outside_the_vault(tmp_path: Path) -> None:
    """Canaries through every call that takes one, right and wrong; then every place is searched for them."""
    canaries = {"passphrase": "canary-passphrase-71", "wrong": "canary-wrong-72", "password": "canary-password-73",
                "nir": "1850578006084", "otp": "418223", "search": "canary-search-75"}
    folder = tmp_path / "home"
    paths = home_paths(folder)
    paths.settings.parent.mkdir(parents=True)
    paths.settings.write_text(
        '[portal]\nbase_url = "http://127.0.0.1:9"\nidentity_url = "http://127.0.0.1:9"\n'
        'timeout_s = 1.0\npause_s = 0.0\n')
    client = RawClient(paths)
    seen = ""
    with agent_process(folder) as process:
        calls = [
            ("/v1/setup", {"passphrase": canaries["passphrase"]}), ("/v1/lock", {}),
            ("/v1/unlock", {"passphrase": canaries["wrong"]}), ("/v1/unlock", {"recovery_code": canaries["wrong"]}),
            ("/v1/unlock", {"passphrase": canaries["passphrase"], "recovery_code": canaries["wrong"]}),
            ("/v1/unlock", {"passphrase": canaries["passphrase"]}),
            ("/v1/passphrase", {"old": canaries["wrong"], "new": canaries["wrong"]}),
            ("/v1/login", {"nir": canaries["nir"], "password": canaries["password"]}),
            ("/v1/login", {"nir": canaries["nir"], "password": [canaries["password"]]}),
            ("/v1/login", {"otp": canaries["otp"]}), ("/v1/sync", {"wait": True}),
        ]
        for path, body in calls:
            try:
                seen += json.dumps(client.post(path, body))
            except Problem as problem:
                seen += json.dumps([problem.code, problem.messages, problem.hints])
        try:
            seen += json.dumps(client.get("/v1/payments", search=canaries["search"], since=canaries["nir"]))
        except Problem as problem:
            seen += json.dumps(problem.messages)
        for path in ("/v1/status", "/v1/doctor", "/v1/logs"):
            seen += json.dumps(client.get(path, deadline=30))
        seen += Path(f"/proc/{process.pid}/cmdline").read_text() + Path(f"/proc/{process.pid}/environ").read_text()
        process.terminate()
        out, err = process.communicate(timeout=20)
    seen += out.decode() + err.decode()
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert any(file.parent == paths.logs for file in files) and "stopped" in seen
    for name, canary in canaries.items():
        assert canary not in seen, name
        for file in files:
            assert canary.encode() not in file.read_bytes(), (name, file)
    assert {stat.S_IMODE(file.stat().st_mode) & 0o077 for file in files if paths.settings != file} == {0}


def test_an_agent_whose_home_is_removed_ends_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    env = environment(tmp_path / "home", WATCHDOG_USEC="200000")  # looks around every 0.1 s instead of 30
    with agent_process(tmp_path / "home", env=env) as process:
        (tmp_path / "home").rename(tmp_path / "gone")
        assert process.wait(10) == 0
    wait_until(lambda: not answers(home_paths(tmp_path / "home")))


def test_what_the_starter_had_open_is_not_kept(paths: Paths) -> None:
    hear, say = os.pipe()
    os.set_inheritable(say, True)
    try:
        start_agent(paths)
        pid = RawClient(paths).get("/v1/health")["pid"]
        assert Path(f"/proc/self/fd/{say}").readlink() not in {
            one.readlink() for one in Path(f"/proc/{pid}/fd").iterdir()}
    finally:
        os.close(hear)
        os.close(say)
