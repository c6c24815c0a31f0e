"""What sources say comes to the same store in any order, in any pieces, however often; and it can be taken back."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.account import (
    ActLine,
    Beneficiary,
    Coverage,
    Deduction,
    Document,
    Message,
    Payment,
    Profile,
    payment_id,
)
from agent.account.batch import (
    BankAccount,
    BankLine,
    Batch,
    DocumentRead,
    MessageRead,
    PaymentRead,
    ProfileRead,
)
from agent.store import NotFound, Store
from agent.store.apply import apply
from agent.store.undo import undo
from tests.agent.store.helpers import TODAY, a_payment, keep, keep_bank, new_store
from tests.agent.vault.simfs import SimFs
from tests.agent.vault.support import FOLDER, create

D = Decimal
DAY = date(2026, 10, 19)
KINDS = ("REMBOURSEMENT_SOINS", "AUTRE_SOINS")
PEOPLE = ("ZOE", "LOU")
MOMENTS = tuple(f"2026-11-2{day}T08:00:00.000000+00:00" for day in range(8))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return new_store(tmp_path / "vault")


def visit(day: date = DAY, who: str = "ZOE", *, kind: str = KINDS[0], rank: int = 0, whole: bool = True,
          label: str = "", reference: str | None = None, paid: str = "25.00", code: str | None = None) -> Payment:
    """A payment of one visit of 17.50 euros. ``day`` is that of the care: it tells equal payments apart."""
    line = ActLine(id="-l1", beneficiary=who, act="C", act_date=day, paid=D(paid), base=D("25.00"), rate=D(70),
                   reimbursed=D("19.50"), code=code)
    cut = Deduction(id="-r1", kind="participation", label="PF", act_date=None, amount=D("-2.00"))
    key = payment_id(DAY, kind, D("17.50"), rank)
    return Payment(
        id=key, paid_on=DAY, kind=kind, amount=D("17.50"), to="assure", label=label, complete=whole,
        beneficiaries=(who,) if whole else (), reference=reference,
        lines=(msgspec.structs.replace(line, id=key + line.id),) if whole else (),
        deductions=(msgspec.structs.replace(cut, id=key + cut.id),) if whole else ())


# -- batches of an account -------------------------------------------------------------------------------------------


@st.composite
def batches(draw: st.DrawFn) -> list[Batch]:
    """What several sources say of one small account: equal payments, their files, a message, the person, a bank."""
    truth = draw(st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 2), st.sampled_from(PEOPLE)),
                          min_size=1, max_size=4))
    ranks: dict[str, int] = {}
    payments = []
    for kind, back, who in truth:
        payments.append(visit(DAY - timedelta(back), who, kind=kind, rank=ranks.get(kind, 0), label="Actes"))
        ranks[kind] = ranks.get(kind, 0) + 1
    told = []
    if draw(st.booleans()):
        heads = tuple(PaymentRead(payment=_head(one)) for one in payments)
        told.append(Batch(way="sync", at=MOMENTS[0], payments=heads))
        details = draw(st.integers(0, len(payments)))
        told.append(Batch(way="sync", at=MOMENTS[1], payments=tuple(
            PaymentRead(payment=one, offered=True) for one in payments[:details])))
        told.append(Batch(way="sync", at=MOMENTS[2], notes={"profile": "2026-11-22", "finished": True},
                          profile=ProfileRead(profile=PROFILE, on=date(2026, 11, 22))))
        told.append(Batch(way="sync", at=MOMENTS[3], messages=(message_read("a", 2, "Bonjour, voici"),)))
    for number in range(draw(st.integers(0, 2))):
        some = draw(st.lists(st.sampled_from(payments), unique=True, max_size=4))
        ranked = draw(st.booleans()) and len(some) == len(payments)
        told.append(Batch(way="recording", source=f"har{number}", at=MOMENTS[4 + number], payments=tuple(
            PaymentRead(payment=one, ranked=ranked, number=place) for place, one in enumerate(some)),
            messages=(message_read("a", draw(st.integers(0, 2)), "Bonjour"),)))
    for number in range(draw(st.integers(0, 3))):
        some = draw(st.lists(st.sampled_from(payments), unique=True, min_size=1, max_size=2))
        reads, files = [], []
        for place, one in enumerate(some):
            wrong = draw(st.integers(0, 5)) == 0  # a paper that says otherwise
            paper = msgspec.structs.replace(
                one, id="", kind=KINDS[0], label="", reference=f"0351 {number}",
                lines=tuple(msgspec.structs.replace(
                    line, id="-l1", code="G", reimbursed=line.reimbursed + (1 if wrong else 0)) for line in one.lines),
                deductions=tuple(msgspec.structs.replace(
                    cut, id="-d1", amount=cut.amount - (1 if wrong else 0)) for cut in one.deductions))
            reads.append(PaymentRead(payment=paper, offered=True, ranked=False, number=place))
        if len(some) == 1:
            of = Document(id="", kind="decompte", title="", date=DAY, filename="")
            files.append(DocumentRead(document=of, data=f"%PDF {number}".encode(), of=0))
        told.append(Batch(
            way="statement", source=f"pdf{number}", at=MOMENTS[number], payments=tuple(reads), documents=tuple(files),
            coverage=Coverage(top_up=f"MUTUELLE {number}", source="relevé",
                              on=DAY - timedelta(draw(st.integers(0, 1)))),
            profile=ProfileRead(profile=_paper_profile(number), on=None)))
    for number in range(draw(st.integers(0, 2))):
        lines = tuple(BankLine(on=DAY, amount=D("17.50"), label=f"VIR CPAM {number}", payer="fund")
                      for _ in range(draw(st.integers(1, 2))))
        told.append(Batch(way="file", source=f"ofx{number}", at=MOMENTS[number], bank=(BankAccount(
            account=draw(st.sampled_from(("one", "two"))), lines=lines, covered=((DAY, DAY + timedelta(number)),)),)))
    return told


PROFILE = Profile(nir="2550814168025", name="DUPONT ZOE", beneficiaries=(
    Beneficiary(name="DUPONT ZOE", birth_date=date(1955, 8, 2), insured=True),))


def _paper_profile(number: int) -> Profile:
    return Profile(nir="2550814168025", name="DUPONT ZOE" if number % 2 else "ZOE", cpam=f"CPAM {number}",
                   beneficiaries=(Beneficiary(name=PEOPLE[number % 2], birth_date=date(1955, 8, 2)),))


def _head(payment: Payment) -> Payment:
    return msgspec.structs.replace(payment, lines=(), deductions=(), beneficiaries=(), complete=False)


def message_read(key: str, files: int, body: str) -> MessageRead:
    documents = tuple(DocumentRead(document=Document(
        id=f"a{key}-{number}", kind="attachment", title="p", date=DAY, filename=f"{number}.pdf", message=f"m{key}"),
        data=b"%PDF of " + key.encode()) for number in range(1, files + 1))
    message = Message(id=f"m{key}", received_on=DAY, sender="CPAM", subject="Bonjour", body=body,
                      attachments=tuple(one.document.id for one in documents))
    return MessageRead(message=message, ref="r", files=documents, total=2)


def split(batch: Batch, chance: Random) -> list[Batch]:
    """A batch in pieces: payments (each with its file), messages and the rest may come apart."""
    pieces = []
    rest = msgspec.structs.replace(batch, payments=(), documents=(), messages=())
    for read in batch.payments:
        files = tuple(one for one in batch.documents if one.of == read.number)
        pieces.append(msgspec.structs.replace(
            batch, payments=(read,), documents=files, messages=(), profile=None, coverage=None, bank=(), notes=None))
    loose = tuple(one for one in batch.documents if one.of is None)
    pieces.append(msgspec.structs.replace(rest, documents=loose, messages=batch.messages))
    return pieces if chance.random() < 0.5 else [batch]


def everything(store: Store) -> dict[str, Any]:
    """All that a store keeps, files by their bytes."""
    tables = {name: dict(store.vault.db.table(name).items())
              for name in ("payments", "documents", "messages", "bank", "account")}
    kept: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(tables))
    return {"kept": _without_blobs(kept), "files": {
        key: store.documents.content(key) for key in sorted(dict(store.documents.table.items()))}}


def _without_blobs(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_blobs(one) for key, one in value.items() if key != "blob"}
    return [_without_blobs(one) for one in value] if isinstance(value, list) else value


def filled(told: Sequence[Batch]) -> Store:
    vault, _ = create(fs=SimFs(folders=(FOLDER.parent,)))  # hundreds of real ones would hold as many files open
    store = Store(vault, today=lambda: TODAY)
    for batch in told:
        apply(store, batch)
    return store


@given(batches(), st.integers(0, 1 << 30))
def test_any_order_any_pieces_and_any_repetition_come_to_the_same_store(told: list[Batch], seed: int) -> None:
    chance = Random(seed)
    pieces = [piece for batch in told for piece in split(batch, chance)]
    pieces += chance.sample(pieces, k=min(len(pieces), 2))
    chance.shuffle(pieces)
    assert everything(filled(pieces)) == everything(filled(told))


@given(batches(), st.integers(0, 1 << 30))
def test_nothing_that_a_source_says_is_lost(told: list[Batch], seed: int) -> None:
    store = filled(told)
    said = {(batch.way, batch.source, read.payment.id if read.ranked else read.number)
            for batch in told for read in batch.payments}
    claims = [(claim["way"], claim["source"], claim.get("place", claim.get("number")))
              for _, record in store.payments.table.items() for claim in record["claims"]]
    assert sorted(claims, key=str) == sorted(said, key=str)
    for payment in store.payments.found():
        total = sum((D(line["reimbursed"]) for line in payment["lines"]), D(0)) + sum(
            (D(cut["amount"]) for cut in payment["deductions"]), D(0))
        assert not payment["complete"] or total == D(payment["amount"])


# -- taken back ------------------------------------------------------------------------------------------------------


def log(store: Store, source: str) -> None:
    """Note an import, as whoever takes files in does."""
    store.imports.add(source, {"id": source, "kind": "statement", "new": 1, "known": 0, "problem": None,
                               "problems": [], "notes": [],
                               "unread_rows": [], "name": f"{source}.pdf", "at": "2026-11-23T12:00:00+00:00"})


def shown(store: Store) -> dict[str, Any]:
    """All that a store keeps, but for notes that some imports leave: what was seen once need not be unseen."""
    kept = everything(store)
    account = kept["kept"]["account"]
    return {**kept, "kept": {**kept["kept"], "account": {
        name: record for name, record in account.items() if name not in ("printed", "sync")}}}


@given(batches(), st.data())
def test_an_import_taken_back_leaves_the_store_as_if_it_had_never_come(told: list[Batch], data: st.DataObject) -> None:
    sources = sorted({batch.source for batch in told if batch.source})
    if not sources:
        return
    source = data.draw(st.sampled_from(sources))
    store = filled(told)
    log(store, source)
    before = len(store.payments)
    undone = undo(store, source, "2026-11-24T12:00:00+00:00")
    without = filled([batch for batch in told if batch.source != source])
    assert shown(store) == shown(without)
    assert undone["payments"] == before - len(store.payments)
    for batch in told:
        apply(store, batch)
    assert shown(store) == shown(filled(told))


def test_marks_and_matches_that_hung_on_it_are_told(store: Store) -> None:
    paper = msgspec.structs.replace(visit(), id="")
    apply(store, Batch(way="statement", source="pdf", at=MOMENTS[0],
                       payments=(PaymentRead(payment=paper, ranked=False),)))
    keep_bank(store, [(DAY, D("17.50"), "VIR CPAM", "fund", None)], "account", [])
    log(store, "pdf")
    [payment], [credit] = store.payments.found(), store.bank.credits()
    store.account.received.write({payment["id"]: {"amount": "7.50", "on": "2026-10-25", "how": "hand"}})
    store.bank.say(credit["id"], payment["id"])
    undone = undo(store, "pdf", MOMENTS[1])
    assert undone["marks"] == [
        {"payment": payment["id"], "paid_on": DAY.isoformat(), "amount": "7.50", "on": "2026-10-25"}]
    assert undone["matches"] == [{"credit": credit["id"], "on": DAY.isoformat(), "amount": "17.50"}]
    assert (store.payments.found(), store.account.received.read()) == ([], None)
    assert store.bank.credits()[0]["said"] is None


def test_marks_follow_a_payment_whose_kind_the_service_knows_better(store: Store) -> None:
    paper = msgspec.structs.replace(visit(), id="")
    apply(store, Batch(way="statement", source="pdf", at=MOMENTS[0],
                       payments=(PaymentRead(payment=paper, ranked=False),)))
    [guessed] = store.payments.found()
    store.account.received.write({guessed["id"]: {"amount": "7.50", "on": "2026-10-25", "how": "hand"}})
    keep(store, visit(kind="AUTRE_SOINS"))
    [payment] = store.payments.found()
    assert payment["kind"] == "AUTRE_SOINS"
    assert list(store.account.received.read() or {}) == [payment["id"]]


def test_sources_that_disagree_are_one_payment_and_a_doubt(store: Store) -> None:
    keep(store, visit())
    [payment] = store.payments.found()
    other = msgspec.structs.replace(visit(DAY - timedelta(1)), id="")
    apply(store, Batch(way="statement", source="pdf", at=MOMENTS[0],
                       payments=(PaymentRead(payment=other, ranked=False),)))
    assert len(store.payments) == 1
    told = store.payments.with_origins(payment["id"])
    assert [(one["way"], one["import"]) for one in told["origins"]] == [("sync", ""), ("statement", "pdf")]
    [doubt] = told["doubts"]
    assert (doubt["way"], doubt["lines"][0]["act_date"]) == ("statement", (DAY - timedelta(1)).isoformat())
    assert told["lines"][0]["act_date"] == DAY.isoformat()


def test_the_same_care_from_two_sources_is_no_doubt(store: Store) -> None:
    keep(store, visit())
    apply(store, Batch(way="statement", source="pdf", at=MOMENTS[0], payments=(PaymentRead(
        payment=msgspec.structs.replace(visit(code="G"), id=""), ranked=False),)))
    told = store.payments.with_origins(store.payments.found()[0]["id"])
    assert (told["doubts"], told["lines"][0]["code"]) == ([], "G")


def test_what_an_older_version_kept_has_one_origin_whose_moment_is_not_known(store: Store) -> None:
    keep(store, a_payment())
    [(key, record)] = store.payments.table.items()
    del record["claims"]
    store.payments.table.put(key, record)
    assert store.payments.with_origins(key)["origins"] == [{"way": "sync", "import": "", "at": ""}]
    keep(store, a_payment(act="CS"))
    assert [one["at"] for one in store.payments.with_origins(key)["origins"]] != [""]
    assert store.payments.get(key)["lines"][0]["act"] == "CS"


def test_an_import_that_is_not_known_cannot_be_taken_back(store: Store) -> None:
    keep(store, a_payment())
    with pytest.raises(NotFound):
        undo(store, "nothing", MOMENTS[0])
    assert len(store.payments) == 1


def test_equal_payments_that_an_older_version_read_from_statements_stay_two(store: Store) -> None:
    for number, who in enumerate(PEOPLE):
        paper = msgspec.structs.replace(visit(DAY - timedelta(number), who), id="")
        file = Document(id="", kind="decompte", title="", date=DAY, filename="")
        apply(store, Batch(way="statement", source=who, at=MOMENTS[0],
                           payments=(PaymentRead(payment=paper, ranked=False),),
                           documents=(DocumentRead(document=file, data=who.encode(), of=0),)))
    for table in (store.payments.table, store.documents.table):
        for key, record in list(table.items()):
            del record["claims"]
            table.put(key, record)
    keep(store, visit(DAY - timedelta(1), "DUPONT LOU", rank=0), visit(DAY, "DUPONT ZOE", rank=1))
    assert [one["lines"][0]["beneficiary"] for one in store.payments.found()] == ["DUPONT LOU", "DUPONT ZOE"]
    assert all(one["complete"] and not store.payments.is_printed(one["id"]) for one in store.payments.found())
    assert [store.documents.content(f"d{one['id'][1:]}") for one in store.payments.found()] == [b"LOU", b"ZOE"]


def test_a_paper_of_one_payment_joins_the_second_one_that_a_monthly_statement_shows(store: Store) -> None:
    """Though the service lists one alone: the monthly statement has both, so that nothing disagrees."""
    keep(store, visit())
    second = msgspec.structs.replace(visit(DAY - timedelta(1), "LOU"), id="")
    apply(store, Batch(way="statement", source="alone", at=MOMENTS[0],
                       payments=(PaymentRead(payment=second, ranked=False),)))
    assert len(store.payments) == 1
    apply(store, Batch(way="statement", source="month", at=MOMENTS[1], payments=(
        PaymentRead(payment=msgspec.structs.replace(visit(), id=""), ranked=False),
        PaymentRead(payment=second, ranked=False, number=1))))
    assert len(store.payments) == 2
    assert all(not store.payments.with_origins(one["id"])["doubts"] for one in store.payments.found())
