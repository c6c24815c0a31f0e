"""Payments and transfers: never one twice, never a sure one missed, and missing only where the files can tell."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.rules.owed.bank_matching import find_arrivals
from agent.rules.owed.banking_days import is_banking_day
from tests.thoroughness import examples

TODAY = date(2026, 11, 23)
ALL = {"a": [["2025-12-01", "2026-11-23"]]}


def paid(key: str, on: str, amount: str, to: str = "assure") -> dict[str, object]:
    return {"id": key, "paid_on": on, "amount": amount, "to": to}


def credit(key: str, on: str, amount: str, ordered: str | None = None, payer: str = "fund", said: str | None = None,
           account: str = "a") -> dict[str, object]:
    return {"id": key, "on": on, "amount": amount, "ordered": ordered, "payer": payer, "said": said, "label": "CPAM",
            "accounts": [account]}


def test_a_reference_of_the_day_and_the_amount_are_sure() -> None:
    found = find_arrivals([paid("p", "2026-09-09", "19.00")], [credit("c", "2026-09-10", "19.00", "2026-09-09")], ALL,
                          TODAY)
    assert (found.matches["p"].credit, found.matches["p"].certainty) == ("c", "sure")
    assert (found.missing, found.unexplained) == ([], [])


def test_the_reference_chooses_between_equal_amounts() -> None:
    payments = [paid("p1", "2026-09-09", "19.00"), paid("p2", "2026-09-10", "19.00")]
    found = find_arrivals(payments, [credit("c", "2026-09-11", "19.00", "2026-09-10")], ALL, TODAY)
    assert set(found.matches) == {"p2"}
    assert found.missing == ["p1"]


def test_an_equal_amount_within_five_banking_days_is_likely_and_later_is_not() -> None:
    payment = [paid("p", "2026-12-23", "19.00")]
    day = date(2027, 2, 1)
    span = {"a": [["2026-12-01", "2027-01-31"]]}
    for on, matched in (("2026-12-31", True), ("2027-01-05", False)):  # Christmas and week-ends do not count
        found = find_arrivals(payment, [credit("c", on, "19.00")], span, day)
        assert bool(found.matches) is matched
        assert found.missing == []
        assert found.candidates == ({} if matched else {"c": ["p"]})  # late, and asked about


def test_two_payments_for_one_transfer_are_asked_about() -> None:
    payments = [paid("p1", "2026-09-08", "19.00"), paid("p2", "2026-09-09", "19.00")]
    found = find_arrivals(payments, [credit("c", "2026-09-10", "19.00")], ALL, TODAY)
    assert found.matches == {}
    assert found.candidates == {"c": ["p1", "p2"]}
    assert found.missing == []  # one of them came


def test_an_account_on_which_the_fund_never_pays_tells_nothing_of_its_payments() -> None:
    payments = [paid("p", "2026-09-08", "19.00")]
    credits = [credit("x", "2026-02-03", "4.00")]
    ranges = {"a": [["2026-02-01", "2026-02-28"]], "other": [["2026-01-01", "2026-11-20"]]}
    assert find_arrivals(payments, credits, ranges, TODAY).missing == []


def test_an_account_of_which_no_transfer_is_a_payment_known_here_tells_of_nothing_lost() -> None:
    payments = [paid(f"p{day}", f"2026-09-0{day}", f"{day}.00") for day in (1, 2, 3)]
    strangers = [credit("x", "2026-08-20", "41.00"), credit("y", "2026-09-20", "52.00")]
    assert find_arrivals(payments, strangers, ALL, TODAY).missing == []
    ours = [*strangers, credit("z", "2026-09-02", "1.00")]
    assert find_arrivals(payments, ours, ALL, TODAY).missing == ["p2", "p3"]


def test_files_of_one_month_each_tell_of_the_days_between_them() -> None:
    payments = [paid("p", "2026-09-29", "19.00"), paid("px", "2026-09-02", "4.00"), paid("py", "2026-10-19", "5.00")]
    credits = [credit("x", "2026-09-03", "4.00"), credit("y", "2026-10-20", "5.00", account="b")]
    ranges = {"a": [["2026-09-01", "2026-09-30"]], "b": [["2026-10-01", "2026-10-31"]]}
    assert find_arrivals(payments, credits, ranges, TODAY).missing == ["p"]


def test_as_many_equal_transfers_as_payments_are_paired_in_order() -> None:
    payments = [paid("p1", "2026-09-08", "19.00"), paid("p2", "2026-09-09", "19.00")]
    found = find_arrivals(payments, [credit("c2", "2026-09-10", "19.00"), credit("c1", "2026-09-09", "19.00")], ALL,
                          TODAY)
    assert {key: one.credit for key, one in found.matches.items()} == {"p1": "c1", "p2": "c2"}


def test_one_transfer_may_be_several_payments_of_a_day() -> None:
    payments = [paid("p1", "2026-09-08", "19.00"), paid("p2", "2026-09-08", "7.50"), paid("p3", "2026-09-20", "26.50")]
    found = find_arrivals(payments, [credit("c", "2026-09-10", "26.50")], ALL, TODAY)
    assert {key: one.credit for key, one in found.matches.items()} == {"p1": "c", "p2": "c"}
    assert found.missing == ["p3"]


def test_payments_to_a_professional_are_never_waited_for() -> None:
    found = find_arrivals([paid("p", "2026-09-08", "19.00", "tiers")], [credit("c", "2026-09-10", "3.00")], ALL, TODAY)
    assert found.missing == []


def test_nothing_is_missing_where_the_files_say_nothing() -> None:
    payments = [paid("p", "2026-09-08", "19.00"), paid("px", "2026-10-09", "4.00")]
    other = credit("x", "2026-10-10", "4.00")
    assert find_arrivals(payments, [], {"a": [["2026-09-01", "2026-09-30"]]}, TODAY).missing == []  # no fund there
    assert find_arrivals(payments, [other], {"a": [["2026-09-09", "2026-10-30"]]}, TODAY).missing == []
    assert find_arrivals(payments, [other], {"a": [["2026-09-01", "2026-10-30"]]}, TODAY).missing == ["p"]
    assert find_arrivals(payments, [credit("x", "2026-09-09", "4.00")], {"a": [["2026-09-01", "2026-09-10"]]},
                         TODAY).missing == []  # too early to tell


def test_the_persons_word_comes_first() -> None:
    payments = [paid("p1", "2026-09-08", "19.00"), paid("p2", "2026-09-09", "19.00")]
    found = find_arrivals(payments, [credit("c", "2026-09-10", "19.00", said="p2")], ALL, TODAY)
    assert found.matches["p2"].certainty == "said"
    none = find_arrivals(payments[:1], [credit("c", "2026-09-10", "19.00", said="none")], ALL, TODAY)
    assert (none.matches, none.unexplained) == ({}, [])


def test_a_transfer_of_before_the_first_payment_known_is_no_riddle() -> None:
    found = find_arrivals([paid("p", "2026-09-08", "19.00")], [credit("c", "2026-03-10", "8.00")], ALL, TODAY)
    assert found.unexplained == []


@settings(max_examples=examples(60), deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 40))
def test_lost_transfers_are_found_and_no_credit_pays_twice(seed: int, count: int) -> None:
    chance = Random(seed)
    payments, credits, lost = [], [], set()
    for number in range(count):
        on = date(2026, 1, 5) + timedelta(chance.randrange(280))
        amount = f"{chance.choice([1900, 1250, 3120, 700, chance.randrange(100, 20000)]) / 100:.2f}"
        payments.append(paid(f"p{number}", on.isoformat(), amount))
        if chance.random() < 0.1:
            lost.add(f"p{number}")
            continue
        credits.append(credit(f"c{number}", (on + timedelta(1)).isoformat(), amount, on.isoformat()))
    credits += [credit("first", "2026-01-02", "4000.00"), credit("last", "2026-11-20", "5000.00")]
    chance.shuffle(payments)
    found = find_arrivals(payments, credits, ALL, TODAY)
    used = [one.credit for one in found.matches.values()]
    assert len(used) == len(set(used)) == len(credits) - 2
    told = lost if used else set()  # of an account that shows no payment known here nothing is said
    assert len(found.missing) == len(told)
    amounts = sorted(Decimal(str(one["amount"])) for one in payments if one["id"] in told)
    assert sorted(Decimal(str(one["amount"])) for one in payments if one["id"] in found.missing) == amounts


@pytest.mark.parametrize(("day", "opens"), [
    (date(2026, 4, 3), False), (date(2026, 4, 6), False), (date(2026, 5, 1), False), (date(2026, 7, 14), True),
    (date(2026, 12, 25), False), (date(2026, 11, 22), False), (date(2026, 11, 23), True),
])
def test_banks_close_on_the_days_of_the_settlement_system(day: date, opens: bool) -> None:
    assert is_banking_day(day) is opens
