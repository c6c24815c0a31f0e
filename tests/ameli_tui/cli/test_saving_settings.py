"""``ameli config set`` where the file cannot be written, or is a link."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from agent.client.client import Problem
from ameli_tui.backend.save_setting import keep_setting
from tests.commands import Home, clean_environment


def limited(home: Home, *args: str) -> subprocess.CompletedProcess[str]:
    """Run ``ameli ARGS`` in a process that may not write a single byte to a file, as on a full disk."""
    import signal

    def no_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    return subprocess.run([sys.executable, "-B", "-m", "ameli_tui", *args], capture_output=True, text=True, check=False,
                          env=clean_environment(AMELI_HOME=str(home.folder)), preexec_fn=no_room,
                          stdin=subprocess.DEVNULL)


def test_settings_that_find_no_room_stay_as_they_were(empty_home: Home) -> None:
    empty_home.json("config", "set", "bell", "false")
    folder = empty_home.folder / "config"
    before = (folder / "settings.toml").read_text()
    done = limited(empty_home, "config", "set", "lang", "en", "--json")
    assert done.returncode == 1
    assert done.stderr.startswith("The settings could not be saved in ")
    assert "Make room" in done.stderr and "Traceback" not in done.stderr
    assert [path.name for path in folder.iterdir()] == ["settings.toml"]
    assert (folder / "settings.toml").read_text() == before


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_settings_in_a_folder_that_takes_no_file_are_told(empty_home: Home) -> None:
    folder = empty_home.folder / "config"
    folder.mkdir(parents=True)
    folder.chmod(0o500)
    done = empty_home.run("config", "set", "bell", "false")
    folder.chmod(0o700)
    assert done.code == 1 and "access is denied" in done.err
    assert list(folder.iterdir()) == []


def test_a_home_that_is_a_file_is_told(empty_home: Home) -> None:
    empty_home.folder.parent.mkdir(exist_ok=True)
    empty_home.folder.write_text("not a folder")
    done = empty_home.run("config", "set", "bell", "false")
    assert done.code == 1
    assert "Traceback" not in done.err and str(empty_home.folder) in done.err
    empty_home.folder.unlink()


def test_a_linked_settings_file_stays_a_link(empty_home: Home, tmp_path: Path) -> None:
    kept = tmp_path / "ameli.toml"
    kept.write_text("bell = false\n")
    link = empty_home.folder / "config" / "settings.toml"
    link.parent.mkdir(parents=True)
    link.symlink_to(kept)
    empty_home.json("config", "set", "lang", "en")
    assert link.is_symlink()
    assert 'lang = "en"' in kept.read_text() and "bell = false" in kept.read_text()
    assert [path.name for path in link.parent.iterdir()] == ["settings.toml"]
    assert [path.name for path in tmp_path.iterdir()] == ["ameli.toml"]


def test_a_choice_of_the_screens_that_cannot_be_kept_says_why_and_what_to_do(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(Problem) as caught:
        keep_setting(tmp_path / "settings.toml", lang="en")
    assert "room" in caught.value.message("en") and "Libérez" in caught.value.hint("fr")
    assert list(tmp_path.iterdir()) == []


def test_the_doctor_looks_on_where_settings_cannot_even_be_read(empty_home: Home) -> None:
    empty_home.folder.parent.mkdir(exist_ok=True)
    empty_home.folder.write_text("not a folder")
    checks = {check["name"]: check for check in empty_home.json("doctor")["checks"]}
    assert not checks["settings"]["ok"] and checks["settings"]["cure"]
    assert "agent" in checks and "tables" in checks
    empty_home.folder.unlink()
