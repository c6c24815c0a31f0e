"""Files taken in, over the socket. Moments are ISO with their zone."""

from typing import Literal, NotRequired, TypedDict

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
    id: str
    """By which it can be taken back; empty where nothing of it was kept."""


class PreviewColumn(TypedDict):
    """A column of a table: its place from 1, its head, and what it was understood as."""

    at: int
    head: str
    role: str
    """``day``, ``label``, ``amount``, ``debit``, ``credit``, ``balance``, ``currency``, ``state``, ``sense``; empty
    where it is not read."""


class PreviewRow(TypedDict):
    """A row as it stands in a file, by its line from 1."""

    row: int
    cells: list[str]


class PreviewTable(TypedDict):
    """The first rows of a text in columns, and how the columns are known."""

    how: Literal["heads", "proof", "said", "said_before", ""]
    """Empty where they are not: the person is asked."""
    columns: list[PreviewColumn]
    rows: list[PreviewRow]


class PreviewDays(TypedDict):
    """A first and a last day, both included, of which a bank's file says everything."""

    since: str
    until: str


class PreviewCredit(TypedDict):
    """A transfer that would be kept."""

    on: str
    amount: str
    label: str


class Preview(Taken):
    """``POST /v1/import/preview``: what would become of a file. Nothing of it was kept."""

    table: PreviewTable | None
    covered: list[PreviewDays]
    credits: list[PreviewCredit]
    """The first of them."""


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
    undone: NotRequired[str]
    """When it was taken back."""
    part_of: NotRequired[str]
    """Id of the archive that it lay in."""


class UndoneMark(TypedDict):
    """A received share that the person or a file marked on a payment that is gone."""

    payment: str
    paid_on: str
    amount: str
    on: str


class UndoneMatch(TypedDict):
    """A credit of the bank of which the person said what it is, and which is gone or has lost its payment."""

    credit: str
    on: str
    amount: str


class Undone(TypedDict):
    """``POST /v1/imports/undo``: what was taken back with an import, and what hung on it."""

    id: str
    name: str
    payments: int
    documents: int
    messages: int
    credits: int
    shares: int
    """Marks of received shares that the file alone told."""
    person: bool
    """The person's details or cover read otherwise now."""
    kept: int
    """Payments that stay: another source tells of them too."""
    marks: list[UndoneMark]
    matches: list[UndoneMatch]
