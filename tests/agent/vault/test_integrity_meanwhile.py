"""Checking and mending a vault while others change it, while the power goes, and with files in each other's place."""

import random
import shutil
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from agent.vault import Vault, VaultError
from agent.vault.fs import RealFs, Source
from tests.agent.vault.simfs import SimFs
from tests.agent.vault.support import CHEAP, FOLDER, PASS, content, create, dice, unlock
from tests.agent.vault.test_format import GOLDEN
from tests.agent.vault.test_integrity import damages, named, put, whole
from tests.thoroughness import some_and_all


@pytest.fixture(scope="module")
def disk() -> SimFs:
    """Two generations with journals, and two documents."""
    fs = SimFs(folders=(FOLDER.parent,))
    vault, _ = create(fs=fs, random=dice("meanwhile"))
    for key in "ab":
        with vault.transaction():
            vault.db.table("documents").put(key, {"blob": vault.put_blob(key.encode() * 300)})
    vault.compact()
    vault.db.table("payments").put("a", {"amount": "1.00"})
    vault.lock()
    vault = unlock(fs=fs, random=dice("later"))
    vault.db.table("payments").put("b", {"amount": "2.00"})
    vault.lock()
    return fs


@pytest.fixture(scope="module")
def good(disk: SimFs) -> dict[str, Any]:
    return content(unlock(fs=disk.copy()))


def test_two_files_in_each_others_place_are_named_or_refused(disk: SimFs, good: dict[str, Any]) -> None:
    files = {path: data for path, data in disk.files().items() if path.name != "lock"}
    for one, two in combinations(files, 2):
        if files[one] == files[two]:
            continue
        fs = disk.copy()
        vault = unlock(fs=fs)
        put(fs, one, files[two])
        put(fs, two, files[one])
        names = {str(path.relative_to(FOLDER)) for path in (one, two)}
        assert named(vault.integrity.check().findings) == names
        vault.integrity.mend(vault.integrity.check().findings)
        left = named(vault.integrity.check().findings)
        assert left == {name for name in names if name.startswith("blob/")}
        vault.lock()
        fs = SimFs(disk.files() | {one: files[two], two: files[one]})
        try:
            vault = unlock(fs=fs)
        except VaultError as error:
            assert error.hint("fr")
            continue
        noticed = named(vault.integrity.take_untold()) | named(vault.integrity.check().findings)
        assert noticed == names
        if not any(name.startswith("blob/") for name in names):
            assert content(vault) == good


def test_what_is_left_of_a_generation_that_was_being_removed_is_no_damage(disk: SimFs) -> None:
    fs = disk.copy()
    older = {path: data for path, data in fs.files().items() if path.name.endswith(("-00000001", "-00000001-000001"))}
    assert len(older) == 2
    vault = unlock(fs=fs)
    vault.compact()
    vault.lock()
    for path, data in older.items():
        vault = unlock(fs=SimFs(fs.files() | {path: data}))
        report = vault.integrity.check()
        assert (report.findings, report.leftovers) == ([], [])
        assert vault.integrity.take_untold() == []


def test_a_vault_of_the_first_day_is_whole_as_it_is(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(GOLDEN, tmp_path / "vault"))

    def files() -> dict[str, bytes]:  # but for the mark, which is written anew by each opening
        return {path.name: path.read_bytes() for path in folder.rglob("*")
                if path.is_file() and path.name != "high-water"}

    before, vault = files(), unlock(folder)
    report = vault.integrity.check()
    assert (report.findings, report.leftovers, vault.integrity.mended) == ([], [], [])
    vault.lock()
    assert files() == before


class Interrupted(RealFs):
    """A real disk on which something else happens before each file is opened to be checked."""

    def __init__(self) -> None:
        self.meanwhile: Callable[[], None] | None = None

    def open_to_read(self, path: Path) -> Source:
        if self.meanwhile is not None:
            self.meanwhile()
        return super().open_to_read(path)


def test_what_is_changed_folded_and_removed_meanwhile_is_no_damage(tmp_path: Path) -> None:
    fs, turn, folds = Interrupted(), 0, 0
    vault, _ = create(tmp_path / "vault", fs=fs)
    for key in range(40):
        with vault.transaction():
            vault.db.table("documents").put(f"d{key}", {"blob": vault.put_blob(b"x" * 5000)})
    vault.compact()

    def change() -> None:
        nonlocal turn, folds
        turn += 1
        with vault.transaction():
            key = f"d{turn * 7 % 40}"
            row = vault.db.table("documents").fetch(key)
            assert row is not None
            vault.delete_blob(row["blob"])
            vault.db.table("documents").put(key, {"blob": vault.put_blob(b"y" * turn)})
        if turn % 17 == 3:
            folds += 1
            vault.compact()
        if turn % 11 == 5:
            vault.new_recovery_code()

    for _ in range(12):
        fs.meanwhile = change
        report = vault.integrity.check()
        fs.meanwhile = None
        assert (report.findings, report.leftovers) == ([], [])
    assert folds > 20
    vault.lock()


@pytest.mark.parametrize("step", some_and_all(9))
def test_a_cut_while_something_is_mended_leaves_a_vault_that_opens_with_everything(
    disk: SimFs, good: dict[str, Any], step: int
) -> None:
    chance, cuts = random.Random(7), 0
    for path, data in list(damages(disk, 401))[::step]:
        if path.parent.name == "blob" or path.name.startswith("jrnl-00000002"):
            continue  # these may lose something: see the tests of salvage
        fs = SimFs(disk.files() | {path: data}) if data is not None else SimFs(
            {name: kept for name, kept in disk.files().items() if name != path})
        states: list[SimFs] = []

        def cut(fs: SimFs = fs, states: list[SimFs] = states) -> None:
            states.extend(fs.crash_states(chance, 1))

        fs.watcher = cut
        vault = Vault.unlock(FOLDER, passphrase=PASS, kdf_floor=CHEAP, fs=fs, salvage=True, random=dice("cut"))
        vault.integrity.look_after()
        fs.watcher = None
        vault.lock()
        for state in states[:: max(1, len(states) // 24)]:
            cuts += 1
            again = unlock(fs=state, salvage=True)
            assert whole(again, good), path.name
            again.integrity.look_after()
            assert again.integrity.check().findings == []
            again.lock()
    assert cuts > 100
