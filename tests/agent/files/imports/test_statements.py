"""Statements taken in: the same account as a sync's, to the line, whichever comes first."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from agent.account import ActLine, Payment, payment_id
from agent.files.formats.statements.model import PaperLine, PaperPayment, Statement
from agent.files.imports import Desk, Taken, take_file
from agent.files.imports.statements import ReadStatement, batch_of
from agent.money import Money
from agent.sandbox.generator import make_household
from agent.sandbox.pdf.lazy import PdfPapers
from agent.store import Store
from agent.store.apply import apply
from tests.agent.bench import TODAY, Bench
from tests.agent.files.formats.statements.test_read import other, sample, visit
from tests.agent.files.formats.statements.writer import Act, Care, draw
from tests.agent.store.helpers import a_moment, keep_all, new_vault

D = Decimal


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path, make_household(seed=7, today=TODAY, years=1), papers=PdfPapers())


def fresh(bench: Bench, name: str = "fresh") -> Store:
    return Store(new_vault(bench.folder / name), today=lambda: bench.today)


async def bring(bench: Bench, store: Store, data: bytes, name: str = "decompte.pdf") -> Taken:
    return await take_file(Desk(store, Money(store), bench.clock), name, data)


async def synced(bench: Bench) -> dict[str, bytes]:
    """Sync the bench's account and fetch every file of its payments, by payment."""
    await bench.signed_in()
    await bench.connection.sync()
    files = {}
    for one in bench.store.documents.all():
        if one["kind"] == "decompte":
            await bench.connection.document(one["id"])
            files[one["payment"]] = bench.store.documents.content(one["id"]) or b""
    return files


def told(payments: list[dict[str, Any]], *, names: bool = True) -> list[dict[str, Any]]:
    """What a statement and the service both say of payments."""
    return [{
        **{name: one[name] for name in ("id", "paid_on", "kind", "amount", "to")},
        "lines": sorted(((line["beneficiary"] if names else "", line["act"], line["act_date"], line["paid"],
                          line["base"], line["rate"], line["reimbursed"]) for line in one["lines"]), key=str),
        "deductions": sorted((cut["kind"], cut["amount"]) for cut in one["deductions"]),
        "indemnities": [(x["start"], x["end"], x["days"], x["amount"]) for x in one["indemnities"]],
    } for one in payments]


