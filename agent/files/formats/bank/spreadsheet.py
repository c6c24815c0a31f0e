"""XLSX and ODS: the table in a workbook, proven by the columns as one in a CSV file is.

A number in a cell has lost how it was shown, and a day its order. A program that opened a French file as an American
one turns 03/06 into March and leaves 29/06 as text: days that are partly one, partly the other are refused.
"""

import json
import os
import re
import subprocess
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from itertools import pairwise
from typing import NamedTuple

from agent.concurrency.reader_threads import outside
from agent.files.formats.bank.account_statement import too_many
from agent.files.formats.bank.column_names import Columns
from agent.files.formats.bank.csv_file import read_rows
from agent.files.formats.bank.days import is_day
from agent.files.formats.bank.errors import BankFileUnreadable, NoBankFile
from agent.files.formats.bank.model import Account
from agent.files.formats.bank.table import Row, Table, table_in
from agent.files.formats.sheet_process import DAY, MOST_ROWS, NUMBER, TEXT
from agent.files.formats.zip_directory import directory_is_small, has_directory
from config.python_process import python_command, python_environment

_ZIP = b"PK\x03\x04"
_ODS = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
_XLSX = re.compile(rb"PK\x03\x04.{26}xl/", re.DOTALL)
_PARTS = re.compile(rb"PK\x03\x04.{26}(?:\[Content_Types\]\.xml|_rels/|docProps/|xl/)", re.DOTALL)
_MEMBERS = 2_000
_UNPACKED = 128 << 20
_SECONDS = 60
_MODULE = "agent.files.formats.sheet_process"
_HALF_CENT = Decimal("0.000001")
_DECIMAL_COMMA = re.compile(r"\d,\d\d?\s*(?:€|EUR)?$")
_SEVERAL = 3


class _Sheet(NamedTuple):
    first: int
    rows: list[list[str]]


def looks_like_workbook(data: bytes) -> bool:
    """Whether the file is a workbook, of XLSX or ODS, by its beginning."""
    if not data.startswith(_ZIP):
        return False
    if data[30:30 + len(_ODS)] == _ODS:
        return True
    return _PARTS.match(data) is not None and _XLSX.search(data) is not None


@outside
def read_workbook(data: bytes) -> list[Account]:
    """The accounts of a workbook, one for each sheet with a table of movements. Raises BankFileUnreadable."""
    _check_unpacked(data)
    tables = [table for sheet in _sheets(data) if (table := _table(sheet)) is not None]
    if not tables:
        raise NoBankFile(why_fr="aucune colonne de date, de libellé et de montant n'a été reconnue",
                         why_en="no columns of date, label and amount were recognised")
    accounts = []
    for table in tables:
        if len(table.rows) > MOST_ROWS:
            raise too_many()
        accounts += read_rows(table, [[row for row in table.rows if not row.blank]])
    _check_apart(accounts)
    return accounts


def _check_unpacked(data: bytes) -> None:
    """Refuse what fills the memory when it is unpacked: the sizes that an archive announces are not believed."""
    if not has_directory(data):
        raise _damaged()
    if not directory_is_small(data, _MEMBERS):
        raise too_many()
    left = _UNPACKED
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            for member in archive.infolist():
                if member.flag_bits & 1:
                    raise _locked()
                with archive.open(member) as file:
                    while chunk := file.read(min(1 << 20, left + 1)):
                        left -= len(chunk)
                        if left < 0:
                            raise _large()
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError):
        raise _damaged() from None


def _sheets(data: bytes) -> Iterator[_Sheet]:
    """The cells of every sheet, read in a process that may die of them."""
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            python_command(_MODULE), input=data, capture_output=True, timeout=_SECONDS, check=False,
            env=python_environment(os.environ))
    except subprocess.TimeoutExpired:
        raise _large() from None
    if done.returncode != 0:
        raise _large()
    answer = json.loads(done.stdout)
    if (why := answer.get("why")) is not None:
        raise {"locked": _locked, "damaged": _damaged}.get(why, _large)()
    for first, rows in answer["sheets"]:
        yield _Sheet(first, rows)


