"""Files taken in, over the socket. Moments are ISO with their zone."""

from typing import NotRequired, TypedDict


class Told(TypedDict):
    """A sentence in both languages."""

    fr: str
    en: str


class Problem(TypedDict):
    """Why a file, or part of it, was not taken; texts in both languages."""

    code: str
    exit: int
    message: Told
    hint: Told


class CountedProblem(Problem):
    """One of the problems of a file."""

    count: int
    """How often it was met."""


class UnreadRow(TypedDict):
    """A row of a file that was not read: its line from 1, and why."""

    row: int
    why: Told


class Taken(TypedDict):
    """``POST /v1/import``: what became of a file."""

    kind: str
    """``statement``, ``har``, ``ofx``, ``csv``… or ``unknown``."""
    new: int
    known: int
    problem: Problem | None
    """The first of ``problems``."""
    problems: list[CountedProblem]
    notes: list[Told]
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
