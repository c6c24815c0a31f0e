"""What a command says when the disk refuses, or a vault was salvaged: the hint fits the cause."""

import errno
import os
from pathlib import Path

import pytest

from ameli_tui.cli.attachments import read
from ameli_tui.cli.errors import FileTooLarge
from ameli_tui.files.errors import CannotWrite
from ameli_tui.files.external import NotSaved, write_private
from ameli_tui.files.write import write_file
from tests.commands import Home

PASSPHRASE = "quatre mots pris au hasard"


@pytest.mark.parametrize(("code", "cure"), [
    (errno.ENOSPC, "Make room"), (errno.EDQUOT, "Make room"), (errno.EROFS, "writable"), (errno.EIO, "damaged"),
    (errno.EACCES, "is yours"), (errno.ENOENT, "exists"),
])
def test_a_file_that_cannot_be_written_says_what_helps(
    code: int, cure: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_handle: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(CannotWrite) as caught:
        write_file(tmp_path / "out.csv", b"x", force=False)
    assert cure in caught.value.hint("en")
    assert caught.value.hint("fr") not in ("", caught.value.hint("en"))
    assert list(tmp_path.iterdir()) == []


def test_half_a_file_saved_from_the_screens_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> object:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fdopen", broken)
    with pytest.raises(NotSaved) as caught:
        write_private(tmp_path / "one.pdf", b"x")
    assert "Make room" in caught.value.hint("en")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_too_large_says_what_to_do(tmp_path: Path) -> None:
    big = tmp_path / "big.har"
    with big.open("wb") as file:
        file.truncate(200 << 20)
    with pytest.raises(FileTooLarge) as caught:
        read(big, 128 << 20)
    assert "in parts" in caught.value.hint("en") and "plusieurs fois" in caught.value.hint("fr")
    with pytest.raises(FileTooLarge) as caught:
        read(big)
    assert "resolution" in caught.value.hint("en")
    assert "11 M" in caught.value.message("en")


def test_unlock_salvage_says_how_much_is_missing_and_from_when(empty_home: Home, tmp_path: Path) -> None:
    file = tmp_path / "passphrase"
    file.write_text(PASSPHRASE + "\n", encoding="utf-8")
    secret = ("--passphrase-file", str(file))
    empty_home.json("setup", *secret)
    for number in range(3):
        empty_home.json("coverage", "set", "--name", "MUTUELLE", "--percent", str(150 + number))
    vault = empty_home.folder / "data" / "vault"
    journal = vault / "jrnl-00000001-000001"
    data = bytearray(journal.read_bytes())
    pid = empty_home.json("agent", "status")["pid"]
    os.kill(pid, 9)  # a clean end would fold it
    data[-700] ^= 1  # in the last record but one
    journal.write_bytes(data)
    done = empty_home.run("unlock", *secret)
    assert done.code == 1
    assert "unlock --salvage" in done.err
    done = empty_home.run("unlock", "--salvage", *secret)
    assert done.code == 0
    assert "The vault is open." in done.out
    assert "1 of 3 saved changes is lost" in done.err
    assert "written" in done.err and "next sync" in done.err
    answer = empty_home.json("agent", "status")
    assert "vault_loss" in [one["code"] for one in answer["problems"]]
    checks = {one["name"]: one for one in empty_home.json("doctor")["checks"]}
    assert not checks["vault_loss"]["ok"]
