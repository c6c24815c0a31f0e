"""The vault against a dictionary: whatever is done to both, both say the same, also after a lock or a crash."""

import copy
import random
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tinydb import Query, where
from tinydb.table import Document

from agent.vault import Vault
from tests.agent.vault.simfs import SimFs
from tests.agent.vault.support import FOLDER, content, create, dice, unlock
from tests.thoroughness import examples

TABLES = st.sampled_from(["payments", "runs"])
KEYS = st.sampled_from(["a", "b", "é/ü", "7", "12", "007", ""])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=9) | st.just("x\ny\0"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
DOCUMENTS = st.dictionaries(st.sampled_from(["n", "label", "lines"]), VALUES, max_size=3)


class Abort(Exception):
    """Leaves a transaction."""


class VaultAgainstDict(RuleBasedStateMachine):
    @initialize()
    def begin(self) -> None:
        self.fs = SimFs(folders=(FOLDER.parent,))
        self.random, self.luck = dice("model"), random.Random(1)
        self.vault, self.code = create(fs=self.fs, random=self.random)
        self.model: dict[str, dict[str, Any]] = {}

    def rows(self, table: str) -> dict[str, Any]:
        return self.model.setdefault(table, {})

    @rule(table=TABLES, key=KEYS, document=DOCUMENTS)
    def put(self, table: str, key: str, document: dict[str, Any]) -> None:
        self.vault.db.table(table).put(key, document)
        self.rows(table)[key] = copy.deepcopy(document)

    @rule(table=TABLES, key=KEYS)
    def drop(self, table: str, key: str) -> None:
        self.vault.db.table(table).drop(key)
        self.model.get(table, {}).pop(key, None)

    @rule(table=TABLES, document=DOCUMENTS)
    def insert(self, table: str, document: dict[str, Any]) -> None:
        number = self.vault.db.table(table).insert(document)
        assert str(number) not in self.rows(table)
        self.rows(table)[str(number)] = copy.deepcopy(document)

    @rule(table=TABLES, document=DOCUMENTS, number=st.integers(1, 20))
    def insert_as(self, table: str, document: dict[str, Any], number: int) -> None:
        try:
            self.vault.db.table(table).insert(Document(document, doc_id=number))
        except ValueError:
            assert str(number) in self.model[table]
        else:
            self.rows(table)[str(number)] = copy.deepcopy(document)

    @rule(table=TABLES, value=st.integers(0, 3))
    def update(self, table: str, value: int) -> None:
        self.vault.db.table(table).update({"n": value, "touched": True}, where("n") != value)
        for row in self.model.get(table, {}).values():
            if "n" in row and row["n"] != value:
                row.update({"n": value, "touched": True})

    @rule(table=TABLES, value=st.integers(0, 3))
    def upsert(self, table: str, value: int) -> None:
        numbers = self.vault.db.table(table).upsert({"n": value, "again": 1}, Query().n == value)
        matches = [row for row in self.rows(table).values() if row.get("n") == value and "n" in row]
        for row in matches:
            row.update({"n": value, "again": 1})
        if not matches:
            self.rows(table)[str(numbers[0])] = {"n": value, "again": 1}

    @rule(table=TABLES, value=st.integers(0, 3))
    def remove(self, table: str, value: int) -> None:
        self.vault.db.table(table).remove(where("n") == value)
        rows = self.model.get(table, {})
        for key in [key for key, row in rows.items() if "n" in row and row["n"] == value]:
            del rows[key]

    @rule(table=TABLES)
    def truncate(self, table: str) -> None:
        self.vault.db.table(table).truncate()
        self.model[table] = {}

    @rule(table=TABLES)
    def drop_table(self, table: str) -> None:
        self.vault.db.drop_table(table)
        self.model.pop(table, None)

    @rule(one=DOCUMENTS, two=DOCUMENTS, key=KEYS, abort=st.booleans(), emptied=st.booleans())
    def transaction(self, one: dict[str, Any], two: dict[str, Any], key: str, abort: bool, emptied: bool) -> None:
        after = copy.deepcopy(self.model)
        try:
            with self.vault.transaction():
                if emptied:
                    self.vault.db.drop_table("runs")
                    after.pop("runs", None)
                self.vault.db.table("payments").put(key, one)
                number = self.vault.db.table("runs").insert(two)
                self.vault.db.table("payments").put("last", {"blob": self.vault.put_blob(key.encode())})
                after.setdefault("payments", {})[key] = copy.deepcopy(one)
                after.setdefault("runs", {})[str(number)] = copy.deepcopy(two)
                after["payments"]["last"] = {"blob": key.encode()}
                self.same(after)  # a transaction sees its own changes
                if abort:
                    raise Abort
        except Abort:
            return
        self.model = after

    @rule(compact=st.booleans())
    def lock_and_unlock(self, compact: bool) -> None:
        if compact:
            self.vault.compact()
        self.vault.lock()
        self.vault = unlock(fs=self.fs, random=self.random)

    @rule()
    def crash(self) -> None:
        disks = list(self.fs.crash_states(self.luck, 1))
        self.fs = self.luck.choice(disks)
        self.vault = unlock(fs=self.fs, random=self.random)

    @rule()
    def unlock_with_the_code(self) -> None:
        self.vault.lock()
        self.vault = unlock(fs=self.fs, passphrase=None, recovery_code=self.code, random=self.random)

    @precondition(lambda self: self.model.get("payments"))
    @rule()
    def change_what_was_read(self) -> None:
        table = self.vault.db.table("payments")
        for row in (*table.search(where("n").exists()), *table.all(), *dict(table.items()).values()):
            row.clear()
            row["changed"] = True

    def same(self, model: dict[str, dict[str, Any]]) -> None:
        found = content(self.vault)
        assert {name: rows for name, rows in found.items() if rows} == {n: rows for n, rows in model.items() if rows}
        for name, rows in model.items():
            assert len(self.vault.db.table(name)) == len(rows)
            assert set(self.vault.db.table(name).keys()) == set(rows)

    @invariant()
    def vault_and_model_agree(self) -> None:
        if hasattr(self, "vault"):
            self.same(self.model)

    def teardown(self) -> None:
        if hasattr(self, "vault"):
            assert isinstance(self.vault, Vault)
            self.vault.lock()
            assert self.vault.closed


VaultAgainstDict.TestCase.settings = settings(max_examples=examples(60), stateful_step_count=40, deadline=None)
TestVaultAgainstDict = VaultAgainstDict.TestCase
