"""What one image of the process may tell the next: whole, unchanged, of a known version, or nothing at all."""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.daemon import ticket_memory
from agent.daemon.ticket_memory import LARGEST, SEALS, hold, take

needs_seals = pytest.mark.skipif(not SEALS, reason="memory is sealed on Linux only")
both = pytest.mark.parametrize("sealed", [pytest.param(True, marks=needs_seals), False])


@pytest.fixture
def empty() -> Iterator[int]:
    """Memory that can be sealed and is not yet."""
    number = os.memfd_create("trial", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    yield number
    assert not is_open(number)


def is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def content(ticket: bytes) -> bytes:
    """What lies in memory that holds a ticket."""
    number = hold(ticket)
    try:
        return os.pread(number, LARGEST * 2, 0)
    finally:
        os.close(number)


def seal(number: int, seals: int) -> None:
    fcntl.fcntl(number, fcntl.F_ADD_SEALS, seals)


ALL = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL if SEALS else 0


@both
@pytest.mark.parametrize("ticket", [b"", b"a ticket", bytes(range(256)) * 100])
def test_a_ticket_is_read_as_it_was_held_and_then_gone(ticket: bytes, sealed: bool) -> None:
    number = hold(ticket, sealed)
    assert not os.get_inheritable(number)
    assert take(number, sealed) == ticket
    assert not is_open(number)
    assert take(number, sealed) is None


@needs_seals
def test_the_largest_ticket_fits_and_a_larger_one_is_refused() -> None:
    assert take(hold(bytes(LARGEST))) == bytes(LARGEST)
    with pytest.raises(ValueError, match="too large"):
        hold(bytes(LARGEST + 1))


def test_what_no_pipe_takes_at_once_is_refused() -> None:
    before = set(Path("/dev/fd").iterdir())
    with pytest.raises(ValueError, match="too large"):
        hold(bytes(1 << 17), sealed=False)
    assert set(Path("/dev/fd").iterdir()) == before


@needs_seals
def test_nobody_changes_a_ticket_that_is_held() -> None:
    number = hold(b"a ticket")
    for change in (lambda: os.pwrite(number, b"x", 0), lambda: os.ftruncate(number, 1)):
        with pytest.raises(PermissionError):
            change()
    assert b"ticket" not in Path(f"/proc/self/fd/{number}").readlink().name.encode()
    assert take(number) == b"a ticket"


@needs_seals
@pytest.mark.parametrize("missing", [fcntl.F_SEAL_WRITE, fcntl.F_SEAL_GROW, fcntl.F_SEAL_SHRINK, fcntl.F_SEAL_SEAL]
                         if SEALS else [])
def test_memory_that_could_have_been_changed_is_no_ticket(empty: int, missing: int) -> None:
    os.write(empty, content(b"a ticket"))
    seal(empty, ALL & ~missing)
    assert take(empty) is None


@needs_seals
def test_memory_with_every_seal_is_one(empty: int) -> None:
    os.write(empty, content(b"a ticket"))
    seal(empty, ALL)
    assert take(empty) == b"a ticket"


@needs_seals
def test_more_than_a_ticket_can_have_is_none(empty: int) -> None:
    os.write(empty, content(b"") + bytes(LARGEST + 1))
    seal(empty, ALL)
    assert take(empty) is None


@needs_seals
def test_a_version_that_is_not_known_is_no_ticket(empty: int) -> None:
    os.write(empty, content(b"a ticket").replace(b" 1\n", b" 2\n", 1))
    seal(empty, ALL)
    assert take(empty) is None


@needs_seals
def test_a_file_on_a_disk_is_no_ticket(tmp_path: Path) -> None:
    (tmp_path / "ticket").write_bytes(content(b"a ticket"))
    assert take(os.open(tmp_path / "ticket", os.O_RDONLY)) is None


@both
def test_something_else_is_no_ticket(sealed: bool) -> None:
    hear, say = os.pipe()
    os.write(say, b"a ticket")
    os.close(say)
    assert take(hear, sealed) is None
    assert take(os.open("/", os.O_RDONLY), sealed) is None
    assert take(-1, sealed) is None
    assert ticket_memory.take(1 << 19, sealed) is None
