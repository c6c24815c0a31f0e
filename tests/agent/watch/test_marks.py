"""Marks tell what a store would, and nothing else."""

import tempfile
from datetime import date, timedelta
from itertools import chain
from pathlib import Path
from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.account import Document, payment_id
from agent.account.batch import Batch, DocumentRead
from agent.account.known import Known
from agent.store import Store
from agent.store.apply import apply
from agent.store.known import StoreKnown
from agent.watch.marks import MARK_SIZE, Marks
from tests.agent.bench import Bench
from tests.agent.store.helpers import TODAY, new_store
from tests.agent.store.test_apply import DAY, batches, filled
from tests.agent.watch.helpers import rounds

KEY = bytes(range(32))
SINCE = TODAY - timedelta(days=200)
MONTHS = ("202401", "202609", "202610")


def statement(month: str, rank: int = 0) -> Batch:
    day = date(int(month[:4]), int(month[4:]), 28)
    document = Document(id=f"r{month}{rank:02x}", kind="releve_mensuel", title="Relevé", date=day, filename="r.pdf")
    return Batch(way="sync", at="2026-11-23T09:00:00.000000+00:00",
                 documents=(DocumentRead(document=document, data=b"%PDF " + month.encode()),))


def same_answers(marks: Known, store: Store) -> None:
    """Each thing a reader asks, about what there is and what there is not."""
    kept = StoreKnown(store)
    assert (marks.incomplete, marks.notes()) == (kept.incomplete, kept.notes())
    everyone = [key for key, _ in store.payments.table.items()]
    others = [payment_id(DAY, "AUTRE", 1, rank) for rank in range(3)]  # type: ignore[arg-type]
    for since, until in ((SINCE, TODAY), (DAY, DAY), (DAY - timedelta(1), DAY), (SINCE, DAY - timedelta(1)),
                         (TODAY, SINCE)):
        ours, theirs = (known.payments(since.isoformat(), until.isoformat()) for known in (marks, kept))
        assert len(ours) == len(theirs)
        for key in (*everyone, *others):
            assert (key in ours, ours.get(key)) == (key in theirs, theirs.get(key))
            if key in theirs:
                assert ours[key] == theirs[key]
            else:
                with pytest.raises(KeyError):
                    ours[key]
    names = [key for key, _ in store.documents.table.items()]
    for month in ("", "202001", "202609", "202610", "202701"):
        ours_then, theirs_then = marks.statements(month), kept.statements(month)
        assert len(ours_then) == len(theirs_then)
        for key in (*names, "r20260900", "x", ""):
            assert (key in ours_then) == (key in theirs_then)
    for ours_of, theirs_of in zip(marks.messages(), kept.messages(), strict=True):
        for key, record in store.messages.table.items():
            assert (key in ours_of, record["ref"] in ours_of) == (key in theirs_of, record["ref"] in theirs_of)
        assert "m0" not in ours_of and "" not in ours_of


@settings(max_examples=25)
@given(batches(), st.integers(0, 1 << 30))
def test_marks_answer_as_the_store_they_were_made_from(told: list[Batch], seed: int) -> None:
    chance = Random(seed)
    store = filled([*told, *(statement(month, rank) for month in MONTHS for rank in range(chance.randint(0, 2)))])
    marks = Marks.of(store, KEY, SINCE)
    same_answers(marks, store)
    same_answers(msgspec.msgpack.decode(msgspec.msgpack.encode(marks), type=Marks), store)


def test_what_is_sealed_is_known_from_then_on(tmp_path: Path) -> None:
    store = new_store(tmp_path / "vault")
    marks = Marks.of(store, KEY, SINCE)
    for batch in [*chain(*rounds()), statement("202610")]:
        apply(store, batch)
        marks.take(batch)
        same_answers(marks, store)


async def test_of_a_whole_account_nothing_is_readable_in_its_marks(tmp_path: Path) -> None:
    bench = await Bench(tmp_path).signed_in()
    await bench.connection.sync()
    store = bench.store
    marks = Marks.of(store, KEY, SINCE)
    same_answers(marks, store)
    bare = msgspec.msgpack.encode(msgspec.structs.replace(marks, sync={}))
    private = [key for key, _ in store.payments.table.items()]
    private += [key for key, _ in store.messages.table.items()] + [key for key, _ in store.documents.table.items()]
    private += [record["paid_on"] for _, record in store.payments.table.items()]
    private += [record["ref"] for _, record in store.messages.table.items() if record["ref"]]
    assert len(private) > 20
    assert not any(name.encode() in bare or _bytes(name) in bare for name in private)
    assert all(len(mark) == MARK_SIZE for mark in marks.details | marks.heads | marks.refs)
    other = Marks.of(store, bytes(32), SINCE)
    assert not marks.details & other.details, "another locking has other marks"


def _bytes(name: str) -> bytes:
    try:
        return bytes.fromhex(name[1:])
    except ValueError:
        return name.encode()


def test_a_day_of_long_ago_is_not_asked_for_for_ever() -> None:
    marks = Marks.of(new_store(Path(tempfile.mkdtemp()) / "vault"), KEY, date.min)
    assert len(marks.payments("0001-01-01", "9999-12-31")) == 0
