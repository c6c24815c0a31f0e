"""CSV files of banks: the columns by their heads or by what proves them, whatever their order and what stands above.

Nothing is guessed: a file whose columns, days or amounts can be read in two ways is refused with the reason, and a row
that cannot be read takes its days out of those that the file covers.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from agent.concurrency.reader_threads import outside
from agent.files.formats.bank.amounts import ALONE, amount_of, in_other_money, is_doubtful
from agent.files.formats.bank.days import NONE, readings
from agent.files.formats.bank.errors import BankFileUnreadable
from agent.files.formats.bank.labels import plain
from agent.files.formats.bank.layout import Layout, cell, layout_of, no_columns
from agent.files.formats.bank.model import EVER, Account, Days, Line, Unread, Why, days_around, first_rows
from agent.files.formats.bank.running_balance import came, follows
from agent.files.formats.bank.said_columns import SaidColumns, said_table
from agent.files.formats.bank.table import (
    SEPARATORS,
    Row,
    Table,
    decoded,
    find_table,
    named_by,
    rows_of,
    text_like,
)

_SNIFFED = 16 << 10
_MOST_LINES = 200_000
_BOOKED = frozenset({
    "", "TERMINE", "TERMINEE", "COMPLETED", "COMPLETE", "COMPTABILISE", "COMPTABILISEE", "EXECUTE", "EXECUTEE",
    "SETTLED", "BOOKED", "POSTED", "CLEARED", "DONE", "VALIDE", "VALIDEE", "REALISE", "REALISEE", "EFFECTUE",
    "EFFECTUEE", "PASSE", "PASSEE", "GEBUCHT", "OK"})
"""States of a movement that took place."""
_NOT_BOOKED = re.compile(
    r"EN ATTENTE|EN COURS|A VENIR|PREVU|PENDING|PROCESSING|REVERTED|DECLINED|FAILED|CANCEL|CANCELED|ANNUL|REFUS|REJE"
    r"|ECHOU|ECHEC|EXPIR|VORGEMERKT|RESERVED|AUTORIS|UPCOMING|SCHEDULED|PROGRAMM|RETURNED|BLOCKED|INITIATED|CREATED")
"""Those of one that is still to come, or was taken back."""
_OUTGOING = re.compile(r"(?:PRLV|PRELEVEMENT|CARTE|CB|PAIEMENT|RETRAIT|ACHAT|CHEQUE)\b")
_SEVERAL = 2
_SHOWN = 3
"""Columns that a text has at least, to be shown as a table."""
_HALF = 0.5
_EUROS = frozenset({"EUR", "EURO", "EUROS", "€", ""})

_NO_DAY = Why("sa date est illisible", "its day cannot be read")
_NO_AMOUNT = Why("son montant est illisible", "its amount cannot be read")
_TWO_WAYS = Why("son montant peut se lire de deux façons", "its amount can be read in two ways")
_NO_SIDE = Why("rien ne dit si la somme est entrée ou sortie", "nothing says whether the sum came or left")
_NO_CURRENCY = Why("sa monnaie n'est pas connue", "its currency is not known")
_NO_STATE = Why("son état n'est pas connu", "its state is not known")
_CUT = Why("elle est coupée", "it is cut short and could not be read")
_ODD = Why("son montant n'est pas écrit comme les autres", "its amount is not written as the others are")
_UNLIKE = Why("elle n'a pas autant de colonnes que les autres", "it has not as many columns as the others")
_SWALLOWED = Why("un guillemet n'y est pas refermé : les lignes suivantes sont illisibles",
                 "a quotation mark is not closed in it: the lines after it cannot be read")


def looks_like_csv(data: bytes) -> bool:
    """Whether the file is text with a row of a bank's heads near its beginning, or movements without heads."""
    head = data[:_SNIFFED]
    if not text_like(head):
        return False
    cut = len(data) > _SNIFFED
    try:
        return find_table(decoded(head, cut=cut), cut=cut) is not None
    except csv.Error:
        return False


@outside
def read_csv(data: bytes, said: SaidColumns | None = None) -> list[Account]:
    """The one account of a file, with the columns that the person ``said``. Raises BankFileUnreadable."""
    table = csv_table(data, said)
    if table is None:
        raise no_columns()
    if len(table.rows) > _MOST_LINES:
        raise BankFileUnreadable(why_fr="il a trop de lignes", why_en="it has too many lines")
    return read_rows(table, said=said)


def csv_table(data: bytes, said: SaidColumns | None = None) -> Table | None:
    """The table of a file; None when there is none, or none with the columns ``said``. Raises BankFileUnreadable."""
    try:
        if said is not None and said.columns is not None:
            return said_table(decoded(data), said.columns)
        return find_table(decoded(data))
    except csv.Error:
        raise BankFileUnreadable(why_fr="ses lignes sont abîmées", why_en="its lines are damaged") from None


