"""TinyDB's own interface over the vault, and the private hooks of TinyDB that the vault stands on."""

import hashlib
import inspect
import threading
from datetime import date
from decimal import Decimal
from importlib.metadata import version
from typing import Any

import pytest
from tinydb import TinyDB, where
from tinydb.operations import delete, increment
from tinydb.storages import MemoryStorage
from tinydb.table import Document, Table

from agent.vault import Vault
from agent.vault.errors import TransactionBroken, VaultLocked
from agent.vault.table import document_id
from tests.agent.vault.simfs import SimFs
from tests.agent.vault.support import FOLDER, content, create, unlock


@pytest.fixture
def vault() -> Vault:
    return create(fs=SimFs(folders=(FOLDER.parent,)))[0]


def script(db: TinyDB) -> list[Any]:
    """Do a bit of everything; return what came back."""
    db.insert({"n": 0})
    table = db.table("t")
    said: list[Any] = [
        table.insert({"n": 1, "deep": {"list": [1, 2]}}),
        table.insert_multiple({"n": n} for n in range(2, 6)),
        table.insert(Document({"n": 40}, doc_id=40)),
        table.insert({"n": 41}),
        table.search(where("n") > 3),
        table.get(where("n") == 2),
        table.get(doc_id=40),
        table.get(doc_id=99),
        table.get(doc_ids=[1, 40]),
        table.contains(where("n") == 77),
        table.contains(doc_id=1),
        table.count(where("n") < 4),
        table.update({"seen": True}, where("n") == 1),
        table.update(increment("n"), doc_ids=[2, 99]),
        table.update(delete("n"), where("n") == 4),
        table.update_multiple([({"a": 1}, where("n") == 5), (increment("a"), where("a") == 1)]),
        table.upsert({"n": 5, "b": 2}, where("n") == 5),
        table.upsert({"n": 1000}, where("n") == 1000),
        table.upsert(Document({"n": 7}, doc_id=7)),
        table.remove(where("n") == 3),
        table.remove(doc_ids=[40, 99]),
        len(table),
        table.all(),
        list(table),
        sorted(db.tables()),
        len(db),
        [row.doc_id for row in table],
    ]
    table.truncate()
    said += [len(table), table.insert({"again": 1}), db.storage.read()]
    db.table("gone").insert({})
    db.drop_table("gone")
    said += [sorted(db.tables()), db.storage.read()]
    db.drop_tables()
    return [*said, db.tables(), table.all(), db.table("t").insert({"n": 1})]


def test_tinydb_says_the_same_over_the_vault_as_over_memory(vault: Vault) -> None:
    assert script(vault.db) == script(TinyDB(storage=MemoryStorage))


def test_what_tinydb_wrote_is_there_after_unlocking() -> None:
    fs = SimFs(folders=(FOLDER.parent,))
    vault, _ = create(fs=fs)
    script(vault.db)
    vault.db.table("t").insert({"deep": {"list": ["é", None, 1.5]}})
    before = vault.db.storage.read()
    vault.lock()
    assert unlock(fs=fs).db.storage.read() == before


def test_the_storage_takes_a_whole_database(vault: Vault) -> None:
    vault.db.table("old").put("x", {})
    vault.db.table("kept").put("a", {"n": 1})
    data = {"kept": {"b": {"n": 2}}, "new": {"1": {"n": 3}}}
    vault.db.storage.write(data)
    assert vault.db.storage.read() == data


def test_natural_keys_and_document_ids_are_the_same_documents(vault: Vault) -> None:
    table = vault.db.table("payments")
    table.put("pay-1", {"n": 1})
    table.put("12", {"n": 2})
    assert [row.doc_id for row in table.all()] == ["pay-1", 12]
    assert table.insert({"n": 3}) == 13
    assert table.fetch("13") == {"n": 3}
    assert "pay-1" in table
    assert "pay-2" not in table
    assert table.fetch("pay-2") is None
    table.update({"n": 9}, doc_ids=["pay-1"])  # type: ignore[list-item]
    assert table.fetch("pay-1") == {"n": 9}
    table.drop("pay-1")
    table.drop("pay-1")
    assert table.keys() == ["12", "13"]


@pytest.mark.parametrize(("key", "expected"), [("7", 7), ("0", 0), ("007", "007"), ("", ""), ("-1", "-1"), ("٣", "٣")])
def test_only_plain_numbers_become_numbers(key: str, expected: object) -> None:
    assert document_id(key) == expected


def test_what_is_returned_is_the_callers_own(vault: Vault) -> None:
    table = vault.db.table("payments")
    given = {"lines": [{"amount": "1.00"}]}
    table.put("a", given)
    given["lines"][0]["amount"] = "changed"
    query = where("lines").exists()
    for row in (table.fetch("a"), table.get(query), table.search(query)[0], table.search(query)[0], table.all()[0]):
        assert row is not None
        row["lines"][0]["amount"] = "changed"
    (vault.db.storage.read() or {})["payments"]["a"]["lines"].clear()
    assert table.fetch("a") == {"lines": [{"amount": "1.00"}]}


def test_an_update_that_raises_half_way_changes_nothing(vault: Vault) -> None:
    table = vault.db.table("t")
    table.insert_multiple({"n": n} for n in range(4))
    before = content(vault)

    def fail_late(row: Any) -> None:
        row["n"] += 10
        if row["n"] == 12:
            raise ValueError

    with pytest.raises(ValueError):
        table.update(fail_late)
    with pytest.raises(TypeError):
        table.update({"n": {1, 2}})
    with pytest.raises(ValueError):
        table.insert_multiple([{"n": 8}, "no mapping"])  # type: ignore[list-item]
    assert content(vault) == before


