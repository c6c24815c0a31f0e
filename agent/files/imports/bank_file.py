"""Bank statements: the transfers of the fund and of insurers are kept, every other line is dropped unread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from hashlib import blake2b
from typing import TYPE_CHECKING, Literal

import msgspec

from agent.account.batch import BankAccount, BankLine, Batch, utc
from agent.errors import AmeliError
from agent.files.imports.errors import SaidOthers
from agent.files.imports.model import ColumnAnswers, Desk, Note, Reader, Taken, UnreadRow
from agent.files.imports.ownership_question import BANK, doubt
from agent.store.apply import apply
from agent.store.payments.book import Query

if TYPE_CHECKING:
    from agent.files.formats.bank.model import Account, Line
    from agent.files.formats.bank.said_columns import SaidColumns
    from agent.files.formats.bank.table import Table


SNIFFED = 16 << 10
_FEW = 3
"""Transfers of the fund from which on it is telling that none of them is known."""
_ON_ITS_WAY = timedelta(days=10)
"""From the fund's payment to the account, weekends and holidays included."""
_SHOWN = 5
"""Transfers of a preview."""
_TOLD = 100
"""Unread rows in an answer."""


How = Literal["said", "said_before", ""]
Form = Literal["ofx", "csv", "camt", "mt940", "qif", "workbook"]


class _Read(msgspec.Struct):
    kind: Form
    accounts: list[Account]
    said: str = ""
    """The columns that the person said, of this file or earlier of its form."""
    form: str = ""
    """Digest of the form, where its columns were said of this file."""


def _form(form: Form) -> tuple[Callable[[bytes], bool], Callable[[bytes], list[Account]]]:
    """What recognises a form, and what reads it: loaded only then."""
    from agent.files.formats import bank

    return {
        "ofx": (bank.looks_like_ofx, bank.read_ofx), "csv": (bank.looks_like_csv, bank.read_csv),
        "camt": (bank.looks_like_camt, bank.read_camt), "mt940": (bank.looks_like_mt940, bank.read_mt940),
        "qif": (bank.looks_like_qif, bank.read_qif), "workbook": (bank.looks_like_workbook, bank.read_workbook),
    }[form]


def _reader(form: Form) -> Reader[_Read]:
    return Reader(form, lambda data: _form(form)[0](data), lambda _name, data: _Read(form, _form(form)[1](data)), _keep)


def _read_answered(data: bytes, answers: ColumnAnswers) -> _Read:
    """A CSV file in the columns that were said of it, else of its form, else in those that it proves itself."""
    from agent.files.formats import bank

    table, said, how = table_as_said(data, answers)
    if how == "said":
        if table is None or said is None:
            from agent.files.formats.bank.errors import BankFileUnreadable

            raise BankFileUnreadable(
                why_fr="les colonnes dites n'y montrent aucune ligne avec une date et un montant",
                why_en="the columns said show no line with a date and an amount in it")
        return _Read("csv", bank.read_csv(data, said), said.text, bank.form_of(table))
    return _Read("csv", bank.read_csv(data, said), said.text if said is not None else "")


def table_as_said(data: bytes, answers: ColumnAnswers) -> tuple[Table | None, SaidColumns | None, How]:
    """The table of a text in the columns that the person said of it now, or earlier of its form: those, and which.

    Nothing where nothing was said. Raises BadColumns, BankFileUnreadable.
    """
    from agent.files.formats import bank

    if answers.columns:
        said = bank.columns_said(answers.columns)
        return bank.csv_table(data, said), said, "said"
    for form, text in answers.forms.items():
        said = bank.columns_said(text)
        table = bank.csv_table(data, said)
        if table is not None and bank.form_of(table) == form:
            return table, said, "said_before"
    return None, None, ""


def has_known_form(data: bytes, answers: ColumnAnswers) -> bool:
    """Whether the person said the columns of this text, or of texts of its form."""
    from agent.files.formats import bank

    if not bank.text_like(data[:SNIFFED]):
        return False
    return bool(answers.columns) or table_as_said(data, answers)[0] is not None


def _digest(account: Account) -> str:
    """What tells accounts apart. A file that names none stands for itself: two of them may be of two accounts."""
    identity = account.name or repr([(line.on.isoformat(), str(line.amount), line.label) for line in account.lines])
    return blake2b(identity.encode(errors="replace"), digest_size=8).hexdigest()


def _question(desk: Desk, read: _Read) -> AmeliError | None:
    """Whose account it is, when the fund paid it several times in days whose payments are known here, and never one of
    these. A bank names nobody; an account that was taken in before is known."""
    from agent.files.formats.bank import payer_of

    if desk.mine is False:
        return SaidOthers()
    covered = desk.store.bank.ranges()
    if desk.mine or any(account.name and _digest(account) in covered for account in read.accounts):
        return None
    came = [(line.on, line.amount) for account in read.accounts for line in account.lines
            if line.amount > 0 and payer_of(line.label, ()) == "fund"]
    if len(came) < _FEW:
        return None
    first, last = min(came)[0] - _ON_ITS_WAY, max(came)[0]
    paid = [(date.fromisoformat(one["paid_on"]), Decimal(one["amount"])) for one in desk.store.payments.found(
        Query(since=first.isoformat(), until=last.isoformat())) if one["to"] == "assure"]
    if not paid:
        return None
    expected = [(on, amount) for on, amount in came if min(paid)[0] <= on <= max(paid)[0] + _ON_ITS_WAY]
    fits = sum(any(amount == euros and day <= on <= day + _ON_ITS_WAY for day, euros in paid)
               for on, amount in expected)
    if fits or len(expected) < _FEW:
        return None
    return doubt(BANK, f"aucun des {len(expected)} virements de la caisse n'y est un paiement connu ici",
                 f"none of the fund's {len(expected)} transfers in it is a payment known here")


