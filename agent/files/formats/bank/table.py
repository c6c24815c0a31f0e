"""From the bytes of a text file to the table of movements in it: its heads, if it has any, and its rows."""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from agent.files.formats.bank.amounts import has_cents
from agent.files.formats.bank.column_names import Columns, named_columns
from agent.files.formats.bank.days import is_day

_PREAMBLE = 40
_NEARLY_ALL = 0.8
_HEADS = 3
"""A day, words and an amount: what a table has at least."""
_SHAPE = 20
"""Rows by which a table without known heads is recognised."""
_WIDE = (b"\xff\xfe", b"\xfe\xff")
"""How a file in UTF-16 begins."""
SEPARATORS = (";", "\t", ",", "|")
_LONGEST_SIGN = 4
"""Bytes of a sign in UTF-8 at most."""
_DAY_INSIDE = re.compile(r"\d{1,4}[/.-]\d\d?[/.-]\d{1,4}")
_SEPARATED = re.compile(r"[;,\t|]")


class Row(NamedTuple):
    """One row of a table."""

    number: int
    """The line of the file on which it begins, from 1."""
    cells: list[str]

    @property
    def blank(self) -> bool:
        """Nothing stands in it."""
        return not any(cell.strip() for cell in self.cells)

    @property
    def swallowed(self) -> bool:
        """A quotation mark that nobody closed made other rows part of one of its cells."""
        return any("\n" in cell and len(_SEPARATED.findall(cell)) > 1 and _DAY_INSIDE.search(cell) is not None
                   for cell in self.cells)


@dataclass(slots=True)
class Table:
    """The movements of a file, as text."""

    heads: Row | None
    """None when the file has none, or none that are known."""
    columns: Columns | None
    """As the heads name them."""
    rows: list[Row]
    separator: str

    @property
    def length(self) -> int | None:
        """How many cells every row has, or nearly every; None where they differ."""
        counted = Counter(len(row.cells) for row in self.rows if not row.blank)
        (length, count), = counted.most_common(1) or [(0, 0)]
        return length if count >= _NEARLY_ALL * counted.total() else None

    @property
    def width(self) -> int:
        """How many cells most rows have, those of the heads at least."""
        counted = Counter(len(row.cells) for row in self.rows if not row.blank)
        return max(len(self.heads.cells) if self.heads else 0, counted.most_common(1)[0][0] if counted else 0)


def decoded(data: bytes, *, cut: bool = False) -> str:
    """The text of a file, whatever its encoding. ``cut``: it is the beginning of a longer one, and a sign that its end
    cuts in two is left out."""
    if data.startswith(_WIDE):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if cut and error.start > len(data) - _LONGEST_SIGN:
            return data[: error.start].decode("utf-8-sig", "replace")
        return data.decode("cp1252", "replace")


def text_like(head: bytes) -> bool:
    """Whether the beginning of a file may be a table: no page, no data, nothing binary."""
    if head.startswith(_WIDE):
        head = head.decode("utf-16", "replace").encode()
    return b"\x00" not in head and head.lstrip()[:1] not in (b"<", b"{", b"%")


def find_table(text: str, *, cut: bool = False) -> Table | None:
    """The table of a bank's file, by the first separator that shows one; None when there is none. Raises csv.Error.

    ``cut``: the text is the beginning of a longer one.
    """
    for separator in SEPARATORS:
        if separator not in text:
            continue
        rows = rows_of(text, separator)
        if cut:
            rows = rows[:-1]
        if (table := table_in(rows, separator)) is not None:
            return table
    return None


def table_in(rows: list[Row], separator: str) -> Table | None:
    """The table among rows that are parted already; None when there is none."""
    for at, row in enumerate(rows[:_PREAMBLE]):
        if (columns := named_by(row)) is not None:
            return Table(row, columns, rows[at + 1:], separator)
    first = _first_movement(rows)
    return None if first is None else Table(None, None, rows[first:], separator)


def named_by(row: Row) -> Columns | None:
    """The columns that a row names; None when it is no row of heads."""
    columns = named_columns(row.cells)
    return None if columns is None or any(map(is_day, row.cells)) else columns


def unknown_heads(rows: Sequence[Row]) -> bool:
    """Whether a table without known heads begins with words: then it has heads in a language that is not known."""
    if not rows or any(is_day(cell) or has_cents(cell) for cell in rows[0].cells):
        return False
    return sum(any(sign.isalpha() for sign in cell) for cell in rows[0].cells) >= _HEADS


def rows_of(text: str, separator: str) -> list[Row]:
    """Every row of a text, with the line on which it begins. Raises csv.Error."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows, before = [], 0
    for cells in reader:
        rows.append(Row(before + 1, cells))
        before = reader.line_num
    return rows


def _first_movement(rows: Sequence[Row]) -> int | None:
    """Where the rows of a table without known heads begin, with the row above them; None when this is no such table.

    Its rows have one width, a day in one and the same column, an amount with cents, and words.
    """
    for at in range(min(_PREAMBLE, len(rows) - 1)):
        body = [row for row in rows[at + 1: at + 1 + _SHAPE] if not row.blank]
        if body and _alike(body):
            return at
    return 0 if _alike([row for row in rows[:_SHAPE] if not row.blank]) else None


def _alike(body: Sequence[Row]) -> bool:
    width = len(body[0].cells) if body else 0
    if width <= _HEADS or any(len(row.cells) != width for row in body):
        return False
    days = any(all(is_day(row.cells[at]) for row in body) for at in range(width))
    return days and all(any(has_cents(cell) for cell in row.cells) for row in body)
