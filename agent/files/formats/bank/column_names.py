"""What the columns of a bank's table are called, in the languages of the banks that people here have accounts with.

Heads seen in public importers: BoursoBank (``dateOp;dateVal;label;…;amount``), Crédit Agricole (lines of preamble,
then ``Date;Libellé;Débit euros;Crédit euros;``), Société Générale (``Date de l'opération;Libellé;Détail de
l'écriture;Montant de l'opération;Devise``; of savings ``date_comptabilisation;libellé_complet_operation;…``), Caisse
d'Épargne and Banque Populaire (``Date de comptabilisation;Libelle simplifie;Libelle operation;…;Debit;Credit``), Crédit
Mutuel and CIC (``Date;Date de valeur;Débit;Crédit;Libellé;Solde``), La Banque Postale (``Date;Libellé;
Montant(EUROS)``), Fortuneo (``Date opération;Date valeur;libellé;Débit;Crédit;``), BNP Paribas and Hello bank! (one
line about the account, then movements without heads), N26 (``Booking Date,…,Partner Name,…,Amount (EUR)``, also in
French), Revolut (``…,Started Date,Completed Date,Description,Amount,…``), Qonto (``Statut;…;Date de l'opération
(UTC);Montant total (TTC);Débit;Crédit;…;Devise;Nom de la contrepartie;…``, also in English).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.files.formats.bank.labels import plain

_ENGLISH_DAYS = (
    "BOOKING DATE", "POSTING DATE", "POSTED DATE", "DATE POSTED", "COMPLETED DATE", "TRANSACTION COMPLETED",
    "DATE COMPLETED", "OPERATION DATE", "SETTLEMENT DATE", "TRANSACTION DATE", "ENTRY DATE", "EXECUTION DATE",
    "DATE")
_OTHER_DAYS = (
    "DATE DE COMPTABILISATION", "DATE COMPTABILISATION", "DATE DE L'OPERATION", "DATE OPERATION", "DATE D'OPERATION",
    "DATEOP", "DATE OP", "DATE COMPTABLE", "DATE DE RESERVATION", "DATE RESERVATION", "DATE DE FIN",
    "DATE DU MOUVEMENT", "DATE MOUVEMENT", "DATE DE TRANSACTION", "DATE TRANSACTION", "DATE D'EXECUTION",
    "DATE EXECUTION", "DATE D'ECRITURE", "DATE ECRITURE", "DATE DE REGLEMENT", "JOUR", "BUCHUNGSTAG",
    "BUCHUNGSDATUM", "DATUM", "BOEKDATUM", "BOEKINGSDATUM", "BOKFORINGSDAG", "BOKFORINGSDATUM", "FECHA",
    "FECHA OPERACION", "FECHA DE OPERACION", "FECHA CONTABLE", "DATA CONTABILE", "DATA OPERAZIONE",
    "DATA REGISTRAZIONE", "DATA MOVIMENTO", "DATA MOV", "DATA LANCAMENTO", "DATA OPERACJI", "DATA KSIEGOWANIA",
    "DATA TRANSAKCJI", "DATA", "BOGFORINGSDATO", "BOKFORT", "DATO")
_VALUE_DAYS = ("DATE DE VALEUR", "DATE VALEUR", "DATEVAL", "VALUE DATE", "WERTSTELLUNG", "VALUTADATUM", "FECHA VALOR",
               "DATA VALUTA", "STARTED DATE", "TRANSACTION STARTED", "DATE DE DEBUT")
_ENGLISH_AMOUNTS = ("TRANSACTION AMOUNT", "BOOKED AMOUNT", "NET AMOUNT", "AMOUNT", "TOTAL AMOUNT", "AMOUNT EUR",
                    "AMOUNT IN EUR")
_OTHER_AMOUNTS = (
    "MONTANT DE L'OPERATION", "MONTANT OPERATION EN EURO", "MONTANT OPERATION EN EUROS", "MONTANT OPERATION",
    "MONTANT EN EUROS", "MONTANT EN EURO", "MONTANT EUROS", "MONTANT EUR", "MONTANT DU MOUVEMENT", "MONTANT NET",
    "MONTANT", "MONTANT TOTAL", "SOMME", "BETRAG", "BETRAG EUR", "UMSATZ", "BEDRAG", "BEDRAG EUR", "BELOPP", "BELØP",
    "BELØB", "BELOB", "IMPORTE", "IMPORTE EUR", "IMPORTO", "IMPORTO EUR", "MONTANTE", "VALOR", "IMPORTANCIA",
    "KWOTA", "KWOTA OPERACJI", "KWOTA TRANSAKCJI", "VALEUR")
_DEBITS = frozenset({
    "DEBIT", "DEBITS", "SORTIE", "SORTIES", "RETRAIT", "RETRAITS", "DEPENSE", "DEPENSES", "MONEY OUT", "PAID OUT",
    "WITHDRAWAL", "WITHDRAWALS", "SOLL", "AUSGABEN", "AUSGANG", "BELASTUNG", "LASTSCHRIFT", "CARGO", "CARGOS",
    "DEBE", "DARE", "USCITE", "ADDEBITI", "DEBET", "DEBITO", "OBCIAZENIA", "UTTAG"})
_CREDITS = frozenset({
    "CREDIT", "CREDITS", "ENTREE", "ENTREES", "RECETTE", "RECETTES", "VERSEMENT", "VERSEMENTS", "DEPOT", "DEPOTS",
    "MONEY IN", "PAID IN", "DEPOSIT", "DEPOSITS", "HABEN", "EINNAHMEN", "EINGANG", "GUTSCHRIFT", "ABONO", "ABONOS",
    "HABER", "AVERE", "ENTRATE", "ACCREDITI", "CREDITO", "UZNANIA", "INSATTNING"})
_BALANCES = ("SOLDE", "NOUVEAU SOLDE", "BALANCE", "RUNNING BALANCE", "ACCOUNT BALANCE", "SALDO", "KONTOSTAND")
_CURRENCIES = ("DEVISE", "CURRENCY", "PAYMENT CURRENCY", "ACCOUNT CURRENCY", "DEVISE DU COMPTE", "WAHRUNG", "MUNT",
               "MONEDA", "DIVISA", "WALUTA", "MOEDA")
_STATES = ("ETAT", "STATUT", "STATE", "STATUS", "TRANSACTION STATUS", "STATUT DE L'OPERATION", "ESTADO", "STATO")
_SENSES = ("SENS", "SENS DE L'OPERATION", "SENS DU MOUVEMENT", "SIGNE", "SIGN", "D/C", "C/D", "D C", "DEBIT/CREDIT",
           "CREDIT/DEBIT", "DEBIT OU CREDIT", "CREDIT DEBIT INDICATOR", "DIRECTION", "SIDE", "AF BIJ", "AF/BIJ",
           "SOLL/HABEN", "S/H")
_LABELS = (
    "LIBELLE", "NOM DE LA CONTREPARTIE", "NOM DU PARTENAIRE", "LABEL", "DETAIL", "DESCRIPTION", "PARTNER NAME",
    "PAYEE", "PAYMENT REFERENCE", "REFERENCE DE PAIEMENT", "TIERS", "INFORMATIONS COMPLEMENTAIRES", "REFERENCE",
    "COUNTERPARTY", "TRANSACTION DESCRIPTION", "INTITULE", "OPERATION", "MOTIF", "COMMUNICATION", "EMETTEUR",
    "BENEFICIAIRE", "CONTREPARTIE", "DONNEUR D'ORDRE", "PAYEUR", "NOM", "MERCHANT", "COMMERCANT",
    "OBJET", "WORDING", "MEMO", "NARRATIVE", "BUCHUNGSTEXT", "VERWENDUNGSZWECK", "AUFTRAGGEBER", "OMSCHRIJVING",
    "NAAM", "MEDEDELINGEN", "TRANSAKTION", "CONCEPTO", "DESCRIPCION", "DESCRIZIONE", "CAUSALE", "DESCRICAO", "OPIS",
    "TYTUL", "TEXT", "TEKST", "MEDDELANDE")
_EUROS = frozenset({"EUR", "EURO", "EUROS", "€"})
_LONGEST = 80


@dataclass(frozen=True, slots=True)
class Columns:
    """Where things stand in a row, from 0."""

    day: int
    labels: tuple[int, ...]
    amount: int | None = None
    debit: int | None = None
    credit: int | None = None
    balance: int | None = None
    currency: int | None = None
    state: int | None = None
    sense: int | None = None
    day_first: bool = False
    """The heads are of a language whose countries write the day first."""

    @property
    def money(self) -> tuple[int, ...]:
        """The columns of amounts."""
        return tuple(at for at in (self.amount, self.debit, self.credit, self.balance) if at is not None)

    @property
    def last(self) -> int:
        """The last column that is needed to read a movement."""
        return max(self.day, *(at for at in (self.amount, self.credit) if at is not None))


@dataclass(frozen=True, slots=True)
class _Head:
    """One head: as it stands, and without what it adds in brackets."""

    whole: str
    name: str
    other_money: bool
    """It says that the column is in another currency."""


def named_columns(row: Sequence[str]) -> Columns | None:
    """The columns that a row of heads names; None when it names no day or nothing that came in."""
    heads = [_head(cell) for cell in row]
    day = _first(heads, (*_OTHER_DAYS, *_ENGLISH_DAYS, *_VALUE_DAYS))
    amount = _first(heads, (*_OTHER_AMOUNTS, *_ENGLISH_AMOUNTS))
    debit, credit = _side(heads, _DEBITS), _side(heads, _CREDITS)
    if day is None or (amount is None and credit is None):
        return None
    if credit is not None and (debit is not None or amount is None):
        amount = None
    else:
        debit = credit = None
    taken = {day, amount, debit, credit}
    balance = next((at for at, head in enumerate(heads) if at not in taken and head.name.startswith(_BALANCES)), None)
    labels = tuple(at for at, head in enumerate(heads) if at not in {*taken, balance}
                   and head.whole.startswith(_LABELS) and "DATE" not in head.whole.split())
    names = {heads[at].name for at in (day, amount, debit, credit, balance, *labels) if at is not None}
    return Columns(
        day, labels, amount, debit, credit, balance, currency=_first(heads, _CURRENCIES), state=_first(heads, _STATES),
        sense=_first(heads, _SENSES) if amount is not None else None,
        day_first=any(name in _DAY_FIRST or name.startswith(_FRENCH) for name in names))


_DAY_FIRST = {*_OTHER_DAYS, *_OTHER_AMOUNTS, *_DEBITS, *_CREDITS} - {
    "DEBIT", "DEBITS", "CREDIT", "CREDITS", "MONEY OUT", "PAID OUT", "WITHDRAWAL", "WITHDRAWALS", "MONEY IN",
    "PAID IN",
    "DEPOSIT", "DEPOSITS", "DATA"}
_FRENCH = ("LIBELLE", "DATE DE ", "DATE VALEUR", "DATEVAL", "SOLDE", "SALDO", "INTITULE", "NOM ")


def in_other_currency(row: Sequence[str], columns: Columns) -> bool:
    """Whether the heads say that the amounts are in another currency than the euro."""
    return any(_head(row[at]).other_money for at in (columns.amount, columns.credit) if at is not None)


def _head(cell: str) -> _Head:
    whole = plain(cell[:_LONGEST].replace("\ufeff", "").replace("’", "'").replace("_", " ").replace(":", " "))
    bracket = re.search(r"\(([^)]*)\)?", whole)
    name = " ".join(re.sub(r"\([^)]*\)?", " ", whole).replace(".", " ").split())
    said = " ".join(bracket[1].split()) if bracket else ""
    other = re.fullmatch(r"[A-Z]{3}|[$£¥]", said) is not None and said not in _EUROS | {"UTC", "TTC", "NET"}
    return _Head(whole, name, other)


def _first(heads: Sequence[_Head], names: Sequence[str]) -> int | None:
    """The column of the first of ``names`` that is there."""
    for name in names:
        for at, head in enumerate(heads):
            if name in (head.name, head.whole):
                return at
    return None


def _side(heads: Sequence[_Head], names: frozenset[str]) -> int | None:
    """The column of what left, or came: by its whole head, or by ``DEBIT``/``CREDIT`` beside words for money."""
    for at, head in enumerate(heads):
        words = set(head.name.split())
        if head.name in names:
            return at
        both = words & {"DEBIT", "CREDIT"}
        if len(both) == 1 and both <= names and not words - both - _BESIDE:
            return at
    return None


_BESIDE = frozenset({"MONTANT", "AMOUNT", "EUR", "EURO", "EUROS", "EN", "DU", "AU", "IN", "DE", "€"})
