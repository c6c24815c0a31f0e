"""A workbook (xlsx): payments, their lines, deductions, the ledger, what is owed, the years; a sheet each.

Days are days and amounts are numbers of two decimals; texts are written as texts, so that none becomes a formula or a
link. Headings are in the person's language.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Protocol, TypedDict

from agent.files.exports.account import Account, amount, day
from agent.files.exports.cells import line
from agent.files.exports.labels import ASKING, KINDS, PARTS, STATUSES, Words
from agent.files.exports.table import rows
from agent.files.formats.errors import TooManyRows
from agent.protocol.money import Sums


class _Style(TypedDict, total=False):
    """What the writer is told of a format."""

    num_format: str
    align: str
    valign: str
    bold: bool
    bottom: int
    bg_color: str


_FORMATS: dict[str, _Style] = {
    "text": {}, "day": {"num_format": "yyyy-mm-dd", "align": "left"}, "money": {"num_format": '#,##0.00\u00a0"€"'},
    "count": {"num_format": "0"}, "percent": {"num_format": "0.##"},
}
_WIDTHS = {"text": 24, "day": 12, "money": 13, "count": 8, "percent": 8}
_ROWS_MOST = 1_048_575
"""Rows below the heading that the format has room for."""

Column = tuple[str, str, str]
"""Heading in French and English, and what the cells hold."""
Cells = Sequence[str | int | Decimal | date | None]
"""A row."""
_PAYMENTS: tuple[Column, ...] = (
    ("Payé le", "Paid on", "day"), ("Nature", "Kind", "text"), ("Libellé", "Label", "text"),
    ("Montant", "Amount", "money"), ("Versé à", "Paid to", "text"), ("Bénéficiaires", "For", "text"),
    ("Détail lu", "Detail read", "text"), ("Référence", "Reference", "text"), ("Document", "Document", "text"),
    ("Identifiant", "Id", "text"),
)
_LINES: tuple[Column, ...] = (
    ("Payé le", "Paid on", "day"), ("Partie", "Part", "text"), ("Soins du", "Care on", "day"),
    ("Jusqu'au", "Until", "day"), ("Bénéficiaire", "For", "text"), ("Libellé", "Label", "text"),
    ("Prix payé", "Price paid", "money"), ("Base", "Base", "money"), ("Taux (%)", "Rate (%)", "percent"),
    ("Montant", "Amount", "money"), ("Versé à", "Paid to", "text"), ("Code", "Code", "text"),
    ("Paiement", "Payment", "text"), ("Identifiant", "Id", "text"),
)
_DEDUCTIONS: tuple[Column, ...] = (
    ("Retenu le", "Withheld on", "day"), ("Nature", "Kind", "text"), ("Soins du", "Care on", "day"),
    ("Montant", "Amount", "money"), ("Libellé", "Label", "text"), ("Paiement", "Payment", "text"),
    ("Identifiant", "Id", "text"),
)
_LEDGER: tuple[Column, ...] = (
    ("Année", "Year", "count"), ("Bénéficiaire", "For", "text"), ("Nature", "Kind", "text"),
    ("Acte", "Act", "text"), ("Soins du", "Care on", "day"), ("Dû", "Due", "money"), ("Retenu", "Withheld", "money"),
    ("Reste à retenir", "Outstanding", "money"), ("Règle", "Rule", "text"), ("Source", "Source", "text"),
    ("Paiement du soin", "Payment of the care", "text"),
)
_OWED: tuple[Column, ...] = (
    ("Quoi", "What", "text"), ("Payé le", "Paid on", "day"), ("Texte", "Text", "text"),
    ("Attendu", "Expected", "money"), ("Reçu", "Received", "money"), ("Reçu le", "Received on", "day"),
    ("État", "State", "text"), ("Paiement", "Payment", "text"),
)
_YEARS: tuple[Column, ...] = (
    ("Année", "Year", "count"), ("Par", "By", "text"), ("Nom", "Name", "text"), ("Dépensé", "Spent", "money"),
    ("Remboursé", "Reimbursed", "money"), ("Reste avant complémentaire", "Left before the top-up", "money"),
)


def make(account: Account) -> bytes:
    """The workbook. Raises TooManyRows."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {
        "in_memory": True,  # nothing unencrypted beside the file that was asked for
        "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    })
    book.set_properties({"title": "ameli", "created": account.made_at.replace(tzinfo=None, microsecond=0)})
    words = Words(account.lang)
    sheets = _Sheets(book, account)
    sheets.add(words("Paiements", "Payments"), _PAYMENTS, _payments(account, words))
    sheets.add(words("Lignes", "Lines"), _LINES, _lines(account, words))
    sheets.add(words("Retenues", "Deductions"), _DEDUCTIONS, _deductions(account, words))
    sheets.add(words("Registre", "Ledger"), _LEDGER, _ledger(account, words))
    sheets.add(words("Dû", "Owed"), _OWED, _owed(account, words))
    sheets.add(words("Années", "Years"), _YEARS, _years(account, words))
    book.close()
    return out.getvalue()


