"""A real process on a real disk, killed at any moment: what it said was saved is there."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from agent.vault.errors import NoVault
from tests.agent.vault.support import create, unlock

WRITER = """
import sys
from pathlib import Path
from tests.agent.vault.support import unlock
vault = unlock(Path(sys.argv[1]))
table = vault.db.table("payments")
print("ready", flush=True)
number = (vault.db.table("runs").fetch("last") or {"number": -1})["number"] + 1
while True:
    with vault.transaction():
        table.put(f"p{number}", {"number": number, "text": "x" * (number * 37 % 3000)})
        vault.db.table("runs").put("last", {"number": number})
        if number % 7 == 0:
            table.put(f"blob{number}", {"blob": vault.put_blob(str(number).encode() * 1000)})
    number = number + 1
    print(number, flush=True)
    if number % 50 == 0:
        vault.compact()
"""


def kill_once(folder: Path, delay: float) -> None:
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(folder)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(delay)
    process.kill()
    said = [line for line in process.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
    process.wait()
    vault = unlock(folder)
    table, last = vault.db.table("payments"), vault.db.table("runs").fetch("last")
    if said:
        assert last is not None
        assert last["number"] + 1 >= int(said[-1]), "an acknowledged transaction is gone"
    if last is not None:
        for number in range(last["number"] + 1):
            row = table.fetch(f"p{number}")
            assert row is not None
            assert row["number"] == number
            if number % 7 == 0:
                blob = table.fetch(f"blob{number}")
                assert blob is not None
                assert vault.get_blob(blob["blob"]) == str(number).encode() * 1000
    vault.lock()


def rounds(folder: Path, count: int) -> None:
    create(folder)[0].lock()
    luck = random.Random(5)
    for _ in range(count):
        kill_once(folder, luck.uniform(0.0, 0.15))


def test_a_killed_process_loses_nothing_it_said_was_saved(tmp_path: Path) -> None:
    rounds(tmp_path / "vault", 5)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_two_hundred_killed_processes_lose_nothing(tmp_path: Path) -> None:
    for part in range(10):
        rounds(tmp_path / f"vault{part}", 20)


def test_a_process_killed_while_creating_leaves_no_half_vault(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from tests.agent.vault.support import create\n"
        "print('ready', flush=True); create(Path(sys.argv[1])); print('made', flush=True); sys.stdin.read()"
    )
    luck = random.Random(6)
    for number in range(4):
        folder = tmp_path / str(number)
        process = subprocess.Popen(
            [sys.executable, "-c", script, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(luck.uniform(0, 0.004))
        process.kill()
        made = "made" in process.stdout.read()
        process.wait()
        process.stdin.close() if process.stdin else None
        try:
            unlock(folder).lock()
        except NoVault:
            assert not made
            create(folder)[0].lock()
