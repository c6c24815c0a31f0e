"""The resting ticket as a file: what was written comes back, and nothing else ever does."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.watch.resting.errors import TicketNotKept
from agent.watch.resting.ticket_file import MOST, TicketFile, Unread
from tests.agent.vault.simfs import SimFs
from tests.thoroughness import examples

KEY, OTHER = bytes(range(32)), bytes(range(1, 33))
PATH = Path("/state/watch")


def written(ticket: bytes, key: bytes = KEY) -> bytes:
    """The file that a ticket makes."""
    fs = SimFs(folders=(PATH.parent,))
    TicketFile(PATH, fs).write(ticket, key)
    return fs.files()[PATH]


def read(data: bytes, key: bytes = KEY) -> bytes | Unread:
    return TicketFile(PATH, SimFs({PATH: data})).read(key)


@settings(max_examples=examples(100))
@given(ticket=st.binary(max_size=20_000), key=st.binary(min_size=32, max_size=32))
def test_a_ticket_comes_back_as_it_was(ticket: bytes, key: bytes) -> None:
    data = written(ticket, key)
    assert read(data, key) == ticket
    assert read(data, bytes([key[0] ^ 1]) + key[1:]) is Unread.OTHER_KEY
    assert len(ticket) < 40 or ticket not in data


@settings(max_examples=examples(2000))
@given(at=st.integers(0), bit=st.integers(0, 7), size=st.sampled_from([0, 1, 5_000]))
def test_a_flipped_bit_is_never_believed_and_never_an_error(at: int, bit: int, size: int) -> None:
    data = bytearray(written(b"t" * size))
    data[at % len(data)] ^= 1 << bit
    assert isinstance(read(bytes(data)), Unread)


@settings(max_examples=examples(500))
@given(cut=st.integers(0), more=st.binary(min_size=1, max_size=40), junk=st.binary(max_size=200))
def test_a_cut_a_longer_or_any_other_file_is_never_believed(cut: int, more: bytes, junk: bytes) -> None:
    data = written(b"ticket")
    assert read(data[: cut % len(data)]) is Unread.DAMAGED
    assert read(data + more) is Unread.DAMAGED
    assert isinstance(read(junk), Unread)
    assert isinstance(read(data[:24] + junk), Unread)


def test_a_file_of_another_version_is_told_as_such() -> None:
    data = written(b"ticket")
    assert read(data[:7] + b"\x02" + data[8:]) is Unread.OTHER_VERSION


def test_files_have_few_lengths_and_no_two_are_alike() -> None:
    assert {len(written(bytes(size))) for size in (0, 1, 80, 4000)} == {len(written(b""))}
    assert written(b"ticket") != written(b"ticket"), "a nonce serves once"


def test_a_ticket_that_would_not_be_read_is_not_written() -> None:
    assert read(written(bytes(MOST))) == bytes(MOST)
    with pytest.raises(ValueError, match="that large"):
        written(bytes(MOST + 1))
    assert read(bytes(MOST + (1 << 20))) is Unread.DAMAGED


def test_on_a_real_disk_it_is_for_its_owner_alone_and_forgotten_whole(tmp_path: Path) -> None:
    file = TicketFile(tmp_path / "state" / "watch")
    assert file.read(KEY) is Unread.MISSING
    file.forget()
    file.write(b"one", KEY)
    (tmp_path / "state" / "watch.new").write_bytes(b"of a write that was cut short")
    file.write(b"two", KEY)
    [path] = (tmp_path / "state").iterdir()
    assert (path.name, path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == ("watch", 0o600, 0o700)
    assert file.read(KEY) == b"two"
    file.forget()
    assert not list((tmp_path / "state").iterdir())


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "watch")
    assert TicketFile(tmp_path / "watch").read(KEY) is Unread.REFUSED
    (tmp_path / "folder").mkdir()
    assert TicketFile(tmp_path / "folder").read(KEY) is Unread.REFUSED


@pytest.mark.parametrize("call", ["create", "write", "sync", "rename", "sync_folder"])
def test_a_disk_that_refuses_is_told_and_leaves_the_old_ticket_or_the_new_one(call: str) -> None:
    fs = SimFs(folders=(PATH.parent,))
    file = TicketFile(PATH, fs)
    file.write(b"old", KEY)

    def refuse(name: str) -> None:
        if name == call:
            raise OSError(28, "No space left on device")

    fs.faults = refuse
    with pytest.raises(TicketNotKept) as caught:
        file.write(b"new", KEY)
    assert "room" in caught.value.message("en") and "place" in caught.value.message("fr")
    fs.faults = None
    assert file.read(KEY) in (b"old", b"new")
    file.write(b"newer", KEY)
    assert file.read(KEY) == b"newer"