class _Worksheet(Protocol):
    """A sheet of ``xlsxwriter``, which has no types: what is used of it."""

    def freeze_panes(self, row: int, col: int) -> None: ...
    def set_column(self, first_col: int, last_col: int, width: float, cell_format: object) -> object: ...
    def write_string(self, row: int, col: int, string: str, cell_format: object = None) -> object: ...
    def write_number(self, row: int, col: int, number: Decimal | int, cell_format: object) -> object: ...
    def write_datetime(self, row: int, col: int, date: date, cell_format: object) -> object: ...
    def autofilter(self, first_row: int, first_col: int, last_row: int, last_col: int) -> object: ...


class _Book(Protocol):
    """A workbook of ``xlsxwriter``."""

    def add_format(self, properties: _Style) -> object: ...
    def add_worksheet(self, name: str) -> _Worksheet: ...


class _Sheets:
    """Writes the sheets of one book."""

    def __init__(self, book: _Book, account: Account) -> None:
        self._book = book
        self._english = account.lang == "en"
        self._head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#DCE6F1", "valign": "top"})
        self._formats = {name: book.add_format(given) for name, given in _FORMATS.items()}

    def add(self, name: str, columns: Sequence[Column], lines: Iterable[Cells]) -> None:
        """One sheet: heading, rows below, the heading held in place."""
        sheet = self._book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        for at, column in enumerate(columns):
            sheet.set_column(at, at, _WIDTHS[column[2]], self._formats[column[2]])
            sheet.write_string(0, at, column[self._english], self._head)
        last = 0
        for last, values in enumerate(lines, 1):
            if last > _ROWS_MOST:
                raise TooManyRows(most=_ROWS_MOST)
            for at, value in enumerate(values):
                self._write(sheet, last, at, value, columns[at][2])
        sheet.autofilter(0, 0, last, len(columns) - 1)

    def _write(self, sheet: _Worksheet, row: int, at: int, value: str | int | Decimal | date | None, kind: str) -> None:
        if value is None or value == "":
            return
        if isinstance(value, date):
            sheet.write_datetime(row, at, value, self._formats["day"])
        elif isinstance(value, Decimal | int):
            # The writer keeps 16 digits: more than euros and cents need.
            sheet.write_number(row, at, value, self._formats[kind])
        else:
            sheet.write_string(row, at, line(value))


def _payments(account: Account, words: Words) -> Iterable[Cells]:
    for payment in account.payments:
        yield (day(payment["paid_on"]), payment["kind"], payment["label"], amount(payment["amount"]),
               words.to(payment["to"]), ", ".join(payment["beneficiaries"]), words.yes(payment["complete"]),
               payment.get("reference"),
               payment["document"], payment["id"])


def _lines(account: Account, words: Words) -> Iterable[Cells]:
    for row in rows(account):
        yield (day(row.payment["paid_on"]), words.of(PARTS, row.part), row.day, row.until, row.beneficiary, row.label,
               row.paid, row.base, row.rate, row.amount, words.to(row.payment["to"]), row.code, row.payment["id"],
               row.id)


def _deductions(account: Account, words: Words) -> Iterable[Cells]:
    for row in rows(account):
        if row.part == "deduction":
            yield (day(row.payment["paid_on"]), words.of(KINDS, row.kind), row.day, row.amount, row.label,
                   row.payment["id"], row.id)


def _ledger(account: Account, words: Words) -> Iterable[Cells]:
    for ledger in account.ledger:
        for person in ledger["beneficiaries"]:
            for entry in person["entries"]:
                withheld = sum((amount(part["amount"]) for part in entry["withheld"]), Decimal(0))
                yield (ledger["year"], person["name"], words.of(KINDS, entry["kind"]), entry["act"],
                       day(entry["act_date"]), amount(entry["amount"]), withheld, amount(entry["outstanding"]),
                       entry["rule"], entry["source"],
                       entry["payment"])


def _owed(account: Account, words: Words) -> Iterable[Cells]:
    for share in account.shares():
        yield (words("Complémentaire", "Top-up"), day(share["paid_on"]), share["label"], amount(share["expected"]),
               amount(share["received"]) if share["received"] is not None else None, day(share["received_on"]),
               words.of(STATUSES, share["status"]), share["payment"])
    for kind, on, entry in account.asking():
        text = words(entry["text_fr"], entry["text_en"])
        yield words.of(ASKING, kind), on, text, amount(entry["amount"]), None, None, "", entry["payment"]
    for part in account.owed["not_counted"]:
        text = words(part["text_fr"], part["text_en"])
        yield words("Non compté", "Not counted"), None, text, None, None, None, "", None


def _years(account: Account, words: Words) -> Iterable[Cells]:
    for year_sums in account.years:
        year = year_sums["year"]
        yield year, words("année", "year"), str(year), *_sums(year_sums)
        for name, *sums in year_sums["months"]:
            yield year, words("mois", "month"), name, *(amount(each) for each in sums)
        for person in year_sums["by_person"]:
            yield year, words("personne", "person"), person["name"], *_sums(person)
        for care in year_sums["by_kind"]:
            yield year, words("soin", "care"), words(care["label_fr"], care["label_en"]), *_sums(care)


def _sums(sums: Sums) -> tuple[Decimal, Decimal, Decimal]:
    return amount(sums["spent"]), amount(sums["reimbursed"]), amount(sums["left"])
