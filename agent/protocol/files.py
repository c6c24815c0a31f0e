"""Files taken in, over the socket. Moments are ISO with their zone."""

from typing import NotRequired, TypedDict

from agent.protocol.problems import Bilingual, Problem


class UnreadRow(TypedDict):
    """A row of a file that was not read: its line from 1, and why."""

    row: int
    why: Bilingual


class Taken(TypedDict):
    """``POST /v1/import``: what became of a file."""

    kind: str
    """``statement``, ``har``, ``ofx``, ``csv``… or ``unknown``."""
    new: int
    known: int
    problem: Problem | None
    """The first of ``problems``."""
    problems: list[Problem]
    notes: list[Bilingual]
    unread_rows: list[UnreadRow]


class TakenStatement(Taken):
    """A monthly statement that was kept already."""

    path: str
    """Its title."""


class TakenStatements(TypedDict):
    """``POST /v1/import/statements``."""

    files: list[TakenStatement]


class TakenEarlier(Taken):
    """One of ``GET /v1/imports``, newest first."""

    name: str
    at: str
    version: NotRequired[str]
    """Of this program; not told of files that an old one took."""
