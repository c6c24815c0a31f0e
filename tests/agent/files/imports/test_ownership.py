"""Whose a file is: a recording, a statement or a list of another person never joins this account unasked."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from agent.account import Beneficiary, Profile
from agent.files.imports import Desk, Taken, take_file
from agent.files.imports.person_names import Likeness, Person, likeness
from agent.money import Money
from agent.portal.pages.selectors import InboxPage
from agent.sandbox.generator import make_household
from agent.sandbox.model import CareLine, Household, SandboxPayment
from agent.sandbox.server.options import SandboxOptions
from agent.store import Store
from tests.agent.bench import TODAY, Bench, Clock
from tests.agent.files.formats.bank.files import Movement, ofx_old
from tests.agent.files.formats.statements.test_read import sample
from tests.agent.files.formats.statements.writer import draw
from tests.agent.files.imports.test_har import fresh, known, recorded
from tests.agent.files.imports.test_har_pieces import is_detail, is_list, only
from tests.agent.sandbox.household import CLAIRE, TOM, household
from tests.agent.store.helpers import a_payment, keep, keep_profile, new_vault
from tests.thoroughness import one_in

D = Decimal
Part = Callable[[dict[str, Any]], bool]


def desk(store: Store, **more: Any) -> Desk:
    return Desk(store, Money(store, today=lambda: TODAY), Clock(), **more)


async def bring(store: Store, data: dict[str, Any] | bytes, name: str = "session.har", **more: Any) -> Taken:
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return await take_file(desk(store, **more), name, raw)


async def session(folder: Path, house: Household) -> tuple[Bench, dict[str, Any]]:
    """A synced account, and the recording of it."""
    folder.mkdir()
    bench = Bench(folder, house, SandboxOptions(otp=False, window_months=0))
    return bench, (await recorded(bench, decomptes=False)).har()


def is_inbox(entry: dict[str, Any]) -> bool:
    return InboxPage.label in entry["request"]["url"]


def codes(taken: Taken) -> list[str]:
    return [one.code for one in taken.problems]


@pytest.mark.parametrize("seed", one_in(5, [1, 2, 3, 4, 6]))
@pytest.mark.parametrize("parts", [(is_list, is_detail), (is_list,), (is_detail,), (is_list, is_detail, is_inbox)],
                         ids=["lists and details", "lists", "details", "with messages"])
async def test_nothing_of_a_strangers_recording_without_its_profile_is_taken(
    tmp_path: Path, seed: int, parts: tuple[Part, ...]
) -> None:
    bench, _ = await session(tmp_path / "own", household())
    _, har = await session(tmp_path / "stranger", make_household(seed, TODAY, years=1))
    before = known(bench.store)
    taken = await bring(bench.store, only(har, *parts))
    assert codes(taken) in (["other_account"], ["whose_is_it"])
    assert (taken.new, taken.known, known(bench.store)) == (0, 0, before)


@pytest.mark.slow
async def test_two_lifelike_accounts_never_mix_whichever_comes_second(tmp_path: Path) -> None:
    accounts = {seed: await session(tmp_path / str(seed), make_household(seed, TODAY, years=1)) for seed in (5, 7, 8)}
    for seed, (bench, _) in accounts.items():
        for other, (_, har) in accounts.items():
            taken = await bring(bench.store, only(har, is_list, is_detail))
            assert (codes(taken) == []) == (seed == other), (seed, other, codes(taken))
            assert taken.new == 0


@pytest.mark.parametrize("parts", [(is_list, is_detail), (is_list,), (is_detail,)], ids=["both", "lists", "details"])
async def test_ones_own_recording_without_the_profile_is_taken(tmp_path: Path, parts: tuple[Part, ...]) -> None:
    bench, har = await session(tmp_path / "own", household())
    taken = await bring(bench.store, only(har, *parts))
    assert (codes(taken), taken.new, taken.known) == ([], 0, 6)


async def test_details_of_new_payments_of_the_family_are_taken_and_those_of_a_stranger_are_not(tmp_path: Path) -> None:
    bench, _ = await session(tmp_path / "own", household())
    child, other = household(), household()
    child.payments[:] = [_payment(TOM, date(2026, 11, 21))]
    stranger = type(CLAIRE)("PAUL", "BERNARD", date(1970, 1, 1), insured=True)
    other.payments[:] = [_payment(stranger, date(2026, 11, 21))]
    _, ours = await session(tmp_path / "child", child)
    _, theirs = await session(tmp_path / "stranger", other)
    assert codes(await bring(bench.store, only(theirs, is_detail))) == ["other_account"]
    assert len(bench.store.payments.found()) == 6
    taken = await bring(bench.store, only(ours, is_detail))
    assert (codes(taken), taken.new) == ([], 1)


def _payment(person: Any, day: date) -> SandboxPayment:
    return SandboxPayment(day, "REMBOURSEMENT_SOINS", "Remboursement de soins", D("18.20"), lines=[
        CareLine(person, "C GENERALISTE", "G", date(2026, 11, 18), D("26.00"), D("26.00"), 70, D("18.20"))])


async def test_the_question_names_nobody_and_no_amount_and_the_persons_word_answers_it(tmp_path: Path) -> None:
    bench, _ = await session(tmp_path / "own", household())
    near = household()
    cousin = type(CLAIRE)("PAUL", "MARTIN", date(1970, 1, 1), insured=True)
    near.payments[:] = [_payment(cousin, date(2026, 11, 21))]
    _, har = await session(tmp_path / "cousin", near)
    har = only(har, is_detail)
    asked = await bring(bench.store, har)
    assert codes(asked) == ["whose_is_it"]
    problem = asked.problems[0].problem()
    assert problem["exit"] == 5 and "--mine" in problem["hint"]["en"] and "--mine" in problem["hint"]["fr"]
    for text in (*problem["message"].values(), str(bench.store.imports.newest(9))):
        assert "PAUL" not in text and "MARTIN" not in text and "18" not in text.replace("2026-11-18", "")
    declined = await bring(bench.store, har, mine=False)
    assert codes(declined) == ["said_other_account"] and len(bench.store.payments.found()) == 6
    accepted = await bring(bench.store, har, mine=True)
    assert (codes(accepted), accepted.new) == ([], 1)
    assert codes(await bring(bench.store, har)) == []  # answered once, never asked again


async def test_the_persons_word_never_overrules_a_number(tmp_path: Path) -> None:
    bench, _ = await session(tmp_path / "own", household())
    _, har = await session(tmp_path / "other", make_household(3, TODAY, years=1))
    assert codes(await bring(bench.store, har, mine=True)) == ["other_account"]
    paper = draw(sample(nir="1 85 05 78 006 084 91"))
    assert codes(await bring(bench.store, paper, "decompte.pdf", mine=True)) == ["other_account"]
    assert len(bench.store.payments.found()) == 6


async def test_two_sessions_in_one_recording_of_which_one_shows_its_profile_are_asked_about(tmp_path: Path) -> None:
    bench, own = await session(tmp_path / "own", household())
    _, other = await session(tmp_path / "other", make_household(6, TODAY, years=1))
    own["log"]["entries"] += only(other, is_list, is_detail)["log"]["entries"]
    before = known(bench.store)
    assert codes(await bring(bench.store, own)) == ["whose_is_it"]
    assert known(bench.store) == before


async def test_an_empty_vault_takes_the_first_recording_at_the_persons_word_and_asks_of_the_next(
    tmp_path: Path
) -> None:
    bench, first = await session(tmp_path / "one", household())
    _, second = await session(tmp_path / "two", make_household(2, TODAY, years=1))
    store = fresh(bench, "empty")
    parts = (is_list, is_detail)
    assert codes(await bring(store, only(first, *parts), alone=True)) == ["whose_is_it"]  # nobody is there to say it
    assert store.payments.found() == []
    assert (await bring(store, only(first, *parts))).new == 6
    before = known(store)
    taken = await bring(store, only(second, *parts))
    assert codes(taken)[0] in ("other_account", "whose_is_it") and known(store) == before
    taken = await bring(store, second)  # its number says nothing here: this vault knows none
    assert codes(taken)[0] in ("other_account", "whose_is_it") and known(store) == before
    assert codes(await bring(store, only(first, *parts))) == []


async def test_an_account_that_was_never_synced_asks_of_a_recording_without_number(tmp_path: Path) -> None:
    bench, har = await session(tmp_path / "one", household())
    store = fresh(bench, "signed-in")
    store.set_credentials(household().nir, None)
    assert codes(await bring(store, only(har, is_list, is_detail))) == ["whose_is_it"]
    assert (await bring(store, har)).new > 6  # the profile in it has the number


BORN = date(1955, 8, 2)


def family(name: str, born: date | None, *more: tuple[str, date]) -> Profile:
    return Profile(nir="", name=name, birth_date=born, cpam="CPAM DES YVELINES", beneficiaries=(
        Beneficiary(name=name, birth_date=born, insured=True),
        *(Beneficiary(name=one, birth_date=day) for one, day in more)))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(new_vault(tmp_path / "vault"), today=lambda: TODAY)


@pytest.mark.parametrize(("profile", "expected"), [
    (family("ZOÉ DUPONT", BORN), []),
    (family("Dupont Zoe", BORN), []),
    (family("ZOE MARTIN", BORN), ["whose_is_it"]),  # a name of birth, perhaps
    (family("PAUL DUPONT", date(1970, 1, 1)), ["whose_is_it"]),  # a relative with another account
    (family("PAUL DUPONT", date(1970, 1, 1), ("ZOE DUPONT", BORN)), ["whose_is_it"]),
    (family("PAUL BERNARD", date(1970, 1, 1)), ["other_account"]),
    (family("PAUL BERNARD", date(1970, 1, 1), ("ALICE BERNARD", date(2001, 1, 1))), ["other_account"]),
])
async def test_a_statement_without_number_is_compared_by_holder_and_patients(
    store: Store, profile: Profile, expected: list[str]
) -> None:
    keep_profile(store, profile)
    taken = await bring(store, draw(sample(nir="")), "decompte.pdf")
    assert codes(taken) == expected
    assert bool(store.payments.found()) == bool(store.documents.all()) == (not expected)


async def test_a_bank_file_whose_transfers_are_all_unknown_is_asked_about(store: Store) -> None:
    keep(store, *(a_payment(f"2026-0{month}-10", "17.50") for month in range(2, 9)))
    theirs: list[Movement] = [(date(2026, month, 20), D("41.30"), "VIR SEPA CPAM PARIS") for month in range(3, 7)]
    taken = await bring(store, ofx_old(theirs), "banque.ofx")
    assert codes(taken) == ["whose_is_it"] and store.bank.credits() == []
    assert (await bring(store, ofx_old(theirs), "banque.ofx", mine=True)).new == 4


async def test_a_bank_file_with_one_payment_known_here_is_taken(store: Store) -> None:
    keep(store, *(a_payment(f"2026-0{month}-10", "17.50") for month in range(2, 9)))
    ours: list[Movement] = [(date(2026, 3, 12), D("17.50"), "VIR SEPA CPAM PARIS"), *(
        (date(2026, month, 20), D("41.30"), "VIR SEPA CPAM PARIS") for month in range(3, 7))]
    assert codes(await bring(store, ofx_old(ours), "banque.ofx")) == []


async def test_an_insurers_line_joins_the_care_of_that_person_alone(store: Store) -> None:
    keep(store, a_payment("2026-10-19", "17.50", who="CLAIRE MARTIN"))
    head = "Date de soin;Bénéficiaire;Remboursement mutuelle\n"
    cousin = f"{head}19/10/2026;PAUL MARTIN;9,00\n".encode()
    assert (await bring(store, cousin, "mutuelle.csv")).new == 0
    right = f"{head}19/10/2026;Martin Claire;9,00\n".encode()
    assert (await bring(store, right, "mutuelle.csv")).new == 1


async def test_an_insurers_file_that_names_nobody_and_hardly_fits_is_asked_about(store: Store) -> None:
    keep(store, a_payment("2026-10-19", "17.50"))
    lines = "".join(f"{day:02d}/10/2026;9,00\n" for day in (2, 5, 9, 19))
    data = f"Date de soin;Remboursement mutuelle\n{lines}".encode()
    assert codes(await bring(store, data, "mutuelle.csv")) == ["whose_is_it"]
    assert (await bring(store, data, "mutuelle.csv", mine=True)).new == 1


@pytest.mark.parametrize(("shown", "known_as", "expected"), [
    ("MARTIN Claire", "CLAIRE MARTIN", Likeness.SAME),
    ("Mme Claire MARTIN", "CLAIRE MARTIN", Likeness.SAME),
    ("ÉLODIE LE-GOFF", "Elodie Le Goff", Likeness.SAME),
    ("MARTIN NÉE DUPONT CLAIRE", "CLAIRE MARTIN", Likeness.SAME),
    ("CLAIRE MARTIN", "CLAIRE DUPONT MARTIN", Likeness.SAME),
    ("CLAIRE DUPONT", "CLAIRE MARTIN", Likeness.NEAR),
    ("PAUL MARTIN", "CLAIRE MARTIN", Likeness.NEAR),
    ("ANNE LE GOFF", "PAUL LE BRAS", Likeness.STRANGE),
    ("M PAUL BERNARD", "M JEAN DURAND", Likeness.STRANGE),
    ("", "CLAIRE MARTIN", Likeness.STRANGE),
])
def test_names_are_compared_without_their_dress(shown: str, known_as: str, expected: Likeness) -> None:
    assert likeness(Person(shown), [Person(known_as)]) is expected


def test_a_birth_date_decides_between_namesakes() -> None:
    known_one = [Person("CLAIRE MARTIN", date(1985, 5, 12))]
    assert likeness(Person("CLAIRE", date(1985, 5, 12)), known_one) is Likeness.SAME
    assert likeness(Person("CLAIRE MARTIN", date(1999, 5, 12)), known_one) is Likeness.NEAR

