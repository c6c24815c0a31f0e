"""Transfers as banks show them: split, put together, late, taken back, on two accounts. What came is never called
lost, and no transfer explains two things."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.rules.owed.bank_matching import Arrivals, find_arrivals
from agent.rules.owed.banking_days import after
from tests.agent.rules.test_arrivals import ALL, TODAY, credit, paid
from tests.thoroughness import examples

D = Decimal
BOTH = {"a": ALL["a"], "b": ALL["a"]}
Shape = dict[str, object]


def _each_once(found: Arrivals, payments: Iterable[Shape], credits: Iterable[Shape]) -> None:
    """Payments and their transfers make the same sums, and what explains something is not said to explain nothing."""
    amounts = {str(one["id"]): D(str(one["amount"])) for one in (*payments, *credits)}
    groups: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for payment, match in found.matches.items():
        groups[match.parts or (match.credit,)].append(payment)
    used = [part for parts in groups for part in parts]
    assert len(used) == len(set(used))
    assert not {*used} & {*found.unexplained}
    for parts, listed in groups.items():
        assert sum(amounts[part] for part in parts) == sum(amounts[payment] for payment in listed)


def _life(chance: Random, count: int, cents: list[int]) -> tuple[list[Shape], list[Shape]]:
    """Payments, and the transfers that bring all of them."""
    payments: list[Shape] = []
    credits: list[Shape] = []
    account, day = "a", date(2026, 1, 5)

    def come(on: date, amount: int, ordered: date) -> None:
        booked = after(on, chance.choice([0, 1, 1, 1, 2, 5]))
        reference = ordered.isoformat() if chance.random() < 0.3 else None
        credits.append(credit(f"c{len(credits):03}", booked.isoformat(), f"{amount / 100:.2f}", reference,
                              account=account))

    while len(payments) < count:
        day += timedelta(chance.choice([0, 0, 1, 2, 6, 15]))
        if day > date(2026, 11, 6):
            break
        if chance.random() < 0.1:
            account = "b" if account == "a" else "a"
        form = chance.choice(["one", "one", "one", "split", "together", "taken back"])
        amounts = [chance.choice(cents) for _ in range(1 if form in ("one", "split") else chance.randint(2, 4))]
        if form == "taken back":
            amounts = [*amounts[:1], -chance.randrange(1, amounts[0])]
        for amount in amounts:
            payments.append(paid(f"p{len(payments):03}", day.isoformat(), f"{amount / 100:.2f}"))
        total = sum(amounts)
        if form == "split" and total > 3:
            first = chance.randrange(1, total)
            come(day, first, day)
            come(day, total - first, day)
        else:
            come(day, total, day)
    chance.shuffle(payments)
    chance.shuffle(credits)
    return payments, credits


@settings(max_examples=examples(200), deadline=None)
@given(st.integers(0, 10**9), st.integers(1, 40), st.booleans())
def test_what_came_in_any_form_is_never_called_lost(seed: int, count: int, alike: bool) -> None:
    chance = Random(seed)
    cents = [650, 1300, 1650, 1900, 1950, 2550] if alike else [chance.randrange(200, 90000) for _ in range(300)]
    payments, credits = _life(chance, count, cents)
    found = find_arrivals(payments, credits, BOTH, TODAY)
    assert found.missing == []
    _each_once(found, payments, credits)


@settings(max_examples=examples(100), deadline=None)
@given(st.integers(0, 10**9), st.integers(4, 40))
def test_a_payment_that_is_lost_among_others_is_found(seed: int, count: int) -> None:
    chance = Random(seed)
    days = sorted(date(2026, 1, 5) + timedelta(9 * number) for number in range(min(count, 33)))
    payments = [paid(f"p{number}", day.isoformat(), f"{number + 11}.0{number % 9 + 1}")
                for number, day in enumerate(days)]
    lost = chance.randrange(len(payments))
    credits = [credit(f"c{number}", (days[number] + timedelta(1)).isoformat(), str(one["amount"]))
               for number, one in enumerate(payments) if number != lost]
    found = find_arrivals(payments, credits, ALL, TODAY)
    assert found.missing == [f"p{lost}"]
    first, last = found.covered[f"p{lost}"]
    assert first <= days[lost] < last
    assert find_arrivals(payments, credits, ALL, TODAY, came={f"p{lost}"}).missing == []


@settings(max_examples=examples(60), deadline=None)
@given(st.integers(0, 10**9), st.integers(2, 30), st.integers(2, 28))
def test_days_of_the_other_account_are_not_told_of_by_the_file_of_one(seed: int, count: int, changed: int) -> None:
    days = [date(2026, 1, 5) + timedelta(9 * number) for number in range(count + 2)]
    payments = [paid(f"p{number}", day.isoformat(), f"{Random(seed + number).randrange(1, 900)}.00")
                for number, day in enumerate(days)]
    credits = [credit(f"c{number}", (days[number] + timedelta(1)).isoformat(), str(one["amount"]),
                      account="a" if number < changed else "b") for number, one in enumerate(payments)]
    only = [one for one in credits if one["accounts"] == ["a"]]
    if len(payments) - len(only) != 1:  # one payment behind the last transfer is said, with that
        assert find_arrivals(payments, only, ALL, TODAY).missing == []
    late = {"a": ALL["a"], "b": [[days[-1].isoformat(), "2026-11-23"]]}
    shown = [one for one in credits if one["accounts"] == ["a"] or str(one["on"]) >= days[-1].isoformat()]
    assert find_arrivals(payments, shown, late, TODAY).missing == []


def test_several_transfers_may_be_one_payment() -> None:
    payments = [paid("p", "2026-09-08", "26.50"), paid("q", "2026-10-08", "8.00")]
    credits = [credit("c1", "2026-09-09", "19.00"), credit("c2", "2026-09-10", "7.50"),
               credit("d", "2026-10-09", "8.00")]
    found = find_arrivals(payments, credits, ALL, TODAY)
    assert (found.matches["p"].parts, found.matches["p"].credit) == (("c1", "c2"), "c2")
    assert (found.missing, found.unexplained) == ([], [])


def test_what_the_fund_takes_back_lessens_a_transfer() -> None:
    payments = [paid("p", "2026-09-08", "26.50"), paid("back", "2026-09-08", "-6.50")]
    found = find_arrivals(payments, [credit("c", "2026-09-09", "20.00")], ALL, TODAY)
    assert {key: one.credit for key, one in found.matches.items()} == {"p": "c", "back": "c"}
    alone = find_arrivals([*payments, paid("q", "2026-10-08", "8.00")],
                          [credit("c", "2026-09-09", "26.50"), credit("d", "2026-10-09", "8.00")], ALL, TODAY)
    assert alone.missing == []  # what is taken back is nothing to wait for


def test_one_transfer_may_be_payments_of_several_days() -> None:
    payments = [paid("p", "2026-09-08", "19.00"), paid("q", "2026-09-09", "7.50")]
    found = find_arrivals(payments, [credit("c", "2026-09-11", "26.50")], ALL, TODAY)
    assert {one.credit for one in found.matches.values()} == {"c"}


def test_equal_twins_of_one_time_do_not_hide_those_of_another() -> None:
    payments = [paid("p1", "2026-03-03", "19.00"), paid("p2", "2026-03-03", "19.00"),
                paid("q1", "2026-08-03", "19.00"), paid("q2", "2026-08-04", "19.00")]
    credits = [credit("c1", "2026-03-04", "19.00"), credit("c2", "2026-03-04", "19.00"),
               credit("d", "2026-08-06", "19.00")]
    found = find_arrivals(payments, credits, ALL, TODAY)
    assert {key: one.credit for key, one in found.matches.items()} == {"p1": "c1", "p2": "c2"}
    assert (found.missing, found.candidates) == ([], {"d": ["q1", "q2"]})


def test_an_equal_transfer_on_two_accounts_may_be_two() -> None:
    payments = [paid("x", "2026-03-01", "3.00"), paid("p1", "2026-09-08", "19.00"), paid("p2", "2026-09-08", "19.00"),
                paid("y", "2026-10-01", "4.00")]
    both = {**credit("c", "2026-09-09", "19.00"), "accounts": ["a", "b"]}
    credits = [credit("k", "2026-03-02", "3.00"), both, credit("l", "2026-10-02", "4.00")]
    assert find_arrivals(payments, credits, BOTH, TODAY).missing == []


@pytest.mark.parametrize(("late", "said"), [(0, ["p"]), (8, [])])
def test_a_bank_that_takes_longer_is_waited_for(late: int, said: list[str]) -> None:
    payments = [paid("x", "2026-10-05", "3.00"), paid("p", "2026-10-26", "19.00")]
    on = after(date(2026, 10, 5), late or 1)
    credits = [{**credit("k", on.isoformat(), "3.00"), "said": "x"}]
    read = {"a": [["2026-09-01", after(date(2026, 10, 26), 6).isoformat()]]}
    found = find_arrivals(payments, credits, read, TODAY)
    assert (found.missing, found.patience) == (said, max(5, late))
