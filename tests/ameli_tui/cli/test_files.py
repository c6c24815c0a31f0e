"""Writing a file: private, whole, and never over another by accident."""

import errno
import os
import socket
import stat
from pathlib import Path

import pytest

from ameli_tui.cli.attachments import read
from ameli_tui.cli.errors import FileTooLarge, UnreadableFile
from ameli_tui.cli.out_option import check_out
from ameli_tui.files.errors import CannotWrite, FileExists, NotAFile
from ameli_tui.files.external import NotSaved, write_private
from ameli_tui.files.write import new_file, write_file
from tests.commands import Home


def test_a_file_is_private_and_whole(tmp_path: Path) -> None:
    write_file(tmp_path / "a.pdf", b"content", force=False)
    assert (tmp_path / "a.pdf").read_bytes() == b"content"
    assert stat.S_IMODE((tmp_path / "a.pdf").stat().st_mode) == 0o600


def test_an_existing_file_stays_unless_forced(tmp_path: Path) -> None:
    target = tmp_path / "a.pdf"
    target.write_bytes(b"old")
    with pytest.raises(FileExists):
        write_file(target, b"new", force=False)
    with pytest.raises(FileExists):
        check_out(str(target), force=False)
    assert target.read_bytes() == b"old"
    write_file(target, b"new", force=True)
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [target]


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExists):
        write_file(tmp_path / "link", b"x", force=False)
    assert not (tmp_path / "elsewhere").exists()


def test_a_write_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_fd: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    for force in (False, True):
        with pytest.raises(CannotWrite):
            write_file(tmp_path / "a.pdf", b"x", force=force)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite) as caught:
        write_file(tmp_path / "no" / "a.pdf", b"x", force=False)
    assert str(tmp_path / "no" / "a.pdf") in caught.value.message("en")


def test_a_file_without_its_end_has_not_its_name_yet(tmp_path: Path) -> None:
    target = tmp_path / "a.pdf"
    with new_file(target, force=False) as file:
        file.write(b"half")
        assert not target.exists()
        assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in tmp_path.iterdir())
        file.write(b" and whole")
    assert target.read_bytes() == b"half and whole"
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_that_came_meanwhile_stays(tmp_path: Path) -> None:
    target = tmp_path / "a.pdf"
    with pytest.raises(FileExists), new_file(target, force=False) as file:
        file.write(b"new")
        target.write_bytes(b"mine")
    assert target.read_bytes() == b"mine"
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_system_without_links_takes_it_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_self: Path, _target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    write_file(tmp_path / "a.pdf", b"x", force=False)
    assert (tmp_path / "a.pdf").read_bytes() == b"x"
    with pytest.raises(FileExists):
        write_file(tmp_path / "a.pdf", b"y", force=False)
    assert [path.name for path in tmp_path.iterdir()] == ["a.pdf"]


def special(folder: Path) -> dict[str, str]:
    """Things that are no regular files, each with the word for it."""
    os.mkfifo(folder / "pipe")
    (folder / "folder").mkdir()
    (folder / "target").write_bytes(b"mine")
    (folder / "link").symlink_to("target")
    (folder / "nowhere").symlink_to("missing")
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(folder / "socket"))
    return {"pipe": "pipe", "folder": "folder", "link": "link", "nowhere": "link", "socket": "socket"}


@pytest.mark.parametrize("force", [False, True])
def test_only_regular_files_are_replaced(force: bool, tmp_path: Path) -> None:
    for name, kind in special(tmp_path).items():
        before = (tmp_path / name).lstat()
        for refused in (lambda path: check_out(str(path), force), lambda path: write_file(path, b"new", force)):
            with pytest.raises(NotAFile) as caught:
                refused(tmp_path / name)
            assert kind in caught.value.message("en")
            assert caught.value.hint("en") and "--force" not in caught.value.hint("en")
        assert (tmp_path / name).lstat().st_ino == before.st_ino
    assert (tmp_path / "target").read_bytes() == b"mine"
    assert not (tmp_path / "missing").exists()


def test_what_came_while_a_file_was_written_is_not_replaced_either(tmp_path: Path) -> None:
    with pytest.raises(NotAFile), new_file(tmp_path / "a.csv", force=True) as file:
        file.write(b"new")
        os.mkfifo(tmp_path / "a.csv")
    assert stat.S_ISFIFO((tmp_path / "a.csv").lstat().st_mode)
    assert len(list(tmp_path.iterdir())) == 1


