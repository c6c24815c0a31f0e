"""Payments that are equal but for their care, and files that are not what they were: nothing is lost or mixed up."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import permutations
from pathlib import Path
from random import Random
from typing import Any

import msgspec
import pytest

from agent.account import ActLine, Beneficiary, Payment, Profile, ranked_ids
from agent.files.imports import Desk, Taken, take_file
from agent.files.imports import kept_statements as kept
from agent.files.imports.kept_statements import read_kept
from agent.money import Money
from agent.store import Query, Store
from agent.sync.steps.statements import statement_document
from tests.agent.files.formats.statements.test_forms import ONE, TOTAL, cells, plain
from tests.agent.files.formats.statements.test_read import sample, visit
from tests.agent.files.formats.statements.writer import Care, Paper, draw
from tests.agent.store.helpers import keep_all, keep_document, keep_profile, new_vault

D = Decimal
DAY = date(2018, 10, 19)
ZOE, LOU = ("ZOE", date(1955, 8, 2)), ("LOU", date(2015, 2, 3))
FAMILY = Profile(nir="2550814168025", name="DUPONT ZOE", beneficiaries=(
    Beneficiary(name="DUPONT ZOE", birth_date=ZOE[1], insured=True), Beneficiary(name="DUPONT LOU", birth_date=LOU[1])))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store(new_vault(tmp_path), today=lambda: date(2018, 11, 1))
    keep_profile(store, FAMILY)
    store.set_credentials("2550814168025", None)
    return store


async def bring(store: Store, data: bytes, name: str = "decompte.pdf") -> Taken:
    return await take_file(Desk(store, Money(store), lambda: datetime(2018, 11, 1, tzinfo=UTC)), name, data)


def paper(person: tuple[str, date], order: int) -> Paper:
    """The statement of one visit of 17.50 euros on the same day as everybody's."""
    return sample(care=[Care(*person, [visit()], reference=f"0351   182920000000{order}")])


def listed(people: Sequence[str], *, whole: bool) -> list[Payment]:
    """The service's list of such visits: rows, or rows with their detail."""
    keys = ranked_ids((DAY, "REMBOURSEMENT_SOINS", D("17.50")) for _ in people)
    return [Payment(
        id=key, paid_on=DAY, kind="REMBOURSEMENT_SOINS", amount=D("17.50"), to="assure", label="Remboursement",
        complete=whole, beneficiaries=(f"DUPONT {name}",) if whole else (),
        lines=(ActLine(id=f"{key}-l1", beneficiary=f"DUPONT {name}", act="C GENERALISTE", act_date=date(2018, 10, 13),
                       paid=D(25), base=D(25), rate=D(70), reimbursed=D("17.50")),) if whole else (),
    ) for key, name in zip(keys, people, strict=True)]


def sync(store: Store, people: Sequence[str], *, whole: bool = True) -> None:
    for detailed in (False, True)[:1 + whole]:
        with store.step():
            keep_all(store, listed(people, whole=detailed), [True] * len(people))


def whose(store: Store, files: dict[bytes, str]) -> list[tuple[Any, ...]]:
    """Of each payment: its person, reference, code, the ids of its lines under its own, and whose file it has."""
    found = []
    for one in store.payments.found():
        data = store.documents.content(one["document"]) if one["document"] else None
        [line] = one["lines"]
        assert line["id"].startswith(one["id"])
        found.append((line["beneficiary"], one["reference"][-1], line.get("code"), files[data] if data else None))
    return sorted(found)


STEPS = ("ZOE", "LOU", "sync")


@pytest.mark.parametrize("order", list(permutations(STEPS)), ids="-".join)
@pytest.mark.parametrize("people", [("ZOE", "LOU"), ("LOU", "ZOE")], ids="-".join)
async def test_two_equal_visits_of_one_day_keep_each_their_own(
        store: Store, order: Sequence[str], people: Sequence[str]) -> None:
    papers = {"ZOE": draw(paper(ZOE, 1)), "LOU": draw(paper(LOU, 2))}
    for step in order:
        if step == "sync":
            sync(store, people)
        else:
            assert (await bring(store, papers[step])).problems == []
    sync(store, people)
    files = {data: name for name, data in papers.items()}
    assert whose(store, files) == [("DUPONT LOU", "2", "G", "LOU"), ("DUPONT ZOE", "1", "G", "ZOE")]
    assert len({one["id"] for one in store.payments.found()}) == 2


@pytest.mark.parametrize("people", [("ZOE", "LOU"), ("LOU", "ZOE")], ids="-".join)
async def test_a_statement_between_the_list_and_its_details_keeps_its_payment(
        store: Store, people: Sequence[str]) -> None:
    sync(store, people, whole=False)
    data = draw(paper(LOU, 2))
    taken = await bring(store, data)
    assert (taken.new, taken.known) == (1, 1)
    sync(store, people)
    [lou] = store.payments.found(Query(beneficiary="DUPONT LOU"))
    [zoe] = store.payments.found(Query(beneficiary="DUPONT ZOE"))
    assert (lou["reference"], store.documents.content(lou["document"])) == ("0351 1829200000002", data)
    assert "reference" not in zoe and store.documents.content(zoe["document"]) is None


async def test_the_same_visit_paid_twice_on_one_day_is_two_by_the_references(store: Store) -> None:
    for order in (1, 2, 1):
        await bring(store, draw(paper(ZOE, order)))
    assert sorted(one["reference"][-1] for one in store.payments.found()) == ["1", "2"]


