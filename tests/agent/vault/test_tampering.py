"""Every byte of a vault's files matters: a changed, cut or swapped file is told, and nothing is written over it."""

from pathlib import Path

import pytest

from agent.vault import Vault, VaultError
from agent.vault.errors import BlobMissing, VaultDamaged, VaultNewer, VaultOlder, WrongPassphrase
from agent.vault.journal import JournalReader, JournalWriter, journal_name
from agent.vault.keys import VaultKeys
from agent.vault.position import CHAIN_SIZE, Position
from tests.agent.vault.simfs import SimFs
from tests.agent.vault.support import FOLDER, PASS, content, create, dice, unlock
from tests.thoroughness import some_and_all


@pytest.fixture(scope="module")
def disk() -> SimFs:
    """A small vault with two generations, two journal files in the last one, and a document."""
    fs = SimFs(folders=(FOLDER.parent,))
    vault, _ = create(fs=fs, random=dice())
    payments = vault.db.table("payments")
    payments.put("a", {"amount": "19.00"})
    vault.compact()
    payments.put("b", {"amount": "26.50"})
    vault.db.table("documents").put("d", {"blob": vault.put_blob(b"%PDF")})
    vault.db.table("documents").put("e", {"blob": vault.put_blob(b"%PDE")})
    vault.lock()
    vault = unlock(fs=fs, random=dice("more"))
    vault.db.table("payments").put("c", {"amount": "1.00"})
    vault.lock()
    return fs


def harmless(path: Path) -> bool:
    """The mark has a second slot, the generation before and the header's copy are only spares, the lock is empty."""
    return path.name in ("high-water", "header-copy", "lock") or path.name.startswith(
        ("snap-00000001", "jrnl-00000001")
    )


def expect(files: dict[Path, bytes], path: Path, good: dict[str, object]) -> None:
    """Open: a typed error with every file as it was; or, where that is allowed, exactly the good content."""
    fs = SimFs(files)
    try:
        found = content(unlock(fs=fs))
    except VaultError:
        if path.parent.name != "blob":
            assert {name: data for name, data in fs.files().items() if name in files} == files
        return
    assert found == good, f"{path} was changed and nobody noticed"
    assert harmless(path), f"{path} was changed and nobody noticed"


@pytest.mark.parametrize("step", some_and_all(7))
def test_a_changed_byte_anywhere_is_noticed(disk: SimFs, step: int) -> None:
    files, good = disk.files(), content(unlock(fs=disk.copy()))
    for path, data in files.items():
        for at in range(0, len(data), step):
            changed = data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1 :]
            expect(files | {path: changed}, path, good)


@pytest.mark.parametrize("step", some_and_all(7))
def test_a_file_cut_at_any_length_is_noticed(disk: SimFs, step: int) -> None:
    files, good = disk.files(), content(unlock(fs=disk.copy()))
    for path, data in files.items():
        for length in range(0, len(data), step):
            expect(files | {path: data[:length]}, path, good)


def test_a_missing_file_is_noticed(disk: SimFs) -> None:
    files, good = disk.files(), content(unlock(fs=disk.copy()))
    for path in files:
        expect({name: data for name, data in files.items() if name != path}, path, good)


def test_a_file_in_the_place_of_another_is_noticed(disk: SimFs) -> None:
    files, good = disk.files(), content(unlock(fs=disk.copy()))
    for path in files:
        for data in files.values():
            if data != files[path]:
                expect(files | {path: data}, path, good)


def test_records_cannot_be_left_out_doubled_or_exchanged() -> None:
    fs = SimFs(folders=(FOLDER.parent,))
    vault, _ = create(fs=fs)
    for key in "abc":
        vault.db.table("payments").put(key, {})
    vault.lock()
    path = FOLDER / "jrnl-00000001-000001"
    data = fs.files()[path]
    head, records = data[: len(data) % 512], data[len(data) % 512 :]
    one, two, three = (records[at : at + 512] for at in range(0, len(records), 512))
    for order in ([one, three], [two, three], [one, two], [one, one, two, three], [two, one, three], [one, three, two]):
        with pytest.raises((VaultDamaged, VaultOlder)):
            unlock(fs=SimFs(fs.files() | {path: head + b"".join(order)}))


def test_a_bad_record_followed_by_a_good_one_is_damage_even_without_the_mark() -> None:
    fs = SimFs(folders=(FOLDER.parent,))
    vault, _ = create(fs=fs)
    for key in "abc":
        vault.db.table("payments").put(key, {})
    files = fs.files()
    del files[FOLDER / "high-water"]
    path = FOLDER / "jrnl-00000001-000001"
    for back in (513, 1024, 1025):  # in the last record but one, its first byte, the one before
        data = bytearray(files[path])
        data[-back] ^= 1
        with pytest.raises(VaultDamaged):
            unlock(fs=SimFs(files | {path: bytes(data)}))


def test_files_of_two_ways_a_copied_vault_went_do_not_mix() -> None:
    fs = SimFs(folders=(FOLDER.parent,))
    vault, _ = create(fs=fs)
    vault.db.table("payments").put("a", {})
    vault.lock()
    ways = [fs.copy(), fs.copy()]
    for disk, key in zip(ways, "bc", strict=True):
        vault = unlock(fs=disk)
        vault.db.table("payments").put(key, {})
        vault.compact()
        vault.db.table("payments").put(key * 2, {})
        vault.lock()
    one, two = (disk.files() for disk in ways)
    for name in ("snap-00000002", "jrnl-00000002-000001"):
        mixed = one | {FOLDER / name: two[FOLDER / name]}
        del mixed[FOLDER / "high-water"]
        with pytest.raises(VaultDamaged):
            unlock(fs=SimFs(mixed))


