"""The disk refuses: each call in turn fails, and the vault says so, keeps what it had and stays readable."""

import errno
import gc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.vault import Vault, VaultError
from agent.vault.errors import VaultBusy, VaultStopped, VaultUnreadable, VaultWriteFailed
from agent.vault.fs import RealFs
from tests.agent.vault.simfs import SimFile, SimFs
from tests.agent.vault.support import FOLDER, PASS, content, create, dice, unlock
from tests.thoroughness import one_in


class NthCall:
    """Fails the Nth call to the disk, once or from then on."""

    def __init__(self, nth: int, code: int, *, lasting: bool) -> None:
        self.nth, self.code, self.lasting, self.calls = nth, code, lasting, 0
        self.call = ""

    def __call__(self, call: str) -> None:
        self.calls += 1
        if self.calls == self.nth or (self.lasting and self.calls > self.nth):
            self.call = self.call or call
            raise OSError(self.code, "injected")


def put(key: str) -> Callable[[Vault], object]:
    return lambda vault: vault.db.table("payments").put(key, {"amount": "1.00", "note": "x" * 600})


def with_blob(vault: Vault) -> None:
    with vault.transaction():
        vault.db.table("documents").put("d", {"blob": vault.put_blob(b"%PDF" + bytes(5000))})


STEPS: list[Callable[[Vault], object]] = [
    put("a"),
    put("b"),
    with_blob,
    Vault.compact,
    put("c"),
    lambda vault: vault.db.table("payments").drop("a"),
    lambda vault: vault.change_passphrase(PASS),
    Vault.new_recovery_code,
    put("d"),
    Vault.compact,
    put("e"),
]


def run(nth: int, code: int, *, lasting: bool) -> bool:
    """Live with one failing call; return whether the call was reached."""
    fs = SimFs(folders=(FOLDER.parent,))
    vault, _ = create(fs=fs, random=dice("faults"))
    fault = NthCall(nth, code, lasting=lasting)
    fs.faults = fault
    allowed: list[dict[str, Any]] = []
    for step in STEPS:
        before = _quiet(fs, vault)
        try:
            step(vault)
        except VaultError as error:
            assert isinstance(error, (VaultWriteFailed, VaultStopped, VaultUnreadable))
            assert _quiet(fs, vault) == before, "memory changed although the disk did not"
            if isinstance(error, VaultStopped):
                # The flush failed: the disk may hold the change or not. Find out what it would be.
                fs.faults = None
                allowed.append(_would_be(vault, step, before))
                break
    fs.faults = None
    allowed.append(content(vault))
    vault.lock()
    assert content(unlock(fs=fs.copy())) in allowed
    return fault.calls >= nth


def _quiet(fs: SimFs, vault: Vault) -> dict[str, Any]:
    faults, fs.faults = fs.faults, None
    result = content(vault)
    fs.faults = faults
    return result


def _would_be(vault: Vault, step: Callable[[Vault], object], before: dict[str, Any]) -> dict[str, Any]:
    """Return the content after ``step`` on a healthy disk."""
    other, _ = create(fs=SimFs(folders=(FOLDER.parent,)))
    with other.transaction():
        for name, rows in before.items():
            for key, row in rows.items():
                if "blob" in row:
                    row = {"blob": other.put_blob(row["blob"])}
                other.db.table(name).put(key, row)
    step(other)
    return content(other)


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "for good"])
@pytest.mark.parametrize("code", one_in(2, [errno.EIO, errno.ENOSPC]))
def test_each_failing_call_leaves_a_vault_that_opens(code: int, lasting: bool) -> None:
    nth = 1
    while run(nth, code, lasting=lasting):
        nth += 1
    assert nth > 60


@pytest.mark.parametrize("code", [errno.EIO, errno.EACCES])
def test_each_failing_call_while_unlocking_is_a_typed_error(code: int) -> None:
    fs = SimFs(folders=(FOLDER.parent,))
    vault, _ = create(fs=fs)
    put("a")(vault)
    with_blob(vault)
    vault.lock()
    good, nth = content(unlock(fs=fs.copy())), 0
    while True:
        nth += 1
        disk = fs.copy()
        disk.faults = fault = NthCall(nth, code, lasting=False)
        try:
            opened = unlock(fs=disk)
        except VaultError:
            assert not disk.held
        else:
            disk.faults = None
            assert content(opened) == good
        disk.faults, disk.held = None, False
        assert content(unlock(fs=disk)) == good
        if fault.calls < nth:
            break
    assert nth > 10


def test_each_failing_call_while_creating_leaves_room_for_another_try() -> None:
    nth = 0
    while True:
        nth += 1
        fs = SimFs(folders=(FOLDER.parent,))
        fs.faults = fault = NthCall(nth, errno.ENOSPC, lasting=False)
        try:
            create(fs=fs)
        except VaultError:
            fs.faults = None
            if not Vault.exists(FOLDER, fs=fs):
                create(fs=fs)
        if fault.calls < nth:
            break
    assert nth > 10


