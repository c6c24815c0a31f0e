"""A backup shows one moment of the vault, proves itself, and comes back as it was."""

import errno
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from agent.vault import Vault
from agent.vault.backup import Backup, GivenUp, write_backup
from agent.vault.backup_errors import BackupFailed
from agent.vault.blobs import Blobs
from agent.vault.errors import DocumentDamaged, VaultLocked, VaultOlder
from agent.vault.restore import Restored, restore_vault
from tests.agent.vault.simfs import Inode, SimFs
from tests.agent.vault.support import CHEAP, FOLDER, NOW, PASS, content, create, dice, unlock

MEDIA = Path("/media")
FILE = MEDIA / "ameli.backup"
SETTINGS = b'lang = "fr"\n'
LATER = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


def lived(seed: str = "backup", documents: int = 3) -> tuple[SimFs, Vault, str]:
    """Return a vault with payments and documents, some of them larger than a chunk, and its recovery code."""
    fs = SimFs(folders=(FOLDER.parent, MEDIA))
    vault, code = create(fs=fs, random=dice(seed))
    for number in range(documents):
        with vault.transaction():
            name = vault.put_blob(bytes([number]) * (70_000 * number + 9))
            vault.db.table("documents").put(f"d{number}", {"blob": name})
    vault.db.table("payments").put_many({f"p{i}": {"amount": f"{i}.00", "note": "x" * 300} for i in range(40)})
    return fs, vault, code


def back_up(vault: Vault, path: Path = FILE, settings: bytes | None = SETTINGS, **options: Any) -> Backup:
    with vault.moment() as moment:
        return write_backup(moment, path, NOW, settings, **options)


def elsewhere(data: bytes) -> SimFs:
    """Return another machine's disk, with this file on it."""
    return SimFs({FILE: data}, (FOLDER.parent,))


def restore(fs: SimFs, passphrase: str | None = PASS, code: str | None = None) -> Restored:
    return restore_vault(
        FILE, FOLDER, LATER, passphrase=passphrase, recovery_code=code, kdf_floor=CHEAP, fs=fs, random=dice("other"))


# -- there and back ----------------------------------------------------------------------------------------------------


def test_a_backup_brings_everything_back_in_another_home() -> None:
    fs, vault, _ = lived()
    made = back_up(vault)
    assert (made.documents, made.missing, made.size) == (3, 0, len(fs.files()[FILE]))
    other = elsewhere(fs.files()[FILE])
    restored = restore(other)
    assert (restored.documents, restored.missing, restored.settings) == (3, 0, SETTINGS)
    assert restored.made == NOW.isoformat()
    again = unlock(fs=other)
    assert content(again) == content(vault)
    assert again.problems == [] or [one.code for one in again.problems] == ["mark_missing"]


def test_the_recovery_code_opens_a_backup_too() -> None:
    fs, vault, code = lived()
    back_up(vault)
    other = elsewhere(fs.files()[FILE])
    restore(other, passphrase=None, code=code)
    assert content(unlock(fs=other)) == content(vault)


def test_a_restored_vault_says_so_until_the_person_has_spoken() -> None:
    fs, vault, _ = lived()
    assert vault.backups.restored is None
    back_up(vault)
    other = elsewhere(fs.files()[FILE])
    restore(other)
    again = unlock(fs=other)
    assert again.backups.restored == {"made": NOW.isoformat(), "restored": LATER.isoformat()}
    again.lock()
    again = unlock(fs=other)
    assert again.backups.restored is not None, "closing it is no word"
    again.compact()
    again.backups.accept_restored()
    again.lock()
    assert unlock(fs=other).backups.restored is None


