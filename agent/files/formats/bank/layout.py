"""How one table of movements is read: what each column is, and how days and amounts are written in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.files.formats.bank.amounts import Notation, amount_of, bare, is_doubtful, notation_of
from agent.files.formats.bank.column_names import Columns, in_other_currency
from agent.files.formats.bank.days import NONE, Mixed, Order, Undecided, order_of, readings
from agent.files.formats.bank.errors import BankFileUnreadable, ColumnsAsked, DayOrderAsked, NoBankFile
from agent.files.formats.bank.labels import payer_of
from agent.files.formats.bank.running_balance import (
    amounts,
    column,
    follows,
    money_columns,
    proven_columns,
    sense_column,
    signed,
    words_beside,
)
from agent.files.formats.bank.said_columns import SaidColumns
from agent.files.formats.bank.split_cells import cents_apart
from agent.files.formats.bank.table import Row, Table, unknown_heads

_LONGEST = 10_000
_YEAR_FIRST = re.compile(r"\d{4}[-/.]\d\d[-/.]\d\d")
_TWO_DECIMALS = re.compile(r"[.,]\d\d(?!.*\d)")
_DECIMALS = re.compile(r"\d[.,]\d")
_SEVERAL, _MANY = 2, 5
"""Amounts that show how all are written: before the last one of a file, which its end may cut, and around any other."""


def cell(row: Row, at: int | None) -> str:
    """What stands in a column of a row; nothing where the row is too short."""
    return row.cells[at][:_LONGEST].replace("\ufeff", "").strip() if at is not None and at < len(row.cells) else ""


@dataclass(frozen=True, slots=True)
class Layout:
    """How one table is read."""

    table: Table
    rows: list[Row]
    """Without those that are no movement."""
    columns: Columns
    notation: Notation
    order: Order
    length: int | None
    """How many cells a row has, where nearly all have as many."""
    signs: dict[int, bool] | None = None
    """By row (its line), whether its amount came, where the running balance tells and the amounts themselves do not."""
    odd: frozenset[int] = frozenset()
    """Rows (by their line) whose amount alone has other decimals than all others: a sign of it may be lost."""


def layout_of(table: Table, said: SaidColumns | None = None) -> Layout:
    """Settle what each column is and how it is written. Raises BankFileUnreadable where that is not proven.

    ``said``: what the person said of it; what the file itself proves otherwise is refused.
    """
    rows = [row for row in table.rows if not row.blank]
    if table.separator == ",":
        rows = _with_cents(rows, table)
        table = replace(table, rows=rows)
    width = table.width
    columns = table.columns
    if columns is None:
        columns = proven_columns(rows[1:] if unknown_heads(rows) else _fitting(rows, width), width,
                                 heads=unknown_heads(rows))
        if columns is None:
            raise _unproven(rows)
        rows = _fitting(rows, width, columns)
    elif not any(text.strip() for at in columns.labels for text in column(rows, at)):
        columns = replace(columns, labels=words_beside(rows, width, columns))
    if table.heads is not None and in_other_currency(table.heads.cells, columns):
        raise BankFileUnreadable(why_fr="ses montants sont dans une autre monnaie que l'euro",
                                 why_en="its amounts are in another currency than the euro")
    money = [at for at in (columns.amount, columns.debit, columns.credit) if at is not None]
    notation = notation_of(text for at in (*money, columns.balance) if at is not None for text in column(rows, at))
    if said is not None and said.columns is not None:
        _check_said(rows, width, columns)
    if columns.amount is not None:
        read = amounts(rows, columns.amount, notation)
        columns = replace(columns, sense=sense_column(rows, columns, width, read))
    cells = [text for at in money for text in column(rows, at)]
    sure = [text for text in cells if amount_of(text, notation) is not None]
    if len(sure) > _SEVERAL and not any(_DECIMALS.search(bare(text)) for text in sure):
        raise BankFileUnreadable(
            why_fr="aucun montant n'y a de centimes : rien ne dit s'ils sont en euros ou en centimes",
            why_en="no amount in it shows cents: nothing tells whether they are in euros or in cents")
    if notation.decimal is None and sum(map(is_doubtful, cells)) > sum(
            amount_of(text, notation) is not None for text in cells):
        raise BankFileUnreadable(
            why_fr="rien n'y dit si 1.234 est plus de mille ou un peu plus de un",
            why_en="nothing in it tells whether 1.234 is over a thousand or a little over one")
    order = _order(rows, columns, notation, said.order if said else None)
    return Layout(table, rows, columns, notation, order, table.length,
                  _signs(rows, columns, notation), frozenset(_odd(rows, money)))


def _signs(rows: Sequence[Row], columns: Columns, notation: Notation) -> dict[int, bool] | None:
    """What came and what left by the running balance, where the signs written contradict it; None where they do not."""
    if columns.amount is None or columns.balance is None or columns.sense is not None:
        return None
    moved, balance = amounts(rows, columns.amount, notation), amounts(rows, columns.balance, notation)
    steps = None if follows(moved, balance) else signed(moved, balance)
    if steps is None:
        return None
    signs = {row.number: step > 0 for row, step in zip(rows, steps, strict=True) if step}
    turned = all(amount is None or (amount < 0) is signs.get(row.number, amount < 0)
                 for row, amount in zip(rows, moved, strict=True))
    said = {tuple(cell(row, at) for at in columns.labels): signs[row.number] for row in rows if row.number in signs}
    for row, step, amount in zip(rows, steps, moved, strict=True):
        if step is None and amount is not None:  # the oldest: as all others are turned, or as the same words elsewhere
            came = amount < 0 if turned else said.get(tuple(cell(row, at) for at in columns.labels))
            if came is not None:
                signs[row.number] = came
    return signs


def _odd(rows: Sequence[Row], money: Sequence[int]) -> list[int]:
    """The row whose amount alone is not written with two decimals, by its line: a sign of it may be lost."""
    filled = [(row.number, text) for row in rows for at in money if (text := cell(row, at))]
    without = [number for number, text in filled if not _TWO_DECIMALS.search(bare(text))]
    last = bool(without) and without[-1] == filled[-1][0]
    return without if len(without) == 1 and len(filled) > (_SEVERAL if last else _MANY) else []


def _with_cents(rows: list[Row], table: Table) -> list[Row]:
    """The rows of a file whose commas part both columns and cents, put together again. Raises BankFileUnreadable."""
    columns, heads = table.columns, table.heads
    if columns is None or heads is None:
        return rows
    joined = cents_apart(rows, len(heads.cells), columns.money)
    if joined is None:
        raise BankFileUnreadable(
            why_fr="ses virgules séparent à la fois les colonnes et les centimes",
            why_en="its commas part both the columns and the cents")
    return joined


def _check_said(rows: Sequence[Row], width: int, columns: Columns) -> None:
    """Refuse columns that the running balance proves to be others. Raises BankFileUnreadable."""
    money = money_columns(rows, width)
    read = {at: amounts(rows, at, notation_of(column(rows, at))) for at in money}
    for said in (columns.amount, columns.debit, columns.credit):
        other = next((at for at in money if said in read and at != said and follows(read[at], read[said])), None)
        if said is not None and other is not None:
            raise BankFileUnreadable(
                why_fr=f"sa colonne {said + 1} est le solde qui suit les montants de la colonne {other + 1}",
                why_en=f"its column {said + 1} is the balance that follows the amounts of column {other + 1}")


def _order(rows: Sequence[Row], columns: Columns, notation: Notation, said: Order | None) -> Order:
    texts = column(rows, columns.day)
    read = [readings(text) for text in texts]
    if said is not None:
        if sum(one.get(said) is None and one != NONE for one in read) * _MANY > len(read):
            raise BankFileUnreadable(
                why_fr="ses dates ne peuvent pas se lire dans l'ordre qui a été dit",
                why_en="its dates cannot be read in the order that was said")
        return said
    try:
        if sum(one == NONE and _YEAR_FIRST.match(bare(text)) is not None
               for one, text in zip(read, texts, strict=True)) * _MANY > len(texts):
            raise Mixed  # a year, a day and a month
        return order_of(read, day_first=columns.day_first or notation.decimal == ",")
    except Mixed:
        raise BankFileUnreadable(
            why_fr="le jour y est tantôt avant, tantôt après le mois",
            why_en="some of its dates begin with the day, others with the month") from None
    except Undecided:
        raise DayOrderAsked(
            why_fr="ses dates peuvent se lire jour/mois ou mois/jour",
            why_en="its dates can be read day/month or month/day") from None


def _fitting(rows: list[Row], width: int, columns: Columns | None = None) -> list[Row]:
    """A table without heads from its first movement on: one line about the account may stand above."""
    def fits(row: Row) -> bool:
        if columns is None:
            return len(row.cells) == width and readings(row.cells[0]) != readings("")
        return columns.day < len(row.cells) and readings(row.cells[columns.day]) != readings("")

    first = next((at for at, row in enumerate(rows) if fits(row)), 0)
    return rows[first:] if first <= _ABOVE else rows


_ABOVE = 1
"""Rows above the first movement of a table without known heads: it was found with the one above it."""


def no_columns() -> BankFileUnreadable:
    """What is told of a file without a table of movements."""
    return ColumnsAsked(
        why_fr="aucune colonne de date, de libellé et de montant n'a été reconnue",
        why_en="no columns of date, label and amount were recognised")


def _unproven(rows: Sequence[Row]) -> BankFileUnreadable:
    why = {"why_fr": "rien n'y dit sûrement quelle colonne est le montant du mouvement",
           "why_en": "nothing in it tells for sure which column is the amount of the movement"}
    if any(payer_of(cell) for row in rows for cell in row.cells):
        return ColumnsAsked(**why)
    return NoBankFile(**why)  # any table with days and numbers looks like this
