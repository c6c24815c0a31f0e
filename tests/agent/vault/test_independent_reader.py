"""Another program can read a vault: one that knows only the text of the format reads what this program makes."""

import ast
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from agent.account.batch import Batch
from agent.store import Store
from agent.vault import Vault
from agent.vault.backup import write_backup
from agent.vault.errors import VaultNewer
from agent.vault.header import Header, Slot, passphrase_slot
from agent.vault.keys import VaultKeys
from agent.watch.packing import pack
from agent.watch.sealed_file import SealedFile
from agent.watch.sealing import Sealer, begin_epoch
from tests.agent.vault.independent_reader import Keys, Reader, Refused, compact, header_of, read_backup
from tests.agent.vault.support import CHEAP, NOW, PASS, content, create, dice, unlock
from tests.agent.vault.test_format import CODE, CONTENT, GOLDEN
from tests.agent.watch.helpers import rounds


def everything(reader: Reader) -> dict[str, dict[str, Any]]:
    """All tables of the person's, each document in its place."""
    tables = reader.read()
    names = set(tables.pop("$blobs", {}))
    for row in tables.get("documents", {}).values():
        names.remove(row["blob"])
        row["blob"] = reader.blob(row["blob"])
    assert not names
    return tables


def lived(folder: Path) -> tuple[Vault, str]:
    """A vault that was folded, closed, opened again and changed, with a document of several chunks."""
    vault, code = create(folder, random=dice("reader"))
    payments = vault.db.table("payments")
    payments.put_many({f"p{number}": {"amount": f"{number}.00", "to": "Zoé\n\u2028"} for number in range(300)})
    vault.compact()
    payments.put("p1", {"amount": "26.50"})
    payments.drop("p2")
    vault.lock()
    vault = unlock(folder, random=dice("reader, later"))
    with vault.transaction():
        vault.db.table("documents").put("d", {"blob": vault.put_blob(b"%PDF" * 50_000)})
        vault.db.table("documents").put("e", {"blob": vault.put_blob(b"")})
    gone = vault.put_blob(b"gone")
    vault.delete_blob(gone)
    vault.db.drop_table("nothing")
    return vault, code


def test_the_reader_shares_nothing_with_the_program() -> None:
    tree = ast.parse(Path(__file__).with_name("independent_reader.py").read_text(encoding="utf-8"))
    imported = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    imported |= {one.name for node in ast.walk(tree) if isinstance(node, ast.Import) for one in node.names}
    assert {name.split(".")[0] for name in imported} == {
        "collections", "cryptography", "hashlib", "hmac", "json", "msgspec", "pathlib", "typing", "unicodedata"}


def test_a_program_that_knows_only_the_description_reads_the_vault_of_the_first_day() -> None:
    for reader in (Reader(GOLDEN, PASS), Reader(GOLDEN, None, CODE), Reader(GOLDEN, PASS, by_copy=True)):
        assert everything(reader) == CONTENT