def _table(sheet: _Sheet) -> Table | None:
    """The table of a sheet, its numbers written as amounts where amounts stand."""
    bare = [Row(sheet.first + at, [_text(cell) for cell in cells] or [""]) for at, cells in enumerate(sheet.rows)]
    table = table_in(bare, "\t")
    if table is None:
        return None
    above = len(bare) - len(table.rows)
    marked = sheet.rows[above:]
    if table.columns is not None:
        _check_days(marked, table.columns)
    money = _money(marked, table.columns, table.width)
    comma = any(_DECIMAL_COMMA.search(cell) for row in marked for at in money if at < len(row) and (
        cell := row[at]).startswith(TEXT))
    rows = [Row(row.number, [_amount(cell, comma) if at in money else _text(cell) for at, cell in enumerate(cells)])
            for row, cells in zip(table.rows, marked, strict=True)]
    return Table(table.heads, table.columns, rows, table.separator)


def _money(rows: Sequence[Sequence[str]], columns: Columns | None, width: int) -> set[int]:
    """The columns of amounts: those that the heads name, else those in which some number has cents."""
    if columns is not None:
        return set(columns.money)
    return {at for at in range(width) if any(at < len(row) and row[at].startswith(NUMBER) and "." in _text(row[at])
                                             for row in rows)}


def _check_days(rows: Sequence[Sequence[str]], columns: Columns) -> None:
    """Refuse days that a program may have turned. Raises BankFileUnreadable."""
    cells = [row[columns.day] for row in rows if columns.day < len(row)]
    days = [date.fromisoformat(cell[1:]) for cell in cells if cell.startswith(DAY)]
    written = [cell for cell in cells if cell.startswith(TEXT) and is_day(cell[1:])]
    if (days and written) or _turned(days):
        raise BankFileUnreadable(
            why_fr="un tableur a changé une partie de ses dates", why_en="a spreadsheet changed some of its dates")


def _turned(days: Sequence[date]) -> bool:
    """Whether days stand in order only with day and month changed about."""
    if len(set(days)) < _SEVERAL or any(day.day > 12 for day in days) or _in_order(days):
        return False
    return _in_order([day.replace(month=day.day, day=day.month) for day in days])


def _in_order(days: Sequence[date]) -> bool:
    return (all(one <= other for one, other in pairwise(days))
            or all(one >= other for one, other in pairwise(days)))


def _text(cell: str) -> str:
    """A cell as a program would show it."""
    kind, said = cell[:1], cell[1:]
    if kind != NUMBER:
        return said
    value = _number(said)
    if value is None:
        return said
    return f"{value:f}" if value != value.to_integral_value() else f"{value:.0f}"


def _amount(cell: str, comma: bool) -> str:
    """A cell of a column of amounts: a number to its cents, where it has no more."""
    if not cell.startswith(NUMBER) or (value := _number(cell[1:])) is None:
        return _text(cell)
    cents = value.quantize(Decimal("0.01"))
    text = f"{cents:f}" if abs(cents - value) < _HALF_CENT else f"{value:f}"
    return text.replace(".", ",") if comma else text


def _number(text: str) -> Decimal | None:
    """A floating-point number without what binary fractions add to it; None for none that an amount can be."""
    try:
        value = Decimal(text)
    except ArithmeticError:
        return None
    if not value.is_finite() or abs(value) > Decimal(10) ** 15:
        return None
    return value.quantize(Decimal("0.000001")).normalize()


def _check_apart(accounts: Sequence[Account]) -> None:
    """Refuse a workbook that shows the same movements on several sheets. Raises BankFileUnreadable."""
    seen: set[tuple[date, Decimal, str]] = set()
    for account in accounts:
        lines = {(line.on, line.amount, line.label) for line in account.lines if line.amount > 0}
        if seen & lines:
            raise BankFileUnreadable(
                why_fr="les mêmes mouvements y sont sur plusieurs feuilles",
                why_en="the same movements stand on several of its sheets")
        seen |= lines


def _damaged() -> BankFileUnreadable:
    return BankFileUnreadable(why_fr="il est coupé, abîmé ou bien plus grand qu'un relevé",
                              why_en="it is cut short, damaged or far larger than a statement")


def _large() -> BankFileUnreadable:
    return BankFileUnreadable(why_fr="il contient bien plus qu'un relevé de compte",
                              why_en="it holds far more than an account statement")


def _locked() -> BankFileUnreadable:
    return BankFileUnreadable(why_fr="il est protégé par un mot de passe", why_en="it is locked by a password")
