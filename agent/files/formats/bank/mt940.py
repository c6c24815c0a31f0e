"""MT940, the statements of SWIFT: cut into their fields here, each field read by mt-940.

The library reads a whole file or nothing, opens a file that is named like its input, and writes what it cannot read
to the log. So it is given one field at a time, as text, and says nothing.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from agent.concurrency.reader_threads import outside
from agent.files.formats.bank.account_statement import (
    CUT,
    MOST_MOVEMENTS,
    MOST_STATEMENTS,
    NO_AMOUNT,
    NO_CURRENCY,
    NO_DAY,
    AccountStatement,
    Balance,
    accounts_of,
    bank_day,
    too_many,
)
from agent.files.formats.bank.errors import BankFileUnreadable
from agent.files.formats.bank.model import Account, Why
from agent.files.formats.bank.table import decoded
from agent.files.formats.bounds import bounded

if TYPE_CHECKING:
    from mt940.models import Transactions
    from mt940.tags import Tag

_HEAD = 4096
_MARK = re.compile(rb"(?:^|\n)[ \t]*:20:.*?\n[ \t]*:(?:25|28|60[FM]|61)[A-Z]?:", re.DOTALL)
_FIELD = re.compile(r"^[ \t]*:(\d\d[A-Z]?|NS):")
_END = re.compile(r"^-\}?\s*$|^\{\d:")
_LONGEST = 4_000
"""Signs of one field: the standard allows 390, some banks write more."""
_MOVEMENT_LINES = 2
_SUBFIELD = re.compile(r"\?(\d\d)")
_PURPOSE = {*range(20, 30), *range(60, 64)}
_NAMES = {0, 32, 33}
_OPENINGS, _CLOSINGS = ("60F", "60M", "60"), ("62F", "62M", "62")
_DETAILS = ("86", "NS")
_BALANCE = re.compile(r"[CD]\d{6}([A-Z]{3})\d", re.IGNORECASE | re.ASCII)
_FULL = {27, 65}
"""Lengths at which a bank cuts a line without regard for words."""
_FORM = Why("sa forme n'est pas celle d'un mouvement MT940", "it has not the form of an MT940 movement")


class _Field(NamedTuple):
    tag: str
    row: int
    """Its line in the file, from 1."""
    lines: list[str]


def looks_like_mt940(data: bytes) -> bool:
    """Whether the file begins as such a statement does."""
    return _MARK.search(data[:_HEAD].replace(b"\r\n", b"\n").replace(b"\r", b"\n")) is not None


@outside
def read_mt940(data: bytes) -> list[Account]:
    """The accounts of a file. Raises BankFileUnreadable."""
    from mt940.models import Transactions  # 30 ms, and only for such a file
    from mt940.options import Options
    from mt940.tags import FinalOpeningBalance, Statement

    logging.getLogger("mt940").setLevel(logging.CRITICAL + 1)  # it would log movements
    fields = list(_fields(decoded(data)))
    reading = _Reading(Transactions(options=Options.all()), _Tags(Statement(), FinalOpeningBalance()))
    for at, field in enumerate(fields):
        if field.tag == "20":
            reading.begin(_currency(fields, at + 1))
        reading.take(field, _details(fields, at + 1) if field.tag == "61" else [])
    reading.end()
    if not reading.statements:
        raise BankFileUnreadable(why_fr="il ne contient aucun relevé de compte", why_en="it holds no account statement")
    return accounts_of(reading.statements)


def _fields(text: str) -> Iterator[_Field]:
    open_field: _Field | None = None
    for row, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        if (match := _FIELD.match(line)) is not None:
            if open_field is not None:
                yield open_field
            open_field = _Field(match[1], row, [line[match.end():]])
        elif _END.match(line):
            if open_field is not None:
                yield open_field
            open_field = None
        elif open_field is not None and sum(map(len, open_field.lines)) < _LONGEST:
            open_field.lines.append(line[:_LONGEST])
    if open_field is not None:
        yield open_field


def _from(fields: list[_Field], first: int) -> Iterator[_Field]:
    """The fields from one on; a slice would copy them all for each."""
    return (fields[at] for at in range(first, len(fields)))


def _details(fields: list[_Field], first: int) -> list[str]:
    """The lines of the ``:86:`` that stand under a movement, from ``first`` on."""
    under = takewhile(lambda field: field.tag in _DETAILS, _from(fields, first))
    return [line for field in under if field.tag == "86" for line in field.lines]


class _Tags(NamedTuple):
    """The library's readers of one field."""

    movement: Tag
    balance: Tag


