"""Passphrases, recovery codes and the key derivation's cost."""

import contextlib
import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.vault import KdfCost, Vault
from agent.vault.errors import (
    EmptyPassphrase,
    NoVault,
    RecoveryCodeMistyped,
    VaultExists,
    WrongPassphrase,
    WrongRecoveryCode,
)
from agent.vault.header import read_header
from agent.vault.keys import CAP, FLOOR, calibrate, format_code, parse_code
from tests.agent.vault.simfs import SimFs
from tests.agent.vault.support import FOLDER, content, create, dice, unlock


@pytest.fixture
def fs() -> SimFs:
    return SimFs(folders=(FOLDER.parent,))


@given(st.binary(min_size=16, max_size=16))
def test_a_recovery_code_comes_back_as_it_was(secret: bytes) -> None:
    code = format_code(secret)
    assert len(code) == 34
    assert parse_code(code) == secret
    assert parse_code(f" {code.lower().replace('-', ' ').replace('0', 'o').replace('1', 'l')} ") == secret


@given(st.binary(min_size=16, max_size=16), st.integers(0, 27), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_a_mistyped_sign_is_nearly_always_noticed(secret: bytes, at: int, sign: str) -> None:
    signs = format_code(secret).replace("-", "")
    changed = signs[:at] + sign + signs[at + 1 :]
    if changed != signs:
        with contextlib.suppress(RecoveryCodeMistyped):
            assert parse_code(changed) != secret  # the 10 check bits let 1 in 1024 through: then it opens nothing


@pytest.mark.parametrize("text", ["", "hello", "U" * 28, "Z" * 28, "0" * 27, "0" * 29, "é" * 28])
def test_what_is_no_recovery_code_is_said_to_be_mistyped(text: str) -> None:
    with pytest.raises(RecoveryCodeMistyped):
        parse_code(text)


def test_the_recovery_code_opens_and_sets_a_new_passphrase(fs: SimFs) -> None:
    vault, code = create(fs=fs)
    vault.db.table("t").put("a", {})
    vault.lock()
    vault = unlock(fs=fs, passphrase=None, recovery_code=code.lower())
    vault.change_passphrase("a new one")
    vault.lock()
    assert content(unlock(fs=fs, passphrase="a new one")) == {"t": {"a": {}}}


def test_a_new_recovery_code_replaces_the_old_one(fs: SimFs) -> None:
    vault, old = create(fs=fs)
    new = vault.new_recovery_code()
    vault.lock()
    with pytest.raises(WrongRecoveryCode) as caught:
        unlock(fs=fs, passphrase=None, recovery_code=old)
    assert caught.value.exit_code == 3
    unlock(fs=fs, passphrase=None, recovery_code=new).lock()
    unlock(fs=fs)


def test_a_passphrase_change_writes_the_header_and_nothing_else(fs: SimFs) -> None:
    vault, code = create(fs=fs)
    vault.db.table("t").put("a", {})
    before = fs.files()
    vault.change_passphrase("another")
    assert {path.name for path, data in fs.files().items() if before.get(path) != data} == {"header", "header-copy"}
    vault.db.table("t").put("b", {})
    vault.lock()
    with pytest.raises(WrongPassphrase):
        unlock(fs=fs)
    vault = unlock(fs=fs, passphrase="another")
    assert vault.db.table("t").keys() == ["a", "b"]
    vault.lock()
    unlock(fs=fs, passphrase=None, recovery_code=code)


def test_a_slot_of_a_kind_we_do_not_know_is_kept(fs: SimFs) -> None:
    vault, _ = create(fs=fs)
    vault._header.slots.append({"kind": "fido2", "credential": "00ff", "salt": "aa"})
    vault.change_passphrase("another")
    vault.lock()
    vault = unlock(fs=fs, passphrase="another")
    vault.new_recovery_code()
    kinds = [slot["kind"] for slot in read_header(fs.files()[FOLDER / "header"]).slots]
    assert sorted(kinds) == ["fido2", "passphrase", "recovery"]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_accents_may_be_typed_either_way(fs: SimFs, form: str) -> None:
    create(fs=fs, passphrase=unicodedata.normalize(form, "clé à café"))[0].lock()  # type: ignore[arg-type]
    unlock(fs=fs, passphrase=unicodedata.normalize("NFD", "clé à café")).lock()
    vault = Vault.unlock(FOLDER, passphrase=bytearray("clé à café".encode()), kdf_floor=KdfCost(8, 1, 1), fs=fs)
    vault.lock()


def test_an_empty_passphrase_is_refused(fs: SimFs) -> None:
    with pytest.raises(EmptyPassphrase):
        create(fs=fs, passphrase="")
    vault, _ = create(fs=fs)
    with pytest.raises(EmptyPassphrase):
        vault.change_passphrase("")
    vault.lock()
    with pytest.raises(EmptyPassphrase):
        unlock(fs=fs, passphrase="")


def test_a_vault_is_never_created_over_another(fs: SimFs) -> None:
    vault, _ = create(fs=fs)
    vault.put_blob(b"x")
    vault.lock()
    before = fs.files()
    with pytest.raises(VaultExists):
        create(fs=fs)
    assert fs.files() == before
    del before[FOLDER / "header"], before[FOLDER / "header-copy"]  # even one whose header is lost
    with pytest.raises(VaultExists):
        create(fs=SimFs(before))


def test_there_is_no_vault_before_it_is_made(fs: SimFs) -> None:
    assert not Vault.exists(FOLDER, fs=fs)
    with pytest.raises(NoVault) as caught:
        unlock(fs=fs)
    assert caught.value.exit_code == 3
    create(fs=fs)
    assert Vault.exists(FOLDER, fs=fs)


@pytest.mark.parametrize(("spent", "expected_mib"), [(0.1, 256), (0.2, 128), (5.0, 64), (0.3, 85), (0.0, 256)])
def test_the_cost_is_fitted_to_the_machine_within_bounds(spent: float, expected_mib: int) -> None:
    ticks = itertools.count(0.0, spent)
    cost = calibrate(timer=lambda: next(ticks))
    assert cost == KdfCost(expected_mib * 1024, 3, 4)
    assert cost.within(FLOOR, CAP)


def test_the_keys_are_overwritten_at_lock(fs: SimFs) -> None:
    vault, _ = create(fs=fs, random=dice())
    key = vault._keys.vault_key
    assert any(key)
    vault.lock()
    assert not any(key)
