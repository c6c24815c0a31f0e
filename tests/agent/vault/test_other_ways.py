"""Files that are valid by themselves and belong to another way the same vault went."""

from pathlib import Path

import pytest

from agent.vault.errors import VaultDamaged, VaultOlder
from tests.agent.vault.simfs import SimFs
from tests.agent.vault.support import FOLDER, content, create, dice, unlock

JOURNAL = FOLDER / "jrnl-00000001-000001"
RECORD = 512
MARK = Path("/state/high-water")


def test_a_valid_last_record_of_another_way_is_damage_and_no_torn_write() -> None:
    ways = []
    for keys in ("ab", "xy"):
        fs = SimFs(folders=(FOLDER.parent,))
        vault, _ = create(fs=fs, random=dice())  # the same keys and the same head of the journal
        for key in keys:
            vault.db.table("payments").put(key, {})
        vault.lock()
        ways.append(fs.files())
    one, two = ways
    head = len(one[JOURNAL]) % RECORD
    assert one[JOURNAL][:head] == two[JOURNAL][:head]
    del one[FOLDER / "high-water"]
    cut = one | {JOURNAL: one[JOURNAL][:-RECORD]}
    assert content(unlock(fs=SimFs(cut))) == {"payments": {"a": {}}}
    with pytest.raises(VaultDamaged):
        unlock(fs=SimFs(one | {JOURNAL: one[JOURNAL][:-RECORD] + two[JOURNAL][-RECORD:]}))


def test_a_copy_folded_on_its_own_is_told_even_before_its_first_record() -> None:
    fs = SimFs(folders=(FOLDER.parent,))
    vault, _ = create(fs=fs, high_water=MARK)
    vault.db.table("payments").put("a", {})
    vault.lock()
    ways = []
    for key in "bc":
        disk = fs.copy()
        vault = unlock(fs=disk, high_water=MARK)
        vault.db.table("payments").put(key, {})
        vault.compact()
        vault.lock()
        ways.append(disk.files())
    one, two = ways
    unlock(fs=SimFs(one), high_water=MARK)
    with pytest.raises(VaultOlder):
        unlock(fs=SimFs(two | {MARK: one[MARK]}), high_water=MARK)


def test_an_unfinished_record_of_an_earlier_journal_is_told_though_a_later_one_is_whole() -> None:
    fs = SimFs(folders=(FOLDER.parent,))
    vault, _ = create(fs=fs)
    vault.db.table("payments").put("a", {})
    mark = fs.files()[FOLDER / "high-water"]
    vault.db.table("payments").put("b", {})
    torn = SimFs(fs.files() | {JOURNAL: fs.files()[JOURNAL][:-1], FOLDER / "high-water": mark})
    vault = unlock(fs=torn)
    vault.db.table("payments").put("c", {})
    vault.lock()
    again = unlock(fs=torn)
    assert content(again) == {"payments": {"a": {}, "c": {}}}
