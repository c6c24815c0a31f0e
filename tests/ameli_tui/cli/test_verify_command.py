"""``ameli verify``: what it prints, and with which exit code it leaves."""

from pathlib import Path

import pytest

from tests.commands import Home

KEYS = {"checked", "bytes", "damaged", "leftovers"}


@pytest.fixture
def vault_home(empty_home: Home, tmp_path: Path) -> Home:
    (tmp_path / "passphrase").write_text("quatre mots pris au hasard", encoding="utf-8")
    empty_home.json("setup", "--passphrase-file", str(tmp_path / "passphrase"))
    return empty_home


def test_what_is_damaged_is_told_with_exit_1_and_what_is_whole_with_0(vault_home: Home) -> None:
    vault = next(path for path in vault_home.folder.rglob("header") if path.parent.name == "vault").parent
    whole = vault_home.run("verify", "--json")
    assert (whole.code, whole.complaints) == (0, "")
    assert whole.json.keys() == KEYS
    assert whole.json["checked"] > 3
    assert (whole.json["damaged"], whole.json["leftovers"]) == ([], [])
    (vault / "header-copy").write_bytes(b"rubbish")
    (vault / "holiday.jpg").write_bytes(b"")
    wrong = vault_home.run("verify", "--json")
    assert wrong.code == 1
    [one] = wrong.json["damaged"]
    assert one["what"] == "Damaged: the copy of the key file, “header-copy”"
    assert (one["days"], one["mended"], one["file"]) == ([], True, "header-copy")
    assert one["cure"].startswith("Written anew, nothing is lost.")
    assert wrong.json["leftovers"] == ["holiday.jpg"]
    (vault / "header-copy").unlink()
    told = vault_home.run("verify", AMELI_LANG="fr")
    assert told.code == 1
    assert "Manquant : la copie du fichier de clé, « header-copy »" in told.out
    assert "-> Récrit, rien n'est perdu." in told.out
    assert "holiday.jpg" in told.out and "1 était abîmé" in told.out
    (vault / "holiday.jpg").unlink()
    (vault / "inbox").mkdir()
    (vault / "inbox" / f"bad-{'1' * 32}").write_bytes(b"")
    sealed = vault_home.run("verify", AMELI_LANG="fr")
    assert sealed.code == 0
    assert f"Scellé pendant que le coffre était verrouillé, et non repris ; laissé en place : inbox/bad-{'1' * 32}" \
        in sealed.out
    (vault / "inbox" / f"bad-{'1' * 32}").unlink()
    done = vault_home.run("verify")
    assert done.code == 0
    assert done.out.endswith("files were read, every byte of them. All is whole.\n")


def test_a_document_that_is_whole_cannot_be_given_up(demo_home: Home) -> None:
    key = demo_home.json("documents")[0]["id"]
    done = demo_home.run("documents", "forget", key, "--json")
    assert (done.code, done.error["code"]) == (1, "not_found")


def test_without_a_vault_there_is_nothing_to_verify(empty_home: Home) -> None:
    done = empty_home.run("verify", "--json")
    assert (done.code, done.error["code"]) == (3, "no_vault")
