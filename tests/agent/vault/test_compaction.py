"""Folding the journal: when it is due, what is kept, and that a small change never costs a large write."""

from pathlib import Path

import pytest

from tests.agent.vault.simfs import SimFile, SimFs
from tests.agent.vault.support import FOLDER, content, create, unlock


@pytest.fixture
def fs() -> SimFs:
    return SimFs(folders=(FOLDER.parent,))


def names(fs: SimFs) -> list[str]:
    return sorted(path.name for path in fs.files() if path.name.startswith(("snap", "jrnl")))


def test_the_generation_before_is_kept_and_older_ones_go(fs: SimFs) -> None:
    vault, _ = create(fs=fs)
    for key in "abc":
        vault.db.table("t").put(key, {})
        vault.compact()
    vault.db.table("t").put("d", {})
    assert names(fs) == ["jrnl-00000003-000001", "jrnl-00000004-000001", "snap-00000003", "snap-00000004"]
    vault.lock()
    assert unlock(fs=fs).db.table("t").keys() == ["a", "b", "c", "d"]


def test_nothing_is_folded_before_it_is_due(fs: SimFs) -> None:
    vault, _ = create(fs=fs)
    vault.db.table("t").put("a", {"x": "y" * 100_000})
    assert not vault.compact_due
    vault.lock()
    assert "snap-00000002" not in names(fs)


def test_a_large_journal_is_folded_at_lock(fs: SimFs) -> None:
    vault, _ = create(fs=fs)
    for key in range(5):
        vault.db.table("t").put(str(key), {"x": "y" * 1_000_000})
    assert vault.compact_due
    before = content(vault)
    vault.lock()
    assert "snap-00000002" in names(fs)
    vault = unlock(fs=fs)
    assert content(vault) == before
    assert not vault.compact_due
    vault.db.table("t").put("more", {"x": "y" * 1_000})
    assert not vault.compact_due


def test_many_small_journals_are_folded(fs: SimFs) -> None:
    vault, _ = create(fs=fs)
    for key in range(64):
        vault.db.table("t").put(str(key), {})
        assert not vault.compact_due
        vault.lock()
        vault = unlock(fs=fs)
    assert len(names(fs)) > 60
    vault.db.table("t").put("last", {})
    assert vault.compact_due
    vault.lock()
    assert len(unlock(fs=fs).db.table("t")) == 65
    assert "snap-00000002" in names(fs)


def test_one_payment_more_writes_little_however_much_there_is(fs: SimFs, monkeypatch: pytest.MonkeyPatch) -> None:
    vault, _ = create(fs=fs)
    payments = {f"p{n}": {"label": "x" * 500} for n in range(5_000)}
    vault.db.table("payments").put_many(payments)
    vault.compact()
    written: list[int] = []
    write, write_at = SimFile.write, SimFile.write_at

    def count(file: SimFile, data: bytes | memoryview) -> int:
        written.append(len(data))
        return write(file, data)

    def count_at(file: SimFile, offset: int, data: bytes) -> int:
        written.append(len(data))
        return write_at(file, offset, data)

    monkeypatch.setattr(SimFile, "write", count)
    monkeypatch.setattr(SimFile, "write_at", count_at)
    for n in range(50):
        written.clear()
        vault.db.table("payments").put(f"new{n}", {"label": "x" * 500})
        assert sum(written) < 4096
    written.clear()
    vault.lock()
    assert sum(written) == 0


def test_a_vault_may_be_folded_inside_a_transaction(fs: SimFs) -> None:
    vault, _ = create(fs=fs)
    vault.db.table("t").put("a", {})
    with vault.transaction():
        vault.db.table("t").put("b", {})
        vault.compact()
        vault.db.table("t").put("c", {})
    before = content(vault)
    vault.lock()
    assert content(unlock(fs=fs)) == before == {"t": {"a": {}, "b": {}, "c": {}}}


def test_leftovers_are_swept_at_unlock(tmp_path: Path) -> None:
    vault, _ = create(tmp_path / "vault")
    kept = vault.put_blob(b"kept")
    vault.lock()
    leftovers = [
        tmp_path / "vault" / "tmp-0011",
        tmp_path / "vault" / "blob" / "tmp-22",
        tmp_path / "vault/blob" / kept[::-1],
    ]
    for path in leftovers:
        path.write_bytes(b"unfinished")
    vault = unlock(tmp_path / "vault")
    assert not any(path.exists() for path in leftovers)
    assert vault.get_blob(kept) == b"kept"


def test_a_deleted_document_is_gone_from_the_disk(tmp_path: Path) -> None:
    vault, _ = create(tmp_path / "vault")
    name = vault.put_blob(b"x" * 200_000)
    path = tmp_path / "vault" / "blob" / name
    assert path.exists()
    with pytest.raises(KeyError), vault.transaction():
        vault.delete_blob(name)
        raise KeyError
    assert vault.get_blob(name) == b"x" * 200_000
    vault.delete_blob(name)
    vault.delete_blob(name)
    assert not path.exists()


def test_a_document_of_an_abandoned_transaction_is_gone_from_the_disk(tmp_path: Path) -> None:
    vault, _ = create(tmp_path / "vault")
    with pytest.raises(KeyError), vault.transaction():
        name = vault.put_blob(b"x")
        assert (tmp_path / "vault" / "blob" / name).exists()
        raise KeyError
    assert not (tmp_path / "vault" / "blob" / name).exists()
