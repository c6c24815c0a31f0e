"""A file of the person's brought to the agent: a large one part by part, as it is read."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from agent.client import api
from agent.client.client import Problem
from ameli_tui.files.collect import as_text, refused

if TYPE_CHECKING:
    from agent.client.call import Call
    from agent.protocol.files import Taken

MOST = 2 << 30
"""Bytes of a recorded session; of another file the agent takes less, and says so."""
_WHOLE = 16 << 20
"""Bytes of a file that is read whole before it is sent."""
_OF_A_PIPE = 128 << 20
_OF_THE_FILE = ("file_too_large", "har_too_large")


class OverMost(Exception):
    """The file is larger than any that is taken in."""


def bring(ask: Callable[[Call[Taken]], Taken], path: Path, mine: str | None, columns: str | None = None) -> Taken:
    """What became of the file. ``mine``, ``columns``: what the person says of it, as ``api.take`` has it.

    Raises OSError, OverMost, Problem.
    """
    name = as_text(path.name)
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size > MOST:
            raise OverMost
        if size > _WHOLE:
            try:
                return ask(api.take(file, name, mine, columns))
            except Problem as problem:
                if problem.code not in _OF_THE_FILE:
                    raise
                return refused({"code": problem.code, "exit": problem.exit,
                                "message": {"fr": problem.message("fr"), "en": problem.message("en")},
                                "hint": {"fr": problem.hint("fr"), "en": problem.hint("en")}})
        data = file.read(_OF_A_PIPE + 1)  # which has no size
    if len(data) > _OF_A_PIPE:
        raise OverMost
    return ask(api.take(data, name, mine, columns))
