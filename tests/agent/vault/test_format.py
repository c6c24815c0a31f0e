"""Format 1, for ever: a vault written on the day it was defined opens, and today's program writes the same bytes.

The files in ``format_1/`` are never regenerated: a new format gets a folder of its own.
"""

import contextlib
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.vault import Vault
from agent.vault import changeset as changes
from agent.vault.errors import VaultDamaged
from agent.vault.keys import KEY_SIZE, VaultKeys
from agent.vault.sealed import CHUNK, seal, unseal
from tests.agent.vault.support import CHEAP, NOW, PASS, content, dice, unlock

GOLDEN = Path(__file__).parent / "format_1"
CODE = "2W7D-KQ6D-BE8D-H72Z-SCA3-0993-93CR"
CONTENT = {
    "documents": {"d": {"blob": b"%PDF-1.7 golden"}},
    "payments": {"a": {"amount": "19.00", "label": "Consultation généraliste"}, "b": {"amount": "26.50"}},
    "runs": {"1": {"new": 2}},
}


def write(folder: Path) -> str:
    """Make the golden vault; return its recovery code."""
    random = dice("golden")
    vault, code = Vault.create(folder, PASS, kdf_cost=CHEAP, clock=lambda: NOW, random=random)
    vault.db.table("payments").put("a", {"amount": "19.00", "label": "Consultation généraliste"})
    vault.db.table("payments").put("gone", {})
    vault.compact()
    with vault.transaction():
        vault.db.table("payments").put("b", {"amount": "26.50"})
        vault.db.table("payments").drop("gone")
        vault.db.table("documents").put("d", {"blob": vault.put_blob(b"%PDF-1.7 golden")})
    vault.lock()
    vault = Vault.unlock(folder, passphrase=PASS, kdf_floor=CHEAP, clock=lambda: NOW, random=random)
    vault.db.table("runs").insert({"new": 2})
    vault.lock()
    return code


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_vault_of_format_1_opens(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(GOLDEN, tmp_path / "vault"))
    vault = unlock(folder)
    assert content(vault) == CONTENT
    vault.lock()
    assert content(unlock(folder, passphrase=None, recovery_code=CODE)) == CONTENT


def test_format_1_is_still_written_byte_for_byte(tmp_path: Path) -> None:
    assert write(tmp_path / "vault") == CODE
    assert files(tmp_path / "vault") == files(GOLDEN)


@given(st.sampled_from([0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 5]), st.integers(0, 3))
def test_sealed_chunks_cannot_be_cut_or_lengthened(size: int, start: int) -> None:
    cipher = VaultKeys(bytes(16), bytearray(32)).cipher("blob", bytes(KEY_SIZE))
    plain = bytes(size)
    sealed = b"h" * start + seal(cipher, plain)
    assert unseal(cipher, sealed, start, "x") == plain
    step = CHUNK + 16
    for wrong in (
        sealed[:-1],
        sealed + b"\0",
        sealed[: start + step],
        sealed + sealed[start : start + step],
        sealed[:start],
    ):
        if wrong != sealed:
            with pytest.raises(VaultDamaged):
                unseal(cipher, wrong, start, "x")


@given(
    st.dictionaries(st.text(), st.dictionaries(st.text(), st.binary().map(lambda b: b.hex().encode()))),
)
def test_changes_come_back_as_they_were(tables: changes.Tables) -> None:
    found: changes.Tables = {}
    changes.decode_into(changes.encode_all(tables), found, "x")
    assert found == tables


@given(st.binary(max_size=200))
def test_bytes_that_are_no_changes_are_damage(data: bytes) -> None:
    with contextlib.suppress(VaultDamaged):
        changes.decode_into(data, {}, "x")