def test_that_a_vault_was_restored_is_no_part_of_its_own_backups() -> None:
    fs, vault, _ = lived()
    back_up(vault)
    other = elsewhere(fs.files()[FILE])
    restore(other)
    again = unlock(fs=other)
    other.folders[MEDIA].durable.clear()
    back_up(again)
    third = elsewhere(other.files()[FILE])
    restore_vault(FILE, FOLDER, datetime(2027, 1, 1, tzinfo=UTC), passphrase=PASS, kdf_floor=CHEAP, fs=third)
    found = unlock(fs=third).backups.restored
    assert found is not None and found["restored"].startswith("2027-01-01"), "its own restoring counts"


def test_an_older_copy_of_the_folder_is_told_after_a_restoring_too(tmp_path: Path) -> None:
    fs, vault, _ = lived()
    vault.compact()
    older = fs.copy()
    vault.db.table("payments").put("later", {"amount": "1.00"})
    back_up(vault)
    mark = Path("/state/high-water")
    other = elsewhere(fs.files()[FILE])
    restore(other)
    unlock(fs=other, high_water=mark).lock()
    for path, data in other.files().items():
        if path.parent == mark.parent:
            older.folders.setdefault(path.parent, type(other.folders[FOLDER])()).durable[path.name] = Inode(data)
    with pytest.raises(VaultOlder):
        unlock(fs=older, high_water=mark)


def test_a_document_that_was_damaged_before_is_told_and_holds_up_nothing() -> None:
    fs, vault, _ = lived()
    row = vault.db.table("documents").fetch("d1")
    assert row is not None
    name = str(row["blob"])
    fs.folders[FOLDER / "blob"].durable[name] = Inode(b"rotten")
    made = back_up(vault)
    assert (made.documents, made.missing) == (2, 1)
    other = elsewhere(fs.files()[FILE])
    assert (restore(other).documents, restore_count(other)) == (2, 2)
    again = unlock(fs=other)
    with pytest.raises(DocumentDamaged):
        again.get_blob(name)


def restore_count(fs: SimFs) -> int:
    return len(fs.folders[FOLDER / "blob"].now())


# -- one moment --------------------------------------------------------------------------------------------------------


def test_what_changes_meanwhile_is_not_in_it_and_what_is_removed_meanwhile_is() -> None:
    fs, vault, _ = lived()
    before = content(vault)
    row = vault.db.table("documents").fetch("d2")
    assert row is not None
    with vault.moment() as moment:
        with vault.transaction():
            vault.db.table("documents").drop("d2")
            vault.delete_blob(str(row["blob"]))
            vault.db.table("payments").put("p0", {"amount": "changed"})
        vault.compact()
        write_backup(moment, FILE, NOW, None)
    assert str(row["blob"]) not in fs.folders[FOLDER / "blob"].now(), "its file goes once nobody wants it"
    other = elsewhere(fs.files()[FILE])
    restore(other)
    assert content(unlock(fs=other)) == before


def test_locking_ends_a_backup_and_waits_for_its_end() -> None:
    fs, vault, _ = lived()
    import threading

    begun, order = threading.Event(), []

    def make() -> None:
        try:
            with vault.moment() as moment:
                begun.set()
                while not moment.leaving():
                    pass
                write_backup(moment, FILE, NOW)
        except VaultLocked:
            order.append("given up")

    thread = threading.Thread(target=make)
    thread.start()
    begun.wait(10)
    vault.lock()
    order.append("locked")
    thread.join(10)
    assert sorted(order) == ["given up", "locked"]
    assert not list(fs.names(MEDIA)), "nothing is left"
    assert content(unlock(fs=fs))["payments"]


def test_a_locked_vault_makes_no_backup() -> None:
    _, vault, _ = lived()
    vault.lock()
    with pytest.raises(VaultLocked):
        back_up(vault)


def test_a_backup_that_is_to_end_ends_and_leaves_nothing() -> None:
    fs, vault, _ = lived()
    with pytest.raises(GivenUp):
        back_up(vault, stop=lambda: True)
    assert fs.names(MEDIA) == []