@pytest.mark.parametrize("value", [Decimal("1.00"), date(2026, 1, 1), {1}, b"x", 2**70, {1: 2}])
def test_what_json_cannot_say_is_refused(vault: Vault, value: object) -> None:
    with pytest.raises(TypeError):
        vault.db.table("t").put("a", {"value": value})
    assert len(vault.db.table("t")) == 0


def test_an_abandoned_transaction_changes_nothing(vault: Vault) -> None:
    table = vault.db.table("t")
    table.put("kept", {})
    with pytest.raises(RuntimeError, match="enough"), vault.transaction():
        table.put("a", {})
        table.drop("kept")
        blob = vault.put_blob(b"x")
        raise RuntimeError("enough")
    assert table.keys() == ["kept"]
    with pytest.raises(Exception, match="not in the vault"):
        vault.get_blob(blob)


def test_an_inner_failure_that_is_ignored_gives_up_the_whole(vault: Vault) -> None:
    table = vault.db.table("t")
    with pytest.raises(TransactionBroken), vault.transaction():
        table.put("a", {})
        try:
            with vault.transaction():
                table.put("b", {})
                raise ValueError
        except ValueError:
            pass
    assert len(table) == 0
    table.put("c", {})
    assert table.keys() == ["c"]


def test_a_transaction_is_one_record_and_no_change_is_none() -> None:
    fs = SimFs(folders=(FOLDER.parent,))
    vault, _ = create(fs=fs)
    syncs: list[str] = []
    fs.faults = lambda call: syncs.append(call) if call == "sync" else None
    with vault.transaction():
        for n in range(50):
            vault.db.table("t").put(str(n), {"n": n})
    assert len(syncs) == 2  # the new journal's head, and one record
    vault.db.table("t").put("1", {"n": 1})
    vault.db.table("t").drop("absent")
    assert len(syncs) == 2


def test_a_locked_vault_answers_nothing(vault: Vault) -> None:
    table = vault.db.table("t")
    table.put("a", {})
    found = table.items()
    blob = vault.put_blob(b"x")
    vault.lock()
    vault.lock()
    for use in (
        lambda: table.put("b", {}), lambda: table.fetch("a"), lambda: table.all(), lambda: len(table),
        lambda: next(found), lambda: vault.get_blob(blob), lambda: vault.put_blob(b""), vault.compact,
        vault.new_recovery_code, lambda: vault.change_passphrase("x"), lambda: vault.db.tables(),
        lambda: vault.delete_blob(blob), lambda: vault.transaction().__enter__(), lambda: table.insert({}),
    ):  # fmt: skip
        with pytest.raises(VaultLocked):
            use()


def test_a_vault_is_not_locked_inside_a_transaction(vault: Vault) -> None:
    with pytest.raises(RuntimeError), vault.transaction():
        vault.lock()
    vault.db.table("t").put("a", {})


def test_threads_do_not_see_or_break_each_others_transactions(vault: Vault) -> None:
    table = vault.db.table("t")
    inside, failures = threading.Event(), []

    def other() -> None:
        inside.wait(5)
        for _ in range(50):
            table.insert({"n": 1})
            if table.fetch("a") == {"half": True}:
                failures.append("saw half a transaction")

    thread = threading.Thread(target=other)
    thread.start()
    with vault.transaction():
        table.put("a", {"half": True})
        inside.set()
        threading.Event().wait(0.05)
        table.put("a", {"half": False})
    for _ in range(50):
        table.insert({"n": 2})
    thread.join()
    assert failures == []
    assert len(table) == 101


def test_an_absent_table_is_made_by_its_first_document_only(vault: Vault) -> None:
    vault.db.table("t").drop("x")
    assert vault.db.table("t").all() == []
    assert vault.db.tables() == set()
    vault.db.table("kept empty", persist_empty=True)
    assert vault.db.tables() == {"kept empty"}


def test_the_vaults_own_tables_are_out_of_reach(vault: Vault) -> None:
    blob = vault.put_blob(b"x")
    assert vault.db.tables() == set()
    with pytest.raises(ValueError):
        vault.db.table("$blobs")
    vault.db.drop_tables()
    vault.db.storage.write({})
    assert vault.get_blob(blob) == b"x"


def test_no_answer_is_kept_in_a_query_cache(vault: Vault) -> None:
    table = vault.db.table("t", cache_size=30)
    table.put("a", {"n": 1})
    table.search(where("n") == 1)
    assert len(table._query_cache) == 0


def test_representations_tell_nothing(vault: Vault) -> None:
    vault.db.table("secret").put("a", {})
    assert "secret" not in repr(vault.db)
    assert "secret" not in repr(vault)


HOOKS = {
    "_read_table": "c2eb8da7a59e79f6",
    "_update_table": "38caea1438f9f4c8",
    "_get_next_id": "261a7b28dab880e0",
    "insert": "8a466898b4012cfb",
    "insert_multiple": "49b1b081aa4f3bb9",
    "upsert": "d4eb63442d80c18c",
}


def test_the_private_hooks_of_tinydb_are_the_ones_we_know() -> None:
    assert version("tinydb").startswith("4.9.")
    found = {name: hashlib.sha256(inspect.getsource(getattr(Table, name)).encode()).hexdigest()[:16] for name in HOOKS}
    assert found == HOOKS, "TinyDB changed below the vault: read its table.py again, then note the new digests"
