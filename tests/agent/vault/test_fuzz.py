"""Readers of the vault's files meet anything: only typed errors come out, whoever wrote the bytes."""

import hashlib
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.vault import VaultError
from agent.vault.header import open_header, read_header
from agent.vault.keys import VaultKeys
from agent.vault.sealed import make_head, read_head
from tests.agent.vault.simfs import SimFs
from tests.agent.vault.support import CHEAP, FOLDER, PASS, create, dice, unlock

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False)
    | st.text()
    | st.just("00ff"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def disk() -> SimFs:
    fs = SimFs(folders=(FOLDER.parent,))
    vault, _ = create(fs=fs, random=dice("fuzz"))
    vault.db.table("t").put("a", {})
    vault.lock()
    return fs


def spelled(body: dict[str, Any]) -> bytes:
    """Return a header with the checksum and spelling of a real one: what somebody who knows the format would write."""
    digest = hashlib.sha256(orjson.dumps(body, option=orjson.OPT_SORT_KEYS)).hexdigest()
    return orjson.dumps(body | {"sum": digest}, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2) + b"\n"


@given(st.binary(max_size=300) | VALUES.map(orjson.dumps))
def test_any_bytes_as_a_header(data: bytes) -> None:
    with pytest.raises(VaultError):
        read_header(data)


@given(st.sampled_from(["magic", "format", "suite", "vault", "slots", "mac"]), VALUES)
def test_any_value_in_a_field_of_the_header(disk: SimFs, name: str, value: Any) -> None:
    body = orjson.loads(disk.files()[FOLDER / "header"])
    del body["sum"]
    if body[name] == value and type(body[name]) is type(value):
        return
    with pytest.raises(VaultError):
        open_header(spelled(body | {name: value}), passphrase=PASS, recovery_code=None, floor=CHEAP)


@given(st.sampled_from(["kind", "id", "salt", "wrap", "memory_kib", "iterations", "lanes", "new"]), VALUES)
def test_any_value_in_a_field_of_a_slot(disk: SimFs, name: str, value: Any) -> None:
    if name in ("memory_kib", "iterations", "lanes") and isinstance(value, int) and value > 8:
        value = 8  # a valid cost is run: keep it cheap
    body = orjson.loads(disk.files()[FOLDER / "header"])
    del body["sum"]
    slot = body["slots"][0]
    if slot.get(name) == value and type(slot.get(name)) is type(value):
        return
    slot[name] = value
    with pytest.raises(VaultError):
        open_header(spelled(body), passphrase=PASS, recovery_code=None, floor=CHEAP)


@given(st.binary(max_size=400), st.sampled_from(["snap-00000001", "jrnl-00000001-000001", "high-water", "header-copy"]))
def test_any_bytes_as_another_file(disk: SimFs, data: bytes, name: str) -> None:
    fs = SimFs(disk.files() | {FOLDER / name: data})
    if name in ("high-water", "header-copy"):
        unlock(fs=fs).lock()
    else:
        with pytest.raises(VaultError):
            unlock(fs=fs)


@given(st.binary(max_size=200))
def test_any_bytes_as_a_head(data: bytes) -> None:
    keys = VaultKeys(bytes(16), bytearray(32))
    for start in (b"", b"AMVsnap\n", b"AMVsnap\n\0\0\0\x02{}", make_head(keys, b"AMVsnap\n", {})[:-20]):
        with pytest.raises(VaultError):
            read_head(keys, b"AMVsnap\n", start + data[:31], "x") if start else read_head(keys, b"AMVsnap\n", data, "x")


@pytest.mark.parametrize(
    "name", ["snap-1", "snap-99999999", "snap-٣", "jrnl-00000009-000001", "snap-", "unknown", "jrnl-x-y"]
)
def test_files_of_strange_names(disk: SimFs, name: str) -> None:
    fs = SimFs(disk.files() | {FOLDER / name: b"?"})
    if name in ("snap-99999999", "jrnl-00000009-000001"):
        with pytest.raises(VaultError):
            unlock(fs=fs)
    else:
        unlock(fs=fs).lock()
