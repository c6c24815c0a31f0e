"""PDF statements: each payment joins the one already known, or is one more; the file itself becomes its document."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec

from agent.account import ActLine, Beneficiary, Coverage, Deduction, Document, Indemnity, Payment, Profile, payment_id
from agent.incoming.har.errors import OtherAccount
from agent.incoming.model import Desk, Note, Reader, Taken
from agent.store.imports import digest
from agent.store.payments import Query
from agent.store.records import money

if TYPE_CHECKING:
    from agent.exchange.statements import PaperPayment, Patient, Statement
    from agent.store import Store

_CARE, _SICK_PAY, _THIRD_PARTY = "REMBOURSEMENT_SOINS", "INDEMNITE_JOURNALIERE_ASSURE", "PAIEMENT_A_UN_TIERS"
_LABELS = {_CARE: "Remboursement de soins", _SICK_PAY: "Indemnités journalières", _THIRD_PARTY: "Paiement à un tiers"}
"""What a payment is called until the service says it: a statement does not."""


class _Read(msgspec.Struct):
    """A file and what it says."""

    name: str
    data: bytes
    statement: Any


def _looks(data: bytes) -> bool:
    from agent.exchange.statements import looks_like_pdf

    return looks_like_pdf(data)


def _read(name: str, data: bytes) -> _Read:
    from agent.exchange.statements import read_statement

    return _Read(name, data, read_statement(name, data))


def _keep(desk: Desk, read: _Read) -> Taken:
    statement: Statement = read.statement
    store, taken = desk.store, Taken("statement")
    own = (store.credentials() or {}).get("nir") or store.profile()["nir"]
    if own and statement.nir and own[:13] != statement.nir:
        return Taken("statement", problems=[OtherAccount()])
    with store.step():
        _keep_person(store, statement)
        keeper = _Keeper(store)
        keys = [keeper.payment(one) for one in statement.payments]
        taken.new, taken.known = keeper.new, keeper.known
        document = _document(statement, read.data, keys, store)
        known = store.shelf.table.fetch(document.id)
        if known is not None and known["blob"]:
            taken.known += 1
        else:
            taken.new += 1
            store.shelf.save(msgspec.structs.replace(document, unread=bool(statement.doubts)), read.data)
    taken.notes = _notes(statement, keeper)
    return taken


class _Keeper:
    """Joins payments inside an open step."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._names = {_name_key(one["birth_date"], one["name"]): one["name"]
                       for one in store.profile().get("beneficiaries") or ()}
        self._taken: set[str] = set()
        self.new = self.known = 0
        self.uneven: list[tuple[date, Decimal]] = []
        """Payments whose lines do not make their amount."""

    def payment(self, paper: PaperPayment) -> str:
        """Keep one payment and return its id."""
        if paper.total != paper.amount:
            self.uneven.append((paper.paid_on, paper.total - paper.amount))
        key, record = self._match(paper)
        self._taken.add(key)
        if record is None:
            self.new += 1
        else:
            self.known += 1
        kind = record["kind"] if record else _kind(paper)
        made = self._made(key, kind, paper, record["label"] if record else _LABELS[kind])
        if record is not None and record["complete"] and not record.get("printed"):
            self._store.book.learn(made)
        else:
            self._store.book.save([made], [True])
        return key

    def _match(self, paper: PaperPayment) -> tuple[str, dict[str, Any] | None]:
        """The payment already known that this one is, or the id of one more.

        Of several equal ones: the one of the same care, else one whose care is not known yet.
        """
        book, day = self._store.book, paper.paid_on.isoformat()
        known = {one["id"]: book.table.fetch(one["id"]) or {} for one in book.found(Query(since=day, until=day))}
        equal = {key: one for key, one in known.items() if one["amount"] == money(paper.amount)
                 and one["to"] == paper.to and key not in self._taken}
        care = Counter((line.act_date.isoformat() if line.act_date else None, money(line.refunded))
                       for line in paper.lines)
        for key, one in equal.items():
            if one["complete"] and Counter((x["act_date"], x["reimbursed"]) for x in one.get("lines", ())) == care:
                return key, one
        for key, one in equal.items():
            if not one["complete"]:
                return key, one
        kind, rank = _kind(paper), 0
        while (key := payment_id(paper.paid_on, kind, paper.amount, rank)) in known or key in self._taken:
            rank += 1
        return key, None

    def _made(self, key: str, kind: str, paper: PaperPayment, label: str) -> Payment:
        people = [self._name(line.patient) for line in paper.lines]
        return Payment(
            id=key, paid_on=paper.paid_on, kind=kind, amount=paper.amount, to=paper.to, label=label,
            beneficiaries=tuple(dict.fromkeys(name for name in people if name)), document="yes",
            complete=paper.total == paper.amount, reference=paper.reference, printed=True,
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
        return self._names.get(_name_key(patient.born.isoformat() if patient.born else None, patient.name)) or next(
            (name for (born, _), name in self._names.items()
             if patient.born and born == patient.born.isoformat() and _within(patient.name, name)), patient.name)


def _within(first_name: str, name: str) -> bool:
    return set(first_name.upper().split()) <= set(name.upper().split())


def _name_key(born: str | None, name: str) -> tuple[str | None, str]:
    return born, name.upper()


def _kind(paper: PaperPayment) -> str:
    if paper.to == "tiers":
        return _THIRD_PARTY
    return _SICK_PAY if paper.allowances and not paper.lines else _CARE


def _document(statement: Statement, data: bytes, keys: list[str], store: Store) -> Document:
    """What the file is kept as: the décompte of its one payment, the statement of its month, or itself."""
    from agent.sync.statements import statement_document  # not before: it brings the connector

    if statement.kind == "payment" and len(keys) == 1:
        return store.shelf.decompte(keys[0])
    if statement.kind == "month" and statement.month is not None:
        month = f"{statement.month:%Y%m}"
        return statement_document(f"r{month}", month)
    day = statement.paid_on or statement.month or date.min
    name = digest(data)[:12]
    title = "Décompte" if statement.kind == "payment" else "Relevé"
    return Document(id=f"i{name}", kind="other", title=title, date=day, filename=f"{day.isoformat()}_{name}.pdf")


def _keep_person(store: Store, statement: Statement) -> None:
    """What a statement tells of the person: the top-up, and who is who as long as no account told it."""
    if statement.top_up:
        store.save_coverage(Coverage(top_up=statement.top_up, source="relevé"))
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


def _notes(statement: Statement, keeper: _Keeper) -> list[Note]:
    notes = []
    for fr, en in dict.fromkeys(statement.doubts):
        notes.append(Note(
            f"Le fichier est gardé, ses lignes n'ont pas été reprises : {fr}.",
            f"The file is kept, its lines were not taken: {en}."))
    for day, gap in keeper.uneven:
        notes.append(Note(
            f"Paiement du {day:%d/%m/%Y} : les lignes diffèrent du total de {money(abs(gap)).replace('.', ',')} €.",
            f"Payment of {day.isoformat()}: the lines differ from the total by €{money(abs(gap))}."))
    return notes


READER = Reader("statement", _looks, _read, _keep)
