"""CSV files of complementary insurers: what they refunded, care by care.

No insurer publishes its layout. The columns are recognised by what their heads say: the day of care, whom it was for,
and the insurer's own share, told apart from the fund's.
"""

import csv
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

from agent.concurrency.reader_threads import outside
from agent.files.formats.bank.csv_file import as_amount, as_day
from agent.files.formats.bank.errors import BankFileUnreadable
from agent.files.formats.bank.labels import plain
from agent.files.formats.bank.model import Unread, Why, first_rows
from agent.files.formats.bank.table import Row, decoded, rows_of, text_like

_SNIFFED = 16 << 10
_PREAMBLE = 40
_MOST_LINES = 50_000
_CARE = ("DATE DE SOIN", "DATE DES SOINS", "DATE DU SOIN", "DATE SOIN", "DATE DE L'ACTE", "DATE D'ACTE", "DATE ACTE")
_PAID = ("DATE DE PAIEMENT", "DATE DE REGLEMENT", "DATE DE REMBOURSEMENT", "DATE DE VERSEMENT", "DATE PAIEMENT")
_WHO = ("BENEFICIAIRE", "NOM DU BENEFICIAIRE", "PRENOM", "ASSURE", "PATIENT")
_OWN = ("MUTUELLE", "COMPLEMENTAIRE", "NOTRE", "AMC", "VERSE PAR NOUS")
_THEIRS = ("SECURITE SOCIALE", "SECU", "REGIME OBLIGATOIRE", "ASSURANCE MALADIE", "AMO", "BASE", "DEPENSE", "RESTE")
_CLOSING = ("TOTAL", "SOUS-TOTAL")
_NO_DAY = Why("le jour du soin est illisible", "the day of care cannot be read")
_NO_SHARE = Why("le montant est illisible", "the amount cannot be read")
_MONEY = ("REMBOURS", "MONTANT", "PART", "VERSE")


class Share(NamedTuple):
    """What an insurer paid on one piece of care."""

    care_on: date
    beneficiary: str
    """As written; nothing when the file does not say."""
    amount: Decimal
    paid_on: date | None


class _Columns(NamedTuple):
    care: int
    who: int | None
    amount: int
    paid: int | None


def looks_like_insurer(data: bytes) -> bool:
    """Whether the file is text with such heads near its beginning."""
    head = data[:_SNIFFED]
    if not text_like(head):
        return False
    try:
        return _table(decoded(head, cut=len(data) > _SNIFFED)) is not None
    except csv.Error:
        return False


@outside
def read_insurer(data: bytes) -> tuple[list[Share], list[Unread]]:
    """The shares of a file, in its order, and the rows whose day or share cannot be read. Raises BankFileUnreadable.

    A row that shows no share, or none above zero, is passed over.
    """
    try:
        table = _table(decoded(data))
    except csv.Error:
        table = None
    if table is None:
        raise BankFileUnreadable(why_fr="ses colonnes ne sont pas reconnues", why_en="its columns are not recognised")
    columns, rows = table
    shares: list[Share] = []
    unread: list[Unread] = []
    for row in islice(rows, _MOST_LINES):
        cells = dict(enumerate(cell.strip()[:300] for cell in row.cells))
        care_on, amount = as_day(cells.get(columns.care, "")), as_amount(cells.get(columns.amount, ""))
        if care_on is None or amount is None:
            if cells.get(columns.amount) and not plain(cells.get(columns.care, "")).startswith(_CLOSING):
                unread.append(Unread(row.number, _NO_DAY if care_on is None else _NO_SHARE))
            continue
        if amount <= 0:
            continue
        who = cells.get(columns.who, "") if columns.who is not None else ""
        paid = as_day(cells.get(columns.paid, "")) if columns.paid is not None else None
        shares.append(Share(care_on, who, amount, paid))
    if not shares:
        first = first_rows(unread)
        raise BankFileUnreadable(
            why_fr="aucune ligne n'y a de jour de soin et de montant" + (f" ({first.fr})" if unread else ""),
            why_en="no line has a day of care and an amount" + (f" ({first.en})" if unread else ""))
    return shares, unread


def _table(text: str) -> tuple[_Columns, list[Row]] | None:
    for separator in (";", "\t", ",", "|"):
        rows = rows_of(text, separator) if separator in text else []
        for at, row in enumerate(rows[:_PREAMBLE]):
            if (columns := _columns([plain(cell.replace("’", "'"))[:60] for cell in row.cells])) is not None:
                return columns, rows[at + 1:]
    return None


def _columns(heads: list[str]) -> _Columns | None:
    def first(names: tuple[str, ...]) -> int | None:
        return next((at for at, head in enumerate(heads) if head.startswith(names)), None)

    care, own = first(_CARE), [at for at, head in enumerate(heads) if _is_share(head)]
    if care is None or not own:
        return None
    named = [at for at in own if any(word in heads[at] for word in _OWN)]
    return _Columns(care, first(_WHO), (named or own)[0], first(_PAID))


def _is_share(head: str) -> bool:
    words = head.replace("(", " ").replace(")", " ").split()
    theirs = any(word in head if " " in word or len(word) > 3 else word in words for word in _THEIRS)
    return not head.startswith("DATE") and any(word in head for word in _MONEY) and not theirs
