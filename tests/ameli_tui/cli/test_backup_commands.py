"""``ameli backup`` and ``ameli restore``: there and back, on one machine and on another."""

import json
import shlex
import shutil
import stat
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ameli_tui.cli.test_older_home import OLDER, PASSPHRASE, differences
from tests.ameli_tui.cli.test_vault_commands import passphrase_file, vault_home  # noqa: F401 - fixtures
from tests.commands import Home, clean_environment


@pytest.fixture
def other_home() -> Iterator[Home]:
    """Another machine."""
    folder = Path(tempfile.mkdtemp(prefix="ameli-test-"))
    home = Home(folder / "home")
    try:
        yield home
    finally:
        home.run("agent", "stop")
        shutil.rmtree(folder)


def older(home: Home) -> dict[str, object]:
    """Unpack the home of an earlier release; what its commands said."""
    with zipfile.ZipFile(OLDER) as packed:
        answers: dict[str, object] = json.loads(packed.read("answers.json"))
        for name in packed.namelist():
            if name != "answers.json":
                packed.extract(name, home.folder)
    for folder in (path for path in home.folder.rglob("*") if path.is_dir()):
        folder.chmod(0o700)
    (home.folder / "passphrase").write_text(PASSPHRASE, encoding="utf-8")
    return answers


@pytest.mark.slow
def test_the_home_of_an_earlier_release_comes_back_elsewhere_and_says_the_same(
    empty_home: Home, other_home: Home, tmp_path: Path
) -> None:
    answers = older(empty_home)
    secret = str(empty_home.folder / "passphrase")
    file = tmp_path / "mine.backup"
    made = empty_home.json("backup", str(file), "--passphrase-file", secret)
    assert (made["path"], made["bytes"], made["missing"]) == (str(file), file.stat().st_size, 0)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    here = {command: empty_home.json(*shlex.split(command)) for command in answers}
    documents = {one["id"]: one for one in empty_home.json("documents")}
    empty_home.run("agent", "stop")

    done = other_home.run("restore", str(file), "--passphrase-file", secret)
    assert done.code == 0, done.err
    assert "It is open." in done.out and "--accept-older" in done.err
    there = {command: other_home.json(*shlex.split(command)) for command in answers}
    assert [line for command in answers for line in differences(here[command], there[command], command)] == []
    assert {one["id"]: one for one in other_home.json("documents")} == documents
    opened = other_home.run("unlock", "--accept-older", "--passphrase-file", secret)
    assert opened.code == 0 and "--accept-older" not in opened.err
    problems = other_home.json("agent", "status")["problems"]
    assert "restored_copy" not in [problem["code"] for problem in problems]


@pytest.mark.slow
def test_every_document_of_a_demo_comes_back_to_its_last_byte(
    demo_home: Home, other_home: Home, tmp_path: Path
) -> None:
    file = tmp_path / "demo.backup"
    chosen = [one["id"] for one in demo_home.json("documents")[:5]]

    def get(home: Home) -> list[bytes]:
        found = []
        for key in chosen:
            home.json("documents", "get", key, "--out", str(tmp_path / "got"), "--force")
            found.append((tmp_path / "got").read_bytes())
        return found

    here = get(demo_home)  # from now on they are kept
    made = demo_home.json("backup", str(file))
    (tmp_path / "secret").write_text(demo_home.details["passphrase"], encoding="utf-8")
    back = other_home.json("restore", str(file), "--passphrase-file", str(tmp_path / "secret"))
    assert back["state"] == "unlocked" and back["documents"] == made["documents"]
    for command in ("payments", "documents", "messages", "profile", "procedures requests", "ledger"):
        assert other_home.json(*command.split()) == demo_home.json(*command.split()), command
    assert get(other_home) == get(demo_home) == here


def test_a_file_that_is_there_is_replaced_only_when_told(vault_home: Home, tmp_path: Path) -> None:  # noqa: F811
    file = tmp_path / "mine.backup"
    file.write_bytes(b"precious")
    done = vault_home.run("backup", str(file), "--json")
    assert (done.code, done.error["code"]) == (1, "file_exists")
    assert file.read_bytes() == b"precious"
    vault_home.json("backup", str(file), "--force")
    assert file.read_bytes()[:8] == b"AMVback\n"
    for name in (tmp_path, tmp_path / "link"):
        if name.name == "link":
            name.symlink_to(file)
        done = vault_home.run("backup", str(name), "--force", "--json")
        assert (done.code, done.error["code"]) == (1, "not_a_file")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["link", "mine.backup", "passphrase"]


