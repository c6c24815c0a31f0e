"""The note beside the high-water mark: small, without secrets, and never believed too much."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.vault.errors import VaultStopped, VaultWriteFailed
from agent.watch.note import NoteFile, SignInBegun, WatchNote
from tests.agent.vault.simfs import SimFs
from tests.thoroughness import examples

NOTES = [
    WatchNote(), WatchNote(watching=True), WatchNote(watching=True, told=True),
    WatchNote(watching=True, sign_in=SignInBegun(at="2026-11-30T08:00:00+00:00")),
    WatchNote(watching=True, sign_in=SignInBegun(at="2026-11-30T08:00:00+00:00", refused="wrong_password")),
]


@pytest.mark.parametrize("note", NOTES)
def test_what_was_noted_is_read_again(tmp_path: Path, note: WatchNote) -> None:
    file = NoteFile(tmp_path / "state" / "watching.json")
    assert file.read() == WatchNote()
    file.write(NOTES[3])
    file.write(note)
    assert NoteFile(tmp_path / "state" / "watching.json").read() == note


@given(st.binary(max_size=200))
@settings(max_examples=examples(100))
def test_a_file_that_says_something_else_stands_for_a_sign_in_whose_end_is_not_known(content: bytes) -> None:
    fs = SimFs()
    path = Path("/state/watching.json")
    fs.make_folder(path.parent)
    file = fs.create(path)
    file.write(content)
    file.close()
    noted = NoteFile(path, fs).read()
    assert noted.sign_in is not None or b"{" in content


def test_a_disk_that_takes_nothing_is_told_before_anybody_signs_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    from agent.vault.fs import RealFs

    file = NoteFile(tmp_path / "watching.json")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(RealFs, "create", full)
    with pytest.raises((VaultWriteFailed, VaultStopped)):
        file.write(NOTES[3])
    assert file.read() == WatchNote()
