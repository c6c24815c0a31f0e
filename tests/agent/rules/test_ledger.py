"""The ledger against invented accounts and against what the sandbox knows of its own deductions."""

from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.rules.ledger import Person, build_ledger
from agent.sandbox.generator import make_household
from agent.sandbox.model import Household
from tests.agent.rules.shapes import a_line, a_payment, shapes
from tests.thoroughness import examples

TODAY = date(2026, 11, 23)


def read(house: Household):
    """Payments as the store shapes them, persons, and the true person of each deduction."""
    listed = shapes(house)
    truth = {(shape["id"], deduction["id"]): (_name(taken.person), taken.act_date)
             for paid, shape in zip(house.payments, listed, strict=True)
             for taken, deduction in zip(paid.deductions, shape["deductions"], strict=True)}
    return listed, [Person(_name(person), person.birth_date) for person in house.persons], truth


def _name(person) -> str:
    return f"{person.first_name} {person.last_name}".upper()


def account(seed: int):
    return read(make_household(seed=seed, today=TODAY, years=3))


@settings(max_examples=examples(15), deadline=None)
@given(st.integers(0, 400), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_change_the_ledger(seed, rng):
    listed, persons, _ = account(seed)
    mixed = list(listed)
    rng.shuffle(mixed)
    one, other = build_ledger(listed, persons), build_ledger(mixed, persons)
    assert one.origins == other.origins
    assert [one.shape(year) for year in one.years()] == [other.shape(year) for year in other.years()]


@settings(max_examples=examples(15), deadline=None)
@given(st.integers(0, 400))
def test_every_euro_is_placed_or_listed_and_no_limit_is_passed(seed):
    listed, persons, _ = account(seed)
    ledger = build_ledger(listed, persons)
    placed = sum((one.amount for entry in ledger.entries for one in entry.withheld), Decimal(0))
    taken = -sum((Decimal(one["amount"]) for paid in listed for one in paid["deductions"]), Decimal(0))
    assert placed + sum((one.amount for one in ledger.unexplained), Decimal(0)) == taken
    years: defaultdict[tuple[str, int, str], Decimal] = defaultdict(Decimal)
    for entry in ledger.entries:
        assert entry.outstanding >= 0
        years[entry.beneficiary, entry.refunded_on.year, entry.kind] += entry.amount
    for (_, year, kind), due in years.items():
        assert due <= ledger.dues.ceilings.on(kind, date(year, 12, 31)).amount


def test_traces_name_the_right_person_and_an_exact_one_is_never_wrong():
    right, all_of = Counter(), Counter()
    for seed in range(40):
        listed, persons, truth = account(seed)
        ledger = build_ledger(listed, persons)
        for key, true in truth.items():
            origin = ledger.origin_of(*key)
            certainty = origin.certainty if origin else "unknown"
            all_of[certainty] += 1
            right[certainty] += origin is not None and (origin.beneficiary, origin.act_date) == true
    print(dict(all_of), dict(right))
    assert all_of["exact"] and right["exact"] == all_of["exact"]
    assert right["likely"] >= all_of["likely"] * 0.97
    assert all_of["unknown"] <= sum(all_of.values()) * 0.05


@pytest.mark.parametrize(("born", "due"), [(date(2008, 6, 1), "0.00"), (date(2007, 6, 1), "2.00")])
def test_who_is_a_minor_on_new_years_day_owes_nothing_all_year(born, due):
    paid = a_payment(lines=[a_line(beneficiary="A B")])
    [person] = build_ledger([paid], [Person("A B", born)]).shape(2026)["beneficiaries"]
    assert person["participation"]["due"] == due


def pharmacy(count: int, taken: str, reimbursed: str = "9.00", day: str | None = "2026-10-01"):
    lines = [a_line(id=f"l{n}", beneficiary="A B", act="PHARMACIE 65 %", paid=None, base=None, rate=None,
                    reimbursed=reimbursed) for n in range(count)]
    cut = {"id": "r", "kind": "franchise", "label": "Franchise", "act_date": day, "amount": f"-{taken}"}
    return a_payment(lines=lines, deductions=[cut])


@pytest.mark.parametrize(("count", "taken", "certainty"), [(1, "1.00", "exact"), (3, "1.00", "exact"),
                                                            (4, "4.00", "exact"), (1, "4.00", "likely")])
def test_boxes_are_one_line_or_several_and_lines_alike_are_certain(count, taken, certainty):
    ledger = build_ledger([pharmacy(count, taken)])
    origin = ledger.origin_of("p", "r")
    assert origin is not None
    assert origin.certainty == certainty
    assert sum(one.amount for entry in ledger.entries for one in entry.withheld) == Decimal(taken)


def test_a_line_never_stands_for_more_boxes_than_it_gave_back():
    ledger = build_ledger([pharmacy(1, "4.00", reimbursed="3.50")])
    assert [one.why for one in ledger.unexplained] == ["above_due"]


def test_a_deduction_without_a_day_is_never_certain():
    origin = build_ledger([pharmacy(1, "1.00", day=None)]).origin_of("p", "r")
    assert origin is not None
    assert origin.certainty == "likely"


@pytest.mark.parametrize(("today", "old"), [(date(2031, 10, 7), "0.00"), (date(2031, 10, 8), "1.00")])
def test_what_has_waited_too_long_to_be_asked_for_is_told_apart(today, old):
    forecast = build_ledger([{**pharmacy(1, "1.00"), "deductions": []}]).forecast(today)
    assert (forecast["total"], forecast["old"]) == ("1.00", old)
    assert ("datent de plus de 5 ans" in forecast["text_fr"]) is (old == "1.00")


@settings(max_examples=examples(15), deadline=None)
@given(st.integers(0, 400), st.integers(0, 500))
def test_a_year_added_in_two_halves_equals_the_whole(seed, cut):
    listed, persons, _ = account(seed)
    whole, halves = build_ledger(listed, persons), build_ledger(listed[cut:] + listed[:cut], persons)
    assert whole.origins == halves.origins
    assert [whole.shape(year) for year in whole.years()] == [halves.shape(year) for year in halves.years()]
