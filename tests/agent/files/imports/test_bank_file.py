"""Bank files taken in: what concerns health is kept, the rest is not, and ``owed`` says what never arrived."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from agent.files.imports import Desk, Taken, take_file
from agent.money import Money
from agent.store import Store
from agent.store.apply import follow
from agent.store.errors import NotFound
from agent.store.payments.merging import Moved
from tests.agent.bench import TODAY, Clock
from tests.agent.files.formats.bank.files import Movement, boursobank, credit_mutuel, ofx_old
from tests.agent.store.helpers import a_payment, keep, new_vault

D = Decimal
RENT = "PRLV LOYER MARTIN 12 RUE DES LILAS"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(new_vault(tmp_path / "vault"), today=lambda: TODAY)


def money(store: Store) -> Money:
    return Money(store, today=lambda: TODAY)


async def bring(store: Store, data: bytes, name: str = "bank.ofx") -> Taken:
    return await take_file(Desk(store, money(store), Clock()), name, data)


def moves(*more: Movement) -> list[Movement]:
    return [(date(2026, 10, 20), D("17.50"), "VIR SEPA CPAM PARIS 262920001234"),
            (date(2026, 10, 21), D("-800.00"), RENT),
            (date(2026, 11, 20), D("2.00"), "VIR SALAIRE MAGASIN"), *more]


async def test_only_the_transfers_about_health_are_kept(store: Store) -> None:
    taken = await bring(store, ofx_old(moves()))
    assert (taken.kind, taken.new, taken.problems) == ("ofx", 1, [])
    assert "2 movements" in taken.notes[0].en
    kept = str([dict(store.bank.table.items()), store.imports.newest(9)])
    assert "CPAM" in kept
    assert "LOYER" not in kept and "SALAIRE" not in kept and "FR7612345" not in kept


async def test_the_same_lines_in_another_file_or_format_are_the_same_credits(store: Store) -> None:
    await bring(store, ofx_old(moves()))
    for data in (ofx_old(moves()), boursobank(moves()), credit_mutuel(moves())):
        taken = await bring(store, data)
        assert (taken.new, taken.known) == (0, 1)
    assert len(store.bank.credits()) == 1


async def test_a_payment_that_never_came_and_a_transfer_nobody_explains_are_told(store: Store) -> None:
    keep(store, a_payment("2026-10-19", "17.50"), a_payment("2026-10-26", "9.00"))
    await bring(store, ofx_old(moves((date(2026, 11, 5), D("44.00"), "VIR CPAM PARIS"))))
    owed = await money(store).owed()
    lost, strange = owed["missing"]
    assert (lost["kind"], lost["amount"]) == ("paid_not_arrived", "9.00")
    assert (strange["kind"], strange["amount"], strange["candidates"]) == ("arrived_not_explained", "44.00", [])
    first = store.payments.found()[-1]["id"]
    assert (await money(store).explain(first))["arrived"]["certainty"] == "sure"


async def test_the_persons_word_ends_a_riddle_and_can_be_taken_back(store: Store) -> None:
    keep(store, a_payment("2026-10-26", "9.00"))
    await bring(store, ofx_old(moves((date(2026, 11, 5), D("44.00"), "VIR CPAM PARIS"))))
    book = money(store)
    strange = next(one for one in (await book.owed())["missing"] if one["amount"] == "44.00")
    book.say_of_credit(strange["credit"], "none")
    assert "44.00" not in {one["amount"] for one in (await book.owed())["missing"]}
    book.say_of_credit(strange["credit"], None)
    assert "44.00" in {one["amount"] for one in (await book.owed())["missing"]}


async def test_the_insurers_transfer_is_the_share_it_pays(store: Store) -> None:
    keep(store, a_payment("2026-10-19", "17.50"))
    book = money(store)
    book.set_coverage({"contract": {"name": "Prévoyance imaginaire", "percent_brss": "100"}})
    expected: dict[str, Any] = (await book.owed())["top_up"][0]
    paid = (date(2026, 10, 28), D(expected["expected"]), "VIR PREVOYANCE IMAGINAIRE")
    await bring(store, ofx_old(moves(paid)))
    [share] = (await book.owed())["top_up"]
    assert (share["status"], share["received_on"], share["how"]) == ("received", "2026-10-28", "bank")


async def test_what_banks_said_can_be_forgotten(store: Store) -> None:
    await bring(store, ofx_old(moves()))
    assert store.bank.forget() == 1
    assert (store.bank.credits(), store.bank.ranges()) == ([], {})


async def test_a_file_that_is_cut_leaves_nothing(store: Store) -> None:
    taken = await bring(store, ofx_old(moves())[:-40])
    assert taken.problems[0].code == "bank_file_unreadable"
    assert store.bank.credits() == []


async def test_what_could_not_be_read_never_makes_a_payment_lost(store: Store) -> None:
    keep(store, a_payment("2026-10-19", "17.50"), a_payment("2026-10-26", "9.00"), a_payment("2026-11-04", "12.00"))
    rows = moves((date(2026, 10, 28), D("9.00"), "VIR CPAM PARIS"), (date(2026, 11, 10), D("-3.00"), "CB PAIN"),
                 (date(2026, 11, 12), D("5.00"), "VIR CPAM PARIS"))
    data = boursobank(sorted(rows)).decode("utf-8-sig").replace(";9,00;", ";neuf;").encode()
    taken = await bring(store, data, "bank.csv")
    assert [one.row for one in taken.unread_rows] == [4]
    shape = taken.shape()
    assert shape["unread_rows"] == [{"row": 4, "why": {
        "fr": "son montant est illisible", "en": "its amount cannot be read"}}]
    assert any("row 4" in note.en and "do not count as covered" in note.en for note in taken.notes)
    assert "neuf" not in str(shape) and "neuf" not in str(store.imports.newest(9))
    lost = [one["amount"] for one in (await money(store).owed())["missing"] if one["kind"] == "paid_not_arrived"]
    assert lost == ["12.00"]
    assert store.bank.ranges() == {next(iter(store.bank.ranges())): [
        ["2026-10-20", "2026-10-27"], ["2026-10-29", "2026-11-20"]]}


async def test_a_file_whose_rows_are_all_in_doubt_covers_no_day(store: Store) -> None:
    rows = "10/10/2026;VIR CPAM;7,00\nhier;VIR CPAM;9,00\n05/10/2026;X;-3,00\n20/10/2026;Y;-3,00\n"
    taken = await bring(store, ("Date;Libellé;Montant\n" + rows).encode(), "bank.csv")
    assert (taken.new, len(taken.unread_rows)) == (1, 1)
    assert store.bank.ranges() == {}


async def test_two_files_without_account_number_may_be_of_two_accounts(store: Store) -> None:
    keep(store, a_payment("2026-10-19", "17.50"), a_payment("2026-10-26", "9.00"))
    current = [(date(2026, 10, 19), D("-3.00"), "CB PAIN"), (date(2026, 10, 20), D("17.50"), "VIR CPAM 262920001234")]
    savings = [(date(2026, 10, 2), D("50.00"), "VIR EPARGNE"), (date(2026, 11, 20), D("50.00"), "VIR EPARGNE")]
    await bring(store, boursobank(current), "current.csv")
    await bring(store, boursobank(savings), "savings.csv")
    assert (await money(store).owed())["missing"] == []


async def test_a_lost_payment_shows_why_and_the_persons_word_settles_it(store: Store) -> None:
    keep(store, a_payment("2026-10-19", "17.50"), a_payment("2026-10-26", "9.00"), a_payment("2026-11-10", "5.00"))
    await bring(store, ofx_old(moves((date(2026, 11, 12), D("5.00"), "VIR CPAM PARIS"))))
    book = money(store)
    [lost] = (await book.owed())["missing"]
    said = " ".join(fact["text_en"] for fact in lost["evidence"])
    assert "2026-10-20 to 2026-11-20" in said and "5 banking days" in said
    assert lost["payment"] is not None
    book.say_arrived(lost["payment"], undo=False)
    owed = await book.owed()
    assert owed["missing"] == [] and not any(one["part"] == "arrivals" for one in owed["not_counted"])
    book.say_arrived(lost["payment"], undo=True)
    assert [one["payment"] for one in (await book.owed())["missing"]] == [lost["payment"]]
    with pytest.raises(NotFound):
        book.say_arrived("p0000000000000000", undo=False)


async def test_a_transfer_that_was_taken_back_did_not_arrive_and_the_right_one_did(store: Store) -> None:
    keep(store, a_payment("2026-10-19", "17.50"), a_payment("2026-10-26", "9.00"), a_payment("2026-11-10", "5.00"))
    wrong = [(date(2026, 10, 27), D("90.00"), "VIR CPAM PARIS"),
             (date(2026, 10, 28), D("-90.00"), "ANNULATION VIR CPAM PARIS"),
             (date(2026, 10, 28), D("9.00"), "VIR CPAM PARIS"), (date(2026, 11, 12), D("5.00"), "VIR CPAM PARIS")]
    taken = await bring(store, ofx_old(moves(*wrong)))
    assert taken.new == 3 and any("taken back" in note.en for note in taken.notes)
    assert (await money(store).owed())["missing"] == []


async def test_a_transfer_kept_of_a_file_from_before_it_was_taken_back_is_named(store: Store) -> None:
    keep(store, a_payment("2026-10-19", "17.50"), a_payment("2026-10-26", "9.00"), a_payment("2026-11-10", "5.00"))
    came = (date(2026, 10, 27), D("9.00"), "VIR CPAM PARIS")
    later = [(date(2026, 10, 29), D("-9.00"), "REJET VIR CPAM PARIS"),
             (date(2026, 11, 12), D("5.00"), "VIR CPAM PARIS")]
    await bring(store, ofx_old(moves(came)))
    taken = await bring(store, ofx_old(moves(came, *later)))
    [credit] = [one["id"] for one in store.bank.credits() if one["amount"] == "9.00"]
    assert any(f"ameli owed match {credit} none" in note.fr for note in taken.notes)
    money(store).say_of_credit(credit, "none")
    assert [one["amount"] for one in (await money(store).owed())["missing"]] == ["9.00"]
    assert not any(credit in note.fr for note in (await bring(store, ofx_old(moves(came, *later)))).notes)


async def test_a_payment_whose_transfer_was_taken_back_is_missing(store: Store) -> None:
    keep(store, a_payment("2026-10-19", "17.50"), a_payment("2026-10-26", "9.00"), a_payment("2026-11-10", "5.00"))
    back = [(date(2026, 10, 27), D("9.00"), "VIR CPAM PARIS"), (date(2026, 10, 29), D("-9.00"), "REJET VIR CPAM PARIS"),
            (date(2026, 11, 12), D("5.00"), "VIR CPAM PARIS")]
    await bring(store, ofx_old(moves(*back)))
    assert [one["amount"] for one in (await money(store).owed())["missing"]] == ["9.00"]


@pytest.mark.parametrize("label", ["VIR CPAM PARIS TROP PERCU", "PRLV CPAM PARIS", "ANNULATION PRLV LOYER"])
async def test_what_a_person_pays_back_takes_no_transfer_away(store: Store, label: str) -> None:
    keep(store, a_payment("2026-10-19", "17.50"))
    taken = await bring(store, ofx_old(moves((date(2026, 10, 29), D("-17.50"), label))))
    assert taken.new == 1
    assert (await money(store).owed())["missing"] == []


async def test_what_was_said_to_have_arrived_follows_its_payment(store: Store) -> None:
    keep(store, a_payment("2026-10-19", "17.50"))
    [key] = store.payments.keys()
    money(store).say_arrived(key, undo=False)
    follow(store, Moved(renamed={key: "pnew"}))
    assert store.account.arrived.read() == {"ids": ["pnew"]}
