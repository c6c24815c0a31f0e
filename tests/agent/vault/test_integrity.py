"""Every single damage: what is said of it when the vault is opened, and that a check of an open vault names the file.

The sweep over every byte is marked slow; a thin one runs always.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.vault import Vault, VaultError
from agent.vault.backup import write_backup
from agent.vault.errors import DocumentDamaged, HeaderDamaged, VaultKeyDamaged, VaultLocked
from agent.vault.findings import Finding
from agent.vault.restore import restore_vault
from tests.agent.vault.simfs import SimFs
from tests.agent.vault.support import CHEAP, FOLDER, NOW, PASS, content, create, dice, unlock

MARK = FOLDER / "high-water"
LAST = "jrnl-00000003-000002"
"""The journal whose end only the mark and a vault that is open can tell."""


@pytest.fixture(scope="module")
def disk() -> SimFs:
    """Three generations, of which two are kept, journals in both, and documents."""
    fs = SimFs(folders=(FOLDER.parent,))
    vault, _ = create(fs=fs, random=dice("integrity"))
    payments = vault.db.table("payments")
    payments.put("a", {"amount": "19.00"})
    vault.compact()
    payments.put("b", {"amount": "26.50"})
    with vault.transaction():
        vault.db.table("documents").put("d", {"blob": vault.put_blob(b"%PDF d")})
        vault.db.table("documents").put("e", {"blob": vault.put_blob(b"%PDF e" * 11_000)})
    vault.compact()
    payments.put("c", {"amount": "1.00"})
    payments.put("d", {"amount": "2.00"})
    vault.lock()
    vault = unlock(fs=fs, random=dice("more"))
    vault.db.table("payments").put("e", {"amount": "3.00"})
    vault.lock()
    return fs


@pytest.fixture(scope="module")
def good(disk: SimFs) -> dict[str, Any]:
    return content(unlock(fs=disk.copy()))


def damages(disk: SimFs, step: int) -> Iterator[tuple[Path, bytes | None]]:
    """Single damages of every file: a bit in every ``step``-th byte, cuts, removal (None), another's content, twice
    its own."""
    files = disk.files()
    for path, data in files.items():
        if path.name == "lock":
            continue
        for at in {*range(0, len(data), step if len(data) < 10_000 else step * 97), len(data) - 1}:
            yield path, data[:at] + bytes([data[at] ^ 1 << at % 8]) + data[at + 1:]
        for length in {*range(0, len(data), step * 7 if len(data) < 10_000 else 7_001), len(data) - 1}:
            yield path, data[:length]
        yield path, None
        yield path, data + data
        for other in files.values():
            if other not in (data, b""):
                yield path, other


def put(fs: SimFs, path: Path, data: bytes | None) -> None:
    """Change a file under the feet of whoever has it open."""
    inodes = fs.folders[path.parent]
    inodes.durable, inodes.pending = inodes.now(), []
    if data is None:
        del inodes.durable[path.name]
    else:
        inodes.durable[path.name].durable, inodes.durable[path.name].pending = data, []


def named(found: list[Finding]) -> set[str]:
    return {one.file for one in found}


def whole(vault: Vault, good: dict[str, Any], without: str = "") -> bool:
    """Whether everything is there, but for one damaged document."""
    for name, rows in good.items():
        for key, row in rows.items():
            found = vault.db.table(name).fetch(key)
            if name != "documents":
                if found != row:
                    return False
                continue
            try:
                same = vault.get_blob(found["blob"]) == row["blob"]
            except DocumentDamaged:
                same = found["blob"] == without
            if not same:
                return False
    return True


def harmless(name: str, before: bytes, after: bytes | None) -> bool:
    """Bytes behind what counts of a journal that was closed, or of one that is the last: nobody was told of them."""
    return name.startswith("jrnl") and after is not None and after.startswith(before)


def damaged_while_open(disk: SimFs, good: dict[str, Any], step: int) -> None:
    files = disk.files()
    for path, data in damages(disk, step):
        fs = disk.copy()
        vault = unlock(fs=fs)
        put(fs, path, data)
        name = str(path.relative_to(FOLDER))
        report = vault.integrity.check()
        if harmless(name, files[path], data):
            assert not report.findings, name
            vault.lock()
            continue
        assert named(report.findings) == {name}, f"{name} was changed, and a check says {report.findings}"
        [found] = report.findings
        assert found.how == ("missing" if data is None else "damaged")
        assert whole(vault, good, found.document)
        mended = vault.integrity.mend(report.findings)
        assert mended == ([found] if found.redundant else [])
        assert found.redundant == (path.parent.name != "blob")
        assert named(vault.integrity.check().findings) == (set() if found.redundant else {name})
        assert vault.integrity.take_untold() == []
        vault.lock()
        fs.held = False
        again = unlock(fs=fs)
        assert whole(again, good, found.document)
        again.lock()


def damaged_while_locked(disk: SimFs, good: dict[str, Any], step: int) -> None:
    files = disk.files()
    for path, data in damages(disk, step):
        name = str(path.relative_to(FOLDER))
        changed = {one: kept for one, kept in files.items() if one != path}
        fs = SimFs(changed if data is None else changed | {path: data})
        before = fs.files()
        try:
            vault = unlock(fs=fs)
        except VaultError as error:
            assert path.parent.name != "blob", name
            assert fs.files() == before, "nothing may be written when a vault is refused"
            assert error.hint("fr") and error.hint("en")
            if path.name == "header":
                assert isinstance(error, HeaderDamaged) or error.code == "vault_newer"
            vault = unlock(fs=fs, salvage=True)
            if vault.loss is not None and vault.loss.any:
                assert name.startswith("jrnl-00000003"), name
                vault.lock()
                continue
        noticed = named(vault.integrity.take_untold()) | named(vault.integrity.check().findings)
        if vault.salvaged or harmless(name, files[path], data) or vault.torn:
            assert noticed <= {name}
        else:
            assert name in noticed, f"{name} was changed and nobody noticed"
        assert whole(vault, good, path.name)
        vault.integrity.mend(vault.integrity.check().findings)
        left = named(vault.integrity.check().findings)
        assert left == ({name} if path.parent.name == "blob" else set())
        vault.lock()


def test_what_is_damaged_while_the_vault_is_open_is_named_and_mended(disk: SimFs, good: dict[str, Any]) -> None:
    damaged_while_open(disk, good, 151)


def test_what_is_damaged_while_the_vault_is_locked_is_refused_or_named(disk: SimFs, good: dict[str, Any]) -> None:
    damaged_while_locked(disk, good, 151)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_every_byte_that_changes_while_the_vault_is_open_is_named(disk: SimFs, good: dict[str, Any]) -> None:
    damaged_while_open(disk, good, 1)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_every_byte_that_changes_while_the_vault_is_locked_is_refused_or_named(
    disk: SimFs, good: dict[str, Any]
) -> None:
    damaged_while_locked(disk, good, 1)


def test_a_whole_vault_is_said_to_be_whole_and_nothing_is_written(disk: SimFs) -> None:
    fs = disk.copy()
    vault = unlock(fs=fs)
    before = fs.files()
    report = vault.integrity.check()
    assert (report.findings, report.leftovers) == ([], [])
    assert report.checked == len([path for path in before if path.name != "lock"])
    assert report.size > 66_000
    assert fs.files() == before


def test_files_that_belong_to_nothing_are_told_and_left(disk: SimFs) -> None:
    fs = disk.copy()
    vault = unlock(fs=fs)
    files = fs.files()
    blob = next(path for path in files if path.parent.name == "blob")
    more = SimFs(files | {
        FOLDER / "snap-00000009": files[FOLDER / "snap-00000003"], FOLDER / "holiday.jpg": b"x",
        FOLDER / "blob" / ("0" * 32): files[blob], FOLDER / "inbox" / ("1" * 32): b"sealed", FOLDER / "tmp-1": b"",
    })
    fs.folders = more.folders
    report = vault.integrity.check()
    assert report.findings == []
    assert report.leftovers == ["blob/" + "0" * 32, "holiday.jpg", "inbox/" + "1" * 32, "snap-00000009"]


def test_both_key_files_damaged_are_told_as_such_and_without_a_way_that_leads_nowhere(disk: SimFs) -> None:
    files = disk.files()
    broken = {FOLDER / name: files[FOLDER / name][:-3] for name in ("header", "header-copy")}
    for changed in (files | broken, {path: data for path, data in (files | broken).items() if path.name != "header"}):
        for salvage in (False, True):
            with pytest.raises(VaultKeyDamaged) as refused:
                unlock(fs=SimFs(changed), salvage=salvage)
            assert "restore" in refused.value.hint("en") and "restore" in refused.value.hint("fr")
            assert "salvage" not in refused.value.hint("en")


def test_a_header_opened_by_its_copy_is_written_anew_and_what_it_held_is_kept_aside(disk: SimFs) -> None:
    files = disk.files()
    broken = files[FOLDER / "header"].replace(b'"slots"', b'"slotz"')
    fs = SimFs(files | {FOLDER / "header": broken})
    with pytest.raises(HeaderDamaged) as refused:
        unlock(fs=fs)
    assert "is damaged" in str(refused.value)
    vault = unlock(fs=fs, salvage=True)
    assert fs.files()[FOLDER / "header"] == files[FOLDER / "header"]
    assert fs.files()[FOLDER / "header-damaged"] == broken
    assert vault.integrity.mended == [Finding("header", "header", "damaged")]
    assert vault.integrity.check().leftovers == ["header-damaged"]
    del files[FOLDER / "header"]
    with pytest.raises(HeaderDamaged) as refused:
        unlock(fs=SimFs(files))
    assert "is gone" in str(refused.value) and "a disparu" in refused.value.message("fr")


def test_a_copy_of_before_the_last_change_of_passphrase_says_that_it_may_be_older(disk: SimFs) -> None:
    fs = disk.copy()
    old = fs.files()[FOLDER / "header-copy"]
    vault = unlock(fs=fs)
    vault.change_passphrase("another one")
    vault.lock()
    stale = SimFs(fs.files() | {FOLDER / "header": b"", FOLDER / "header-copy": old})
    with pytest.raises(VaultError) as refused:
        unlock(fs=stale, passphrase="another one", salvage=True)
    assert refused.value.code == "wrong_passphrase"
    assert "before your last change" in refused.value.hint("en")
    assert unlock(fs=stale, salvage=True)


def test_a_spoilt_slot_of_the_mark_and_a_stale_copy_of_the_header_are_told_and_mended_by_opening(disk: SimFs) -> None:
    files = disk.files()
    mark = files[MARK]
    fs = SimFs(files | {MARK: mark[:-1] + bytes([mark[-1] ^ 1]), FOLDER / "header-copy": b"?"})
    vault = unlock(fs=fs)
    told = vault.integrity.take_untold()
    assert told == [Finding("header-copy", "header-copy", "damaged"), Finding("mark", "high-water", "damaged")]
    assert vault.integrity.take_untold() == []
    assert vault.integrity.mended == told
    assert vault.integrity.check().findings == []
    assert vault.problems == []


def test_what_is_looked_after_by_itself_is_told_later(disk: SimFs, good: dict[str, Any]) -> None:
    fs = disk.copy()
    vault = unlock(fs=fs)
    put(fs, FOLDER / "snap-00000002", b"rubbish")
    vault.integrity.look_after()
    assert vault.integrity.take_untold() == [Finding("spare", "snap-00000002", "damaged")]
    assert vault.integrity.check().findings == []
    assert content(vault) == good


def test_a_disk_that_takes_no_write_is_checked_and_keeps_what_is_damaged(disk: SimFs) -> None:
    fs = disk.copy()
    vault = unlock(fs=fs)
    put(fs, FOLDER / "snap-00000002", b"rubbish")

    def full(call: str) -> None:
        if call in ("create", "write", "write_at", "rename"):
            raise OSError(28, "no room")

    fs.faults = full
    report = vault.integrity.check()
    assert named(report.findings) == {"snap-00000002"}
    assert vault.integrity.mend(report.findings) == []
    assert fs.files()[FOLDER / "snap-00000002"] == b"rubbish"


def test_a_check_of_a_vault_that_is_locked_meanwhile_says_so_and_calls_nothing_damaged(disk: SimFs) -> None:
    fs = disk.copy()
    vault = unlock(fs=fs)
    reads = 0

    def lock_at_the_fifth(call: str) -> None:
        nonlocal reads
        reads += call == "open_to_read"
        if reads == 5:
            fs.faults = None
            vault.lock()

    fs.faults = lock_at_the_fifth
    with pytest.raises(VaultLocked):
        vault.integrity.check()


def test_after_a_salvage_that_lost_something_the_damaged_files_stay(disk: SimFs) -> None:
    fs = disk.copy()
    data = fs.files()[FOLDER / "jrnl-00000003-000001"]
    broken = data[:-600] + bytes([data[-600] ^ 1]) + data[-599:]
    put(fs, FOLDER / "jrnl-00000003-000001", broken)
    vault = unlock(fs=fs, salvage=True)
    assert vault.loss is not None
    assert vault.loss.any
    found = vault.integrity.check().findings
    assert named(found) == {"jrnl-00000003-000001"}
    assert vault.integrity.mend(found, spares=False) == []
    assert fs.files()[FOLDER / "jrnl-00000003-000001"] == broken
    assert vault.integrity.mend(found) == found
    assert vault.integrity.check().findings == []


def test_a_vault_straight_out_of_a_backup_is_whole_and_has_its_spare_at_once(disk: SimFs, good: dict[str, Any]) -> None:
    fs, file = disk.copy(), Path("/home/x.backup")
    vault = unlock(fs=fs)
    with vault.moment() as moment:
        write_backup(moment, file, NOW)
    other = SimFs({file: fs.files()[file]}, (FOLDER.parent,))
    restore_vault(file, FOLDER, NOW, passphrase=PASS, kdf_floor=CHEAP, fs=other)
    again = unlock(fs=other)
    assert again.problems == []
    assert again.integrity.take_untold() == []
    report = again.integrity.check()
    assert (report.findings, report.leftovers) == ([], [])
    assert len([path for path in other.files() if path.name.startswith("snap-")]) == 2
    assert content(again) == good
    again.lock()
    put(other, MARK, None)
    assert [one.code for one in unlock(fs=other).problems] == ["mark_missing"]