def _keep(desk: Desk, read: _Read) -> Taken:
    from agent.files.formats.bank import payer_of, reference_in, without_taken_back

    if (question := _question(desk, read)) is not None:
        return Taken(read.kind, problems=[question])
    taken = Taken(read.kind)
    _keep_columns(desk, read, taken)
    own = desk.money.insurer_names()
    today = desk.now().date()
    left_out = 0
    accounts = []
    taken_back: list[tuple[str, Line]] = []
    for account in read.accounts:
        stayed, gone = without_taken_back(account.lines)
        taken_back += [(_digest(account), line) for line in gone]
        lines = tuple(
            BankLine(on=line.on, amount=line.amount, label=line.label, payer=payer,
                     ordered=reference_in(line.label, line.on) if payer == "fund" else None)
            for line in stayed if line.amount > 0 and (payer := payer_of(line.label, own)) is not None)
        left_out += len(account.lines) - len(lines)
        accounts.append(BankAccount(account=_digest(account), lines=lines, covered=tuple(
            (since, min(until, today)) for since, until in account.covered() if since <= today)))
    taken.credits = [line for account in accounts for line in account.lines][:_SHOWN]
    taken.covered = [days for account in accounts for days in account.covered]
    applied = apply(desk.store, Batch(way="file", source=desk.source, at=utc(desk.now()), bank=tuple(accounts)))
    taken.new, taken.known = sum(applied.new.values()), sum(applied.known.values())
    taken.notes.append(Note(
        f"{left_out} mouvements sans rapport avec la santé n'ont pas été gardés.",
        f"{left_out} movements that have nothing to do with health were not kept."))
    _tell_taken_back(desk, taken, taken_back)
    if foreign := sum(account.foreign for account in read.accounts):
        taken.notes.append(Note(
            f"{foreign} mouvements dans une autre monnaie ont été laissés de côté.",
            f"{foreign} movements in another currency were left aside."))
    if not taken.new + taken.known:
        taken.notes.append(Note(
            "Aucun virement de la caisse ni d'une complémentaire n'y a été reconnu.",
            "No transfer of the fund or of a complementary insurer was recognised in it."))
    _tell_unread(taken, read.accounts)
    return taken


def _keep_columns(desk: Desk, read: _Read, taken: Taken) -> None:
    """Keep what was said of the columns for files of this form, and tell which were used."""
    if read.form:
        desk.store.bank_forms.keep(read.form, read.said, desk.now().isoformat(timespec="seconds"))
        taken.notes.append(Note(
            f"Colonnes lues comme vous l'avez dit ({read.said}) ; c'est retenu pour les fichiers de cette forme.",
            f"Columns read as you said ({read.said}); this is kept for files of this form."))
    elif read.said:
        taken.notes.append(Note(
            f"Colonnes lues comme vous l'aviez dit pour cette banque ({read.said}).",
            f"Columns read as you said them for this bank ({read.said})."))


def _tell_taken_back(desk: Desk, taken: Taken, lines: list[tuple[str, Line]]) -> None:
    """Say that transfers were taken back, and which of them an earlier file showed without that."""
    if not lines:
        return
    taken.notes.append(Note(
        f"Virements de la caisse repris ensuite, qui ne comptent pas comme arrivés : {len(lines)}.",
        f"Transfers of the fund that were taken back later and do not count as arrived: {len(lines)}."))
    kept = {(account, one["on"], one["amount"]): one["id"] for one in desk.store.bank.credits()
            if one["payer"] == "fund" and one["said"] is None for account in one.get("accounts", ())}
    for account, line in lines:
        if (credit := kept.get((account, line.on.isoformat(), f"{line.amount:.2f}"))) is not None:
            taken.notes.append(Note(
                f"Le virement du {line.on:%d/%m/%Y} est gardé d'un fichier d'avant sa reprise, ou a un jumeau :"
                f" s'il n'est pas resté, `ameli owed match {credit} none` le dit.",
                f"The transfer of {line.on.isoformat()} is kept of a file from before it was taken back, or has a"
                f" twin: if it did not stay, `ameli owed match {credit} none` says so."))


def _tell_unread(taken: Taken, accounts: list[Account]) -> None:
    """Say which rows were not read and which days are not held to be covered by the file."""
    unread = [one for account in accounts for one in account.unread]
    taken.unread_rows = [UnreadRow(one.row, Note(*one.why)) for one in unread[:_TOLD]]
    if unread:
        from agent.files.formats.bank.model import first_rows

        rows = first_rows(unread)
        taken.notes.append(Note(
            f"Mouvements qui n'ont pas pu être lus : {len(unread)} ({rows.fr}). Leurs jours ne comptent pas comme"
            " couverts : aucun paiement n'y sera dit jamais arrivé.",
            f"Movements that could not be read: {len(unread)} ({rows.en}). Their days do not count as covered:"
            " no payment will be called lost on them."))
    if broken := sum(len(account.broken) for account in accounts):
        taken.notes.append(Note(
            f"Le solde ne suit pas les mouvements ({broken} endroits) : il en manque. Ces jours ne comptent pas comme"
            " couverts.",
            f"The balance does not follow the movements ({broken} places): some are missing. Those days do not count as"
            " covered."))


OFX, CSV = _reader("ofx"), replace(_reader("csv"), read_answered=_read_answered)
CAMT, MT940, QIF, WORKBOOK = _reader("camt"), _reader("mt940"), _reader("qif"), _reader("workbook")
