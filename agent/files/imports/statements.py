"""PDF statements: each payment joins the one already known, or is one more; the file itself becomes its document."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import msgspec

from agent.account import ActLine, Beneficiary, Coverage, Deduction, Document, Indemnity, Payment, Profile
from agent.account.batch import Batch, DocumentRead, PaymentRead, ProfileRead, utc
from agent.files.imports.errors import OtherPersonsStatement
from agent.files.imports.model import Desk, Note, Reader, Taken
from agent.files.imports.ownership import Shown, Span, Told
from agent.files.imports.ownership_question import STATEMENT, refusal
from agent.files.imports.person_names import Person
from agent.store.apply import apply
from agent.store.import_log import digest
from agent.store.payments.records import money
from agent.store.payments.same_care import words_of

if TYPE_CHECKING:
    from agent.files.formats.statements import PaperLine, PaperPayment, Patient, Statement
    from agent.store import Store

_CARE, _SICK_PAY, _THIRD_PARTY = "REMBOURSEMENT_SOINS", "INDEMNITE_JOURNALIERE_ASSURE", "PAIEMENT_A_UN_TIERS"
Names = dict[tuple[str | None, str], str]


class ReadStatement(msgspec.Struct):
    """A file and what it says."""

    name: str
    data: bytes
    statement: Statement


def _looks(data: bytes) -> bool:
    from agent.files.formats.statements import looks_like_pdf

    return looks_like_pdf(data)


def _read(name: str, data: bytes) -> ReadStatement:
    from agent.files.formats.statements import read_statement

    return ReadStatement(name, data, read_statement(name, data))


def _keep(desk: Desk, read: ReadStatement) -> Taken:
    statement = read.statement
    store, taken = desk.store, Taken("statement")
    if (error := refusal(desk, _told(statement), OtherPersonsStatement, STATEMENT)) is not None:
        return Taken("statement", problems=[error])
    applied = apply(store, batch_of(read, names_of(store), source=desk.source, at=utc(desk.now())))
    for kind in ("payments", "documents"):
        taken.new += applied.new.get(kind, 0)
        taken.known += applied.known.get(kind, 0)
    taken.notes = _notes(statement)
    return taken


def names_of(store: Store) -> Names:
    """The family as the account calls it, by birth date and name in capitals."""
    return {_name_key(person["birth_date"], person["name"]): person["name"]
            for person in store.profile()["beneficiaries"]}


def batch_of(read: ReadStatement, names: Names, *, source: str, at: str) -> Batch:
    """All that a statement says; ``names`` is of ``names_of``. Pure."""
    statement = read.statement
    payments = tuple(_payment(statement, paper, number, names) for number, paper in enumerate(statement.payments))
    return Batch(
        way="statement", source=source, at=at, payments=payments, documents=(_file(statement, read.data),),
        profile=ProfileRead(profile=_people(statement), on=None),
        coverage=Coverage(top_up=statement.top_up, source="relevé", on=_day(statement)) if statement.top_up else None)


def _told(statement: Statement) -> Told:
    """What a statement shows of whose it is. One of a whole month shows every payment of it."""
    payments = [Shown(one.paid_on, one.to, one.amount, _care(one) if one.lines else None)
                for one in statement.payments]
    return Told(
        numbers={statement.nir} if statement.nir else set(), holder=statement.holder, fund=statement.fund,
        people=list(dict.fromkeys(Person(line.patient.name, line.patient.born) for one in statement.payments
                                  for line in one.lines if line.patient is not None)),
        payments=payments, spans=_months(statement), alone=True)


def _care(paper: PaperPayment) -> Counter[tuple[str | None, str]]:
    return Counter((line.act_date.isoformat() if line.act_date else None, money(line.refunded))
                   for line in paper.lines)


def _months(statement: Statement) -> list[Span]:
    if statement.kind != "month" or statement.month is None or not statement.payments:
        return []
    first = statement.month
    last = first.replace(day=monthrange(first.year, first.month)[1])
    return [Span(*(statement.period or (first, last)))]


def _payment(statement: Statement, paper: PaperPayment, number: int, names: Names) -> PaymentRead:
    from agent.files.formats.statements import reference_day

    people = [_name(line.patient, names) for line in paper.lines]
    payment = Payment(
        id="", paid_on=paper.paid_on, kind=_kind(paper), amount=paper.amount, to=paper.to, label="",
        beneficiaries=tuple(dict.fromkeys(name for name in people if name)), complete=paper.sound,
        reference=paper.reference,
        lines=tuple(
            ActLine(id=f"-l{at}", beneficiary=name, act=line.label, act_date=line.act_date, paid=line.paid,
                    base=line.base, rate=line.rate, reimbursed=line.refunded, code=line.code)
            for at, (line, name) in enumerate(zip(paper.lines, people, strict=True), 1)),
        deductions=tuple(
            Deduction(id=f"-d{at}", kind=cut.kind, label=cut.label, act_date=cut.act_date, amount=cut.amount)
            for at, cut in enumerate(paper.deductions, 1)),
        indemnities=tuple(
            Indemnity(label=period.label, start=period.start, end=period.end, days=period.days, daily=period.daily,
                      amount=period.amount)
            for period in paper.allowances),
    )
    # Nothing published says that a monthly statement repeats the reference: there it tells no orders apart.
    alone = statement.kind == "payment" and bool(paper.reference) and reference_day(paper.reference) == paper.paid_on
    return PaymentRead(payment=payment, offered=True, ranked=False, number=number, alone=alone)


def _name(patient: Patient | None, names: Names) -> str:
    """The name as the account has it, where birth date and first name tell; else as printed."""
    if patient is None:
        return ""
    born = patient.born.isoformat() if patient.born else None
    return names.get(_name_key(born, patient.name)) or next(
        (name for (day, _), name in names.items() if born and day == born and _within(patient.name, name)),
        patient.name)


def _within(first_name: str, name: str) -> bool:
    return words_of(first_name) <= words_of(name)


def _name_key(born: str | None, name: str) -> tuple[str | None, str]:
    return born, name.upper()


def _kind(paper: PaperPayment) -> str:
    if paper.to == "tiers":
        return _THIRD_PARTY
    return _SICK_PAY if paper.allowances and not paper.lines else _CARE


def _file(statement: Statement, data: bytes) -> DocumentRead:
    """The file: the décompte of its one payment, the statement of its month, or itself."""
    from agent.sync.steps.statements import statement_document  # not before: it brings the connector

    unread = bool(statement.doubts)
    own = [number for number, paper in enumerate(statement.payments) if paper.to == "assure"]
    own = own or list(range(len(statement.payments)))
    day = statement.paid_on or statement.month or date.min
    if statement.kind == "payment" and len(own) == 1:
        of_payment = Document(id="", kind="decompte", title="", date=day, filename="", unread=unread)
        return DocumentRead(document=of_payment, data=data, of=own[0])
    if statement.kind == "month" and statement.month is not None and statement.period is None:
        month = f"{statement.month:%Y%m}"
        document = statement_document(f"r{month}", month)
    else:
        name = digest(data)[:12]
        title = "Décompte" if statement.kind == "payment" else "Relevé"
        if statement.period is not None:
            first, day = statement.period
            title = f"Relevé du {first:%d/%m/%Y} au {day:%d/%m/%Y}"
        document = Document(id=f"i{name}", kind="other", title=title, date=day,
                            filename=f"{day.isoformat()}_{name}.pdf")
    return DocumentRead(document=msgspec.structs.replace(document, unread=unread), data=data)


def _people(statement: Statement) -> Profile:
    """Who is who, as the paper tells."""
    people: dict[tuple[date | None, str], Beneficiary] = {}
    holder = " ".join(statement.holder.upper().split())
    for patient in (line.patient for paper in statement.payments for line in paper.lines if line.patient is not None):
        if not any(born == patient.born and _within(patient.name, name) for born, name in people):
            people[patient.born, patient.name] = Beneficiary(
                name=patient.name, birth_date=patient.born, insured=_within(patient.name, holder))
    return Profile(nir=statement.nir, name=statement.holder, cpam=statement.fund or None,
                   beneficiaries=tuple(people.values()))


def _day(statement: Statement) -> date | None:
    month = statement.month
    return statement.paid_on or (month and month.replace(day=monthrange(month.year, month.month)[1]))


def _notes(statement: Statement) -> list[Note]:
    notes = []
    for fr, en in dict.fromkeys(statement.doubts):
        notes.append(Note(
            f"Le fichier est gardé, ses lignes n'ont pas été reprises : {fr}.",
            f"The file is kept, its lines were not taken: {en}."))
    for paper in statement.payments:
        day = paper.paid_on
        if paper.total != paper.amount:
            gap = money(abs(paper.total - paper.amount))
            notes.append(Note(
                f"Paiement du {day:%d/%m/%Y} : les lignes diffèrent du total de {gap.replace('.', ',')} €.",
                f"Payment of {day.isoformat()}: the lines differ from the total by €{gap}."))
        notes += [_doubt(paper, at, line) for at, line in enumerate(paper.lines, 1) if line in paper.doubtful]
    return notes


def _doubt(paper: PaperPayment, at: int, line: PaperLine) -> Note:
    """What does not fit on a line, and that its payment is kept as incomplete."""
    if not line.adds_up:
        fr, en = "prix, base, taux et remboursement ne vont pas ensemble", "price, base, rate and refund do not fit"
    elif not line.is_proven:
        fr, en = "base ou taux manquent, rien ne prouve le remboursement", "base or rate are missing, nothing proves it"
    else:
        fr, en = ("lue sur une image : rien ne prouve le prix, qui n'est pas la base",
                  "read off a picture: nothing proves the price, which is not the base")
    return Note(f"Paiement du {paper.paid_on:%d/%m/%Y}, ligne {at} : {fr}. Il est gardé comme incomplet.",
                f"Payment of {paper.paid_on.isoformat()}, line {at}: {en}. It is kept as incomplete.")


READER = Reader("statement", _looks, _read, _keep)
