"""A vault is folded while others read and change it: they do not wait, and nothing of theirs is lost."""

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from agent.vault import VaultError
from agent.vault.errors import VaultLocked, VaultWriteFailed
from tests.agent.vault.simfs import SimFile, SimFs
from tests.agent.vault.support import FOLDER, content, create, dice, unlock

WAIT_S = 20.0


@pytest.fixture
def fs() -> SimFs:
    return SimFs(folders=(FOLDER.parent,))


@contextmanager
def held_up(fs: SimFs, call: str, meanwhile: Callable[[], None], nth: int = 1) -> Iterator[None]:
    """Let ``meanwhile`` happen in another thread before the ``nth`` such call to the disk of this one goes on."""
    here, seen, errors = threading.get_ident(), [0], []

    def other() -> None:
        try:
            meanwhile()
        except (AssertionError, VaultError) as error:
            errors.append(error)

    def fault(name: str) -> None:
        if name == call and threading.get_ident() == here:
            seen[0] += 1
            if seen[0] == nth:
                thread = threading.Thread(target=other, daemon=True)
                thread.start()
                thread.join(WAIT_S)
                assert not thread.is_alive(), "the other thread was kept waiting"

    fs.faults = fault
    yield
    fs.faults = None
    assert seen[0] >= nth, "it never came to that"
    if errors:
        raise errors[0]


def test_others_read_and_write_while_a_snapshot_is_written(fs: SimFs) -> None:
    vault, _ = create(fs=fs)
    vault.db.table("t").put_many({f"k{n}": {"text": "x" * 900} for n in range(400)})
    seen: list[Any] = []

    def meanwhile() -> None:
        seen.append(vault.db.table("t").fetch("k7"))
        vault.db.table("t").put("k7", {"text": "new"})
        vault.db.table("t").drop("k8")
        with vault.transaction():
            vault.db.table("u").put("a", {"blob": vault.put_blob(b"%PDF")})
            vault.db.table("u").put("b", {})
        vault.db.drop_table("u")
        vault.db.table("u").put("c", {})
        seen.append(vault.db.table("t").fetch("k7"))

    with held_up(fs, "write", meanwhile):
        vault.compact()
    assert seen == [{"text": "x" * 900}, {"text": "new"}]
    before = content(vault)
    assert before["u"] == {"c": {}}
    assert "k8" not in before["t"]
    vault.db.table("t").put("after", {})
    vault.lock()
    vault = unlock(fs=fs)
    assert content(vault) == before | {"t": before["t"] | {"after": {}}}
    assert sorted(path.name for path in fs.files() if path.name.startswith("snap"))[-1] == "snap-00000002"


def test_a_number_that_gains_a_digit_meanwhile_is_no_fault(fs: SimFs) -> None:
    vault, _ = create(fs=fs)
    for key in range(9):
        vault.db.table("t").put(str(key), {})
    with held_up(fs, "write", lambda: vault.db.table("t").put("tenth", {})):
        vault.compact()
    vault.lock()
    assert len(unlock(fs=fs).db.table("t")) == 10


def test_whoever_reads_does_not_wait_for_whoever_writes(fs: SimFs) -> None:
    vault, _ = create(fs=fs)
    vault.db.table("t").put("a", {"n": 1})
    seen: list[Any] = []

    def read() -> None:
        seen.append(vault.db.table("t").fetch("a"))
        seen.append(len(vault.db.table("t")))
        seen.append(dict(vault.db.table("t").items()))

    with held_up(fs, "sync", read), vault.transaction():
        vault.db.table("t").put("a", {"n": 2})
        vault.db.table("t").put("b", {"n": 2})
        read()  # its own changes
    assert seen == [{"n": 2}, 2, {"a": {"n": 2}, "b": {"n": 2}}, {"n": 1}, 1, {"a": {"n": 1}}]
    assert vault.db.table("t").fetch("a") == {"n": 2}


def test_locking_waits_for_the_fold_under_way(fs: SimFs) -> None:
    vault, _ = create(fs=fs)
    vault.db.table("t").put("a", {})
    locking = threading.Thread(target=vault.lock)

    def begin() -> None:
        locking.start()
        locking.join(0.2)
        assert locking.is_alive(), "it was locked in the middle of a fold"

    with held_up(fs, "write", begin):
        vault.compact()
    locking.join(WAIT_S)
    assert vault.closed
    with pytest.raises(VaultLocked):
        vault.db.table("t").fetch("a")
    assert unlock(fs=fs).db.table("t").keys() == ["a"]


