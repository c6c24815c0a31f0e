"""Files of complementary insurers: their shares join the payments, a doubt joins nothing."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import AmeliError
from agent.files.formats.bank.insurer_file import looks_like_insurer, read_insurer
from agent.files.imports import Desk, Taken, take_file
from agent.money import Money
from agent.store import Store
from tests.agent.bench import TODAY, Clock
from tests.agent.files.formats.bank.files import CSV_LAYOUTS
from tests.agent.files.formats.bank.test_reading import MOVES
from tests.agent.store.helpers import a_payment, keep, new_vault

FILES = (
    "Date de soin;Bénéficiaire;Acte;Dépense;Remboursement Sécurité sociale;Remboursement mutuelle;Date de paiement\n"
    "{day};ZOÉ DURAND;Consultation;30,00;19,00;{amount};{paid}\n;;;;;;\n",
    "Date des soins,Nom du bénéficiaire,Montant payé,Part AMO,Part complémentaire\n{day},Zoé,30.00,19.00,{amount}\n",
    "Garanties 2026\n\nDate de l'acte\tPrénom\tNotre remboursement (€)\tReste à charge\n{day}\tZoé\t{amount}\t2,00\n",
)


def made(form: str, amount: str = "9,00", day: str = "19/10/2026", paid: str = "28/10/2026") -> bytes:
    dotted = amount.replace(",", ".") if "," in form.split("{day}")[1][:1] else amount
    return form.format(day=day, amount=dotted, paid=paid).encode("cp1252")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(new_vault(tmp_path / "vault"), today=lambda: TODAY)


async def bring(store: Store, data: bytes) -> Taken:
    return await take_file(Desk(store, Money(store, today=lambda: TODAY), Clock()), "mutuelle.csv", data)


@pytest.mark.parametrize("form", FILES, ids=["usual", "commas", "tabs"])
async def test_the_share_joins_the_payment_of_that_care_once(store: Store, form: str) -> None:
    keep(store, a_payment("2026-10-19", "17.50"))
    data = made(form)
    assert looks_like_insurer(data)
    first, again = await bring(store, data), await bring(store, data)
    assert (first.new, first.problems, again.new, again.known) == (1, [], 0, 1)
    [share] = (await Money(store, today=lambda: TODAY).owed())["top_up"]
    assert (share["status"], share["received"], share["how"]) == ("received", "9.00", "insurer file")


async def test_a_share_that_fits_nothing_is_counted_and_kept_nowhere(store: Store) -> None:
    keep(store, a_payment("2026-10-19", "17.50"))
    for wrong in (made(FILES[0], day="20/10/2026"), made(FILES[0], amount="99,00")):
        taken = await bring(store, wrong)
        assert (taken.new, taken.known) == (0, 0)
        assert "1 refunds" in taken.notes[0].en
    assert (await Money(store, today=lambda: TODAY).owed())["top_up"] == []


async def test_a_row_that_cannot_be_read_is_told(store: Store) -> None:
    keep(store, a_payment("2026-10-19", "17.50"))
    good = made(FILES[0]).decode("cp1252")
    more = ("20/10/2026;ZOÉ DURAND;Consultation;30,00;19,00;neuf;\nhier;ZOÉ DURAND;Consultation;30,00;19,00;9,00;\n"
            "21/10/2026;ZOÉ DURAND;Consultation;30,00;19,00;0,00;\nTotal;;;;;18,00;\n")
    taken = await bring(store, (good + more).encode("cp1252"))
    assert taken.new == 1
    assert [(one.row, one.why.en) for one in taken.unread_rows] == [
        (4, "the amount cannot be read"), (5, "the day of care cannot be read")]
    assert any("2 rows could not be read (row 4: the amount cannot be read; row 5: the day" in note.en
               for note in taken.notes)


async def test_a_file_of_which_no_row_can_be_read_names_the_first_ones(store: Store) -> None:
    heads = made(FILES[0]).decode("cp1252").splitlines()[:1]
    taken = await bring(store, "\n".join([*heads, *["hier;ZOÉ DURAND;Consultation;30,00;19,00;9,00;"] * 4]).encode())
    [problem] = taken.problems
    assert "row 2: the day of care cannot be read; row 3: " in problem.message("en") and "row 5" not in problem.message(
        "en")


async def test_what_the_person_said_stays(store: Store) -> None:
    payment = a_payment("2026-10-19", "17.50")
    keep(store, payment)
    await Money(store, today=lambda: TODAY).record_received(payment.id, "5.00", "2026-10-20")
    await bring(store, made(FILES[0]))
    [share] = (await Money(store, today=lambda: TODAY).owed())["top_up"]
    assert (share["received"], share["how"]) == ("5.00", "hand")


@pytest.mark.parametrize("layout", CSV_LAYOUTS, ids=lambda layout: layout.__name__)
def test_a_banks_file_is_not_taken_for_an_insurers(layout) -> None:  # type: ignore[no-untyped-def]
    assert not looks_like_insurer(layout(MOVES))


def test_days_and_amounts_are_read() -> None:
    [share], unread = read_insurer(made(FILES[0]))
    assert unread == []
    assert share == (date(2026, 10, 19), "ZOÉ DURAND", Decimal("9.00"), date(2026, 10, 28))


@given(st.binary(max_size=300), st.sampled_from(FILES))
def test_damaged_files_are_refused_with_a_reason(more: bytes, form: str) -> None:
    for data in (more, made(form)[: len(more)] + more):
        looks_like_insurer(data)
        try:
            read_insurer(data)
        except AmeliError as error:
            assert error.message("fr")