def test_a_link_says_where_it_leads(tmp_path: Path) -> None:
    special(tmp_path)
    with pytest.raises(NotAFile) as caught:
        check_out(str(tmp_path / "link"), force=True)
    assert str(tmp_path / "target") in caught.value.hint("fr")


@pytest.mark.parametrize(("number", "cure"), [
    (errno.ENOSPC, "room"), (errno.EDQUOT, "room"), (errno.EROFS, "read-only|writable"), (errno.EACCES, "yours"),
    (errno.ENAMETOOLONG, "shorter"), (errno.EIO, "damaged")])
def test_the_cure_fits_what_the_system_said(
        number: int, cure: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_fd: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("os.fsync", refuse)
    with pytest.raises(CannotWrite) as caught:
        write_file(tmp_path / "a.pdf", b"x", force=False)
    told = caught.value
    assert any(word in told.hint("en") for word in cure.split("|"))
    assert os.strerror(number) not in told.message("fr")
    assert told.message("fr") != told.message("en") and told.hint("fr") != told.hint("en")


def test_a_copy_saved_from_the_screens_leaves_no_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_given: object, **_more: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    real = os.fdopen

    def opened(handle: int, *given: str) -> object:
        file = real(handle, *given)
        monkeypatch.setattr("os.fdopen", real)
        return _Full(file)

    class _Full:
        def __init__(self, file: object) -> None:
            self.file = file

        def __enter__(self) -> "_Full":
            return self

        def __exit__(self, *_given: object) -> None:
            self.file.close()  # type: ignore[attr-defined]

        write = full

    monkeypatch.setattr("os.fdopen", opened)
    with pytest.raises(NotSaved) as caught:
        write_private(tmp_path / "copy.pdf", b"x" * 10)
    assert "room" in caught.value.message("en") and "place" in caught.value.message("fr")
    assert list(tmp_path.iterdir()) == []


def test_a_file_too_large_says_what_to_do_and_is_not_read_first(tmp_path: Path) -> None:
    big = tmp_path / "big.har"
    with big.open("wb") as file:
        file.truncate(3 << 30)
    with pytest.raises(FileTooLarge) as caught:
        read(big, 128 << 20)
    assert "128" in caught.value.message("en") and "in parts" in caught.value.hint("en")
    with pytest.raises(UnreadableFile) as missing:
        read(tmp_path / "none")
    assert "sent" not in missing.value.hint("en") and "name" in missing.value.hint("en")


@pytest.mark.parametrize("command", [
    ("export", "--format", "csv"), ("export", "--format", "ics"), ("export", "--format", "documents"), ("deadlines",),
    ("attestation",), ("documents", "get", "ID"), ("anonymise", __file__), ("procedures", "dossier", "q1"),
    ("doctor", "--sample", "inbox")])
def test_no_command_that_writes_a_file_replaces_or_waits_for_a_pipe(
        command: tuple[str, ...], tmp_path: Path, demo_home: Home) -> None:
    os.mkfifo(tmp_path / "out")
    for force in ((), ("--force",)):
        done = demo_home.run(*command, "--out", str(tmp_path / "out"), *force, timeout=20)
        assert done.code == 1
        assert "pipe" in done.err and "Traceback" not in done.err
        assert stat.S_ISFIFO((tmp_path / "out").lstat().st_mode)
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("command", [
    ("export", "--format", "csv"), ("export", "--format", "documents"), ("deadlines",), ("attestation",),
    ("documents", "get", "ID"), ("anonymise", __file__), ("procedures", "dossier", "q1"),
    ("doctor", "--sample", "inbox"), ("papers", "check", "--photo", __file__)])
def test_a_file_and_a_document_cannot_share_standard_output(
        command: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, empty_home: Home) -> None:
    monkeypatch.chdir(tmp_path)
    for args in ((*command, "--out", "-", "--json"), ("--json", *command, "--out=-")):
        done = empty_home.run(*args, PYTHONPATH=str(Path(__file__).parents[3]))
        assert (done.code, done.error["code"]) == (2, "usage")
    assert list(tmp_path.iterdir()) == []
    assert not empty_home.folder.exists()  # nothing was asked of anybody
