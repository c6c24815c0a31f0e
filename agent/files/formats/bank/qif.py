"""QIF, the older export of banks and home accounting: a letter and a value on each line, ``^`` after each movement.

It says nothing of the order of day and month, nor of cents: its rows are proven as those of a CSV file are.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal

from agent.concurrency.reader_threads import outside
from agent.files.formats.bank.account_statement import MOST_MOVEMENTS, MOST_STATEMENTS, too_many
from agent.files.formats.bank.amounts import Notation, amount_of, notation_of
from agent.files.formats.bank.column_names import Columns
from agent.files.formats.bank.csv_file import read_rows
from agent.files.formats.bank.errors import BankFileUnreadable
from agent.files.formats.bank.labels import plain
from agent.files.formats.bank.model import Account
from agent.files.formats.bank.table import Row, Table, decoded

_MARK = re.compile(rb"^(?:\xef\xbb\xbf)?\s*!(?:Type|Account|Option|Clear)\b", re.IGNORECASE)
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_HEAD = 4096
_MONEY = ("bank", "cash", "ccard", "oth a", "oth l")
"""Types of account whose records are movements; lists of categories, securities and the like are none."""
_COLUMNS = Columns(day=0, labels=(2, 3), amount=1)
_OPENING = ("OPENING BALANCE", "SOLDE INITIAL", "SOLDE D'OUVERTURE", "OUVERTURE DU COMPTE")
_DOUBTED = "?"
"""Stands in place of an amount that its own record contradicts."""
_LONGEST = 4_000


@dataclass(slots=True)
class _Record:
    """One movement: the first value of each letter, and the amounts of its parts."""

    row: int
    said: dict[str, str] = field(default_factory=dict)
    parts: list[str] = field(default_factory=list)
    cut: bool = False
    """The file ends within it."""
    doubled: bool = False
    """It says something twice that a movement has once: two may have run together."""

    @property
    def opens(self) -> bool:
        """Whether it is the balance that the account was opened with."""
        return plain(self.said.get("P", "")).startswith(_OPENING) and self.said.get("L", "").startswith("[")


@dataclass(slots=True)
class _Ledger:
    """The records of one account."""

    name: str
    records: list[_Record] = field(default_factory=list)


def looks_like_qif(data: bytes) -> bool:
    """Whether the file begins as QIF does."""
    head = data[:_HEAD]
    return _MARK.match(head.decode("utf-16", "replace").encode() if head.startswith(_WIDE) else head) is not None


@outside
def read_qif(data: bytes) -> list[Account]:
    """The accounts of a file. Raises BankFileUnreadable."""
    ledgers = [one for one in _accounts(decoded(data)) if one.records]
    if not ledgers:
        raise BankFileUnreadable(
            why_fr="il ne contient aucun mouvement de compte", why_en="it holds no movement of an account")
    notation = notation_of(
        text for one in ledgers for record in one.records for text in (*_amounts(record), *record.parts))
    groups = [[_row(record, notation) for record in one.records] for one in ledgers]
    accounts = read_rows(Table(None, _COLUMNS, [row for group in groups for row in group], "\t"), groups)
    for account, ledger in zip(accounts, ledgers, strict=True):
        account.name = ledger.name
    return accounts


def _accounts(text: str) -> list[_Ledger]:
    """Every account in the file's order, with its records. Raises BankFileUnreadable."""
    ledgers: list[_Ledger] = []
    name = kind = ""
    record: _Record | None = None
    count = 0
    for row, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        line = line.replace("\ufeff", "").strip()[:_LONGEST]
        if line.startswith("!"):
            kind = line[1:].lower().removeprefix("type:").strip()
            record = None
            if kind in _MONEY:
                ledgers.append(_Ledger(name))
        elif line.startswith("^"):
            if record is not None and kind == "account":
                name = record.said.get("N", "")
            elif record is not None and kind in _MONEY and not record.opens:
                count += 1
                ledgers[-1].records.append(record)
            record = None
        elif line:
            letter, value = line[0].upper(), line[1:].strip()
            if letter == "D" and record is not None and "D" in record.said and kind in _MONEY:
                ledgers[-1].records.append(record)  # the end of the one before is missing
                record = None
            record = record or _Record(row)
            if letter == "$":
                record.parts.append(value)
            else:
                record.doubled = record.doubled or (letter in "TU" and letter in record.said)
                record.said.setdefault(letter, value)
        if count > MOST_MOVEMENTS or len(ledgers) > MOST_STATEMENTS:
            raise too_many()
    if record is not None and kind in _MONEY:
        record.cut = True
        ledgers[-1].records.append(record)
    return ledgers


def _amounts(record: _Record) -> list[str]:
    """Its amount, which some programs write twice."""
    return [text for letter in "TU" if (text := record.said.get(letter, ""))]


def _row(record: _Record, notation: Notation) -> Row:
    """As a row of a table: day, amount, who, what for."""
    said = record.said
    day = re.sub(r"\s*['’]\s*", "/", re.sub(r"(?<=[/.'’-])\s+|\s+(?=\d)", "", said.get("D", "")))
    amount = next(iter(_amounts(record)), _DOUBTED)
    if record.cut:
        return Row(record.row, ["", _DOUBTED, "", ""])
    if _contradicted(record, notation):
        amount = _DOUBTED
    return Row(record.row, [day, amount, said.get("P", ""), said.get("M", "")])


def _contradicted(record: _Record, notation: Notation) -> bool:
    """Whether it says two amounts, or has parts that do not make its amount."""
    values = {amount_of(text, notation) for text in _amounts(record)}
    parts = [amount_of(text, notation) for text in record.parts]
    if record.doubled or len(values) > 1:
        return True
    return bool(parts) and (None in parts or {sum((part or Decimal(0) for part in parts), Decimal(0))} != values)
