"""The three standard streams as a program may be handed them: closed, full, or read by somebody who leaves early."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO


def fill_closed_streams() -> None:
    """Put something in the place of standard streams that are closed; using it is refused by the system (EBADF).

    Without it the next file or socket that is opened would take the stream's number, and what others write to
    standard output or error would go there.
    """
    for number, name, use in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        if getattr(sys, name) is None:
            _occupy(number, os.O_WRONLY if use == "r" else os.O_RDONLY)
            setattr(sys, name, open(number, use, encoding="utf-8", closefd=False))  # noqa: SIM115 - a descriptor


def let_go(stream: TextIO) -> OSError | None:
    """Write out what ``stream`` still holds. When it cannot be written it is dropped, and the reason returned.

    Python would try again at its end, complain in its own words and change the exit code.
    """
    if stream.closed:
        return None
    try:
        stream.flush()
    except OSError as error:
        spare = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
        os.dup2(spare, stream.fileno())
        os.close(spare)
        stream.flush()
        return error
    return None


def _occupy(number: int, flags: int) -> None:
    handle = os.open(os.devnull, flags)
    if handle == number:
        os.set_inheritable(handle, True)  # as every standard stream is
    else:
        os.dup2(handle, number)
        os.close(handle)