def test_it_reads_a_vault_of_today_while_it_is_open_and_after(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    vault, code = lived(folder)
    good = content(vault)
    for reader in (Reader(folder, PASS), Reader(folder, None, code), Reader(folder, PASS, by_copy=True)):
        assert everything(reader) == good
        place = vault._writer.position
        assert max(reader.marks()) == (place.generation, place.journal, place.records, place.chain.hex())
        assert reader.place["records"] == place.records
    vault.compact()
    assert everything(Reader(folder, PASS)) == good
    vault.lock()
    with pytest.raises(Refused):
        Reader(folder, "another passphrase")


def test_it_leaves_out_what_the_format_says_does_not_count(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    vault, _ = lived(folder)
    vault.lock()
    journals = sorted(folder.glob("jrnl-00000002-*"))
    for path in journals:  # begun and not finished when the power went
        path.write_bytes(path.read_bytes() + b"\0\0\1\xe8torn")
    (folder / "inbox").mkdir()
    (folder / "inbox" / ("0" * 32)).write_bytes(b"sealed")
    (folder / "tmp-1").write_bytes(b"unfinished")
    found = everything(Reader(folder, PASS))
    vault = unlock(folder)
    assert content(vault) == found
    vault.lock()
    assert (folder / "inbox" / ("0" * 32)).read_bytes() == b"sealed"


def test_it_reads_a_backup(tmp_path: Path) -> None:
    vault, _ = lived(tmp_path / "vault")
    with vault.moment() as moment:
        write_backup(moment, tmp_path / "file", NOW, b"lang = 'fr'\n")
    tables, documents, settings = read_backup((tmp_path / "file").read_bytes(), PASS)
    assert settings == b"lang = 'fr'\n"
    assert tables.pop("$blobs").keys() == documents.keys()
    for row in tables["documents"].values():
        row["blob"] = documents[row["blob"]]
    assert tables == content(vault)
    vault.lock()


# -- what the format leaves room for ----------------------------------------------------------------------------------


def rewritten(folder: Path, **changed: Any) -> dict[str, Any]:
    """Write both header files as a later program may: other fields, other slots."""
    header = header_of((folder / "header").read_bytes())
    keys = Keys(header, PASS, None)
    whole = {**header, **changed}
    ours = VaultKeys(keys.vault, bytearray(keys.key))
    whole["mac"] = ours.mac(b"header", compact(whole, "mac", "sum")).hex()
    whole["sum"] = hashlib.sha256(compact(whole, "sum")).hexdigest()
    for name in ("header", "header-copy"):
        text = json.dumps(whole, sort_keys=True, indent=2, ensure_ascii=False)
        (folder / name).write_bytes(text.encode() + b"\n")
    return whole


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = Path(shutil.copytree(GOLDEN, tmp_path / "vault"))
    unlock(copy).lock()
    return copy


def test_slots_and_fields_of_a_later_program_are_never_chosen_and_kept_when_the_header_is_written(folder: Path) -> None:
    header = header_of((folder / "header").read_bytes())
    token = {"kind": "fido2", "id": "77" * 8, "credential": "abc", "uv": True, "steps": [1, {"a": None}]}
    rewritten(folder, slots=[token, *header["slots"]], label="Zoé", more={"x": [1, 2]})
    vault = unlock(folder)
    vault.change_passphrase("another one")
    code = vault.new_recovery_code()
    vault.lock()
    found = header_of((folder / "header").read_bytes())
    assert token in found["slots"]
    assert (found["label"], found["more"]) == ("Zoé", {"x": [1, 2]})
    assert len(found["slots"]) == 3
    assert (folder / "header-copy").read_bytes() == (folder / "header").read_bytes()
    assert everything(Reader(folder, None, code)) == CONTENT
    assert content(unlock(folder, passphrase="another one")) == CONTENT


def second_passphrase(folder: Path, passphrase: str) -> Slot:
    """Add one more passphrase, as a later program may."""
    header = header_of((folder / "header").read_bytes())
    keys = Keys(header, PASS, None)
    slot = passphrase_slot(VaultKeys(keys.vault, bytearray(keys.key)), passphrase, CHEAP, dice("second"))
    rewritten(folder, slots=[*header["slots"], slot])
    return slot


def test_each_of_several_passphrases_opens_and_a_change_replaces_the_one_that_was_given(folder: Path) -> None:
    second = second_passphrase(folder, "hers")
    assert everything(Reader(folder, "hers")) == CONTENT
    vault = unlock(folder, passphrase="hers")
    vault.change_passphrase("hers, new")
    vault.change_passphrase("hers, newer")
    vault.lock()
    unlock(folder).lock()
    unlock(folder, passphrase="hers, newer").lock()
    for old in ("hers", "hers, new"):
        with pytest.raises(Refused):
            Reader(folder, old)
    second = second_passphrase(folder, "his")
    vault = unlock(folder)
    vault.change_passphrase("his, new", str(second["id"]))
    vault.lock()
    for passphrase in (PASS, "hers, newer", "his, new"):
        assert everything(Reader(folder, passphrase)) == CONTENT
    with pytest.raises(Refused):
        Reader(folder, "his")


def test_a_header_keeps_which_slot_opened_it() -> None:
    one: Slot = {"kind": "passphrase", "id": "a"}
    two: Slot = {"kind": "passphrase", "id": "b"}
    new: Slot = {"kind": "passphrase", "id": "c"}
    header = Header(bytes(16), [one, two], opened_by="b")
    assert header.with_passphrase(new).slots == [one, new]
    assert header.with_passphrase(new).opened_by == "c"
    assert header.with_passphrase(new, "a").slots == [two, new]
    assert header.with_passphrase(new, "a").opened_by == "b"
    assert Header(bytes(16), [one, two], opened_by="of a code").with_passphrase(new).slots == [two, new]


def test_a_format_of_later_is_refused_in_words_and_nothing_is_written(folder: Path) -> None:
    rewritten(folder, format=2, suite=7)
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    for salvage in (False, True):
        with pytest.raises(VaultNewer) as refused:
            unlock(folder, salvage=salvage)
        assert "format 2" in refused.value.message("en") and "plus récente" in refused.value.message("fr")
        assert "Update" in refused.value.hint("en") and "salvage" not in refused.value.hint("en")
        with pytest.raises(Refused, match="format 2"):
            Reader(folder, PASS)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_a_program_that_knows_only_the_description_opens_what_was_sealed_while_locked(tmp_path: Path) -> None:
    vault, _ = create(tmp_path, random=dice("sealed"))
    store = Store(vault)
    told: list[list[Batch]] = []
    for _ in range(2):
        sealer = Sealer(begin_epoch(vault, store), vault.inbox)
        for batches in rounds():
            sealer.seal(batches)
            told.append(batches)
    vault.lock()
    assert list(Reader(tmp_path, PASS).rounds()) == [pack(batches) for batches in told]
    sealer.seal_file(SealedFile.of("bank.ofx", b"<OFX>" * 30_000))
    assert list(Reader(tmp_path, PASS).sealed_files()) == [("bank.ofx", b"<OFX>" * 30_000)]