@pytest.mark.parametrize("part", [0.0, 0.3, 0.99, 1.0])
def test_a_write_that_breaks_off_half_way_spoils_nothing(monkeypatch: pytest.MonkeyPatch, part: float) -> None:
    fs = SimFs(folders=(FOLDER.parent,))
    vault, _ = create(fs=fs)
    put("a")(vault)
    good = content(vault)
    whole = SimFile.write

    def break_off(file: SimFile, data: bytes | memoryview) -> int:
        whole(file, bytes(data)[: int(len(data) * part)])
        raise OSError(errno.ENOSPC, "injected")

    with monkeypatch.context() as patch:
        patch.setattr(SimFile, "write", break_off)
        for step in (put("b"), with_blob, Vault.compact, Vault.new_recovery_code):
            with pytest.raises(VaultWriteFailed):
                step(vault)
    assert content(vault) == good
    put("c")(vault)
    put("d")(vault)
    assert vault.db.table("payments").keys() == ["a", "c", "d"]
    assert content(unlock(fs=fs.copy())) == content(vault)
    vault.lock()
    assert unlock(fs=fs).db.table("payments").keys() == ["a", "c", "d"]


class FullFs(RealFs):
    """A disk that takes no new name when it is full."""

    full = False

    def rename(self, old: Path, new: Path) -> None:
        if self.full:
            raise OSError(errno.ENOSPC, "injected")
        super().rename(old, new)


def open_files() -> int:
    """How many files this process has open."""
    return len(list(Path("/dev/fd").iterdir()))


def test_a_journal_that_could_not_be_begun_leaves_no_file_open(tmp_path: Path) -> None:
    fs = FullFs()
    vault, _ = create(tmp_path / "vault", fs=fs)
    before = open_files()
    fs.full = True
    with pytest.raises(VaultError):
        put("a")(vault)
    assert open_files() == before
    vault.lock()


def test_short_writes_are_continued(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = SimFile.write
    monkeypatch.setattr(SimFile, "write", lambda file, data: whole(file, bytes(data)[:100]))
    fs = SimFs(folders=(FOLDER.parent,))
    vault, _ = create(fs=fs)
    put("a")(vault)
    with_blob(vault)
    vault.compact()
    put("b")(vault)
    assert content(unlock(fs=fs.copy())) == content(vault)


def test_a_disk_that_takes_nothing_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    vault, _ = create(fs=SimFs(folders=(FOLDER.parent,)))
    monkeypatch.setattr(SimFile, "write", lambda file, data: 0)
    with pytest.raises(VaultWriteFailed):
        put("a")(vault)


def test_a_snapshot_that_reads_back_differently_is_not_switched_to(monkeypatch: pytest.MonkeyPatch) -> None:
    fs = SimFs(folders=(FOLDER.parent,))
    vault, _ = create(fs=fs)
    put("a")(vault)
    good = content(vault)
    with monkeypatch.context() as patch:
        whole = SimFs.read
        patch.setattr(SimFs, "read", lambda fs, path: whole(fs, path)[:-1] + b"\0")
        with pytest.raises(VaultWriteFailed):
            vault.compact()
    assert not any(path.name.startswith(("snap-00000002", "tmp-")) for path in fs.files())
    put("b")(vault)
    assert content(vault) == good | {"payments": good["payments"] | content(vault)["payments"]}
    assert content(unlock(fs=fs.copy())) == content(vault)


def test_after_a_failed_flush_nothing_more_is_written() -> None:
    fs = SimFs(folders=(FOLDER.parent,))
    vault, _ = create(fs=fs)
    put("a")(vault)

    def fail_sync(call: str) -> None:
        if call == "sync":
            raise OSError(errno.EIO, "injected")

    fs.faults = fail_sync
    with pytest.raises(VaultStopped):
        put("b")(vault)
    fs.faults = None
    before = fs.files()
    for step in (
        put("c"),
        with_blob,
        Vault.compact,
        Vault.new_recovery_code,
        lambda vault: vault.change_passphrase("x"),
    ):
        with pytest.raises(VaultStopped):
            step(vault)
    assert fs.files() == before
    assert vault.db.table("payments").fetch("a") is not None
    vault.lock()
    put("b")(unlock(fs=fs))


def test_two_processes_cannot_open_the_same_vault(tmp_path: Any) -> None:
    vault, _ = create(tmp_path / "vault")
    with pytest.raises(VaultBusy):
        unlock(tmp_path / "vault")
    vault.lock()
    unlock(tmp_path / "vault").lock()


def test_a_vault_that_is_dropped_unlocked_lets_go_of_its_lock_and_its_files(tmp_path: Any) -> None:
    vault, _ = create(tmp_path / "vault")
    put("a")(vault)
    with_blob(vault)
    assert files_open_below(tmp_path) != set()
    del vault
    gc.collect()
    assert files_open_below(tmp_path) == set()
    again = unlock(tmp_path / "vault")
    assert again.db.table("payments").fetch("a") is not None
    again.lock()


def files_open_below(folder: Path) -> set[Path]:
    """What this process has open there. Skips where the system does not tell."""
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("the system does not tell which files are open")
    places = {descriptor.readlink() for descriptor in Path("/proc/self/fd").iterdir() if descriptor.is_symlink()}
    return {place for place in places if place.is_relative_to(folder)}
