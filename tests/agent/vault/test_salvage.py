"""After damage: what the sound files prove is opened on request, never anything else, and written anew."""

from pathlib import Path
from typing import Any

import pytest

from agent.vault import VaultError
from agent.vault.errors import VaultDamaged
from tests.agent.vault.simfs import SimFs
from tests.agent.vault.support import FOLDER, PASS, content, create, dice, unlock


class History:
    """A vault's files, and every content it had on the way there."""

    def __init__(self) -> None:
        self.fs = SimFs(folders=(FOLDER.parent,))
        vault, self.code = create(fs=self.fs, random=dice("salvage"))
        self.states: list[dict[str, Any]] = [content(vault)]
        for key in "abcdef":
            with vault.transaction():
                vault.db.table("payments").put(key, {"amount": "1.00"})
                vault.db.table("runs").put("last", {"key": key})
            self.states.append(content(vault))
            if key in "bd":
                vault.compact()
            if key == "e":
                vault.lock()
                vault = unlock(fs=self.fs)
        vault.lock()

    def damaged(self, *names: str) -> SimFs:
        """Return the disk with the last byte of these files changed."""
        files = self.fs.files()
        for name in names:
            data = files[FOLDER / name]
            files[FOLDER / name] = data[:-1] + bytes([data[-1] ^ 1])
        return SimFs(files)


@pytest.fixture(scope="module")
def history() -> History:
    return History()


@pytest.mark.parametrize("name", ["snap-00000003", "header"])
def test_one_damaged_file_of_these_loses_nothing(history: History, name: str) -> None:
    disk = history.damaged(name)
    with pytest.raises(VaultDamaged):
        unlock(fs=disk)
    disk.held = False
    vault = unlock(fs=disk, salvage=True)
    assert content(vault) == history.states[-1]
    vault.db.table("payments").put("after", {})
    vault.lock()
    vault = unlock(fs=disk)
    assert not vault.salvaged
    assert len(vault.db.table("payments")) == 7
    vault.lock()
    assert unlock(fs=disk, passphrase=None, recovery_code=history.code)


def test_a_damaged_record_costs_itself_alone(history: History) -> None:
    vault = unlock(fs=history.damaged("jrnl-00000003-000001"), salvage=True)  # it holds e alone; f is in the next one
    assert vault.salvaged
    assert vault.loss is not None
    assert (vault.loss.missing, vault.loss.total, vault.loss.exact) == (1, 2, True)
    assert vault.db.table("payments").keys() == ["a", "b", "c", "d", "f"]


def test_a_missing_snapshot_is_damage_and_the_one_before_opens_with_all_records_since(history: History) -> None:
    files = history.fs.files()
    del files[FOLDER / "snap-00000003"]
    disk = SimFs(files)
    with pytest.raises(VaultDamaged):
        unlock(fs=disk)
    disk.held = False
    vault = unlock(fs=disk, salvage=True)
    assert content(vault) == history.states[-1]
    assert vault.loss is not None
    assert not vault.loss.any


def test_a_gap_before_the_damaged_snapshot_costs_the_gap_alone(history: History) -> None:
    files = history.damaged("snap-00000003").files()
    path = FOLDER / "jrnl-00000002-000001"
    vault = unlock(fs=SimFs(files | {path: files[path][:-512]}), salvage=True)
    assert vault.db.table("payments").keys() == ["a", "b", "c", "e", "f"]
    assert vault.loss is not None
    assert (vault.loss.missing, vault.loss.total, vault.loss.exact) == (1, 4, True)


def test_a_young_vault_whose_snapshot_of_nothing_is_damaged_has_lost_nothing() -> None:
    fs = SimFs(folders=(FOLDER.parent,))
    vault, _ = create(fs=fs)
    vault.db.table("payments").put("a", {"amount": "1.00"})
    vault.lock()
    for name in fs.files():
        if name.name == "snap-00000001":
            data = fs.files()[name]
            for broken in (data[:-1], b"", data[:40] + b"?" + data[41:]):
                vault = unlock(fs=SimFs(fs.files() | {name: broken}), salvage=True)
                assert vault.loss is not None
                assert not vault.loss.any
                assert content(vault) == {"payments": {"a": {"amount": "1.00"}}}


def test_when_nothing_is_sound_nothing_is_opened_or_written(history: History) -> None:
    disk = history.damaged("snap-00000003", "snap-00000002")
    before = disk.files()
    with pytest.raises(VaultDamaged):
        unlock(fs=disk, salvage=True)
    assert {path: data for path, data in disk.files().items() if path in before} == before


@pytest.mark.parametrize("step", [35, pytest.param(5, marks=pytest.mark.slow)])
def test_salvage_never_shows_a_row_that_never_was(history: History, step: int) -> None:
    files = history.fs.files()
    for path, data in files.items():
        for at in range(0, len(data), step):
            for changed in (data[:at] + bytes([data[at] ^ 16]) + data[at + 1 :], data[:at]):
                _only_what_was(SimFs(files | {path: changed}), history)
        _only_what_was(SimFs({name: kept for name, kept in files.items() if name != path}), history)


def _only_what_was(disk: SimFs, history: History) -> None:
    try:
        vault = unlock(fs=disk, salvage=True)
    except VaultError:
        return
    found = content(vault)
    for name, rows in found.items():
        for key, row in rows.items():
            assert any(state.get(name, {}).get(key) == row for state in history.states)
    if found not in history.states:
        assert vault.loss is not None
        assert vault.loss.any, "something is missing, and nobody was told"
    vault.db.table("payments").put("later", {})
    vault.compact()
    vault.db.table("payments").drop("later")
    vault.lock()
    found.setdefault("payments", {})
    assert content(unlock(fs=disk)) == found


def test_salvaging_a_sound_vault_changes_nothing(tmp_path: Path) -> None:
    vault, _ = create(tmp_path / "vault")
    vault.db.table("payments").put("a", {})
    vault.lock()
    vault = unlock(tmp_path / "vault", passphrase=PASS, salvage=True)
    assert not vault.salvaged
    assert vault.db.table("payments").keys() == ["a"]