def test_a_relative_name_is_meant_where_the_command_was_typed(
    vault_home: Home, other_home: Home, passphrase_file: str, tmp_path: Path  # noqa: F811
) -> None:
    def there(home: Home, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "ameli_tui", *words], cwd=tmp_path, capture_output=True, text=True, timeout=60,
            env=clean_environment(AMELI_HOME=str(home.folder), PYTHONPATH=str(Path(__file__).parents[3])), check=False)

    assert there(vault_home, "backup", "mine.backup").returncode == 0
    done = there(other_home, "restore", "mine.backup", "--passphrase-file", passphrase_file)
    assert done.returncode == 0, done.stderr
    assert other_home.json("agent", "status")["locked"] is False


def test_standard_output_takes_one_too(vault_home: Home, other_home: Home, passphrase_file: str,  # noqa: F811
                                       tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ameli_tui", "backup", "-"], capture_output=True, timeout=60, check=True,
        env=clean_environment(AMELI_HOME=str(vault_home.folder)))
    (tmp_path / "piped").write_bytes(done.stdout)
    assert other_home.json("restore", str(tmp_path / "piped"), "--passphrase-file", passphrase_file)["missing"] == 0
    assert vault_home.run("backup", "-", "--json").code == 2


def test_without_a_file_it_goes_into_the_folder_and_the_list_shows_it(vault_home: Home) -> None:  # noqa: F811
    assert "No backup is there yet." in vault_home.run("backup", "--list").out
    made = vault_home.json("backup")
    kept = vault_home.json("backup", "--list")
    assert [one["path"] for one in kept["kept"]] == [made["path"]]
    assert Path(made["path"]).parent == vault_home.folder / "data" / "backups"
    assert vault_home.json("backup")["unchanged"] is True
    assert made["path"] in vault_home.run("backup", "--list").out
    assert made["path"] in vault_home.run("agent", "status").out
    assert vault_home.run("backup", "--list", "somewhere").code == 2


def test_the_folder_and_the_size_are_settings_like_the_others(vault_home: Home, tmp_path: Path) -> None:  # noqa: F811
    folder = tmp_path / "copies"
    vault_home.json("config", "set", "backup.folder", str(folder))
    done = vault_home.run("backup", "--json")
    assert (done.code, done.error["code"]) == (1, "backup_failed")
    assert str(folder) in done.error["message"] and not folder.exists()
    folder.mkdir()
    assert Path(vault_home.json("backup")["path"]).parent == folder
    for wrong in ("0", "-3", "lots", "1.5"):
        assert vault_home.run("config", "set", "backup.max_mib", wrong).code == 1
    vault_home.json("config", "set", "backup.max_mib", "50")
    vault_home.json("config", "set", "backup.automatic", "no")


def test_a_home_with_a_vault_refuses_before_it_asks_and_says_what_to_do(
    vault_home: Home, tmp_path: Path  # noqa: F811
) -> None:
    file = tmp_path / "mine.backup"
    vault_home.json("backup", str(file))
    vault_home.run("lock")
    done = vault_home.run("restore", str(file), "--json")
    assert (done.code, done.error["code"]) == (1, "vault_exists")
    assert "AMELI_HOME" in done.error["hint"]


def test_what_cannot_be_restored_is_told(
    vault_home: Home, other_home: Home, passphrase_file: str, tmp_path: Path  # noqa: F811
) -> None:
    file, wrong = tmp_path / "mine.backup", tmp_path / "wrong"
    vault_home.json("backup", str(file))
    wrong.write_text("another phrase altogether\n", encoding="utf-8")
    cases = [
        (("restore", str(tmp_path / "none"), "--passphrase-file", passphrase_file), 1, "unreadable_file"),
        (("restore", passphrase_file, "--passphrase-file", passphrase_file), 1, "not_a_backup"),
        (("restore", str(file)), 5, "person_needed"),
        (("restore", str(file), "--recovery-code"), 5, "person_needed"),
        (("restore", str(file), "--passphrase-file", str(wrong)), 3, "wrong_passphrase"),
    ]
    for words, code, name in cases:
        done = other_home.run(*words, "--json")
        assert (done.code, done.error["code"]) == (code, name), words
    data = file.read_bytes()
    file.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    done = other_home.run("restore", str(file), "--passphrase-file", passphrase_file, AMELI_LANG="fr")
    assert done.code == 1 and "abîmée" in done.err
    assert not (other_home.folder / "data" / "vault" / "header").exists()
    file.write_bytes(data)
    assert other_home.json("restore", str(file), "--passphrase-file", passphrase_file)["settings"] == "none"
