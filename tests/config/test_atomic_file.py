"""Replacing a small file: whole or not at all, through links, never in place of something else."""

import os
import stat
import threading
from pathlib import Path

import pytest

from config.atomic_file import replace_file
from config.settings import Settings, load_settings, save_settings


def test_a_file_is_whole_private_and_alone(tmp_path: Path) -> None:
    target = tmp_path / "new" / "settings.toml"
    for text in (b"one", b"two"):
        replace_file(target, text)
        assert target.read_bytes() == text
        assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize("there", [True, False])
def test_the_file_a_link_leads_to_is_written_and_the_links_stay(there: bool, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "ameli.toml"
    real.parent.mkdir()
    if there:
        real.write_text("old")
    (tmp_path / "middle").symlink_to("dotfiles/ameli.toml")
    link = tmp_path / "config" / "settings.toml"
    link.parent.mkdir()
    link.symlink_to(tmp_path / "middle")
    save_settings(link, Settings(lang="en"))
    assert link.is_symlink() and (tmp_path / "middle").is_symlink()
    assert load_settings(real).lang == "en" and load_settings(link).lang == "en"
    assert [path.name for path in real.parent.iterdir()] == ["ameli.toml"]
    assert [path.name for path in link.parent.iterdir()] == ["settings.toml"]


def test_a_pipe_or_folder_behind_a_name_is_left_alone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("pipe")
    (tmp_path / "round").symlink_to("round")
    for name in ("pipe", "folder", "link", "round"):
        with pytest.raises(OSError):
            replace_file(tmp_path / name, b"x")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "link", "pipe", "round"]
    assert stat.S_ISFIFO((tmp_path / "pipe").lstat().st_mode)


@pytest.mark.parametrize("step", ["os.fsync", "pathlib.Path.replace"])
def test_a_failure_leaves_what_was_there_and_nothing_else(
        step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "settings.toml"
    target.write_text("old")

    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(step, full)
    with pytest.raises(OSError):
        replace_file(target, b"new")
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_reader_never_sees_half_of_it(tmp_path: Path) -> None:
    target = tmp_path / "settings.toml"
    texts = {b"a" * 100_000, b"b" * 100_000}
    replace_file(target, b"a" * 100_000)
    done = threading.Event()
    seen: set[bytes] = set()

    def read() -> None:
        while not done.is_set():
            seen.add(target.read_bytes())

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for turn in range(40):
            replace_file(target, b"ab"[turn % 2:turn % 2 + 1] * 100_000)
    finally:
        done.set()
        reader.join()
    assert seen <= texts
