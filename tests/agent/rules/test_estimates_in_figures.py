"""Estimates worked out by hand: what each rule gives at its edge, and the step that says so."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from agent.rules import Care, Estimate, TopUp, estimate, estimate_json, read_care
from agent.rules.errors import BadEstimate, NotPriced, UnknownAct
from agent.rules.pricing.engine import complement
from config.tariffs import load

D = Decimal


def priced(act: str, on: str = "2026-04-01", **body: Any) -> Estimate:
    """One piece of care, priced."""
    return estimate(read_care({"act": act, "on": on, **body}))


def steps(result: Estimate, begins: str) -> list[Decimal]:
    """The amounts of the steps that begin so in English."""
    return [step.amount for step in result.steps if step.text_en.startswith(begins)]


# -- participations and franchises -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("base", "late"), [("2.86", []), ("2.84", [D("0.01")]), ("1.00", [D("1.30")])])
def test_a_refund_of_just_the_participation_leaves_nothing_for_later(base: str, late: list[Decimal]) -> None:
    result = priced("G", base=base, price=base)
    assert result.participation == 2 and result.amo == 0
    assert steps(result, "The refund is too small") == late


@pytest.mark.parametrize(("act", "body", "later"), [
    ("G", {}, [D(2)]), ("PH7", {"base": "20"}, [D(1)]), ("G", {"beneficiary": {"situations": ["c2s"]}}, []),
    ("FJ", {}, []), ("PJ", {"base": "1000", "heavy_act": False}, []),
])
def test_what_a_professional_was_paid_is_withheld_later_where_anything_is(
    act: str, body: dict[str, Any], later: list[Decimal]
) -> None:
    assert steps(priced(act, third_party_payment=True, **body), "Third-party payment: this sum") == later
    assert steps(priced(act, **body), "Third-party payment: this sum") == []


@pytest.mark.parametrize(("quantity", "taken", "due"), [(3, 6, []), (4, 8, []), (5, 8, [D(2)])])
def test_at_most_four_participations_a_day_at_one_professional(
    quantity: int, taken: int, due: list[Decimal]
) -> None:
    result = priced("G", quantity=quantity, base="200", price="200")
    assert result.participation == taken
    assert [step.amount for step in result.steps if step.text_en.endswith("the act's floor holds.")] == due


@pytest.mark.parametrize(("born", "taken"), [
    ("2008-01-02", 0), ("2008-01-01", 2), ("2026-02-01", 0), ("1990-01-01", 2)])
def test_who_is_a_minor_on_new_years_day_pays_no_participation_that_year(born: str, taken: int) -> None:
    assert priced("G", on="2026-04-01", base="30", beneficiary={"birth_date": born}).participation == taken


@pytest.mark.parametrize("situation", ["c2s", "maternity", "ame"])
def test_a_situation_that_frees_from_deductions_is_named(situation: str) -> None:
    result = priced("PH7", base="20", beneficiary={"situations": [situation]})
    assert result.franchise == 0
    assert steps(result, "Neither participation nor franchise: ") == [0]


def test_no_franchise_before_there_was_any() -> None:
    assert priced("PH7", on="2007-12-31", base="20").franchise == 0
    assert priced("PH7", on="2008-01-01", base="20").franchise == D("0.50")


def test_only_a_transport_in_an_emergency_is_free_of_the_franchise() -> None:
    assert priced("PH7", base="20", urgent=True).franchise == 1
    assert priced("TXI", base="50", price="50", urgent=True).franchise == 0
    assert priced("TXI", base="50", price="50").franchise == 4


def test_each_act_of_a_line_with_one_base_has_its_franchise() -> None:
    assert priced("AMI2+AMI1+IFD", base="10").franchise == 2
    assert priced("AMI4+AMI1", base="12", quantity=5).franchise == 4  # the day's ceiling


def test_a_small_act_beside_a_large_one_gives_no_more_than_its_own_refund() -> None:
    result = priced("AMI4+AMI0.25")
    assert [-step.amount for step in result.steps if step.rule == "franchise.auxiliary_act"] == [1, D("0.47")]
    assert result.franchise == D("1.47")


# -- stays, costly acts, flat charges --------------------------------------------------------------------------------


@pytest.mark.parametrize(("base", "flat"), [("1000", 24), ("24", 24), ("20", 20)])
def test_the_flat_share_of_a_stay_is_never_more_than_its_refund(base: str, flat: int) -> None:
    result = priced("PJ", base=base, heavy_act=True)
    assert (result.pat, result.amo_before_deductions) == (flat, D(base) - flat)
    assert steps(result, "Flat share on costly acts") == [-flat]


@pytest.mark.parametrize(("base", "heavy", "price", "left"), [
    ("1000", True, 1023, 47), ("1000", False, 1000, 200), ("50", False, 63, 23)])
def test_the_day_charge_is_absorbed_in_the_ordinary_share_and_added_to_the_flat_one(
    base: str, heavy: bool, price: int, left: int
) -> None:
    result = priced("PJ+FJ", base=base, heavy_act=heavy)
    assert (result.price, result.left_to_pay) == (price, left)
    assert steps(result, "Daily charge: ") == [23]


def test_the_local_scheme_pays_the_flat_share_of_a_stay_and_not_that_of_an_act() -> None:
    person = {"situations": ["alsace_moselle"]}
    assert priced("PJ", base="1000", heavy_act=True, beneficiary=person).amc == 24
    assert priced("PJ+FJ", base="1000", heavy_act=True, beneficiary=person).amc == 24 + 23
    assert priced("DEQP003", base="200", heavy_act=True, beneficiary=person).amc == 0


@pytest.mark.parametrize("act", ["G+IJ", "FJ+FPU", "G+FJ", "G+FPU", "PJ+FPU", "PJ+FJ+FJ"])
def test_what_is_not_billed_together_is_refused(act: str) -> None:
    with pytest.raises(NotPriced, match="not billed together"):
        priced(act, base="100", heavy_act=False)


def test_the_price_paid_bounds_the_refund_and_the_excess_is_told() -> None:
    low = priced("G", base="30", price="10")
    assert low.amo_before_deductions == 10 and steps(low, "Never more than the price paid") == [10]
    assert steps(low, "Excess: ") == []
    high = priced("G", base="30", price="50")
    assert steps(high, "Excess: ") == [20] and steps(high, "Never more than the price paid") == []


# -- what others pay -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("act", "body"), [
    ("FJ", {"quantity": 3}), ("FPU", {}), ("PJ", {"base": D(1000), "heavy_act": True}),
    ("PJ+FJ", {"base": D(1000), "heavy_act": True}), ("IJ", {"wage": D(3000)}), ("G", {"price": D(50)}),
    ("PH7", {"base": D(20), "quantity": 2}), ("DEQP003", {"base": D(200), "heavy_act": True}),
])
@pytest.mark.parametrize("situations", [frozenset(), frozenset({"c2s"}), frozenset({"alsace_moselle"})])
def test_what_others_add_is_the_same_with_the_deductions_or_without(
    act: str, body: dict[str, Any], situations: frozenset[str]
) -> None:
    care = Care(act=act, on=date(2026, 4, 1), top_up=TopUp(D(150)), situations=situations, **body)
    assert complement(care) == estimate(care).amc


# -- how sure it is --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("after", "fr", "en"), [
    (1, "1 jour", "1 day"), (58, "58 jours", "58 days"), (65, "2 mois", "2 months"), (690, "22 mois", "22 months"),
    (760, "2 ans", "2 years"), (370 * 3, "3 ans", "3 years")])
def test_how_old_a_value_is_stands_in_days_then_months_then_years(after: int, fr: str, en: str) -> None:
    known = load().parameter("nurse.key").known_until
    assert known is not None
    doubt = priced("AMI1", on=(known + timedelta(days=after)).isoformat()).doubts[0]
    assert f", {fr} avant ces soins" in doubt.text_fr and f", {en} before this care" in doubt.text_en


def test_care_after_the_day_on_which_the_tables_were_checked_says_so() -> None:
    reviews, used = load().reviews, {step.rule.partition(".")[0] for step in priced("G").steps}
    checked = min(reviews[concept] for concept in used if concept in reviews)
    assert steps(priced("G", on=checked.isoformat()), "Tariffs checked until ") == []
    late = priced("G", on=(checked + timedelta(days=1)).isoformat())
    assert steps(late, f"Tariffs checked until {checked.isoformat()}, 1 day before this care") == [0]
    assert late.steps[-1].text_en.startswith("Left to pay") and late.certainty == "dated"


# -- several at once -------------------------------------------------------------------------------------------------


def test_a_list_gives_a_list_and_names_the_place_of_a_wrong_field() -> None:
    good, wrong = {"act": "G", "on": "2026-04-01"}, {"act": "G", "on": "spring"}
    [first, second] = estimate_json([good, {**good, "price": "50"}])
    assert (first["price"], second["price"]) == ("30.00", "50.00")
    with pytest.raises(BadEstimate) as caught:
        estimate_json([good, wrong])
    assert caught.value.facts["field"] == "2: on" and "spring" not in caught.value.message("en")
    with pytest.raises(BadEstimate) as caught:
        estimate_json([wrong])
    assert caught.value.facts["field"] == "on"
    with pytest.raises(UnknownAct, match="NOSUCH"):
        estimate_json([good, {**good, "act": "NOSUCH"}])
