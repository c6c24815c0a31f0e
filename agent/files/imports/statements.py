"""PDF statements: each payment joins the one already known, or is one more; the file itself becomes its document."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import msgspec

from agent.account import ActLine, Beneficiary, Coverage, Deduction, Document, Indemnity, Payment, Profile, payment_id
from agent.files.imports.errors import OtherPersonsStatement
from agent.files.imports.model import Desk, Note, Reader, Taken
from agent.files.imports.ownership import Shown, Span, Told
from agent.files.imports.ownership_question import STATEMENT, refusal
from agent.files.imports.person_names import Person
from agent.store.import_log import digest
from agent.store.payments.records import PaymentRecord, money, pack
from agent.store.payments.same_care import same_care, words_of

if TYPE_CHECKING:
    from agent.files.formats.statements import PaperPayment, Patient, Statement
    from agent.store import Store

_CARE, _SICK_PAY, _THIRD_PARTY = "REMBOURSEMENT_SOINS", "INDEMNITE_JOURNALIERE_ASSURE", "PAIEMENT_A_UN_TIERS"
_LABELS = {_CARE: "Remboursement de soins", _SICK_PAY: "Indemnités journalières", _THIRD_PARTY: "Paiement à un tiers"}
"""What a payment is called until the service says it: a statement does not."""


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
    with store.step():
        _keep_person(store, statement)
        keeper = PaymentMerger(store, alone=statement.kind == "payment")
        keys = [keeper.payment(one) for one in statement.payments]
        taken.new, taken.known = keeper.new, keeper.known
        if _keep_file(store, _document(statement, read.data, keys, store), read.data, unread=bool(statement.doubts)):
            taken.new += 1
        else:
            taken.known += 1
    taken.notes = _notes(statement, keeper)
    return taken


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


def _keep_file(store: Store, document: Document, data: bytes, *, unread: bool) -> bool:
    """Keep the file, True when it is one more. One that could be read takes the place of one that could not."""
    known = store.documents.table.fetch(document.id)
    if known is None or not known["blob"]:
        store.documents.save(msgspec.structs.replace(document, unread=unread), data)
        return True
    if known.get("unread") and not unread:
        store.documents.save(document, data)
    elif unread and not known.get("unread") and store.documents.content(document.id) == data:
        store.documents.save(msgspec.structs.replace(document, unread=True))
    return False


class PaymentMerger:
    """Joins payments inside an open step."""

    def __init__(self, store: Store, *, alone: bool) -> None:
        self._store = store
        self._alone = alone
        """Whether the statement is of one payment."""
        self._names = {_name_key(person["birth_date"], person["name"]): person["name"]
                       for person in store.profile()["beneficiaries"]}
        self._taken: set[str] = set()
        self.new = self.known = 0
        self.uneven: list[tuple[date, Decimal]] = []
        """Payments whose lines do not make their amount."""
        self.unsound: list[date] = []
        """Those with a line whose base and rate do not make its refund."""

    def payment(self, paper: PaperPayment) -> str:
        """Keep one payment and return its id."""
        if paper.total != paper.amount:
            self.uneven.append((paper.paid_on, paper.total - paper.amount))
        elif not paper.sound:
            self.unsound.append(paper.paid_on)
        key, record = self._match(paper, pack(self._made("", _kind(paper), paper, ""), document=True))
        self._taken.add(key)
        if record is None:
            self.new += 1
        else:
            self.known += 1
        kind = record["kind"] if record else _kind(paper)
        made = self._made(key, kind, paper, record["label"] if record else _LABELS[kind])
        if record is not None and record["complete"] and not record.get("printed"):
            self._store.payments.learn(made)
        else:
            self._store.payments.save([made], [True])
        return key

    def _match(self, paper: PaperPayment, told: PaymentRecord) -> tuple[str, PaymentRecord | None]:
        """The payment already known that this one is, or the id of one more. ``told`` is it as it would be kept.

        Of several equal ones: that of the same care (and reference, where two have it), else one that was read
        otherwise, and not to its total, from a statement of that reference, else one whose care is not known yet.
        """
        book, day = self._store.payments, paper.paid_on.isoformat()
        known = {key: book.record(key) for key in book.of_day(day)}
        equal = {key: one for key, one in known.items() if one["amount"] == money(paper.amount)
                 and one["to"] == paper.to and key not in self._taken}
        equal = {key: one for key, one in equal.items() if not self._ordered_apart(key, one, paper)}
        named = [key for key, one in equal.items() if paper.reference and one.get("reference") == paper.reference]
        read = [key for key, one in equal.items() if one["complete"] or one.get("printed")]
        same = sorted((key for key in read if same_care(equal[key], told)), key=lambda key: key not in named)
        again = (key for key in named if equal[key].get("printed") and not equal[key]["complete"])
        for key in (*same, *again, *(key for key in equal if key not in read)):
            return key, equal[key]
        kind, rank = _kind(paper), 0
        while (key := payment_id(paper.paid_on, kind, paper.amount, rank)) in known or key in self._taken:
            rank += 1
        return key, None

    def _ordered_apart(self, key: str, one: PaymentRecord, paper: PaperPayment) -> bool:
        """Whether two statements of one payment each, both kept, bear references of two orders of that day.

        Nothing published says that a monthly statement repeats the reference: there it decides nothing.
        """
        from agent.files.formats.statements import reference_day

        file, other = self._store.documents.table.fetch(f"d{key[1:]}"), one.get("reference")
        return (self._alone and bool(file and file["blob"]) and other not in (None, paper.reference)
                and reference_day(other) == reference_day(paper.reference) == paper.paid_on)

    def _made(self, key: str, kind: str, paper: PaperPayment, label: str) -> Payment:
        people = [self._name(line.patient) for line in paper.lines]
        return Payment(
            id=key, paid_on=paper.paid_on, kind=kind, amount=paper.amount, to=paper.to, label=label,
            beneficiaries=tuple(dict.fromkeys(name for name in people if name)), document="yes",
            complete=paper.sound, reference=paper.reference, printed=True,
            lines=tuple(
                ActLine(id=f"{key}-l{number}", beneficiary=name, act=line.label, act_date=line.act_date, paid=line.paid,
                        base=line.base, rate=line.rate, reimbursed=line.refunded, code=line.code)
                for number, (line, name) in enumerate(zip(paper.lines, people, strict=True), 1)),
            deductions=tuple(
                Deduction(id=f"{key}-d{number}", kind=one.kind, label=one.label, act_date=one.act_date,
                          amount=one.amount)
                for number, one in enumerate(paper.deductions, 1)),
            indemnities=tuple(
                Indemnity(label=one.label, start=one.start, end=one.end, days=one.days, daily=one.daily,
                          amount=one.amount)
                for one in paper.allowances),
        )

    def _name(self, patient: Patient | None) -> str:
        """The name as the account has it, where birth date and first name tell; else as printed."""
        if patient is None:
            return ""
        born = patient.born.isoformat() if patient.born else None
        return self._names.get(_name_key(born, patient.name)) or next(
            (name for (day, _), name in self._names.items() if born and day == born and _within(patient.name, name)),
            patient.name)


def _within(first_name: str, name: str) -> bool:
    return words_of(first_name) <= words_of(name)


def _name_key(born: str | None, name: str) -> tuple[str | None, str]:
    return born, name.upper()


def _kind(paper: PaperPayment) -> str:
    if paper.to == "tiers":
        return _THIRD_PARTY
    return _SICK_PAY if paper.allowances and not paper.lines else _CARE


def _document(statement: Statement, data: bytes, keys: list[str], store: Store) -> Document:
    """What the file is kept as: the décompte of its one payment, the statement of its month, or itself."""
    from agent.sync.steps.statements import statement_document  # not before: it brings the connector

    own = [key for key, one in zip(keys, statement.payments, strict=True) if one.to == "assure"] or keys
    if statement.kind == "payment" and len(own) == 1:
        return store.documents.decompte(own[0])
    if statement.kind == "month" and statement.month is not None and statement.period is None:
        month = f"{statement.month:%Y%m}"
        return statement_document(f"r{month}", month)
    day = statement.paid_on or statement.month or date.min
    name = digest(data)[:12]
    title = "Décompte" if statement.kind == "payment" else "Relevé"
    if statement.period is not None:
        first, day = statement.period
        title = f"Relevé du {first:%d/%m/%Y} au {day:%d/%m/%Y}"
    return Document(id=f"i{name}", kind="other", title=title, date=day, filename=f"{day.isoformat()}_{name}.pdf")


def _keep_person(store: Store, statement: Statement) -> None:
    """What a statement tells of the person: the top-up, and who is who as long as no account told it."""
    _keep_top_up(store, statement)
    if store.credentials() is not None:
        return
    known = msgspec.convert(store.profile(), Profile, strict=False)
    people = {(one.birth_date, one.name): one for one in known.beneficiaries}
    holder = set(statement.holder.upper().split())
    for patient in (line.patient for one in statement.payments for line in one.lines if line.patient is not None):
        if not any(born == patient.born and _within(patient.name, name) for born, name in people):
            people[patient.born, patient.name] = Beneficiary(
                name=patient.name, birth_date=patient.born, insured=_within(patient.name, " ".join(holder)))
    store.save_profile(msgspec.structs.replace(
        known, nir=known.nir or statement.nir, name=known.name or statement.holder,
        cpam=known.cpam or statement.fund or None, beneficiaries=tuple(people.values())))


def _keep_top_up(store: Store, statement: Statement) -> None:
    """The newest statement names the insurer, in whatever order they are taken in."""
    month = statement.month
    day = statement.paid_on or (month and month.replace(day=monthrange(month.year, month.month)[1]))
    known = store.coverage()
    newer = not known["top_up"] or (day is not None and day.isoformat() >= (known.get("on") or ""))
    if statement.top_up and newer:
        store.save_coverage(Coverage(top_up=statement.top_up, source="relevé", on=day))


def _notes(statement: Statement, keeper: PaymentMerger) -> list[Note]:
    notes = []
    for fr, en in dict.fromkeys(statement.doubts):
        notes.append(Note(
            f"Le fichier est gardé, ses lignes n'ont pas été reprises : {fr}.",
            f"The file is kept, its lines were not taken: {en}."))
    for day, gap in keeper.uneven:
        notes.append(Note(
            f"Paiement du {day:%d/%m/%Y} : les lignes diffèrent du total de {money(abs(gap)).replace('.', ',')} €.",
            f"Payment of {day.isoformat()}: the lines differ from the total by €{money(abs(gap))}."))
    for day in keeper.unsound:
        notes.append(Note(
            f"Paiement du {day:%d/%m/%Y} : sur une ligne, base et taux ne donnent pas le montant remboursé."
            " Il est gardé comme incomplet.",
            f"Payment of {day.isoformat()}: on one line, base and rate do not make the refund."
            " It is kept as incomplete."))
    return notes


READER = Reader("statement", _looks, _read, _keep)