def by_id(payments: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(payments, key=lambda one: str(one["id"]))


async def test_the_statements_of_an_account_give_the_payments_of_a_sync_to_the_line(bench: Bench) -> None:
    files = await synced(bench)
    store = fresh(bench)
    for data in files.values():
        taken = await bring(bench, store, data)
        assert (taken.kind, taken.problems, taken.new) == ("statement", [], 2)
    mine = [one for one in bench.store.payments.found() if one["id"] in files]
    assert told(store.payments.found(), names=False) == told(mine, names=False)
    assert all(line["code"] for one in store.payments.found() for line in one["lines"])
    assert {one["id"] for one in store.documents.all() if one["fetched"]} == {f"d{key[1:]}" for key in files}
    assert store.profile()["nir"] == bench.store.profile()["nir"]


async def test_the_monthly_statements_of_an_account_give_its_payments_to_the_line(bench: Bench) -> None:
    await synced(bench)
    store = fresh(bench)
    months = sorted(bench.store.documents.fetched("releve_mensuel"))
    for key in months:
        documents = bench.store.documents
        taken = await bring(bench, store, documents.content(key) or b"", documents.get(key)["filename"])
        assert (taken.problems, taken.notes, taken.known) == ([], [], 0)
    mine = [one for one in bench.store.payments.found() if f"r{one['paid_on'][:7].replace('-', '')}" in months]
    assert len(mine) > 20
    assert by_id(told(store.payments.found(), names=False)) == by_id(told(mine, names=False))
    assert store.documents.fetched("releve_mensuel") == set(months)


async def test_monthly_statements_after_a_sync_bring_no_payment_twice(bench: Bench) -> None:
    await synced(bench)
    before = told(bench.store.payments.found())
    for key in bench.store.documents.fetched("releve_mensuel"):
        taken = await bring(bench, bench.store, bench.store.documents.content(key) or b"")
        assert (taken.problems, taken.notes, taken.new) == ([], [], 0)
    assert told(bench.store.payments.found()) == before


async def test_a_file_taken_in_twice_changes_nothing(bench: Bench) -> None:
    files = await synced(bench)
    store = fresh(bench)
    data = next(iter(files.values()))
    await bring(bench, store, data)
    before = store.payments.found(), store.documents.all(), store.profile()
    again = await bring(bench, store, data)
    assert (again.new, again.known) == (0, 2)
    assert (store.payments.found(), store.documents.all(), store.profile()) == before


async def test_after_a_sync_a_statement_adds_the_codes_and_the_reference_alone(bench: Bench) -> None:
    files = await synced(bench)
    before = bench.store.payments.found()
    for data in files.values():
        taken = await bring(bench, bench.store, data)
        assert (taken.new, taken.problems) == (0, [])
    after = bench.store.payments.found()
    assert told(after) == told(before)
    whole = [one for one in after if one["id"] in files]
    assert all(line["code"] for one in whole for line in one["lines"])
    assert all(one["reference"] for one in whole if one["lines"])


async def test_a_payment_first_read_from_a_statement_stays_one_when_the_service_shows_it(bench: Bench) -> None:
    files = await synced(bench)
    service = bench.store.payments.found()
    bench.store = store = fresh(bench)
    bench.connection = bench.connect()
    for data in files.values():
        await bring(bench, store, data)
    await bench.signed_in()
    result = await bench.connection.sync()
    assert result.problems == []
    assert told(store.payments.found()) == told(service)
    assert all(line["code"] for one in store.payments.found() if one["id"] in files for line in one["lines"])


async def test_monthly_statements_and_those_of_one_payment_join(bench: Bench) -> None:
    store = fresh(bench)
    single = sample(nir="")
    second = sample(paid_on=date(2018, 10, 26), care=[Care("ZOE", date(1955, 8, 2), [visit(date(2018, 10, 20))])])
    await bring(bench, store, draw(single))
    month = await bring(bench, store, draw(replace(single, title="Relevé mensuel octobre 2018"), second), "r.pdf")
    assert (month.new, month.known) == (2, 1)
    assert [one["paid_on"] for one in store.payments.found()] == ["2018-10-26", "2018-10-19"]
    assert {one["kind"] for one in store.documents.all()} == {"decompte", "releve_mensuel"}


async def test_two_equal_payments_of_one_day_stay_two(bench: Bench) -> None:
    store = fresh(bench)
    for on in (date(2018, 10, 13), date(2018, 10, 14), date(2018, 10, 13)):
        await bring(bench, store, draw(sample(care=[Care("ZOE", date(1955, 8, 2), [visit(on)])])))
    assert sorted(one["lines"][0]["act_date"] for one in store.payments.found()) == ["2018-10-13", "2018-10-14"]


async def test_somebody_elses_statement_is_refused_and_nothing_of_it_is_kept(bench: Bench) -> None:
    await bench.signed_in()
    await bench.connection.sync()
    before = bench.store.payments.found(), bench.store.documents.all()
    taken = await bring(bench, bench.store, draw(sample(nir="1 85 05 78 006 084 91")))
    assert taken.problems[0].code == "other_account"
    assert (bench.store.payments.found(), bench.store.documents.all()) == before


async def test_a_statement_that_is_not_understood_is_kept_as_a_file_and_said_so(bench: Bench) -> None:
    store = fresh(bench)
    care = [Care("ZOE", date(1955, 8, 2), [visit(label="")])]
    data = draw(sample(care=care, title="Relevé mensuel octobre 2018"))
    taken = await bring(bench, store, data)
    assert (taken.new, taken.problems, store.payments.found()) == (1, [], [])
    assert "not taken" in taken.notes[0].en
    [document] = store.documents.all()
    assert (document["kind"], document["unread"]) == ("releve_mensuel", True)
    assert store.documents.content(document["id"]) == data


async def test_another_paper_is_refused_by_name(bench: Bench) -> None:
    store = fresh(bench)
    taken = await bring(bench, store, other("Bulletin de paie"))
    assert taken.problems[0].code == "not_a_statement"
    assert store.documents.all() == []


async def test_the_top_up_and_the_family_are_learnt_from_statements(bench: Bench) -> None:
    store = fresh(bench)
    care = [Care("ZOE", date(1955, 8, 2), [visit()]), Care("LOU", date(2019, 1, 2), [visit()])]
    await bring(bench, store, draw(sample(care=care, total=D("35.00"))))
    assert store.coverage() == {"top_up": "MUTUELLE DES ESSAIS", "source": "relevé", "on": "2018-10-19"}
    people = {(one["name"], one["insured"]) for one in store.profile()["beneficiaries"]}
    assert people == {("ZOE", True), ("LOU", False)}


async def test_a_kind_that_only_the_service_knows_takes_the_place_of_the_guess(bench: Bench) -> None:
    store = fresh(bench)
    await bring(bench, store, draw(sample()))
    [printed] = store.payments.found()
    listed = msgspec.convert({**printed, "id": "p-service", "kind": "RENTE", "lines": [], "complete": False}, Payment,
                             strict=False)
    with store.step():
        assert keep_all(store, [listed], [True]) == (0, 0)
    [payment] = store.payments.found()
    assert (payment["id"], payment["kind"], len(payment["lines"])) == ("p-service", "RENTE", 1)
    [document] = store.documents.all()
    assert document["payment"] == "p-service" and store.documents.content(document["id"])


@pytest.mark.parametrize(("paid", "base", "rate", "refunded", "sound"), [
    ("25.00", "25.00", 70, "17.50", True), ("30.00", "25.00", 70, "17.49", True),
    ("23.00", "23.00", 70, "73.80", False), ("25.00", "25.00", 10, "17.50", False),
    ("25.00", "35.00", 70, "17.50", False), ("10.00", "25.00", 70, "17.50", False),
])
async def test_a_refund_that_base_and_rate_do_not_make_is_not_taken_for_whole(
    bench: Bench, paid: str, base: str, rate: int, refunded: str, sound: bool
) -> None:
    paper = sample()
    [care] = paper.care[:1]
    act = replace(care.acts[0], paid=D(paid), base=D(base), rate=rate, refunded=D(refunded))
    store = fresh(bench)
    taken = await bring(bench, store, draw(replace(
        paper, care=[replace(care, acts=[act])], deductions=[], total=D(refunded))))
    [payment] = store.payments.found()
    assert (payment["amount"], payment["complete"]) == (refunded, sound)
    assert any("base, rate and refund" in note.en for note in taken.notes) is not sound


def test_a_payment_that_has_just_got_the_services_id_is_the_one_that_is_joined(tmp_path: Path) -> None:
    store, day = Store(new_vault(tmp_path / "vault")), date(2026, 3, 2)
    ids = [payment_id(day, kind, D("20.00"), 0) for kind in ("REMBOURSEMENT_SOINS", "AUTRE_SOINS")]
    line = ActLine(id="l", beneficiary="Z", act="C", act_date=day, paid=D(30), base=D(30), rate=D(70),
                   reimbursed=D("20.00"))
    printed = Payment(id=ids[0], paid_on=day, kind="REMBOURSEMENT_SOINS", amount=D("20.00"), to="assure", label="x",
                      lines=(line,))
    keep_all(store, [printed], [True], way="statement", source="paper", ranked=False)
    paper = PaperPayment(paid_on=day, amount=D("20.00"), to="assure",
                         lines=[PaperLine(None, day, "C", None, D(30), D(30), D(70), D("20.00"))])
    read = ReadStatement("a.pdf", b"%PDF", Statement("payment", payments=[paper], paid_on=day))
    with store.step():  # as a recording is kept: the list first, then the files of the session
        keep_all(store, [msgspec.structs.replace(printed, id=ids[1], kind="AUTRE_SOINS", lines=(), complete=False)],
                 [True])
        assert apply(store, batch_of(read, {}, source="other", at=a_moment())).known["payments"] == 1
    assert [payment["id"] for payment in store.payments.found()] == [ids[1]]


@pytest.mark.parametrize(("act", "why"), [
    (visit(refunded=D("10.00")), "do not fit"), (visit(base=D("99.00"), refunded=D("69.30")), "do not fit")])
async def test_a_line_that_does_not_fit_is_told_by_its_number(bench: Bench, act: Act, why: str) -> None:
    paper = sample(care=[Care("ZOE", date(1955, 8, 2), [visit(), act])], total=visit().refunded + act.refunded)
    store = fresh(bench)
    taken = await bring(bench, store, draw(paper))
    [payment] = store.payments.found()
    assert payment["complete"] is False
    assert [note.en for note in taken.notes] == [
        f"Payment of {payment['paid_on']}, line 2: price, base, rate and refund {why}. It is kept as incomplete."]