def plain_table(data: bytes) -> Table | None:
    """The rows of any text in columns, to be shown: parted by the sign that most rows have alike."""
    text = decoded(data[:_SNIFFED], cut=True)
    try:
        if (table := find_table(text)) is not None:
            return table
        parted = [Table(None, None, rows_of(text, sign), sign) for sign in SEPARATORS if sign in text]
    except csv.Error:
        return None
    wide = [table for table in parted if table.width >= _SHOWN]
    return max(wide, key=lambda table: (table.length or 0, table.width), default=None)


def read_rows(
    table: Table, groups: Sequence[list[Row]] | None = None, said: SaidColumns | None = None,
) -> list[Account]:
    """The accounts of a table, proven as a whole. Raises BankFileUnreadable.

    ``groups``: its rows by account, none of them blank, where it is of several. ``said``: its columns as the person
    said them.
    """
    layout = layout_of(table, said)
    accounts = [_Reading(replace(layout, rows=rows)).account() for rows in groups or [layout.rows]]
    unread = [one for account in accounts for one in account.unread]
    read = sum(len(account.lines) for account in accounts)
    if len(unread) > read + sum(account.foreign for account in accounts):
        rows, count, wrong = first_rows(unread), len(unread) + read, len(unread)
        raise BankFileUnreadable(why_fr=f"{wrong} lignes sur {count} sont illisibles ({rows.fr})",
                                 why_en=f"{wrong} lines of {count} cannot be read ({rows.en})")
    return accounts


def as_amount(text: str) -> Decimal | None:
    """An amount in euros; None for what is none, or could be two."""
    return amount_of(text, ALONE)


def as_day(text: str) -> date | None:
    """A day as French files write it; None for what is none."""
    return readings(text).day_first


@dataclass(slots=True)
class _Met:
    """What became of a row: its day where it is known, its movement, or why there is none."""

    row: Row
    day: date | None = None
    line: Line | None = None
    why: Why | None = None
    foreign: bool = False


