"""Memory of the kernel's that holds a ticket while one image of the process gives way to the next.

On Linux it is a file without a name that is sealed: nobody can have changed what the new image reads. Elsewhere it is a
pipe, which never touches a disk and has room for a small ticket only. It cannot be wiped, so it is closed once read.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
import sys

LARGEST = 4 << 20
"""Bytes of a ticket."""
SEALS = sys.platform == "linux"
_HEADER = b"ameli handover 1\n"
"""Goes before a ticket, and ends with its version."""
_PIPED = 1 << 16
_NAME = "buffer"
"""It can be read in /proc, so it says nothing."""
_NOT_EXECUTABLE = 8
"""MFD_NOEXEC_SEAL, which some systems demand and older ones do not know."""


def hold(ticket: bytes, sealed: bool = SEALS) -> int:
    """An open file that holds ``ticket``, which child processes do not get. Raises OSError, ValueError when it is too
    large."""
    data = _HEADER + ticket
    if len(ticket) > LARGEST or not (sealed or len(data) <= _PIPED):
        raise ValueError("the ticket is too large")
    return _seal(data) if sealed else _pipe(data)


def take(number: int, sealed: bool = SEALS) -> bytes | None:
    """The ticket in the open file ``number``, which is closed; None when there is none, when it is of a version that is
    not known, or when somebody could have changed it. Not before this process is closed to others."""
    if number < 0:
        return None
    try:
        data = _sealed(number) if sealed else _piped(number)
    except OSError:
        return None
    finally:
        with contextlib.suppress(OSError):
            os.close(number)
    return data[len(_HEADER):] if data.startswith(_HEADER) else None


if sys.platform == "linux":
    _ALL_SEALS = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL

    def _seal(data: bytes) -> int:
        flags = os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING
        try:
            number = os.memfd_create(_NAME, flags | _NOT_EXECUTABLE)
        except OSError:
            number = os.memfd_create(_NAME, flags)
        try:
            left = memoryview(data)
            while left:
                left = left[os.write(number, left):]
            fcntl.fcntl(number, fcntl.F_ADD_SEALS, _ALL_SEALS)
        except OSError:
            os.close(number)
            raise
        return number

    def _sealed(number: int) -> bytes:
        """Empty when it is no such file, too large or open to changes."""
        seen = os.fstat(number)
        if not stat.S_ISREG(seen.st_mode) or seen.st_size > len(_HEADER) + LARGEST:
            return b""
        if fcntl.fcntl(number, fcntl.F_GET_SEALS) & _ALL_SEALS != _ALL_SEALS:
            return b""
        return os.pread(number, seen.st_size, 0)


def _pipe(data: bytes) -> int:
    hear, say = os.pipe()
    try:
        os.set_blocking(say, False)
        if os.write(say, data) == len(data):
            return hear
    except OSError:
        os.close(hear)
        raise
    finally:
        os.close(say)
    os.close(hear)
    raise ValueError("the ticket is too large")


def _piped(number: int) -> bytes:
    """Empty when it is no pipe."""
    if not stat.S_ISFIFO(os.fstat(number).st_mode):
        return b""
    os.set_blocking(number, False)
    data = bytearray()
    while len(data) <= _PIPED and (more := os.read(number, _PIPED)):
        data += more
    return bytes(data)
