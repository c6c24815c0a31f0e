"""A home on a disk that takes no writes: the agent starts, the vault is read, and each refusal names what helps."""

import asyncio
import errno
import json
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.api.routes import CALLS
from agent.client.client import Client, NotRunning, Problem
from agent.core.refusals import AlreadyRunning
from agent.daemon.unix_socket import AgentSocket
from agent.vault.fs import RealFs
from config.settings import save_settings
from tests.agent.processes import NOWHERE, PASSPHRASE, Served, environment, home_paths, served
from tests.agent.store.helpers import keep_message
from tests.agent.vault.test_read_only import mounted


def refuse_writes(monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    def fail(*_: Any) -> Any:
        raise OSError(code, os.strerror(code))

    for name in ("create", "open", "rename", "make_folder", "sync_folder"):
        monkeypatch.setattr(RealFs, name, fail)


@pytest.fixture
async def agent(tmp_path: Path) -> AsyncIterator[Served]:
    async with served(tmp_path) as one:
        await one.post("/v1/setup", {"passphrase": PASSPHRASE})
        one.agent.store.account.table.put("note", {"kept": True})
        await one.post("/v1/lock")
        yield one


async def test_a_vault_on_a_full_disk_is_read_and_says_so_until_there_is_room(
    agent: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        refuse_writes(patch, errno.ENOSPC)
        told = await agent.post("/v1/unlock", {"passphrase": PASSPHRASE})
        assert [one["code"] for one in told["notices"]] == ["vault_read_only"]
        assert "place" in told["notices"][0]["message"]["fr"]
        for path in ("/v1/status", "/v1/home"):
            problems = (await agent.get(path)).get("problems") or (await agent.get(path)).get("needs")
            assert [one["code"] for one in problems] == ["vault_read_only"]
        assert agent.agent.store.account.table.fetch("note") == {"kept": True}
        refused = await agent.refused("/v1/coverage", {"situations": {}})
        assert (refused.code, refused.http) == ("vault_read_only", 507)
        assert "Make room" in refused.hint("en")
        await agent.agent.heartbeat()
        assert agent.agent.vault_problems
    await agent.agent.heartbeat()
    assert agent.agent.vault_problems == []
    await agent.post("/v1/coverage", {"situations": {}})
    await agent.post("/v1/lock")
    assert await agent.post("/v1/unlock", {"passphrase": PASSPHRASE}) == {"state": "unlocked"}


async def test_every_call_that_reads_answers_as_on_a_healthy_disk(
    agent: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    left_out = ("/v1/events", "/v1/logs", "/v1/attestation", "/v1/certificate")

    async def answers() -> dict[str, Any]:
        found = {}
        for method, path in sorted(CALLS):
            if method == "GET" and "*" not in path and path not in left_out:
                try:
                    found[path] = bool(await asyncio.to_thread(agent.client.bytes, path))
                except Problem as problem:
                    found[path] = problem.code
        return found

    await agent.post("/v1/unlock", {"passphrase": PASSPHRASE})
    healthy = await answers()
    await agent.post("/v1/lock")
    refuse_writes(monkeypatch, errno.EROFS)
    await agent.post("/v1/unlock", {"passphrase": PASSPHRASE})
    assert await answers() == healthy
    monkeypatch.undo()


async def test_a_message_is_read_although_that_cannot_be_noted(agent: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import date

    from agent.account import Message

    await agent.post("/v1/unlock", {"passphrase": PASSPHRASE})
    keep_message(agent.agent.store, Message(
        id="m1", received_on=date(2026, 11, 1), sender="CPAM", subject="Bonjour", body="…", read=False))
    await agent.post("/v1/lock")
    refuse_writes(monkeypatch, errno.ENOSPC)
    await agent.post("/v1/unlock", {"passphrase": PASSPHRASE})
    assert (await agent.get("/v1/messages/m1"))["subject"] == "Bonjour"
    monkeypatch.undo()


@pytest.fixture
def near() -> Iterator[Path]:
    """A folder of a short name: a socket's path is bounded, and pytest's own folders are long."""
    with tempfile.TemporaryDirectory(prefix="ameli-") as name:
        yield Path(name)


def test_socket_and_lock_go_beside_a_home_that_takes_no_writes(near: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(near))
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    paths = home_paths(near / "home")
    whole = os.open

    def read_only(name: Any, flags: int, *rest: Any, **more: Any) -> int:
        if name == paths.lock.name and flags & os.O_CREAT and not paths.spare_run_dir.exists():
            raise OSError(errno.EROFS, "Read-only file system")
        return whole(name, flags, *rest, **more)

    monkeypatch.setattr(os, "open", read_only)
    agent_socket = AgentSocket(paths, {})
    assert Path(agent_socket.socket.getsockname()).parent == paths.spare_run_dir
    assert paths.spare_run_dir.stat().st_mode & 0o777 == 0o700
    Client(paths).connect(2).close()
    agent_socket.close()
    with pytest.raises(NotRunning):
        Client(paths).connect(2)


def test_a_spare_folder_that_is_open_to_others_is_not_used(near: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    monkeypatch.setenv("TMPDIR", str(near))
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    paths = home_paths(near / "home")
    paths.spare_run_dir.mkdir(mode=0o777)
    paths.spare_run_dir.chmod(0o777)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listening.bind(str(paths.spare_run_dir / "agent.sock"))
    listening.listen(1)
    with pytest.raises(NotRunning):
        Client(paths).connect(2)
    listening.close()


def test_an_agent_that_holds_the_homes_lock_keeps_one_beside_it_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = home_paths(tmp_path)
    agent_socket = AgentSocket(paths, {})
    with pytest.raises(AlreadyRunning):
        AgentSocket._lock_as_it_is(paths.lock)
    agent_socket.close()


def run_on(spoil: str, folder: Path) -> dict[str, Any]:
    """Set up a home on a small disk, ``spoil`` that disk, and say what each command answers."""
    home, disk, spare = folder / "made", folder / "disk", folder / "t"
    for one in (home / "config", disk, spare):
        one.mkdir(parents=True)
    save_settings(home / "config" / "settings.toml", NOWHERE)
    home.chmod(0o700)
    (folder / "pass").write_text(PASSPHRASE + "\n")
    code = f"""
import json, subprocess, sys, os
def ameli(*words):
    done = subprocess.run([sys.executable, "-P", "-m", "ameli_tui", *words], capture_output=True, text=True)
    return [done.returncode, done.stdout, done.stderr]
os.environ.pop("XDG_RUNTIME_DIR", None)
ameli("setup"); ameli("agent", "stop")
subprocess.run(["sh", "-c", {spoil!r}], check=True)
told = {{name: ameli(*name.split()) for name in (
    "payments --json", "unlock --json", "agent status --json", "doctor --json", "coverage --json", "ledger --json",
    "newcomer --json", "lock", "unlock", "agent status", "agent stop", "agent status --json ")}}
print(json.dumps(told))
"""
    env = environment(disk / "h", AMELI_LANG="en", AMELI_PASSPHRASE_FILE=str(folder / "pass"), TMPDIR=str(spare))
    script = 'mount -t tmpfs -o size=16m none "$1"\ncp -r "$2" "$1/h"\nshift 2\nexec "$@"'
    kept = ("AMELI", "TMPDIR", "PYTHON")
    words = " ".join(f"{name}='{value}'" for name, value in env.items() if name.startswith(kept))
    done = mounted(f"export {words}\n{script}", str(disk), str(home), sys.executable, "-c", code)
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.mark.slow
@pytest.mark.timeout(180)
@pytest.mark.parametrize("spoil", ["full", "read-only"])
def test_a_real_home_on_a_disk_that_takes_nothing(tmp_path: Path, spoil: str) -> None:
    disk = tmp_path / "disk"
    how = {"full": f"dd if=/dev/zero of={disk}/full bs=1k 2>/dev/null || true",
           "read-only": f"mount -o remount,ro {disk}"}[spoil]
    told = run_on(how, tmp_path)
    code, out, err = told["payments --json"]
    assert (code, json.loads(out)["error"]["code"]) == (5, "no_account"), err
    assert "for reading only" in err
    assert ("Make room" if spoil == "full" else "remount") in err
    status = json.loads(told["agent status --json"][1])
    assert "vault_read_only" in [one["code"] for one in status["problems"]]
    checks = {one["name"]: one for one in json.loads(told["doctor --json"][1])["checks"]}
    assert not checks["vault_read_only"]["ok"]
    if spoil == "read-only":
        assert "read-only" in checks["agent_disk"]["text"]
        assert "space" not in checks["agent_disk"]["cure"]
    assert told["ledger --json"][0] == 0
    assert told["lock"][0] == 0, told["lock"]
    assert told["unlock"][0] == 0
    assert "for reading only" in told["unlock"][2]
    assert told["agent stop"][0] == 0
    assert json.loads(told["agent status --json "][1])["running"] is False
