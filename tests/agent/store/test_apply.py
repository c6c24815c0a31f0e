"""What sources say comes to the same store in any order, in any pieces, however often; and it can be taken back."""

import tempfile
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

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
from agent.store import Store
from agent.store.apply import apply
from tests.agent.store.helpers import new_store

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
        told.append(Batch(way="sync", at=MOMENTS[3], messages=(_message("a", 2, "Bonjour, voici"),)))
    for number in range(draw(st.integers(0, 2))):
        some = draw(st.lists(st.sampled_from(payments), unique=True, max_size=4))
        ranked = draw(st.booleans()) and len(some) == len(payments)
        told.append(Batch(way="recording", source=f"har{number}", at=MOMENTS[4 + number], payments=tuple(
            PaymentRead(payment=one, ranked=ranked, number=place) for place, one in enumerate(some)),
            messages=(_message("a", draw(st.integers(0, 2)), "Bonjour"),)))
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


def _message(key: str, files: int, body: str) -> MessageRead:
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


def everything(store: Store) -> dict[str, object]:
    """All that a store keeps, files by their bytes."""
    tables = {name: dict(store.vault.db.table(name).items())
              for name in ("payments", "documents", "messages", "bank", "account")}
    kept: dict[str, object] = msgspec.json.decode(msgspec.json.encode(tables))
    return {"kept": _without_blobs(kept), "files": {
        key: store.documents.content(key) for key in sorted(dict(store.documents.table.items()))}}


def _without_blobs(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_blobs(one) for key, one in value.items() if key != "blob"}
    return [_without_blobs(one) for one in value] if isinstance(value, list) else value


def filled(told: Sequence[Batch]) -> Store:
    store = new_store(Path(tempfile.mkdtemp()) / "vault")
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
