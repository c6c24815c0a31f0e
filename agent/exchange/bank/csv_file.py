"""CSV files of French banks: the columns are recognised by their heads, whatever their order and what stands above.

Heads seen in public importers: BoursoBank (``dateOp;dateVal;label;…;amount``), Crédit Agricole (lines of preamble,
then ``Date;Libellé;Débit euros;Crédit euros;``), Société Générale (``Date de l'opération;Libellé;Détail de
l'écriture;Montant de l'opération;Devise``), Caisse d'Épargne and Banque Populaire (``Date de comptabilisation;Libelle
simplifie;Libelle operation;…;Debit;Credit``), Crédit Mutuel and CIC (``Date;Date de valeur;Débit;Crédit;Libellé;
Solde``), La Banque Postale (``Date;Libellé;Montant(EUROS)``), Fortuneo (``Date opération;Date valeur;libellé;Débit;
Crédit;``), BNP Paribas and Hello bank! (one line about the account, then movements without heads), N26
(``Booking Date,…,Partner Name,…,Amount (EUR)``), Revolut (``…,Started Date,Completed Date,Description,Amount,…``),
Qonto (``Statut;…;Date de l'opération (UTC);Montant total (TTC);Débit;Crédit;…;Devise;Nom de la contrepartie;…``).
"""

import csv
import io
import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import NamedTuple

from agent.aside import outside
from agent.exchange.bank.errors import BankFileUnreadable
from agent.exchange.bank.labels import plain
from agent.exchange.bank.model import Account, Line

_SNIFFED = 16 << 10
_PREAMBLE = 40
_MOST_LINES = 200_000
_LONGEST = 10_000
_WIDE = (b"\xff\xfe", b"\xfe\xff")
"""How a file in UTF-16 begins."""
_BOOKED = {"", "TERMINE", "TERMINEE", "COMPLETED", "COMPTABILISE", "COMPTABILISEE", "EXECUTE", "EXECUTEE", "SETTLED"}
"""States of a movement that took place; any other is still to come, or was taken back."""
_DATES = ("DATE DE COMPTABILISATION", "DATE DE L'OPERATION", "DATE OPERATION", "DATE D'OPERATION", "DATEOP", "DATE OP",
          "DATE DE L'OPERATION (UTC)", "BOOKING DATE", "COMPLETED DATE", "DATE DE FIN", "DATE COMPTABLE", "DATE",
          "DATE VALEUR", "DATE DE VALEUR")
"""Heads of the day of booking, the surest first."""
_AMOUNTS = ("MONTANT DE L'OPERATION", "MONTANT OPERATION EN EURO", "MONTANT OPERATION", "MONTANT(EUROS)",
            "MONTANT (EUROS)", "MONTANT EN EUROS", "MONTANT", "MONTANT TOTAL (TTC)", "AMOUNT (EUR)", "AMOUNT", "VALEUR")
_LABELS = ("LIBELLE", "NOM DE LA CONTREPARTIE", "LABEL", "DETAIL", "DESCRIPTION", "PARTNER NAME", "PAYEE",
           "PAYMENT REFERENCE", "TIERS", "INFORMATIONS COMPLEMENTAIRES", "REFERENCE")
_AMOUNT = re.compile(r"([-+\u2212]?)\s?((?:\d{1,3}(?:[ .\u00a0\u202f',]\d{3})+|\d+))(?:[.,](\d{1,2}))?\s?(?:€|EUR)?")
_DAYS = (re.compile(r"(?P<d>\d\d?)[/.-](?P<m>\d\d?)[/.-](?P<y>\d{4}|\d\d)\b"),
         re.compile(r"(?P<y>\d{4})-(?P<m>\d\d)-(?P<d>\d\d)"))


class _Columns(NamedTuple):
    """Where things stand in a row."""

    day: int
    labels: tuple[int, ...]
    amount: int | None
    debit: int | None
    credit: int | None
    currency: int | None
    state: int | None = None


def looks_like_csv(data: bytes) -> bool:
    """Whether the file is text with a row of a bank's heads near its beginning, or movements without heads."""
    head = data[:_SNIFFED]
    if not text_like(head):
        return False
    try:
        return _table(decoded(head), cut=len(data) > _SNIFFED) is not None
    except csv.Error:
        return False


@outside
def read_csv(data: bytes) -> list[Account]:
    """The one account of a file. Raises BankFileUnreadable."""
    try:
        table = _table(decoded(data), cut=False)
    except csv.Error:
        raise BankFileUnreadable(why_fr="ses lignes sont abîmées", why_en="its lines are damaged") from None
    if table is None:
        raise BankFileUnreadable(
            why_fr="aucune colonne de date, de libellé et de montant n'a été reconnue",
            why_en="no columns of date, label and amount were recognised")
    columns, rows = table
    account = Account("")
    wrong = 0
    for row in islice(rows, _MOST_LINES + 1):
        movement = _movement(row, columns)
        if movement is None:
            waits = columns.state is not None and columns.state < len(row) and not _booked(row[columns.state])
            wrong += not waits and any(cell.strip() for cell in row) and not _closing(row)
        elif columns.currency is not None and len(row) > columns.currency and row[
                columns.currency].strip().upper() not in ("EUR", "EURO", "EUROS", "€", ""):
            account.foreign += 1
        else:
            account.lines.append(movement)
    if len(account.lines) > _MOST_LINES:
        raise BankFileUnreadable(why_fr="il a trop de lignes", why_en="it has too many lines")
    if wrong > len(account.lines):
        raise BankFileUnreadable(
            why_fr=f"{wrong} lignes n'ont ni date ni montant lisibles",
            why_en=f"{wrong} lines have no readable date or amount")
    return [account]