@dataclass(slots=True)
class _Reading:
    """One reading of a settled table."""

    layout: Layout
    unsigned: bool = False
    met: list[list[_Met]] = field(default_factory=lambda: [[]])
    """The rows of each download in the file, in its order."""

    def account(self) -> Account:
        """Every movement, and what could not be read. Raises BankFileUnreadable."""
        for row in self.layout.rows:
            self._take(row)
        account = Account("")
        parts = [part for part in self.met if part]
        for part in parts:
            self._keep(account, part)
        if len(parts) > 1:
            account.parts = [days for part in parts if (days := _days(part)) is not None]
        self._check_signs(account)
        return account

    def _take(self, row: Row) -> None:
        heads = self.layout.table.heads
        headlike = heads is not None and readings(cell(row, self.layout.columns.day)) == NONE
        if heads is not None and headlike and _same(row.cells, heads.cells):
            self.met.append([])
            return
        if headlike and named_by(row) is not None:
            raise BankFileUnreadable(why_fr="il contient deux tableaux différents",
                                     why_en="there are two different tables in it")
        if row.cells[0].startswith("\ufeff"):
            self.met.append([])
        met = self._met(row)
        if met is not None:
            self.met[-1].append(met)

    def _met(self, row: Row) -> _Met | None:
        """What a row is; None for what is no movement."""
        columns = self.layout.columns
        day = readings(cell(row, columns.day)).get(self.layout.order)
        if row.swallowed:
            return _Met(row, why=_SWALLOWED)
        if not any(cell(row, at) for at in (columns.day, columns.amount, columns.credit, columns.debit)
                   if at is not None) or (day is None and _closing(row)):
            return None
        state = plain(cell(row, columns.state))
        if day is not None and state not in _BOOKED and _NOT_BOOKED.match(state):
            return None
        if day is None:
            return None if _remark(row) else _Met(row, why=_NO_DAY)
        if state not in _BOOKED:
            return _Met(row, day, why=_NO_STATE)
        if len(row.cells) <= columns.last:
            return _Met(row, day, why=_CUT)
        if self.layout.length not in (None, len(row.cells)):
            return _Met(row, day, why=_UNLIKE)
        if self._foreign(row):
            return _Met(row, day, foreign=True)
        if plain(cell(row, columns.currency)) not in _EUROS:
            return _Met(row, day, why=_NO_CURRENCY)
        amount = self._amount(row)
        if isinstance(amount, Why):
            return None if _closing(row) else _Met(row, day, why=amount)
        label = " ".join(dict.fromkeys(" ".join(cell(row, at).split()) for at in columns.labels)).strip()
        return _Met(row, day, Line(day, amount, label))

    def _amount(self, row: Row) -> Decimal | Why:
        columns, notation = self.layout.columns, self.layout.notation
        if columns.amount is None:
            amount_of_two = self._of_two(cell(row, columns.credit), cell(row, columns.debit))
            return _ODD if row.number in self.layout.odd and isinstance(amount_of_two, Decimal) else amount_of_two
        text = cell(row, columns.amount)
        amount = amount_of(text, notation)
        if amount is None:
            return _TWO_WAYS if is_doubtful(text) else _NO_AMOUNT
        if row.number in self.layout.odd:
            return _ODD
        if self.layout.signs is not None:
            says = self.layout.signs.get(row.number)
            return _NO_SIDE if says is None and amount else abs(amount) if says else -abs(amount)
        if columns.sense is None:
            return amount
        says = came(cell(row, columns.sense))
        if says is None or (says and amount < 0):
            return _NO_SIDE
        return amount if says else -abs(amount)

    def _of_two(self, credit: str, debit: str) -> Decimal | Why:
        notation = self.layout.notation
        values = []
        for text in (credit, debit):
            value = amount_of(text, notation) if text else Decimal(0)
            if value is None:
                return _TWO_WAYS if is_doubtful(text) else _NO_AMOUNT
            values.append(value)
        in_, out = values
        if not credit and (not debit and self.layout.columns.debit is not None):
            return _NO_AMOUNT
        if in_ and out:
            return _NO_SIDE
        return -abs(out) if out else in_

    def _foreign(self, row: Row) -> bool:
        columns = self.layout.columns
        amounts_in = [cell(row, at) for at in (columns.amount, columns.credit) if at is not None]
        return any(map(in_other_money, [cell(row, columns.currency), *amounts_in]))

    def _keep(self, account: Account, part: list[_Met]) -> None:
        around = days_around([None if met.why is _SWALLOWED else met.day for met in part])
        for met, near in zip(part, around, strict=True):
            if met.why is not None:
                account.unread.append(Unread(met.row.number, met.why))
                unsure = met.day is None or met.why is _SWALLOWED
                account.gaps.append(near if unsure or met.day is None else (met.day, met.day))
            elif met.line is not None:
                account.lines.append(met.line)
            account.foreign += met.foreign
        for days_missing in self._missing(part):
            account.broken.append(days_missing)
            account.gaps.append(days_missing)

    def _missing(self, part: list[_Met]) -> Iterator[Days]:
        """Where a running balance that is right elsewhere leaps: movements are missing there."""
        at = self.layout.columns.balance
        if at is None:
            return
        moved = [met.line.amount if met.line else None for met in part]
        balance = [amount_of(cell(met.row, at), self.layout.notation) for met in part]
        way = follows(moved, balance, _HALF)  # its head says that it is one
        for number, (before, other) in enumerate(pairwise(balance)):
            step = moved[number + 1] if way == "rising" else moved[number]
            if way is None or before is None or other is None or step is None:
                continue
            if (other - before if way == "rising" else before - other) != step:
                near = [day for day in (part[number].day, part[number + 1].day) if day is not None]
                yield (min(near), max(near)) if near else EVER

    def _check_signs(self, account: Account) -> None:
        """Refuse a file whose amounts have no signs although some of them surely left the account."""
        columns = self.layout.columns
        signs_said = columns.sense is not None or self.layout.signs is not None
        if columns.amount is None or signs_said or any(line.amount < 0 for line in account.lines):
            return
        if sum(_OUTGOING.match(plain(line.label)) is not None for line in account.lines) >= _SEVERAL:
            raise BankFileUnreadable(
                why_fr="ses montants n'ont pas de signe, et aucune colonne ne dit s'ils sont entrés ou sortis",
                why_en="its amounts have no sign, and no column tells whether they came or left")


def _same(cells: Sequence[str], heads: Sequence[str]) -> bool:
    return [plain(cell.replace("\ufeff", "")) for cell in cells] == [plain(cell) for cell in heads]


def _closing(row: Row) -> bool:
    """Balances and totals under the movements."""
    return any(re.match(r"(?i)\s*(?:solde|total|balance|saldo)", cell) for cell in row.cells)


def _remark(row: Row) -> bool:
    """A sentence above or under movements."""
    filled = [cell.strip() for cell in row.cells if cell.strip()]
    return len(filled) == 1 and filled[0][0].isalpha()


def _days(part: Sequence[_Met]) -> Days | None:
    days = [met.day for met in part if met.day is not None]
    return (min(days), max(days)) if days else None
