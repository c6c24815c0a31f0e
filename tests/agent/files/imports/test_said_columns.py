"""Columns that the person says where a bank's file proves none: used, kept for that bank, never against proof."""

from pathlib import Path

import pytest

from agent.files.formats.bank import BadColumns, columns_said
from agent.files.imports import Desk, Taken, take_file
from agent.money import Money
from agent.store import Store
from tests.agent.bench import TODAY, Clock
from tests.agent.store.helpers import new_vault

SAID = "day=1,label=3,amount=4"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(new_vault(tmp_path / "vault"), today=lambda: TODAY)


async def bring(store: Store, text: str, columns: str = "") -> Taken:
    desk = Desk(store, Money(store, today=lambda: TODAY), Clock(), columns=columns)
    return await take_file(desk, "bank.csv", text.encode())


def unproven(*rows: str, heads: str = "Kig;Valör;Sagt;Raha;Muu") -> str:
    """A table with heads in no known language and two columns of amounts that prove nothing."""
    return "\n".join([heads, *(rows or (
        "20/10/2026;21/10/2026;VIR CPAM PARIS;17,50;0,00", "21/10/2026;21/10/2026;LOYER;-800,00;0,00",
        "28/10/2026;28/10/2026;VIR CPAM PARIS;9,00;0,00"))]) + "\n"


async def test_without_proof_the_person_is_asked_and_the_answer_is_kept_for_that_bank(store: Store) -> None:
    asked = await bring(store, unproven())
    assert [one.code for one in asked.problems] == ["bank_columns_asked"]
    assert "--columns day=1" in asked.problems[0].hint("en")
    taken = await bring(store, unproven(), SAID)
    assert (taken.problems, taken.new) == ([], 2)
    assert {(one["on"], one["amount"]) for one in store.bank.credits()} == {
        ("2026-10-20", "17.50"), ("2026-10-28", "9.00")}
    later = await bring(store, unproven("30/11/2026;30/11/2026;VIR CPAM PARIS;6,00;0,00",
                                        "14/11/2026;15/11/2026;PAIN;-3,10;0,00"))
    assert (later.problems, later.new) == ([], 1)
    assert any("as you said them for this bank" in note.en for note in later.notes)


async def test_another_bank_is_asked_about_again(store: Store) -> None:
    await bring(store, unproven(), SAID)
    other = await bring(store, unproven(heads="Kig;Valör;Sagt;Muu;Raha"))
    assert [one.code for one in other.problems] == ["bank_columns_asked"]


async def test_what_was_said_of_banks_is_forgotten_on_demand(store: Store) -> None:
    await bring(store, unproven(), SAID)
    store.bank_forms.forget()
    assert [one.code for one in (await bring(store, unproven())).problems] == ["bank_columns_asked"]


async def test_an_answer_that_reads_nothing_is_refused_and_not_kept(store: Store) -> None:
    wrong = await bring(store, unproven(), "day=3,label=1,amount=4")
    assert [one.code for one in wrong.problems] == ["bank_file_unreadable"]
    assert store.bank_forms.known() == {}


async def test_a_running_balance_is_not_taken_for_the_amount_even_when_said(store: Store) -> None:
    rows = ["01/10/2026;a;10,00;110,00", "02/10/2026;VIR CPAM;5,00;115,00", "03/10/2026;c;-15,00;100,00",
            "04/10/2026;d;7,00;107,00", "05/10/2026;e;-1,00;106,00"]
    taken = await bring(store, "\n".join(rows), "day=1,label=2,amount=4")
    assert "column 4 is the balance" in taken.problems[0].message("en")
    assert (await bring(store, "\n".join(rows), "day=1,label=2,amount=3")).new == 1


async def test_a_file_whose_days_allow_two_orders_is_asked_about(store: Store) -> None:
    rows = ["Date,Description,Amount", "03/06/2026,VIR CPAM PARIS,17.50", "04/05/2026,CB PAIN,-3.20",
            "06/02/2026,VIR CPAM PARIS,9.10"]
    asked = await bring(store, "\n".join(rows))
    assert [one.code for one in asked.problems] == ["bank_day_order_asked"]
    taken = await bring(store, "\n".join(rows), "order=month-day")
    assert (taken.problems, taken.new) == ([], 2)
    assert {one["on"] for one in store.bank.credits()} == {"2026-03-06", "2026-06-02"}
    contrary = await bring(store, "\n".join([*rows, "25/06/2026,VIR CPAM PARIS,8.10"]))
    assert [one.code for one in contrary.problems] == ["bank_file_unreadable"]


async def test_columns_are_said_of_tables_only(store: Store) -> None:
    assert [one.code for one in (await bring(store, "%PDF-1.4", SAID)).problems] == ["no_columns_here"]


async def test_a_damaged_first_row_under_said_columns_is_told(store: Store) -> None:
    text = unproven("20/10/2026;21/10/2026;VIR CPAM PARIS;dix-sept;0,00",
                    "21/10/2026;21/10/2026;LOYER;-800,00;0,00", "28/10/2026;28/10/2026;VIR CPAM PARIS;9,00;0,00")
    assert [one.row for one in (await bring(store, text, SAID)).unread_rows] == [2]


@pytest.mark.parametrize("text", [
    "", "day=1", "day=1,amount=0", "day=1,amount=1", "day=1,amount=2,credit=3", "day=1,amount=2,debit=3",
    "day=1,day=2,amount=3", "day=1+2,amount=3", "tag=1,amount=2", "day=1,amount=x", "order=up", "day=1;amount=2"])
def test_columns_that_are_not_said_rightly_are_told(text: str) -> None:
    with pytest.raises(BadColumns):
        columns_said(text)


def test_columns_may_be_said_in_french_and_read_back_as_they_are_kept() -> None:
    said = columns_said(" jour=1, libellé=2+3, débit=5 ,crédit=4, ordre=jour-mois")
    assert said.text == "day=1,label=2+3,debit=5,credit=4,order=day-month"
    assert columns_said(said.text) == said
