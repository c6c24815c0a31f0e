"""The power goes between any two calls to the disk: nothing unreadable, nothing wrong, nothing acknowledged lost."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.vault import Vault
from agent.vault.errors import NoVault, VaultDamaged, WrongPassphrase
from tests.agent.vault.simfs import SimFile, SimFs
from tests.agent.vault.support import FOLDER, PASS, content, create, dice, unlock

NEW_PASS = "battery staple"
State = tuple[str, dict[str, Any] | None]
"""The passphrase that opens, and the whole content; None while there is no vault yet."""


class Session:
    """A life of a vault on a simulated disk. After each step the state it acknowledged is noted."""

    def __init__(self, mark: Path | None = None) -> None:
        self.fs = SimFs(folders=(FOLDER.parent,))
        self.mark = mark
        self.random = dice("power")
        self.vault: Vault | None = None
        self.passphrase = PASS

    def open(self) -> Vault:
        assert self.vault is not None
        return self.vault

    def create(self) -> None:
        self.vault, _ = create(fs=self.fs, random=self.random, high_water=self.mark)

    def put_many(self) -> None:
        self.open().db.table("payments").put_many({f"p{i}": {"amount": f"{i}.00", "note": "x" * 700} for i in range(9)})

    def change_one(self) -> None:
        self.open().db.table("payments").put("p3", {"amount": "3.50"})

    def remove_one(self) -> None:
        self.open().db.table("payments").drop("p1")

    def two_tables(self) -> None:
        vault = self.open()
        with vault.transaction():
            vault.db.table("payments").put("late", {"amount": "1.00"})
            vault.db.table("runs").insert({"new": 1})
            vault.db.table("payments").drop("p2")

    def blob(self) -> None:
        vault = self.open()
        with vault.transaction():
            vault.db.table("documents").put("d", {"blob": vault.put_blob(b"%PDF-" + bytes(9000))})

    def drop_blob(self) -> None:
        vault = self.open()
        with vault.transaction():
            row = vault.db.table("documents").fetch("d")
            assert row is not None
            vault.db.table("documents").drop("d")
            vault.delete_blob(row["blob"])

    def compact(self) -> None:
        self.open().compact()

    def passphrase_change(self) -> None:
        self.passphrase = NEW_PASS
        self.open().change_passphrase(NEW_PASS)

    def recovery(self) -> None:
        self.open().new_recovery_code()

    def reopen(self) -> None:
        self.open().lock()
        self.vault = unlock(fs=self.fs, passphrase=self.passphrase, random=self.random, high_water=self.mark)

    def state(self) -> State:
        return (self.passphrase, content(self.vault) if self.vault else None)


STEPS: list[Callable[[Session], None]] = [
    Session.create,
    Session.put_many,
    Session.change_one,
    Session.blob,
    Session.compact,
    Session.two_tables,
    Session.reopen,
    Session.remove_one,
    Session.passphrase_change,
    Session.put_many,
    Session.reopen,
    Session.change_one,
    Session.recovery,
    Session.compact,
    Session.drop_blob,
    Session.blob,
    Session.compact,
    Session.remove_one,
]


def check(disk: SimFs, before: State, after: State, *, twice: bool, mark: Path | None = None) -> None:
    """Open the disk: exactly the state before or after the step it was cut in, and again the same after recovery."""
    for passphrase, expected in (after, before):
        try:
            vault = unlock(fs=disk, passphrase=passphrase, random=dice("check"), high_water=mark)
        except NoVault:
            assert before[1] is None, "an acknowledged vault is gone"
            create(fs=disk, high_water=mark)
            return
        except WrongPassphrase:
            disk.held = False
            assert before[0] != after[0], "the passphrase is lost"
            continue
        found = content(vault)
        if expected != found:
            assert found in (before[1] or {}, after[1]), "wrong data"
        break
    else:
        raise AssertionError("no passphrase opens")
    if twice:
        again = unlock(fs=disk.copy(), passphrase=passphrase, high_water=mark)
        assert content(again) == found, "recovery is not idempotent"
        vault.db.table("payments").put("after the cut", {})
        vault.lock()
        found.setdefault("payments", {})["after the cut"] = {}
        assert content(unlock(fs=disk, passphrase=passphrase, high_water=mark)) == found


def live(samples: int, mark: Path | None = None) -> int:
    """Cut the power after every call of the whole session; return how many disks were opened."""
    session, luck, count = Session(mark), random.Random(7), 0
    for step in STEPS:
        before = session.state()
        disks: list[SimFs] = []
        session.fs.watcher = lambda disks=disks: disks.extend(session.fs.crash_states(luck, samples))
        step(session)
        session.fs.watcher = None
        after = session.state()
        for disk in disks:
            count += 1
            check(disk, before, after, twice=count % 7 == 0, mark=mark)
        for disk in session.fs.crash_states(luck, samples):  # acknowledged: only the new state will do
            count += 1
            check(disk, after, after, twice=False, mark=mark)
    return count


@pytest.mark.parametrize("samples", [2, pytest.param(12, marks=pytest.mark.slow)])
@pytest.mark.parametrize("mark", [None, Path("/state/high-water")], ids=["mark inside", "mark elsewhere"])
def test_a_power_cut_anywhere_loses_nothing_acknowledged(mark: Path | None, samples: int) -> None:
    assert live(samples=samples, mark=mark) > 170 * samples


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_fifty_thousand_power_cuts_lose_nothing_acknowledged() -> None:
    assert live(samples=640) > 50_000


def test_a_power_cut_during_recovery_loses_nothing() -> None:
    session, luck = Session(), random.Random(3)
    for step in STEPS[:8]:
        step(session)
    state = session.state()
    session.open().db.table("payments").put("torn", {"x": "y" * 5000})
    after = session.state()
    cut = list(session.fs.crash_states(luck, 6))
    for disk in cut:
        seconds: list[SimFs] = []
        disk.watcher = lambda disk=disk, seconds=seconds: seconds.extend(disk.crash_states(luck, 2))
        unlock(fs=disk)
        disk.watcher = None
        for second in seconds:
            check(second, state, after, twice=False)


def test_the_simulation_notices_a_disk_that_does_not_flush(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SimFile, "sync", lambda file: file.fs.after())
    with pytest.raises((AssertionError, VaultDamaged)):
        live(samples=4)


def test_the_simulation_notices_a_folder_that_is_not_flushed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SimFs, "sync_folder", lambda fs, path: fs.after())
    with pytest.raises((AssertionError, VaultDamaged)):
        live(samples=4)
