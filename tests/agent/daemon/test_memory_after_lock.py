"""What a locked agent's memory holds of the account: nothing. Read as the machine's administrator can."""

import base64
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from agent.client.client import Problem
from tests.agent.files.formats.bank.files import ofx_old
from tests.agent.processes import ROOT, home_paths, wait_until
from tests.raw_client import RawClient

_ROUNDS = 3
_LEAST = 8
"""Letters of a word that is looked for: shorter ones stand everywhere."""
_CHUNK = 1 << 24

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="memory is read through /proc, which is Linux's"),
    pytest.mark.skipif(os.geteuid() != 0, reason="only root reads the memory of a process that is closed to others"),
]


@pytest.fixture
def demo() -> Iterator[dict[str, str]]:
    """A whole demo, as people get it."""
    with tempfile.TemporaryDirectory(prefix="ameli-memory-") as folder:
        command = [sys.executable, "-m", "ameli_tui", "demo", "--home", str(Path(folder) / "home")]
        env = {"PATH": os.environ["PATH"], "HOME": folder, "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT)}
        made = subprocess.run([*command, "--detach", "--json"], env=env, capture_output=True, check=True, timeout=120)
        try:
            yield json.loads(made.stdout)
        finally:
            subprocess.run([*command, "--stop"], env=env, capture_output=True, check=True, timeout=60)


def spellings(word: str) -> list[bytes]:
    """The bytes by which a word can stand in memory."""
    plain = word.encode()
    # in base64 the letters around a word blur its ends: what lies between is the same, in three ways
    blurred = [base64.b64encode(b"\0" * shift + plain)[(4 if shift else 0):-4] for shift in range(3)]
    whole = [plain, word.encode("utf-16-le"), word.encode("utf-32-le")]
    return [*whole, *(part for part in blurred if len(part) >= _LEAST)]


def counted(pid: int, words: dict[str, list[str]]) -> dict[str, int]:
    """How often each kind of word stands in the memory of a process, in any spelling."""
    needles = {kind: [part for word in some for part in spellings(word)] for kind, some in words.items()}
    overlap = max(len(part) for parts in needles.values() for part in parts) - 1
    counts = dict.fromkeys(words, 0)
    with Path(f"/proc/{pid}/maps").open() as maps, Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in maps:
            area, modes, _offset, _device, file, *name = line.split()
            if "r" not in modes or name[:1] in (["[vvar]"], ["[vsyscall]"], ["[vvar_vclock]"]):
                continue
            if "w" not in modes and file != "0":
                continue  # as it lies on the disk: programs and libraries
            at, end = (int(bound, 16) for bound in area.split("-"))
            kept = b""
            while at < end:
                memory.seek(at)
                data = kept + memory.read(min(_CHUNK, end - at))
                if len(data) == len(kept):
                    break
                for kind, parts in needles.items():
                    counts[kind] += sum(data.count(part) for part in parts)
                at += len(data) - len(kept)
                kept = data[-overlap:]
    return counts


def words_of(client: RawClient, demo: dict[str, str]) -> dict[str, list[str]]:
    """What names the account, read while it is open."""
    payments = client.get("/v1/payments", deadline=60)
    acts = {line["act"] for payment in payments for line in payment["lines"]}
    return {
        "number": [demo["nir"]], "password": [demo["password"]], "passphrase": [demo["passphrase"]],
        "name": [client.get("/v1/profile", deadline=60)["name"]],
        "payments": [payment["id"] for payment in payments[:5]],
        "acts": [act for act in sorted(acts) if len(act) >= _LEAST][:5],
    }


def use(client: RawClient, passphrase: str) -> None:
    """What a person does between unlocking and locking."""
    client.post("/v1/unlock", {"passphrase": passphrase})
    client.post("/v1/sync", {"wait": True}, deadline=120)
    for path in ("/v1/home", "/v1/payments", "/v1/messages", "/v1/documents", "/v1/profile", "/v1/months"):
        client.get(path, deadline=60)


def test_a_locked_agent_holds_nothing_of_the_account(demo: dict[str, str]) -> None:
    paths = home_paths(Path(demo["home"]))
    client = RawClient(paths)
    pid, words = client.get("/v1/health")["pid"], words_of(client, demo)
    assert all(words.values())
    for turn in range(_ROUNDS):
        use(client, demo["passphrase"])
        open_since = client.get("/v1/health")["started_at"]
        if turn == _ROUNDS - 1:
            assert all(counted(pid, words).values()), "the reader sees what is there"
        client.post("/v1/lock")
        wait_until(lambda: client.get("/v1/health", deadline=30)["started_at"] != open_since, 60)  # noqa: B023
    assert client.get("/v1/status", deadline=30)["locked"] is True and client.get("/v1/health")["pid"] == pid
    assert counted(pid, words) == dict.fromkeys(words, 0)
    with pytest.raises(Problem):
        client.get("/v1/home")


def test_a_file_that_was_sealed_while_locked_leaves_nothing_of_itself(demo: dict[str, str], tmp_path: Path) -> None:
    client, folder = RawClient(home_paths(Path(demo["home"]))), tmp_path / "dropped"
    folder.mkdir()
    env = {"PATH": os.environ["PATH"], "HOME": demo["home"], "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT),
           "AMELI_HOME": demo["home"]}
    subprocess.run([sys.executable, "-m", "ameli_tui", "config", "set", "import.folder", str(folder)],
                   env=env, capture_output=True, check=True, timeout=60)
    pid, open_since = client.get("/v1/health")["pid"], client.get("/v1/health")["started_at"]
    client.post("/v1/lock")
    wait_until(lambda: client.get("/v1/health", deadline=30)["started_at"] != open_since, 60)
    locked_since = client.get("/v1/health")["started_at"]
    words = {"name": ["kontoauszug-oktober"], "content": ["LOYER VILLA MIMOSA"]}
    path = folder / "kontoauszug-oktober.ofx"
    path.write_bytes(ofx_old([(date(2026, 10, 20), Decimal("-800.00"), "LOYER VILLA MIMOSA")]))
    os.utime(path, (1e9, 1e9))
    wait_until(lambda: client.get("/v1/status", deadline=30)["sealed"] == 1, 120)
    wait_until(lambda: client.get("/v1/health", deadline=30)["started_at"] != locked_since, 60)
    assert counted(pid, words) == dict.fromkeys(words, 0) and path.exists()
