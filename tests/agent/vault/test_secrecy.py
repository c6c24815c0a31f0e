"""Nothing readable reaches the disk, no name says anything, nobody else may look."""

import logging
import stat
from pathlib import Path

import pytest

from tests.agent.vault.support import content, create, unlock

CANARIES = ["2690549588157", "correct horse", "19.00 EUR", "Consultation ophtalmologie", "DUPONT", "FR7630006000011"]


def live(folder: Path) -> str:
    vault, code = create(folder, passphrase=CANARIES[1])
    table = vault.db.table("payments DUPONT")
    for number, canary in enumerate(CANARIES):
        table.put(f"{canary}/{number}", {"text": canary, "deep": [{"text": canary * 40}]})
    vault.put_blob("\n".join(CANARIES).encode() * 3000)
    vault.compact()
    with vault.transaction():
        table.insert({"text": CANARIES})
        table.drop(f"{CANARIES[0]}/0")
    vault.change_passphrase(CANARIES[4])
    vault.lock()
    unlock(folder, passphrase=CANARIES[4]).lock()
    return code


def test_no_plain_text_reaches_the_disk(tmp_path: Path) -> None:
    code = live(tmp_path / "vault")
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) > 5
    for path in files:
        data = path.read_bytes() + str(path.relative_to(tmp_path)).encode()
        for canary in (*CANARIES, code, "payments", "deep"):
            assert canary.encode() not in data, path


def test_only_the_owner_may_look(tmp_path: Path) -> None:
    (tmp_path / "vault").mkdir(mode=0o755)
    live(tmp_path / "vault")
    for path in tmp_path.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_names_come_from_the_format_and_chance_alone(tmp_path: Path) -> None:
    live(tmp_path / "vault")
    names = {path.name for path in (tmp_path / "vault").iterdir()}
    known = {"header", "header-copy", "high-water", "lock", "blob"}
    assert all(name in known or name.startswith(("snap-0", "jrnl-0")) for name in names)
    assert all(len(path.name) == 32 and int(path.name, 16) for path in (tmp_path / "vault" / "blob").iterdir())


def test_nothing_is_logged_about_the_content(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        live(tmp_path / "vault")
    assert not any(canary in caplog.text for canary in CANARIES)


def test_two_vaults_with_the_same_content_share_no_bytes(tmp_path: Path) -> None:
    live(tmp_path / "one")
    live(tmp_path / "two")
    one = (tmp_path / "one" / "snap-00000002").read_bytes()[400:]
    two = (tmp_path / "two" / "snap-00000002").read_bytes()[400:]
    assert not any(one[at : at + 16] in two for at in range(0, len(one) - 16, 16))


def test_a_link_in_the_place_of_a_file_is_not_followed(tmp_path: Path) -> None:
    live(tmp_path / "vault")
    header = tmp_path / "vault" / "header"
    header.rename(tmp_path / "elsewhere")
    header.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(Exception, match="cannot be read"):
        unlock(tmp_path / "vault", passphrase=CANARIES[4])


def test_the_vault_keeps_its_content_on_a_real_disk(tmp_path: Path) -> None:
    live(tmp_path / "vault")
    vault = unlock(tmp_path / "vault", passphrase=CANARIES[4])
    assert len(content(vault)["payments DUPONT"]) == len(CANARIES)
