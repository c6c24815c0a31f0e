"""Programs and agents of different versions meet: each says so, and an older agent that is idle is replaced."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.client import api
from agent.client.client import AgentOutdated, Client, Problem
from agent.client.control import Outcome, ready_agent, stop_agent
from agent.protocol import PROTOCOL
from config.paths import Paths
from config.settings import save_settings
from tests.agent.processes import NOWHERE, PASSPHRASE, environment, home_paths, wait_until
from tests.commands import Home

OTHER = """
import sys
import agent.protocol
agent.protocol.PROTOCOL = int(sys.argv[1])
if sys.argv[2] == "busy":
    from agent.core.open_vault import OpenVault
    OpenVault.busy = property(lambda self: True)
from agent.daemon.main import main
sys.exit(main([]))
"""
"""An agent of another protocol."""


@contextlib.contextmanager
def other_agent(folder: Path, protocol: int, how: str = "idle") -> Iterator[subprocess.Popen[bytes]]:
    """An agent of that protocol, answering, with an open vault; killed in the end if it still runs."""
    paths = home_paths(folder)
    save_settings(paths.settings, NOWHERE)
    process = subprocess.Popen(
        [sys.executable, "-P", "-c", OTHER, str(protocol), how], env=environment(folder),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: answers(paths))
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(10)
        stop_agent(paths)


def answers(paths: Paths) -> bool:
    """Whether an agent of any protocol answers there."""
    try:
        return bool(Client(paths).ask(api.health())["pid"])
    except Problem:
        return False


def make_vault(paths: Paths) -> None:
    """With an agent of today, which ends again."""
    assert ready_agent(paths).outcome is Outcome.STARTED
    Client(paths).ask(api.setup(PASSPHRASE))
    stop_agent(paths)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AMELI_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_an_older_agent_is_said_to_be_and_replaced_while_it_is_idle(folder: Path) -> None:
    paths = home_paths(folder)
    with other_agent(folder, PROTOCOL - 1) as process:
        with pytest.raises(AgentOutdated) as caught:
            Client(paths).ask(api.status())
        assert "agent restart" in caught.value.hint("en") and "plus ancienne" in caught.value.message("fr")
        result = ready_agent(paths)
        assert (result.outcome, result.replaced, result.ok) == (Outcome.REPLACED, True, True)
        assert process.wait(10) == 0, "it was asked to end, not killed"
        health = Client(paths).ask(api.health())
        assert health["protocol"] == PROTOCOL and health["pid"] != process.pid
        assert Client(paths).ask(api.status())["running"]


def test_an_older_agent_at_work_is_left_alone_and_that_is_said(folder: Path) -> None:
    paths = home_paths(folder)
    make_vault(paths)
    with other_agent(folder, PROTOCOL - 1, "busy") as process:
        unlock_as(paths, PROTOCOL - 1)
        result = ready_agent(paths)
        assert result.outcome is Outcome.FAILED and not result.ok
        assert "at work" in result.reason["en"] and "au travail" in result.reason["fr"]
        assert process.poll() is None and Client(paths).ask(api.health())["pid"] == process.pid


def unlock_as(paths: Paths, protocol: int) -> None:
    """Open the vault as a program of that protocol does."""
    script = ("import sys, agent.protocol\nagent.protocol.PROTOCOL = int(sys.argv[1])\n"
              "from agent.client import api\nfrom agent.client.client import Client\n"
              "from config.paths import find_paths\n"
              "Client(find_paths()).ask(api.unlock({'passphrase': sys.argv[2]}))")
    subprocess.run([sys.executable, "-P", "-c", script, str(protocol), PASSPHRASE], check=True, timeout=60,
                   env=environment(paths.run_dir.parent))


def test_a_newer_agent_is_read_from_not_written_to_and_never_replaced(folder: Path) -> None:
    paths = home_paths(folder)
    with other_agent(folder, PROTOCOL + 1) as process:
        client = Client(paths)
        assert client.ask(api.status())["running"]
        with pytest.raises(Problem) as caught:
            client.ask(api.reload())
        assert caught.value.code == "client_outdated" and "start it again" in caught.value.hint("en")
        assert ready_agent(paths).outcome is Outcome.ALREADY_RUNNING
        assert process.poll() is None
        assert stop_agent(paths).value == "stopped", "an older program may still end it"


def test_an_agent_of_before_it_told_what_it_does_is_left_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = home_paths(folder)
    with other_agent(folder, PROTOCOL - 1) as process:
        health = dict(Client(paths).ask(api.health()))
        del health["busy"]
        monkeypatch.setattr("agent.client.client.Client.ask", lambda self, call: health)
        assert ready_agent(paths).outcome is Outcome.FAILED
        assert process.poll() is None


def test_a_command_replaces_an_older_agent_and_says_so(folder: Path, tmp_path: Path) -> None:
    paths, phrase = home_paths(folder), tmp_path / "phrase"
    phrase.write_text(PASSPHRASE)
    phrase.chmod(0o600)
    make_vault(paths)
    with other_agent(folder, PROTOCOL - 1) as process:
        done = Home(folder).run("procedures", "--json", AMELI_PASSPHRASE_FILE=str(phrase))
        assert done.code == 0 and done.json, done.err
        assert "older version" in done.err and process.wait(10) == 0


def test_a_command_that_meets_an_older_agent_at_work_says_so_and_leaves_it(folder: Path) -> None:
    paths = home_paths(folder)
    make_vault(paths)
    with other_agent(folder, PROTOCOL - 1, "busy") as process:
        unlock_as(paths, PROTOCOL - 1)
        done = Home(folder).run("payments", "--json")
        assert done.code == 1 and "at work" in done.error["message"]
        assert process.poll() is None
