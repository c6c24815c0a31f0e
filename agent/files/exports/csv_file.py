"""CSV: one row per part of a payment (act line, deduction, indemnity), the payment's own columns repeated.

``csv`` is for programs, and for any spreadsheet that asks: commas, decimal points, UTF-8 without a mark.
``csv-excel`` opens by a double click in a French Excel or LibreOffice: semicolons, decimal commas, UTF-8 with its mark.
Names of columns, days (ISO) and kinds are the same in both and in every language.
"""

import csv
import io
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal

from agent.files.exports.account import Account, amount
from agent.files.exports.cells import cell
from agent.files.exports.table import Row, rows

Value = str | int | Decimal | date | None
"""What a cell holds before it is written."""
COLUMNS: dict[str, Callable[[Row], Value]] = {
    "payment": lambda row: row.payment["id"],
    "paid_on": lambda row: date.fromisoformat(row.payment["paid_on"]),
    "payment_kind": lambda row: row.payment["kind"],
    "payment_label": lambda row: row.payment["label"],
    "to": lambda row: row.payment["to"],
    "payment_amount": lambda row: amount(row.payment["amount"]),
    "part": lambda row: row.part,
    "part_id": lambda row: row.id,
    "beneficiary": lambda row: row.beneficiary,
    "label": lambda row: row.label,
    "code": lambda row: row.code,
    "deduction_kind": lambda row: row.kind,
    "care_on": lambda row: row.day,
    "care_until": lambda row: row.until,
    "days": lambda row: row.days,
    "paid": lambda row: row.paid,
    "base": lambda row: row.base,
    "rate": lambda row: row.rate,
    "amount": lambda row: row.amount,
    "document": lambda row: row.payment["document"],
    "reference": lambda row: row.payment.get("reference"),
}
"""The header. ``amount`` adds up to the payments; ``payment_amount`` stands on every row of its payment, so that only
one row of each is to be counted. ``base`` is the base of a refund, or the daily sum of an indemnity; ``rate`` is per
cent; euros everywhere else. ``reference`` is the transfer's, where a statement tells it."""


def make(account: Account) -> bytes:
    """The file for programs."""
    return _written(rows(account), ",", ".").encode()


def make_excel(account: Account) -> bytes:
    """The file for a double click in French."""
    return _written(rows(account), ";", ",").encode("utf-8-sig")


def _written(lines: Iterable[Row], separator: str, point: str) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    columns = list(COLUMNS.values())
    writer.writerows([_shown(read(row), point) for read in columns] for row in lines)
    return out.getvalue()


def _shown(value: Value, point: str) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", point)
    if isinstance(value, date):
        return value.isoformat()
    return cell(value)
