"""Ceilings of the day, the reduced rate where it cannot hold, how long one may ask, and flat amounts of a contract."""

from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import AmeliError
from agent.rules import Care, TopUp, estimate
from agent.rules.dated_tables import era
from agent.rules.explain import Explainer
from agent.rules.ledger import Person, build_ledger
from agent.rules.owed import claim_until, find_anomalies, with_limits
from agent.rules.pricing.engine import complement
from tests.agent.rules.shapes import TODAY, household
from tests.agent.rules.test_explain import WHO, explained, line, payment
from tests.agent.rules.test_owed import anomalies, kinds
from tests.thoroughness import examples

NURSE = line("SOINS INFIRMIERS", "12.60", "12.60", "60", "7.56")
TRIP = line("TRANSPORT VSL", "40.00", "40.00", "55", "22.00")


def franchises(count: int, amount: str) -> tuple[tuple[str, str, str], ...]:
    """So many franchises for care of the same day."""
    return tuple(("franchise", "2026-11-10", amount) for _ in range(count))


@pytest.mark.parametrize(("act", "amount", "allowed"), [(NURSE, "-1.00", 4), (TRIP, "-4.00", 2)])
def test_more_franchises_than_the_ceiling_of_the_day_are_an_anomaly(
    act: dict[str, Any], amount: str, allowed: int
) -> None:
    acts = [act] * (allowed + 2)
    assert anomalies(payment(*acts, deductions=franchises(allowed, amount))) == []
    found = anomalies(payment(*acts, deductions=franchises(allowed + 1, amount)))
    assert kinds(found) == ["daily_ceiling_exceeded"]
    assert Decimal(found[0]["amount"]) == -Decimal(amount)


def test_two_people_cared_for_on_one_day_have_a_ceiling_each() -> None:
    other = {**NURSE, "beneficiary": "ALEX MARTIN"}
    assert anomalies(payment(*[NURSE] * 4, *[other] * 4, deductions=franchises(8, "-1.00"))) == []


def test_boxes_of_the_same_day_have_no_ceiling_that_could_be_passed() -> None:
    box = line("PHARMACIE", "10.00", "10.00", "65", "6.50")
    found = anomalies(payment(*[NURSE] * 6, *[box] * 6, deductions=franchises(10, "-1.00")))
    assert "daily_ceiling_exceeded" not in kinds(found)


@pytest.mark.parametrize(("born", "wrong"), [(date(2010, 11, 11), True), (date(2010, 11, 10), False)])
def test_under_sixteen_the_reduced_rate_does_not_apply(born: date, wrong: bool) -> None:
    visit = payment(line(rate="30", back="9.00"))
    found = anomalies(visit, persons=(Person(WHO, born),))
    assert kinds(found) == (["outside_pathway_not_applicable"] if wrong else [])
    assert not found or found[0]["amount"] == "12.00"


def test_a_doctor_is_known_as_declared_whatever_the_order_of_the_names() -> None:
    visit = payment({**line(rate="30", back="9.00"), "beneficiary": "MARTIN CAMILLE"})
    assert kinds(anomalies(visit, doctor=True)) == ["outside_pathway_with_doctor"]


@pytest.mark.parametrize(("care", "until"), [
    (date(2025, 2, 10), date(2027, 4, 1)), (date(2025, 3, 31), date(2027, 4, 1)),
    (date(2025, 4, 1), date(2027, 7, 1)), (date(2024, 12, 31), date(2027, 1, 1)),
])
def test_a_claim_dies_two_years_after_the_quarter_that_follows_the_care(care: date, until: date) -> None:
    assert claim_until(care) == until


@given(st.dates(date(2010, 1, 1), date(2030, 12, 31)))
def test_there_are_always_between_two_years_and_two_years_and_a_quarter_to_ask(care: date) -> None:
    end = claim_until(care)
    assert end is not None and timedelta(days=730) < end - care <= timedelta(days=731 + 92)


@pytest.mark.parametrize(("today", "claim"), [
    (date(2028, 10, 2), "open"), (date(2028, 10, 3), "soon"), (date(2028, 12, 31), "soon"), (date(2029, 1, 1), "over")])
def test_an_anomaly_tells_how_long_one_may_still_ask(today: date, claim: str) -> None:
    [told] = with_limits(anomalies(payment(line(back="12.00"))), today)
    assert (told["claim"], told["claim_until"]) == (claim, "2029-01-01")
    assert ("01/01/2029" in told["evidence"][-1]["text_fr"]) is (claim == "soon")


def test_an_anomaly_of_a_whole_payment_has_no_limit_to_tell() -> None:
    [told] = with_limits(anomalies(payment(line(), amount="18.00")), TODAY)
    assert told["claim"] is told["claim_until"] is None