def test_no_more_than_one_document_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each write to the file comes before the next document is read."""
    _fs, vault, _ = lived(documents=5)
    from agent.vault import backup

    steps: list[str] = []
    read = backup.read_blob

    def reading(*given: Any) -> bytes:
        steps.append("read")
        return read(*given)

    add = backup.BackupWriter.add

    def adding(self: Any, data: bytes) -> None:
        steps.append("written")
        add(self, data)

    monkeypatch.setattr(backup, "read_blob", reading)
    monkeypatch.setattr(backup.BackupWriter, "add", adding)
    back_up(vault)
    assert "read read" not in " ".join(steps)
    assert steps.count("read") == 5


def test_the_same_state_has_the_same_seal_and_any_other_another() -> None:
    _, vault, _ = lived()

    def seal(settings: bytes | None = SETTINGS) -> str:
        with vault.moment() as moment:
            return moment.content(settings)

    first = seal()
    vault.compact()
    vault.backups.note(back_up(vault), generation=True)
    assert seal() == first, "where it lies and what is noted of backups is no content"
    assert seal(None) != first and seal(b"") not in (first, seal(None))
    vault.db.table("payments").put("p0", {"amount": "0.01"})
    changed = seal()
    assert changed != first
    vault.new_recovery_code()
    assert seal() not in (first, changed)


# -- the disk ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("call", ["create", "write", "sync", "open_to_read", "rename", "sync_folder"])
def test_a_disk_that_refuses_leaves_the_backup_before(call: str) -> None:
    fs, vault, _ = lived()
    back_up(vault)
    before = fs.files()[FILE]
    vault.db.table("payments").put("later", {})

    def fault(name: str) -> None:
        if name == call:
            fs.faults = None
            raise OSError(errno.ENOSPC, "No space left on device")

    fs.faults = fault
    with pytest.raises(BackupFailed) as caught:
        back_up(vault)
    assert str(MEDIA) in caught.value.message("en")
    assert fs.names(MEDIA) == [FILE.name]
    assert fs.files()[FILE] == before or call == "sync_folder"
    assert vault.problems == [] or call == "never"
    vault.db.table("payments").put("still", {})


def test_a_disk_that_gives_back_something_else_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    fs, vault, _ = lived()
    honest = fs.open_to_read
    for at in (5, 700, 2000, 100_000, -1):
        def spoilt(path: Path, at: int = at) -> Any:
            source = honest(path)
            data = bytearray(source.data)
            data[at] ^= 1
            source.data = bytes(data)
            return source

        monkeypatch.setattr(fs, "open_to_read", spoilt)
        with pytest.raises(BackupFailed):
            back_up(vault)
        assert fs.names(MEDIA) == []


def test_on_a_real_disk_it_is_for_its_owner_alone(tmp_path: Path) -> None:
    vault, _ = create(tmp_path / "vault")
    vault.db.table("payments").put("p", {"amount": "1.00"})
    path = tmp_path / "my.backup"
    with vault.moment() as moment:
        write_backup(moment, path, NOW)
    assert path.stat().st_mode & 0o777 == 0o600
    assert sorted(one.name for one in tmp_path.iterdir()) == ["my.backup", "vault"]
    found = restore_vault(path, tmp_path / "other" / "vault", LATER, passphrase=PASS, kdf_floor=CHEAP)
    assert found.documents == 0
    assert content(unlock(tmp_path / "other" / "vault")) == content(vault)
    assert not (tmp_path / "other" / "vault-restoring").exists()


def test_documents_stay_while_two_backups_are_wanted() -> None:
    fs, vault, _ = lived()
    blobs: Blobs = vault._blobs
    with vault._storage.guard:
        blobs.keep_removed()
        blobs.keep_removed()
    names = list(fs.folders[FOLDER / "blob"].now())
    with vault.transaction():
        vault.db.table("documents").drop("d0")
        vault.delete_blob(names[0])
    blobs.let_go()
    assert len(fs.folders[FOLDER / "blob"].now()) == len(names)
    blobs.let_go()
    assert names[0] not in fs.folders[FOLDER / "blob"].now()
