"""A backup that is not whole, or not one, is refused with a typed error, and nothing is left of the attempt."""

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.vault import VaultError
from agent.vault.backup_errors import BackupDamaged, BackupUnreadable, NotABackup
from agent.vault.backup_file import BackupReader
from agent.vault.errors import VaultExists, VaultNewer, WrongPassphrase
from agent.vault.restore import restore_vault
from tests.agent.vault.support import CHEAP, FOLDER, PASS, content
from tests.agent.vault.test_backup import FILE, LATER, SETTINGS, back_up, elsewhere, lived, restore


@pytest.fixture(scope="module")
def whole() -> tuple[bytes, dict[str, Any]]:
    """A backup's bytes, and what the vault held."""
    fs, vault, _ = lived()
    back_up(vault)
    return fs.files()[FILE], content(vault)


def test_nothing_of_a_vault_that_is_there_is_touched() -> None:
    fs, vault, _ = lived()
    back_up(vault)
    vault.lock()
    before = fs.files()
    with pytest.raises(VaultExists):
        restore(fs)
    assert fs.files() == before
    headless = fs.copy()
    for name in ("header", "header-copy"):
        del headless.folders[FOLDER].durable[name]
    before = headless.files()
    with pytest.raises(VaultExists):
        restore(headless)
    assert headless.files() == before, "nor what is left of one"


def test_a_wrong_passphrase_restores_nothing(whole: tuple[bytes, dict[str, Any]]) -> None:
    fs = elsewhere(whole[0])
    with pytest.raises(WrongPassphrase):
        restore(fs, passphrase="wrong")
    assert set(fs.files()) == {FILE}


@pytest.mark.parametrize("data", [b"", b"AMV", b"%PDF-1.7 and so on", b"AMVsnap\n" + bytes(500)])
def test_another_file_is_no_backup(data: bytes) -> None:
    fs = elsewhere(data)
    with pytest.raises(NotABackup):
        restore(fs)
    assert set(fs.files()) == {FILE}


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(BackupUnreadable) as caught:
            restore_vault(path, tmp_path / "vault", LATER, passphrase=PASS, kdf_floor=CHEAP)
        assert str(path) in caught.value.message("fr")
    assert list(tmp_path.iterdir()) == []


def refused(data: bytes) -> str:
    """Restore bytes that are no whole backup; the class that refused them. Nothing is left of the attempt."""
    fs = elsewhere(data)
    try:
        restore(fs)
    except VaultError as error:
        assert set(fs.files()) == {FILE}
        assert isinstance(error, BackupDamaged | NotABackup | VaultNewer | WrongPassphrase), type(error)
        return type(error).__name__
    raise AssertionError("a damaged backup was taken")


def test_one_wrong_bit_anywhere_is_refused(whole: tuple[bytes, dict[str, Any]]) -> None:
    data, luck = whole[0], random.Random(5)
    early, late = range(1600), sorted(luck.sample(range(1600, len(data)), 250))
    for at in (*early, *late, len(data) - 1):
        spoilt = bytearray(data)
        spoilt[at] ^= 1 << luck.randrange(8)
        refused(bytes(spoilt))


def test_a_cut_or_lengthened_backup_is_refused(whole: tuple[bytes, dict[str, Any]]) -> None:
    data, luck = whole[0], random.Random(6)
    chunk = 65536 + 16
    body = len(data) - len(data) // chunk * chunk
    for end in (*luck.sample(range(len(data)), 120), len(data) - 1, *range(body, len(data) - 1, chunk)):
        refused(data[:end])
    for more in (b"\0", b"x" * 16, data, data[-chunk:]):
        refused(data + more)


def test_backups_mixed_from_two_are_refused() -> None:
    """Of one vault, so of one key: the header, the head and the chunks of two backups do not fit each other."""
    fs, vault, _ = lived()
    back_up(vault)
    one = fs.files()[FILE]
    vault.db.table("payments").put("p0", {"amount": "9.99"})
    back_up(vault)
    two = fs.files()[FILE]
    vault.new_recovery_code()
    back_up(vault)
    three = fs.files()[FILE]
    assert len(one) == len(three) or len(two) == len(three)
    chunk, luck = 65536 + 16, random.Random(7)
    for left, right in ((one, two), (two, one), (two, three), (three, two), (one, three)):
        for at in (*luck.sample(range(20, min(len(left), len(right))), 60), *range(200, 1600, 7)):
            mixed = left[:at] + right[at:]
            if mixed not in (one, two, three):
                refused(mixed)
    start = len(one) - (len(one) // chunk) * chunk
    first, second = one[start : start + chunk], one[start + chunk : start + 2 * chunk]
    refused(one[:start] + second + first + one[start + 2 * chunk :])
    refused(one[:start] + first + first + one[start + 2 * chunk :])
    refused(one[:start] + one[start + chunk :])


@given(st.binary(max_size=400), st.integers(0, 2000), st.booleans())
def test_random_splices_are_refused_with_a_typed_error(
    whole: tuple[bytes, dict[str, Any]], piece: bytes, at: int, inserted: bool
) -> None:
    data = whole[0]
    spoilt = data[:at] + piece + data[at if inserted else at + len(piece):]
    if spoilt != data:
        refused(spoilt)


def test_what_it_shows_to_anybody_is_what_the_header_shows(whole: tuple[bytes, dict[str, Any]]) -> None:
    data = whole[0]
    fs, vault, _ = lived()
    back_up(vault)
    header = fs.files()[FOLDER / "header"]
    assert data[12 : 12 + len(header)] == header
    rest = data[12 + len(header) :]
    for secret in (b"amount", b"payments", b"documents", b"lang", b"xxxx"):
        assert secret not in rest


def test_the_reader_gives_the_settings_only_after_they_were_proved(whole: tuple[bytes, dict[str, Any]]) -> None:
    fs = elsewhere(whole[0])
    reader = BackupReader(fs, FILE)
    reader.unlock(PASS, None, CHEAP)
    kinds = [(part.kind, b"".join(part.pieces)) for part in reader.parts()]
    assert kinds[0] == ("settings", SETTINGS)
    assert [kind for kind, _ in kinds] == ["settings", "tables", "document", "document", "document"]
