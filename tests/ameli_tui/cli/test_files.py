"""Writing a file: private, whole, and never over another by accident."""

import stat
from pathlib import Path

import pytest

from ameli_tui.cli.errors import CannotWrite, FileExists
from ameli_tui.cli.files import check_out, new_file, write_file


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