def test_an_unfinished_last_record_is_left_out_and_told() -> None:
    fs = SimFs(folders=(FOLDER.parent,))
    vault, _ = create(fs=fs)
    vault.db.table("payments").put("a", {})
    good = content(vault)
    mark = fs.files()[FOLDER / "high-water"]
    vault.db.table("payments").put("b", {})
    path = FOLDER / "jrnl-00000001-000001"
    torn = fs.files() | {path: fs.files()[path][:-1], FOLDER / "high-water": mark}
    again = unlock(fs=SimFs(torn))
    assert again.torn
    assert content(again) == good
    assert not unlock(fs=fs.copy()).torn, "whole, and not told as cut"


def test_what_is_missing_or_in_the_place_of_another_is_named(disk: SimFs) -> None:
    files = disk.files()
    one, two = FOLDER / "jrnl-00000002-000001", FOLDER / "jrnl-00000002-000002"
    exchanged = files | {one: files[two], two: files[one]}
    without = {path: data for path, data in files.items() if not path.name.startswith("snap-")}
    gap = {path: data for path, data in files.items() if path != one}
    for spoilt, named in ((exchanged, one.name), (gap, one.name), (without, "snap-00000001")):
        with pytest.raises(VaultDamaged) as refused:
            unlock(fs=SimFs(spoilt))
        assert named in str(refused.value)


@pytest.mark.parametrize(("generation", "number"), [(1, 2), (2, 1), (2, 2)])
def test_a_journal_under_the_name_of_another_is_not_read(generation: int, number: int) -> None:
    """By itself already, whatever is before it: that it continues the right place is another check."""
    fs, keys = SimFs(folders=(FOLDER,)), VaultKeys(bytes(16), bytearray(32))
    JournalWriter(fs, FOLDER, keys, Position(1, 0, 0, bytes(CHAIN_SIZE)), dice()).append(b"")
    right = FOLDER / journal_name(1, 1)
    assert JournalReader(fs, FOLDER, keys, 1, 1).name == right.name
    wrong = FOLDER / journal_name(generation, number)
    with pytest.raises(VaultDamaged, match=wrong.name):
        JournalReader(SimFs(fs.files() | {wrong: fs.files()[right]}), FOLDER, keys, generation, number)


def test_a_restored_older_copy_is_told_and_can_be_accepted(tmp_path: Path) -> None:
    fs, mark = SimFs(folders=(FOLDER.parent,)), Path("/state/high-water")
    vault, _ = create(fs=fs, high_water=mark)
    vault.db.table("payments").put("a", {})
    vault.lock()
    old = fs.files()
    vault = unlock(fs=fs, high_water=mark)
    vault.db.table("payments").put("b", {})
    vault.compact()
    vault.lock()
    older = SimFs(old | {mark: fs.files()[mark]})
    with pytest.raises(VaultOlder):
        unlock(fs=older, high_water=mark)
    vault = unlock(fs=older, high_water=mark, accept_older=True)
    assert content(vault) == {"payments": {"a": {}}}
    vault.lock()
    unlock(fs=older, high_water=mark).lock()


def test_a_copy_that_went_its_own_way_is_told() -> None:
    fs, mark = SimFs(folders=(FOLDER.parent,)), Path("/state/high-water")
    vault, _ = create(fs=fs, high_water=mark)
    copied = fs.files()
    vault.db.table("payments").put("here", {})
    vault.lock()
    elsewhere = SimFs(copied)
    vault = unlock(fs=elsewhere, high_water=mark)
    vault.db.table("payments").put("there", {})
    vault.db.table("payments").put("there too", {})  # further than the mark, by another way
    vault.lock()
    with pytest.raises(VaultOlder):
        unlock(fs=SimFs(elsewhere.files() | {mark: fs.files()[mark]}), high_water=mark)


def test_a_mark_of_another_vault_says_nothing() -> None:
    fs, mark = SimFs(folders=(FOLDER.parent,)), Path("/state/high-water")
    vault, _ = create(fs=fs, high_water=mark)
    vault.db.table("payments").put("a", {})
    vault.compact()
    vault.lock()
    other = SimFs(folders=(FOLDER.parent,))
    create(fs=other, high_water=mark)[0].lock()
    unlock(fs=SimFs(other.files() | {mark: fs.files()[mark]}), high_water=mark)


def test_a_newer_format_is_refused_in_words() -> None:
    fs = SimFs(folders=(FOLDER.parent,))
    create(fs=fs)
    path = FOLDER / "header"
    newer = fs.files()[path].replace(b'"format": 1', b'"format": 2')
    with pytest.raises(VaultNewer) as caught:
        unlock(fs=SimFs(fs.files() | {path: newer}))
    assert "format 2" in caught.value.message("en")


def test_an_edited_kdf_cost_is_refused_before_it_is_run() -> None:
    fs = SimFs(folders=(FOLDER.parent,))
    create(fs=fs)
    with pytest.raises(VaultDamaged):  # the tests' own cost is far below the real floor
        Vault.unlock(FOLDER, passphrase=PASS, fs=fs.copy())


def test_a_wrong_passphrase_is_no_damage_and_changes_nothing() -> None:
    fs = SimFs(folders=(FOLDER.parent,))
    create(fs=fs)[0].lock()
    before = fs.files()
    with pytest.raises(WrongPassphrase) as caught:
        unlock(fs=fs, passphrase="something else")
    assert caught.value.exit_code == 3
    assert fs.files() == before
    unlock(fs=fs)


def test_a_blob_that_was_never_there_is_missing() -> None:
    vault, _ = create(fs=SimFs(folders=(FOLDER.parent,)))
    with pytest.raises(BlobMissing):
        vault.get_blob("00" * 16)