async def test_a_month_with_references_of_its_own_brings_no_payment_twice(store: Store) -> None:
    await bring(store, draw(paper(ZOE, 1)))
    await bring(store, draw(replace(paper(ZOE, 7), title="Relevé mensuel octobre 2018")))
    assert len(store.payments.found()) == 1


async def test_two_statements_of_parts_of_a_month_are_both_kept(store: Store) -> None:
    for first, last, on in (("05 05 14", "20 05 14", 6), ("21 05 14", "31 05 14", 22)):
        taken = await bring(store, draw(sample(
            title=f"pour la période du {first} au {last}", short_year=True, paid_on=date(2014, 5, on + 2),
            care=[Care(*ZOE, [visit(date(2014, 5, on))])])))
        assert (taken.new, taken.known) == (2, 0)
    files = [one for one in store.documents.all() if one["fetched"]]
    assert [one["title"] for one in files] == [
        "Relevé du 21/05/2014 au 31/05/2014", "Relevé du 05/05/2014 au 20/05/2014"]


async def test_the_newest_statement_names_the_insurer_whichever_comes_last(store: Store) -> None:
    old = sample(top_up="MUTUELLE D AVANT", paid_on=date(2016, 1, 4), care=[Care(*ZOE, [visit(date(2016, 1, 2))])])
    for one in (sample(), old, sample(top_up="")):
        await bring(store, draw(one))
    assert (store.coverage()["top_up"], store.coverage()["on"]) == ("MUTUELLE DES ESSAIS", "2018-10-19")


async def test_a_statement_that_reads_takes_the_place_of_one_that_did_not(store: Store) -> None:
    month = replace(sample(), title="Relevé mensuel octobre 2018")
    bad, good = draw(replace(month, care=[Care(*ZOE, [visit(label="")])])), draw(month)
    for data, unread in ((bad, True), (good, False), (bad, False)):
        await bring(store, data)
        [month_file] = [one for one in store.documents.all() if one["kind"] == "releve_mensuel"]
        assert month_file["unread"] is unread
    assert store.documents.content(month_file["id"]) == good


async def test_a_payment_read_otherwise_by_a_mended_reader_stays_one(store: Store) -> None:
    half = replace(paper(ZOE, 1), total=D("35.00"))
    await bring(store, draw(half))
    both = Care(*ZOE, [visit(), visit(date(2018, 10, 12))], half.care[0].reference)
    await bring(store, draw(replace(half, care=[both])))
    [payment] = store.payments.found()
    assert (len(payment["lines"]), payment["complete"]) == (2, True)


async def test_statements_kept_by_a_sync_are_read_again_by_a_newer_version_only(
        store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    data = draw(sample(care=[Care(*ZOE, [visit(label="")])], title="Relevé mensuel octobre 2018"))
    keep_document(store, statement_document("r201810", "201810"), data)
    desk = Desk(store, Money(store), lambda: datetime(2018, 11, 1, tzinfo=UTC))
    assert [len(await read_kept(desk)) for _ in range(2)] == [1, 0]
    monkeypatch.setattr(kept, "VERSION", "999")
    assert len(await read_kept(desk)) == 1


async def test_a_statement_that_a_sync_brought_is_marked_when_it_does_not_read(store: Store) -> None:
    data = draw(sample(care=[Care(*ZOE, [visit(label="")])], title="Relevé mensuel octobre 2018"))
    keep_document(store, statement_document("r201810", "201810"), data)
    taken = await bring(store, data)
    assert (taken.new, taken.known) == (0, 1)
    assert store.documents.get("r201810")["unread"] is True


async def test_a_statement_without_number_is_another_persons_by_its_name(store: Store) -> None:
    taken = await bring(store, draw(sample(nir="")))
    assert taken.problems == []
    before = store.payments.found(), store.documents.all()
    keep_profile(store, msgspec.structs.replace(FAMILY, name="MARTIN PAUL", beneficiaries=()))
    taken = await bring(store, draw(sample(nir="", paid_on=date(2018, 10, 20))))
    assert taken.problems[0].code == "other_account"
    assert "statement" in taken.problems[0].message("en")
    assert (store.payments.found(), store.documents.all()) == before


async def test_a_payment_and_what_others_were_paid_for_in_one_file_are_told_apart(store: Store) -> None:
    care = cells(411, "13/10/2018", "C GENERALISTE", "25,00", "25,00", "70 %", "17,50")
    others = [("pour votre information", 43.0, 460.0),
              *cells(490, "14/10/2018", "PHARMACIE (PH7)", "10,00", "10,00", "65 %", "6,50")]
    data = plain([*ONE, *care, TOTAL, *others])
    await bring(store, data)
    [own] = [one for one in store.payments.found() if one["to"] == "assure"]
    assert store.documents.content(own["document"]) == data


async def test_damaged_files_are_taken_in_whole_or_not_at_all_and_always_with_a_reason(store: Store) -> None:
    chance, whole = Random(5), draw(paper(ZOE, 1))
    for _ in range(80):
        before = store.payments.found(), store.documents.all(), store.profile(), store.coverage()
        data = bytearray(whole[:chance.randrange(1, len(whole))] if chance.random() < 0.4 else whole)
        for _ in range(chance.randrange(1, 10)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        taken = await bring(store, bytes(data))
        if taken.problems:
            assert all(one.message("fr") and one.hint("en") for one in taken.problems)
            assert (store.payments.found(), store.documents.all(), store.profile(), store.coverage()) == before
        else:
            assert taken.new + taken.known in (1, 2)
            assert taken.notes or taken.new + taken.known == 2
    for one in store.payments.found():
        assert one["lines"]
