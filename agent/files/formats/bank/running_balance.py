"""Which columns of a table are what, proven by what stands in them.

A running balance proves itself: each is the one before it and the amount beside it. Nothing else is believed of a
table whose heads are not known, but a column of amounts that has no second beside it.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise, permutations
from typing import Literal

from agent.files.formats.bank.amounts import Notation, amount_of, has_cents, notation_of
from agent.files.formats.bank.column_names import Columns
from agent.files.formats.bank.days import is_day
from agent.files.formats.bank.labels import plain
from agent.files.formats.bank.table import Row

Column = Sequence[Decimal | None]
_LOOKED_AT = 5_000
"""Rows by which columns are told."""
_MOSTLY = 0.8
_NEARLY = 0.9
_CENTS_SHOWN = re.compile(r"\d[.,]\d\d(?!\d)")
_STEPS = 3
"""Steps of a balance that prove it."""
_LEFT = frozenset({
    "D", "DB", "DR", "DBIT", "DEBIT", "DEBITS", "DEBITEUR", "-", "\u2212", "S", "SOLL", "AF", "OUT", "SORTIE",
    "DEPENSE", "RETRAIT", "CARGO", "DEBE", "DARE", "MONEY OUT", "PAID OUT", "ENVOYE", "SENT", "DEBITO", "DEBET"})
_CAME = frozenset({
    "C", "CR", "CRDT", "CREDIT", "CREDITS", "CREDITEUR", "+", "H", "HABEN", "BIJ", "IN", "ENTREE", "RECETTE",
    "VERSEMENT", "ABONO", "HABER", "AVERE", "MONEY IN", "PAID IN", "RECU", "RECEIVED", "CREDITO"})


def column(rows: Iterable[Row], at: int) -> list[str]:
    """The cells of a column, empty where a row is too short."""
    return [row.cells[at] if at < len(row.cells) else "" for row in rows]


def money_columns(rows: Sequence[Row], width: int) -> list[int]:
    """The columns whose cells are amounts with cents, wherever they are filled."""
    columns = []
    for at in range(width):
        filled = [cell for cell in column(rows[:_LOOKED_AT], at) if cell.strip()]
        if sum(map(has_cents, filled)) >= _MOSTLY * max(1, len(filled)) and not all(map(is_day, filled)):
            columns.append(at)
    return columns


def amounts(rows: Sequence[Row], at: int, notation: Notation) -> list[Decimal | None]:
    """The amounts of a column."""
    return [amount_of(cell, notation) for cell in column(rows, at)]


def steps_kept(moved: Column, balance: Column, rising: bool) -> tuple[int, int]:
    """How many steps of a running balance are the amount beside it, of how many."""
    right = compared = 0
    for (first, before), (second, other) in pairwise(zip(moved, balance, strict=True)):
        step = second if rising else first
        if before is not None and other is not None and step is not None:
            compared += 1
            right += (other - before if rising else before - other) == step
    return right, compared


def follows(moved: Column, balance: Column, share: float = _NEARLY) -> Literal["rising", "falling"] | None:
    """Whether a column is the running balance of another, and whether the oldest movement stands first.

    ``share``: of its steps that have to be right.
    """
    for rising in (True, False):
        right, compared = steps_kept(moved, balance, rising)
        if right >= _STEPS and right >= share * compared and any(one for one in moved):
            return "rising" if rising else "falling"
    return None


def signed(moved: Column, balance: Column) -> list[Decimal | None] | None:
    """The amounts with the signs that their running balance gives them; None where it does not prove its own amounts.

    That of the oldest has no balance before it: None.
    """
    if not balance:
        return None
    for rising in (True, False):
        steps = [None if one is None or other is None else other - one if rising else one - other
                 for one, other in pairwise(balance)]
        whole = [None, *steps] if rising else [*steps, None]
        compared = [(step, amount) for step, amount in zip(whole, moved, strict=True)
                    if step is not None and amount is not None]
        right = sum(abs(step) == abs(amount) for step, amount in compared)
        if right >= _STEPS and right >= _NEARLY * len(compared) and any(amount for _, amount in compared):
            return whole
    return None


def proven_columns(rows: Sequence[Row], width: int, *, heads: bool) -> Columns | None:
    """The columns of a table without known heads; None without proof.

    ``heads``: it has some that are not known, so that a single column of amounts may be of anything.
    """
    looked = rows[:_LOOKED_AT]
    days = [at for at in range(width) if _mostly_days(column(looked, at))]
    money = money_columns(looked, width)
    if not days or not money:
        return None
    numbers = {at: notation_of(column(looked, at)) for at in money}
    read = {at: amounts(looked, at, numbers[at]) for at in money}
    proven: list[tuple[int, int | None, int]] = [
        (at, None, balance) for at, balance in permutations(money, 2) if follows(read[at], read[balance])]
    proven += [(came, left, balance) for left, came, balance in permutations(money, 3)
               if any(read[left]) and follows(_netted(read[came], read[left]), read[balance])]
    columns = None
    if len(proven) == 1:
        (amount, debit, balance), = proven
        columns = (Columns(days[0], (), amount=amount, balance=balance) if debit is None
                   else Columns(days[0], (), credit=amount, debit=debit, balance=balance))
    elif not proven and len(money) == 1 and not heads and not _numbers_beside(looked, width, {*days, *money}):
        columns = Columns(days[0], (), amount=money[0])
    return columns and replace(columns, labels=words_beside(looked, width, columns))


def words_beside(rows: Sequence[Row], width: int, columns: Columns) -> tuple[int, ...]:
    """The columns of words."""
    taken = {columns.day, *columns.money, columns.currency, columns.state, columns.sense}
    return tuple(at for at in range(width) if at not in taken and any(
        any(sign.isalpha() for sign in cell) and not is_day(cell) for cell in column(rows[:_LOOKED_AT], at)))


def sense_column(rows: Sequence[Row], columns: Columns, width: int, read: Column) -> int | None:
    """The column that says beside an amount whether it came or left; None when there is none.

    A column whose words contradict the signs of the amounts is of something else, unless its head says what it is.
    """
    if columns.sense is not None:
        return columns.sense
    for at in range(width):
        if at in (columns.day, *columns.money, *columns.labels):
            continue
        said = [came(cell) for cell in column(rows, at)]
        if said and None not in said and False in said and not any(
                one is True and value is not None and value < 0 for one, value in zip(said, read, strict=True)):
            return at
    return None


def came(word: str) -> bool | None:
    """Whether a word beside an amount says that it came; None when it says nothing."""
    text = plain(word[:40]).strip(" .")
    return True if text in _CAME else False if text in _LEFT else None


def _netted(came_in: Column, left: Column) -> list[Decimal | None]:
    """What came less what left, where exactly one of the two is told."""
    return [one if other is None else -abs(other) if one is None else None
            for one, other in zip(came_in, left, strict=True)]


def _mostly_days(cells: Sequence[str]) -> bool:
    return sum(map(is_day, cells)) >= _MOSTLY * max(1, len(cells))


def _numbers_beside(rows: Sequence[Row], width: int, but: set[int]) -> bool:
    """Whether another column holds amounts that are written in a way that is not read."""
    return any(sum(_CENTS_SHOWN.search(cell) is not None and not is_day(cell) for cell in cells) > len(cells) / 2
               for cells in (column(rows, at) for at in range(width) if at not in but))