def test_locking_waits_for_a_write_under_way(fs: SimFs) -> None:
    vault, _ = create(fs=fs)
    locking = threading.Thread(target=vault.lock)

    def begin() -> None:
        locking.start()
        locking.join(0.2)
        assert locking.is_alive()

    with held_up(fs, "sync", begin, nth=2):
        vault.db.table("t").put("a", {})
    locking.join(WAIT_S)
    assert unlock(fs=fs).db.table("t").keys() == ["a"]


def test_a_fold_inside_a_transaction_gives_way_to_the_one_under_way(fs: SimFs) -> None:
    vault, _ = create(fs=fs)

    def inside() -> None:
        with vault.transaction():
            vault.db.table("t").put("b", {})
            vault.compact()

    vault.db.table("t").put("a", {})
    with held_up(fs, "write", inside):
        vault.compact()
    vault.lock()
    assert unlock(fs=fs).db.table("t").keys() == ["a", "b"]


def test_a_power_cut_anywhere_in_a_fold_beside_writes_loses_nothing_acknowledged(fs: SimFs) -> None:
    luck, disks = random.Random(5), []
    vault, _ = create(fs=fs, random=dice("beside"))
    vault.db.table("t").put_many({f"k{n}": {"text": "x" * 900} for n in range(200)})
    told: list[dict[str, Any]] = [content(vault)]
    begun: list[dict[str, Any]] = []

    def watch() -> None:
        allowed = [told[-1], *begun]
        disks.extend((disk, allowed) for disk in fs.crash_states(luck, 2))

    def meanwhile() -> None:
        for number in range(3):
            after = {**told[-1], "t": {**told[-1]["t"], f"k{number}": {"text": "new"}}}
            begun.append(after)
            vault.db.table("t").put(f"k{number}", {"text": "new"})
            told.append(after)
            begun.clear()

    fs.watcher = watch
    with held_up(fs, "write", meanwhile):
        vault.compact()
    fs.watcher = None
    assert len(disks) > 100
    for disk, allowed in disks:
        assert content(unlock(fs=disk)) in allowed


def test_a_fold_that_fails_at_any_call_leaves_what_was_committed_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("write", "write_at", "sync"):
        fs = SimFs(folders=(FOLDER.parent,))
        vault, _ = create(fs=fs)
        vault.db.table("t").put("a", {"text": "x" * 300_000})
        here = threading.get_ident()
        whole = getattr(SimFile, name)
        others = [threading.Thread(target=lambda vault=vault: vault.db.table("t").put("b", {}))]

        def fail(file: SimFile, *args: Any, others: Any = others, whole: Any = whole, here: int = here) -> Any:
            if threading.get_ident() != here:
                return whole(file, *args)
            if others[0].ident is None:
                others[0].start()
            raise OSError(28, "injected")

        with monkeypatch.context() as patch:
            patch.setattr(SimFile, name, fail)
            with pytest.raises(VaultWriteFailed):
                vault.compact()
        others[0].join(WAIT_S)
        assert not [path for path in fs.files() if path.name.startswith("tmp-")]
        assert vault.db.table("t").keys() == ["a", "b"]
        vault.lock()
        assert unlock(fs=fs).db.table("t").keys() == ["a", "b"]


def test_a_young_vault_is_worth_a_snapshot_with_its_first_data_and_each_time_it_has_doubled(fs: SimFs) -> None:
    vault, _ = create(fs=fs)
    assert not vault.snapshot_due
    vault.db.table("t").put("first", {})
    assert vault.snapshot_due
    folds = 0
    for key in range(400):
        vault.db.table("t").put(str(key), {"x": "y" * 2_000})
        if vault.snapshot_due:
            vault.compact()
            folds += 1
    assert 4 <= folds <= 9  # 1 MB: at once, then at 16 KiB, 32, 64, ...
    vault.lock()
    assert len(unlock(fs=fs).db.table("t")) == 401


def test_the_real_disk_folds_beside_a_thread_that_writes(tmp_path: Path) -> None:
    vault, _ = create(tmp_path / "vault")
    vault.db.table("t").put_many({f"k{n}": {"text": "x" * 500} for n in range(5_000)})
    stop, written = threading.Event(), []

    def write() -> None:
        while not stop.is_set():
            key = f"new{len(written)}"
            vault.db.table("t").put(key, {})
            written.append(key)

    thread = threading.Thread(target=write)
    thread.start()
    for _ in range(3):
        vault.compact()
    stop.set()
    thread.join()
    before = content(vault)
    vault.lock()
    assert content(unlock(tmp_path / "vault")) == before
    assert set(written) <= set(before["t"])