class _Reading:
    """Follows the fields from one ``:20:`` to the next."""

    def __init__(self, settings: Transactions, tags: _Tags) -> None:
        self._settings, self._tags = settings, tags
        self._open: AccountStatement | None = None
        self._currency: str | None = None
        self._last: tuple[int, date | None] | None = None
        self._count = 0
        self.statements: list[AccountStatement] = []

    def begin(self, currency: str | None) -> None:
        """Begin a statement; ``currency``: None where its balances name none, or several."""
        self.end()
        if len(self.statements) >= MOST_STATEMENTS:
            raise too_many()
        self._open, self._currency = AccountStatement(), currency
        self.statements.append(self._open)

    def take(self, field: _Field, details: list[str]) -> None:
        """One field, and the lines of the ``:86:`` after it."""
        text = field.lines[0].strip()
        if self._open is None:
            return
        if field.tag.startswith("25"):
            self._open.name = text[:35]
        elif field.tag in _OPENINGS:
            self._open.opening = self._open.opening or self._balance(field)
        elif field.tag in _CLOSINGS:
            self._open.closing = self._balance(field)
            self._last = None
        elif field.tag == "61":
            self._count += 1
            if self._count > MOST_MOVEMENTS:
                raise too_many()
            self._movement(self._open, field, details)

    def end(self) -> None:
        """A statement without its closing balance is cut short: its last movement may be, too."""
        if self._open is not None and self._last is not None and self._open.met:
            row, on = self._last
            if self._open.met[-1].line is not None:
                self._open.met.pop()
                self._open.miss(row, CUT, on)
        self._last = None

    def _movement(self, statement: AccountStatement, field: _Field, details: list[str]) -> None:
        lines = [line.rstrip() for line in field.lines]
        day: date | None = None
        match = self._tags.movement.re.match("\n".join(lines[:_MOVEMENT_LINES]).strip())
        if match is None:
            statement.miss(field.row, _FORM)
            return
        value = match.groupdict()
        try:
            read = self._tags.movement(self._settings, dict(value))
            day = _day(read.get("entry_date") or read["date"])
            amount = _euros(value.get("amount") or "", leaves=(value["status"] or "").upper() in ("D", "RC"))
        except ValueError:
            statement.miss(field.row, NO_DAY)
            return
        except (InvalidOperation, ArithmeticError):
            amount = None
        if day is None or amount is None:
            statement.miss(field.row, NO_DAY if day is None else NO_AMOUNT, day)
            return
        self._last = field.row, day
        if self._currency is None:
            statement.miss(field.row, NO_CURRENCY, day)
            return
        if self._currency != "EUR":
            statement.leave(day)
            return
        label = [_said(details), value.get("extra_details") or "", *lines[_MOVEMENT_LINES:],
                 (value.get("customer_reference") or "").replace("NONREF", "")]
        statement.add(day, amount, " ".join(" ".join(label).split()))

    def _balance(self, field: _Field) -> Balance | None:
        match = self._tags.balance.re.match(field.lines[0].strip())
        if match is None:
            return None
        try:
            read = self._tags.balance(self._settings, match.groupdict())
        except (ValueError, ArithmeticError):
            return None
        on = _day(getattr(read["final_opening_balance"], "date", None))
        amount = _euros(match["amount"], leaves=match["status"].upper() == "D")
        return Balance(on, amount) if on is not None and amount is not None else None


def _currency(fields: list[_Field], first: int) -> str | None:
    """What the balances of the statement of which ``first`` is a field are in."""
    named: set[str] = set()
    for field in takewhile(lambda other: other.tag != "20", _from(fields, first)):
        if field.tag in (*_OPENINGS, *_CLOSINGS) and (match := _BALANCE.match(field.lines[0].strip())) is not None:
            named.add(match[1].upper())
    return named.pop() if len(named) == 1 else None


def _day(read: object) -> date | None:
    """The library's day as ours."""
    return bank_day(date(read.year, read.month, read.day)) if isinstance(read, date) else None


def _euros(text: str, *, leaves: bool) -> Decimal | None:
    """An amount with its comma and at most two decimals after it."""
    match = re.fullmatch(r"(\d{1,15})(?:,(\d{0,2})0*)?", text, re.ASCII)
    if match is None:
        return None
    amount = bounded(Decimal(f"{match[1]}.{match[2] or '0'}"))
    return -amount if amount is not None and leaves else amount


def _said(lines: list[str]) -> str:
    """The words of a ``:86:``: the parts that name somebody or a purpose where it has numbered parts, else all."""
    text = "".join(lines)
    numbered = _SUBFIELD.split(text)
    if len(numbered) < 3 or not re.fullmatch(r"\s*\d{0,3}\s*", numbered[0]):
        return _joined(lines)
    parts = [(int(number), said) for number, said in zip(numbered[1::2], numbered[2::2], strict=True)]
    purpose = _joined([said for number, said in parts if number in _PURPOSE])
    return " ".join([_joined([said for number, said in parts if number in _NAMES]), purpose])


def _joined(lines: list[str]) -> str:
    """Lines as one, a word that a full line cut in two put together again."""
    text = ""
    for line in lines:
        text += line if len(line) in _FULL else f"{line} "
    return text
