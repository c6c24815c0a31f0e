"""What a reader of incoming files is, what it works on, and what it answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar

from agent.errors import AmeliError
from agent.protocol import files
from agent.protocol.problems import Bilingual, Problem

if TYPE_CHECKING:
    from agent.account.batch import BankLine
    from agent.money import Money
    from agent.store import Store


class Note(NamedTuple):
    """Something the person is told about a file, in both languages."""

    fr: str
    en: str


class UnreadRow(NamedTuple):
    """A row of a file that was not read, and why in both languages; never with what it holds."""

    row: int
    """Its line in the file, or its place among the entries of a recording, from 1."""
    why: Note


@dataclass(frozen=True, slots=True)
class ColumnAnswers:
    """What the person told of how bank files are to be read, as `SaidColumns.text`."""

    columns: str = ""
    """Of this file; empty where nothing was said of it."""
    forms: Mapping[str, str] = field(default_factory=dict)
    """Of files of a form, by its digest: said earlier."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Where what was read is kept."""

    store: "Store"
    money: "Money"
    now: Callable[[], datetime]
    portal: str = "https://assure.ameli.fr"
    """The account service of this installation."""
    mine: bool | None = None
    """What the person said whose the file is: their own account's, another's; None: they were not asked."""
    columns: str = ""
    """What the person said of the columns of a bank's file; empty: nothing."""
    trial: bool = False
    """Nothing is kept: it is only told what would come of the file."""
    alone: bool = False
    """Nobody is there: the file lay in the watched folder."""
    source: str = ""
    """Id of the import: what came of it can be told and taken back by it."""


@dataclass(slots=True)
class Taken:
    """What became of one file."""

    kind: str
    """``statement``, ``har``, ``ofx``, ``csv``, ``camt``, ``mt940``, ``qif``, ``workbook``, ``zip`` or ``unknown``."""
    new: int = 0
    """Payments, messages, documents, bank lines… that were not known."""
    known: int = 0
    """Those that were."""
    problems: list[AmeliError] = field(default_factory=list)
    """The file as a whole, or pages of it: then the rest was taken."""
    notes: list[Note] = field(default_factory=list)
    unread_rows: list[UnreadRow] = field(default_factory=list)
    """The first of the rows that could not be read; ``notes`` say how many there are."""
    covered: list[tuple[date, date]] = field(default_factory=list)
    """Of a bank's file, the days of which it says everything."""
    credits: "list[BankLine]" = field(default_factory=list)
    """Of a bank's file, the first transfers that are kept."""
    id: str = ""
    """By which it can be taken back; empty where nothing of it was kept."""

    def shape(self) -> files.Taken:
        """As it travels over the socket."""
        return {
            "id": self.id,
            "kind": self.kind,
            "new": self.new,
            "known": self.known,
            "problem": self.problems[0].problem() if self.problems else None,
            "problems": _counted(self.problems),
            "notes": [_told(note) for note in self.notes],
            "unread_rows": [{"row": one.row, "why": _told(one.why)} for one in self.unread_rows],
        }


def _told(note: Note) -> Bilingual:
    return {"fr": note.fr, "en": note.en}


def _counted(problems: list[AmeliError]) -> list[Problem]:
    """Each problem once, with how often it was met."""
    counted: list[Problem] = []
    for error in problems:
        problem = error.problem()
        same = next((old for old in counted if old["message"] == problem["message"]), None)
        if same is None:
            counted.append({**problem, "count": 1})
        else:
            same["count"] = same.get("count", 1) + 1
    return counted


Keep = Callable[[Desk], Taken]
"""Writes what was read of one file, in one step of the store."""


class FileReader(Protocol):
    """One kind of file, whatever is read of it."""

    @property
    def kind(self) -> str:
        """As ``Taken.kind``."""

    @property
    def recognises(self) -> Callable[[bytes], bool]:
        """Whether a file is of this kind, by its first bytes: cheap, and never raises."""

    def small(self, data: bytes) -> bytes:
        """A large file with what is not taken in left out, and any other as it is. Raises AmeliError."""

    def open(self, name: str, data: bytes, answers: ColumnAnswers) -> Keep:
        """Read a file; pure, called in a thread. Raises AmeliError."""


R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Reader(Generic[R]):
    """One kind of file, and what is read of it."""

    kind: str
    recognises: Callable[[bytes], bool]
    """By the first bytes: cheap, and never raises."""
    read: Callable[[str, bytes], R]
    """``(name, data)`` to what ``keep`` takes; pure, called in a thread. Raises AmeliError."""
    keep: Callable[[Desk, R], Taken]
    """Writes in one step of the store."""
    read_answered: Callable[[bytes, ColumnAnswers], R] | None = None
    """Reads in place of ``read`` where the person may say how."""
    shrink: Callable[[bytes], bytes] | None = None

    def small(self, data: bytes) -> bytes:
        """A large file with what is not taken in left out, and any other as it is. Raises AmeliError."""
        return data if self.shrink is None else self.shrink(data)

    def open(self, name: str, data: bytes, answers: ColumnAnswers) -> Keep:
        """Read a file. Raises AmeliError."""
        content = self.read(name, data) if self.read_answered is None else self.read_answered(data, answers)
        return lambda desk: self.keep(desk, content)