def text_like(head: bytes) -> bool:
    """Whether the beginning of a file may be a table: no page, no data, nothing binary."""
    if head.startswith(_WIDE):
        head = head.decode("utf-16", "replace").encode()
    return b"\x00" not in head and head.lstrip()[:1] not in (b"<", b"{", b"%")


def decoded(data: bytes) -> str:
    """The text of a file, whatever its encoding; a sign that the end cuts in two is left out."""
    if data.startswith(_WIDE):
        return data.decode("utf-16", "replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start > len(data) - 4:  # the end of what was sniffed cuts a sign in two
            return data[: error.start].decode("utf-8-sig", "replace")
        return data.decode("cp1252", "replace")


def _table(text: str, cut: bool) -> tuple[_Columns, list[list[str]]] | None:
    """The columns and the rows under them, by the separator that shows most of them."""
    for separator in (";", "\t", ",", "|"):
        if separator not in text:
            continue
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
        if cut:
            rows = rows[:-1]
        for at, row in enumerate(rows[:_PREAMBLE]):
            if (columns := _columns(row)) is not None:
                return columns, rows[at + 1:]
        if (columns := _headless(rows)) is not None:
            return columns, rows
    return None


def _columns(row: Sequence[str]) -> _Columns | None:
    heads = [plain(cell.replace("’", "'"))[:60] for cell in row]
    day = next((heads.index(name) for name in _DATES if name in heads), None)
    labels = [at for at, head in enumerate(heads) if any(head.startswith(name) for name in _LABELS)]
    amount = next((heads.index(name) for name in _AMOUNTS if name in heads), None)
    debit, credit = (next((at for at, head in enumerate(heads) if head.startswith(word)), None)
                     for word in ("DEBIT", "CREDIT"))
    currency = next((at for at, head in enumerate(heads) if head in ("DEVISE", "CURRENCY")), None)
    state = next((at for at, head in enumerate(heads) if head in ("ETAT", "STATUT", "STATE", "STATUS")), None)
    if day is None or not labels or (amount is None and credit is None):
        return None
    return _Columns(day, tuple(labels), amount if credit is None else None, debit, credit, currency, state)


def _headless(rows: list[list[str]]) -> _Columns | None:
    """Files of one line about the account, then day, kinds, label and amount without heads."""
    body = [row for row in rows[1:20] if any(cell.strip() for cell in row)]
    if not body or not rows[0] or any(len(row) < 4 for row in body):
        return None
    width = len(body[0])
    if any(len(row) != width or as_day(row[0]) is None or as_amount(row[-1]) is None for row in body):
        return None
    return _Columns(0, tuple(range(1, width - 1)), width - 1, None, None, None)


def _movement(row: list[str], columns: _Columns) -> Line | None:
    def cell(at: int | None) -> str:
        return row[at][:_LONGEST].strip() if at is not None and at < len(row) else ""

    day = as_day(cell(columns.day))
    if day is None or not _booked(cell(columns.state)):
        return None
    if columns.credit is not None:
        came, went = as_amount(cell(columns.credit)), as_amount(cell(columns.debit))
        amount = abs(came) if came else -abs(went) if went else None
    else:
        amount = as_amount(cell(columns.amount))
    if amount is None:
        return None
    return Line(day, amount, " ".join(dict.fromkeys(" ".join(cell(at).split()) for at in columns.labels)).strip())


def _booked(state: str) -> bool:
    """Whether a movement took place, by the word beside it."""
    return plain(state) in _BOOKED


def _closing(row: list[str]) -> bool:
    """Balances and totals under the movements."""
    return any(re.match(r"(?i)\s*(?:solde|total|balance)", cell) for cell in row)


def as_amount(text: str) -> Decimal | None:
    """An amount as banks write it, in euros; None for what is none."""
    found = _AMOUNT.fullmatch(text.strip())
    if found is None:
        return None
    try:
        value = Decimal(f"{re.sub(r'[^0-9]', '', found[2])}.{found[3] or '0'}")
    except InvalidOperation:
        return None
    return -value if found[1] in ("-", "\u2212") else value


def as_day(text: str) -> date | None:
    """A day as French files write it; None for what is none."""
    for form in _DAYS:
        found = form.match(text.strip())
        if found is not None:
            year = int(found["y"])
            try:
                return date(year + 2000 if year < 100 else year, int(found["m"]), int(found["d"]))
            except ValueError:
                return None
    return None