@pytest.mark.parametrize(("act", "flat", "expected"), [
    (line("OPTIQUE MONTURE", "150.00", "0.05", "60", "0.03"), {"frame": Decimal(80)}, "80.02"),
    (line("OPTIQUE MONTURE", "150.00", "0.05", "60", "0.03"), {"frame": Decimal(120)}, "99.97"),
    (line("OPTIQUE MONTURE", "150.00", "0.05", "60", "0.03"), {"lenses": Decimal(120)}, "0.02"),
    (line("OPTIQUE VERRE", "90.00", "0.05", "60", "0.03"), {"lenses": Decimal(200)}, "89.97"),
    (line("PROTHESE DENTAIRE", "600.00", "120.00", "60", "72.00"), {"dental": Decimal(300)}, "348.00"),
])
def test_flat_amounts_are_added_within_the_price_and_what_the_law_lets_a_contract_give(
    act: dict[str, Any], flat: dict[str, Decimal], expected: str
) -> None:
    told = explained(payment(act), top_up=TopUp(Decimal(100)), flat=flat)
    assert told["top_up"]["expected"] == expected


@pytest.mark.parametrize(("covered", "expected"), [
    ((None, None), "9.00"), ((date(2026, 11, 10), date(2026, 11, 10)), "9.00"),
    ((date(2026, 11, 11), None), "0.00"), ((None, date(2026, 11, 9)), "0.00"),
])
def test_a_contract_gives_nothing_on_care_outside_its_days(
    covered: tuple[date | None, date | None], expected: str
) -> None:
    assert explained(payment(line()), top_up=TopUp(Decimal(100)), covered=covered)["top_up"]["expected"] == expected


def test_care_older_than_the_oldest_payment_proves_nothing() -> None:
    assert anomalies(payment(line(), deductions=(("franchise", "2026-09-01", "-1.00"),))) == []


@pytest.mark.parametrize("first", ["a", "z"])
def test_care_and_its_deduction_paid_on_one_day_are_no_anomaly_in_either_order(first: str) -> None:
    scan = payment(line("ACTE D IMAGERIE", "27.50", "27.50", "70", "19.25"), to="tiers", key="m")
    visit = payment(line(on="2026-11-12"), key=first, deductions=(
        ("participation", "2026-11-12", "-2.00"), ("participation", "2026-11-10", "-2.00")))
    assert anomalies(scan, visit) == []


@pytest.mark.parametrize("seed", range(20))
def test_households_have_no_anomaly_of_deductions_when_ids_say_nothing_of_the_order(seed: int) -> None:
    payments, persons = household(seed)
    for one in payments:
        one["id"] = sha256(one["id"].encode()).hexdigest()[:16]
    ledger = build_ledger(payments, persons)
    found = find_anomalies(payments, Explainer(ledger, persons), ledger)
    assert [one["kind"] for one in found if one["kind"] != "paid_twice"] == []


def test_an_adult_is_not_called_exempt_because_a_child_was_cared_for_on_the_same_day() -> None:
    visit = payment({**line(), "beneficiary": "NOE MARTIN"}, line(back="0.00", paid="0.00", base="0.00"))
    persons = (Person("NOE MARTIN", date(2018, 1, 1)), Person(WHO, date(1980, 1, 1)))
    told = Explainer(build_ledger([visit], persons), persons).explain(visit)
    child, adult = (one["steps"][-1] for one in told["lines"])
    assert child["rule"] == "L160-15, D160-12"
    assert adult["rule"] != child["rule"]


@settings(max_examples=examples(300), deadline=None)
@given(
    act=st.sampled_from(["G", "CS", "PH7", "PH4", "AMI", "B", "ADC", "ADI", "SPR", "OPT", "VSL", "PJ", "FJ"]),
    on=st.dates(date(2012, 1, 1), TODAY), base=st.decimals("0.05", 900, places=2),
    more=st.decimals(0, 200, places=2), percent=st.integers(100, 400), outside=st.booleans(), full=st.booleans(),
)
def test_the_contracts_share_alone_is_that_of_the_whole_estimate_on_any_day_of_an_era(
    act: str, on: date, base: Decimal, more: Decimal, percent: int, outside: bool, full: bool
) -> None:
    def care(day: date) -> Care:
        return Care(act=act, on=day, price=base + more, base=base, coordinated=not outside, sector="2",
                    top_up=TopUp(Decimal(percent)), situations=frozenset({"ald"} if full else ()))

    try:
        whole = estimate(care(on)).amc
    except AmeliError as refusal:
        with pytest.raises(type(refusal)):
            complement(care(era(on)))
    else:
        assert complement(care(on)) == complement(care(era(on))) == whole
