"""A file of the person's brought to the agent: a large one part by part, as it is read."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from agent.client import api
from agent.client.client import Problem
from ameli_tui.files.collect import as_text, refused

if TYPE_CHECKING:
    from agent.client.call import Call
    from agent.protocol.files import Preview, Taken
    from agent.protocol.problems import Problem as ToldProblem

T = TypeVar("T")
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
    return _sent(path, lambda data: ask(api.take(data, name, mine, columns)), refused)


def look(ask: Callable[[Call[Preview]], Preview], path: Path, columns: str | None = None) -> Preview:
    """What the file would bring, which is not kept. ``columns``: as of `bring`. Raises OSError, OverMost, Problem."""
    name = as_text(path.name)
    return _sent(path, lambda data: ask(api.preview(data, name, columns)), not_looked_at)


def not_looked_at(problem: ToldProblem) -> Preview:
    """What is shown of a file that did not reach the agent."""
    return {**refused(problem), "table": None, "covered": [], "credits": []}


def _sent(path: Path, send: Callable[[bytes | BinaryIO], T], as_answer: Callable[[ToldProblem], T]) -> T:
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size > MOST:
            raise OverMost
        if size > _WHOLE:
            try:
                return send(file)
            except Problem as problem:
                if problem.code not in _OF_THE_FILE:
                    raise
                return as_answer({"code": problem.code, "exit": problem.exit,
                             "message": {"fr": problem.message("fr"), "en": problem.message("en")},
                             "hint": {"fr": problem.hint("fr"), "en": problem.hint("en")}})
        data = file.read(_OF_A_PIPE + 1)  # which has no size
    if len(data) > _OF_A_PIPE:
        raise OverMost
    return send(data)
