"""Columns as the person says them, where nothing in a file proves what they are, and the form of file they stand for.

Written ``day=1,label=2,amount=4``: columns are counted from 1, several of words are joined by ``+``. ``order`` says
whether days are written ``day-month`` or ``month-day``; alone it leaves the columns to the file.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from agent.errors import AmeliError
from agent.files.formats.bank.amounts import amount_of, has_cents
from agent.files.formats.bank.column_names import Columns
from agent.files.formats.bank.days import Order, is_day
from agent.files.formats.bank.labels import plain
from agent.files.formats.bank.running_balance import column, money_columns
from agent.files.formats.bank.table import SEPARATORS, Row, Table, rows_of, table_in, unknown_heads

_ORDERS = {"day-month": Order.DAY_FIRST, "month-day": Order.MONTH_FIRST,
           "jour-mois": Order.DAY_FIRST, "mois-jour": Order.MONTH_FIRST}
_SINGLE = ("day", "amount", "debit", "credit", "balance", "currency", "state", "sense")
_FRENCH = {"jour": "day", "date": "day", "libelle": "label", "libellé": "label", "montant": "amount",
           "débit": "debit", "crédit": "credit", "solde": "balance", "devise": "currency", "état": "state",
           "etat": "state", "sens": "sense", "ordre": "order"}
_MOST = 200
"""Columns of a row."""
_LOOKED_AT = 200
_MOSTLY = 0.8
_ABOVE = 60
"""Rows above the first movement."""


class BadColumns(AmeliError):
    """Columns that are not said as they have to be."""

    code = "bad_columns"
    exit_code = 2
    http_status = 400
    fr = "Les colonnes ne se disent pas ainsi : {what_fr}."
    en = "Columns are not said like this: {what_en}."
    hint_fr = ("Comptez à partir de 1 : day=1,label=2,amount=4, ou debit=4,credit=5 au lieu de amount ; en plus, au"
               " besoin : balance, sense, currency, state, order=day-month ou order=month-day.")
    hint_en = ("Count from 1: day=1,label=2,amount=4, or debit=4,credit=5 in place of amount; beside them where"
               " needed: balance, sense, currency, state, order=day-month or order=month-day.")


@dataclass(frozen=True, slots=True)
class SaidColumns:
    """What the person said of a file."""

    columns: Columns | None
    """None where the order of days alone was said."""
    order: Order | None = None

    @property
    def text(self) -> str:
        """As it is written."""
        parts = []
        if self.columns is not None:
            for name in _SINGLE:
                at: int | None = getattr(self.columns, name)
                parts += [] if at is None else [f"{name}={at + 1}"]
            if self.columns.labels:
                parts.insert(1, "label=" + "+".join(str(at + 1) for at in self.columns.labels))
        if self.order is not None:
            parts.append("order=" + ("day-month" if self.order is Order.DAY_FIRST else "month-day"))
        return ",".join(parts)


def columns_said(text: str) -> SaidColumns:
    """What was said of the columns of a file. Raises BadColumns."""
    said: dict[str, list[int]] = {}
    order = None
    for part in filter(None, (one.strip() for one in text.lower().split(","))):
        name, _, value = (one.strip() for one in part.partition("="))
        name = _FRENCH.get(name, name)
        if name in said or (name == "order" and order is not None):
            raise BadColumns(what_fr=f"« {name} » y est deux fois", what_en=f"“{name}” is said twice")
        if name == "order" and value in _ORDERS:
            order = _ORDERS[value]
        elif name in (*_SINGLE, "label") and re.fullmatch(r"\d{1,3}(?:\+\d{1,3})*", value, re.ASCII):
            said[name] = [int(one) - 1 for one in value.split("+")]
        else:
            raise BadColumns(what_fr=f"« {part[:40]} »", what_en=f"“{part[:40]}”")
    if not said and order is not None:
        return SaidColumns(None, order)
    _check(said)
    single = {name: places[0] for name, places in said.items()}
    return SaidColumns(Columns(
        single["day"], tuple(said.get("label", ())), single.get("amount"), single.get("debit"), single.get("credit"),
        single.get("balance"), single.get("currency"), single.get("state"), single.get("sense")), order)


def _check(said: Mapping[str, Sequence[int]]) -> None:
    places = [at for several in said.values() for at in several]
    if "day" not in said or ("amount" in said) == ("credit" in said):
        raise BadColumns(what_fr="il faut day, et soit amount, soit debit et credit",
                         what_en="day is needed, and either amount or debit and credit")
    if "amount" in said and "debit" in said:
        raise BadColumns(what_fr="debit va avec credit", what_en="debit goes with credit")
    if len(set(places)) < len(places) or any(len(at) > 1 for name, at in said.items() if name != "label"):
        raise BadColumns(what_fr="une colonne n'est qu'une chose", what_en="a column is one thing only")
    if not all(0 <= at < _MOST for at in places):
        raise BadColumns(what_fr="les colonnes se comptent à partir de 1", what_en="columns are counted from 1")


def said_table(text: str, columns: Columns) -> Table | None:
    """The table of a text with these columns, parted by what shows most movements; None where none fits."""
    tables = [table for sign in SEPARATORS if sign in text
              and (table := said_table_in(rows_of(text, sign), sign, columns)) is not None]
    return max(tables, key=lambda table: sum(_fits(row, columns) for row in table.rows[:_LOOKED_AT]), default=None)


def said_table_in(rows: list[Row], separator: str, columns: Columns) -> Table | None:
    """The same of rows that are parted already."""
    first = next((at for at, row in enumerate(rows[:_ABOVE]) if _begins(row, columns)), None)
    if first is None or not any(_fits(row, columns) for row in rows):
        return None
    named = table_in(rows, separator)
    if named is not None and named.heads is not None:
        return Table(named.heads, columns, named.rows, separator)
    above = next((at for at in range(first - 1, -1, -1) if not rows[at].blank), None)
    heads = rows[above] if above is not None and unknown_heads(rows[above:above + 1]) else None
    return Table(heads, columns, rows[first:], separator)


def form_of(table: Table) -> str:
    """What tells the files of one bank from others: their heads, else how many columns they have and of what kind.

    A digest: nothing of the file is in it.
    """
    rows = [row for row in table.rows if not row.blank][:_LOOKED_AT]
    if table.heads is not None:
        said = [plain(cell.replace("\ufeff", "")) for cell in table.heads.cells]
    else:
        money = set(money_columns(rows, table.width))
        said = ["?" if not any(cells := column(rows, at)) else "day" if _mostly_days(cells)
                else "money" if at in money else "-" for at in range(table.width)]
    return blake2b("\x1f".join([table.separator, *said]).encode(), digest_size=16).hexdigest()


def _mostly_days(cells: Sequence[str]) -> bool:
    return sum(map(is_day, cells)) >= _MOSTLY * max(1, len(cells))


def _cell(row: Row, at: int | None) -> str:
    return row.cells[at] if at is not None and at < len(row.cells) else ""


def _fits(row: Row, columns: Columns) -> bool:
    """Whether a row is a movement in these columns."""
    money = [text for at in (columns.amount, columns.debit, columns.credit) if (text := _cell(row, at).strip())]
    return is_day(_cell(row, columns.day)) and bool(money) and all(_is_amount(text) for text in money)


def _begins(row: Row, columns: Columns) -> bool:
    """Whether movements may begin with a row: one that is damaged is not to be lost."""
    money = [_cell(row, at) for at in (columns.amount, columns.debit, columns.credit)]
    return len(row.cells) > columns.last and (is_day(_cell(row, columns.day)) or any(map(has_cents, money)))


def _is_amount(text: str) -> bool:
    return has_cents(text) or amount_of(text) is not None
