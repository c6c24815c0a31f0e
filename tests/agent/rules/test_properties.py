"""What holds for any care whatever: nothing above the price, no ceiling exceeded, the parts add up."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import AmeliError
from agent.rules import Estimate, Used, estimate, read_care
from agent.rules.codes.nomenclature import ACTS
from agent.rules.errors import BadEstimate, BaseNeeded, NotPriced, UnknownAct, UnknownDate
from agent.rules.pricing.request import SITUATIONS
from config.tariffs import load
from tests.thoroughness import examples

_CENT = Decimal("0.01")
_RAISED = date(2026, 10, 1)
"""The day from which one source has yearly ceilings of 70 euros."""
_DAYS = st.dates(date(2009, 1, 1), date(2026, 11, 23))
_AMOUNTS = st.decimals(0, 3000, places=2)
_USED = st.fixed_dictionaries(
    {"participation": st.decimals(0, 60, places=2), "franchise": st.decimals(0, 60, places=2)}
)
_CARES = st.fixed_dictionaries(
    {"act": st.sampled_from(sorted(ACTS)), "on": _DAYS.map(date.isoformat)},
    optional={
        "price": _AMOUNTS,
        "base": _AMOUNTS,
        "quantity": st.integers(1, 12),
        "sector": st.sampled_from(["1", "2", "optam"]),
        "coordinated": st.booleans(),
        "third_party_payment": st.booleans(),
        "urgent": st.booleans(),
        "heavy_act": st.booleans(),
        "wage": _AMOUNTS,
        "used_this_year": _USED,
        "used_same_day": _USED,
        "top_up": st.none() | st.fixed_dictionaries({"percent_brss": st.integers(0, 500).map(str)}),
        "beneficiary": st.fixed_dictionaries(
            {"situations": st.lists(st.sampled_from(sorted(SITUATIONS)), unique=True, max_size=3)},
            optional={"birth_date": st.dates(date(1920, 1, 1), date(2009, 1, 1)).map(date.isoformat)},
        ),
    },
)


def _priced(body: dict[str, Any]) -> Estimate | None:
    """The estimate, or None where the engine refuses in its own words."""
    try:
        return estimate(read_care(body))
    except (BaseNeeded, NotPriced, UnknownDate):
        return None


@given(_CARES)
@settings(max_examples=examples(1500), deadline=None)
def test_the_parts_add_up_and_stay_within_the_price(body: dict[str, Any]) -> None:
    result = _priced(body)
    if result is None:
        return
    assert result.price == result.amo + result.amc + result.left_to_pay
    for amount in (result.amo, result.amc, result.left_to_pay, result.participation, result.franchise, result.pat):
        assert amount >= 0
    assert result.amo_before_deductions <= result.price
    assert result.franchise <= result.amo_before_deductions
    assert all(step.text_fr and step.text_en and step.rule and step.source for step in result.steps)


@given(_CARES)
@settings(max_examples=examples(800), deadline=None)
def test_no_ceiling_is_exceeded(body: dict[str, Any]) -> None:
    result = _priced(body)
    if result is None:
        return
    care = read_care(body)
    year = 70 if care.on >= _RAISED else 50
    assert result.participation <= max(Decimal(0), year - care.used_this_year.participation)
    assert result.participation <= max(Decimal(0), 8 - care.used_same_day.participation)
    assert result.franchise <= max(Decimal(0), year - care.used_this_year.franchise)


@given(
    st.lists(st.sampled_from(["G", "PH7", "AMI 4", "B60", "TXI", "ADI/LIMB"]), max_size=120),
    st.integers(0, 120),
    st.booleans(),
)
@settings(max_examples=examples(40), deadline=None)
def test_a_year_split_in_two_withholds_what_the_whole_year_does(acts: list[str], cut: int, early: bool) -> None:
    first = date(2024, 1, 1) if early else date(2025, 1, 1)

    def run(part: list[str], used: Used, offset: int) -> Used:
        for number, act in enumerate(part):
            on = first + timedelta(days=2 * (offset + number))
            result = estimate(
                read_care(
                    {
                        "act": act,
                        "on": on.isoformat(),
                        "price": "40",
                        "used_this_year": {"participation": str(used.participation), "franchise": str(used.franchise)},
                    }
                )
            )
            used = Used(used.participation + result.participation, used.franchise + result.franchise)
        return used

    whole = run(acts, Used(), 0)
    assert run(acts[cut:], run(acts[:cut], Used(), 0), cut if cut < len(acts) else len(acts)) == whole
    assert whole.participation <= 50 and whole.franchise <= 50


def test_every_act_names_parameters_that_exist() -> None:
    known = load().parameters
    for act in ACTS.values():
        for name in (act.rate, act.tariff, act.session, act.cap, act.limit):
            assert not name or name in known, (act.code, name)


@pytest.mark.parametrize(
    ("body", "error", "names"),
    [
        ({"act": "PH8", "on": "2026-01-01"}, UnknownAct, "PH7"),
        ({"act": "G+XYZ", "on": "2026-01-01"}, UnknownAct, "no known code is like it"),
        ({"act": "SDE/SCALING", "on": "2013-01-01"}, UnknownDate, "2014-03-07"),
        ({"act": "G", "on": "1999-01-01"}, UnknownDate, "2002-12-31"),
        ({"act": "SPR", "on": "2026-01-01", "price": "600"}, BaseNeeded, "SPR/CROWN"),
        ({"act": "CCX", "on": "2024-02-01", "price": "90", "sector": "2"}, BaseNeeded, "CCX"),
        ({"act": "G+PH7", "on": "2026-02-01", "base": "30"}, NotPriced, "one by one"),
        ({"act": "G", "on": "soon"}, BadEstimate, "on"),
        ({"act": "G", "on": "2026-02-01", "price": "NaN"}, BadEstimate, "price"),
        ({"act": "G", "on": "2026-02-01", "surgery": 1}, BadEstimate, "surgery"),
        ({"act": "G", "on": "2026-02-01", "beneficiary": {"situations": ["rich"]}}, BadEstimate, "situations"),
        ({"on": "2026-02-01"}, BadEstimate, "act"),
        ([], BadEstimate, "estimate"),
    ],
)
def test_what_is_not_known_is_refused_with_what_is_nearest(body: Any, error: type[AmeliError], names: str) -> None:
    with pytest.raises(error) as refused:
        estimate(read_care(body))
    for lang in ("fr", "en"):
        assert refused.value.message(lang) and refused.value.hint(lang)
    assert names in refused.value.message("en")


def _shape(**body: Any) -> dict[str, Any]:
    return estimate(read_care({"on": "2026-11-02", **body})).shape()


def test_a_base_from_a_statement_prices_an_act_the_tables_have_no_tariff_for() -> None:
    assert _shape(act="CNPSY", base="39", price="90", sector="2")["amo"] == "25.30"


def test_four_participations_at_most_for_a_day_and_professional() -> None:
    assert _shape(act="ADE", price="30", quantity=6)["participation"] == "8.00"
    assert _shape(act="G", price="30", used_same_day={"participation": "8"})["amo"] == "21.00"


def test_who_turns_18_within_the_year_stays_exempt_until_its_end() -> None:
    child = {"birth_date": "2008-03-01"}
    assert _shape(act="G", beneficiary=child)["participation"] == "0.00"
    assert _shape(act="G", on="2027-01-02", beneficiary=child)["participation"] == "2.00"


def test_the_local_scheme_adds_its_points_beside_the_fund() -> None:
    result = _shape(act="G", on="2017-06-12", beneficiary={"situations": ["alsace_moselle"]})
    assert (result["amo_before_deductions"], result["amc"]) == ("17.50", "5.00")
    assert _shape(act="PH4", price="10", beneficiary={"situations": ["alsace_moselle"]})["amc"] == "5.00"


def test_out_of_the_pathway_even_full_cover_loses_the_increase() -> None:
    assert _shape(act="G", coordinated=False, beneficiary={"situations": ["ald"]})["rate"] == "60"
    assert _shape(act="G", coordinated=False, beneficiary={"situations": ["c2s"]})["left_to_pay"] == "12.00"
    assert _shape(act="G", coordinated=False, beneficiary={"birth_date": "2014-01-01"})["rate"] == "70"


def test_an_invalidity_pension_leaves_weak_medicines_at_their_rate() -> None:
    pension = {"situations": ["pension_invalidity"]}
    assert [_shape(act=act, price="10", beneficiary=pension)["rate"] for act in ("PH7", "PH4", "PH2")] == [
        "100",
        "30",
        "15",
    ]


def test_a_responsible_contract_stops_at_twice_the_base_without_optam() -> None:
    assert _shape(act="CS", price="100", sector="2", top_up={"percent_brss": "300"})["amc"] == "29.90"


def test_the_day_charge_is_absorbed_in_the_ordinary_share_and_added_to_the_flat_one() -> None:
    assert _shape(act="PJ+FJ", base="1000", quantity=5, on="2025-06-01")["left_to_pay"] == "200.00"
    assert _shape(act="PJ+FJ", base="1000", quantity=5, on="2025-06-01", heavy_act=True)["left_to_pay"] == "124.00"
    assert _shape(act="PJ+FJ", base="100", quantity=5, on="2025-06-01")["left_to_pay"] == "100.00"


def test_the_hundred_percent_basket_leaves_nothing_up_to_its_cap() -> None:
    assert _shape(act="AUD/CLASS-1", price="950", top_up={"percent_brss": "100"})["left_to_pay"] == "0.00"
    assert Decimal(_shape(act="AUD/CLASS-1", price="951", top_up={"percent_brss": "100"})["left_to_pay"]) > 0


def test_a_refund_smaller_than_the_participation_says_what_is_taken_later() -> None:
    result = _shape(act="B10", price="2.50")
    assert (result["amo"], result["participation"]) == ("0.00", "2.00")
    assert any("0.50" in step["text_en"] and "later" in step["text_en"] for step in result["steps"])


_SIMPLE = st.fixed_dictionaries(
    {
        "act": st.sampled_from(["G", "PH7", "PH2", "AMI", "B", "ADC", "ADI", "VSL", "SDE", "PJ", "MAD"]),
        "on": st.dates(date(2012, 1, 1), date(2026, 11, 23)).map(date.isoformat),
        "base": st.decimals(1, 900, places=2),
    },
    optional={"quantity": st.integers(1, 6), "top_up": st.just({"percent_brss": "150"})},
)


@given(_SIMPLE, st.decimals(0, 300, places=2))
@settings(max_examples=examples(400), deadline=None)
def test_a_higher_price_never_lowers_what_is_refunded_nor_what_is_left(body: dict[str, Any], more: Decimal) -> None:
    price = body["base"]
    less, dear = _priced(body | {"price": price}), _priced(body | {"price": price + more})
    assert less is not None and dear is not None
    assert dear.amo >= less.amo and dear.amc >= less.amc and dear.left_to_pay >= less.left_to_pay


@given(_SIMPLE, st.integers(0, 50), st.integers(0, 50))
@settings(max_examples=examples(400), deadline=None)
def test_what_was_already_withheld_never_raises_what_is_withheld(body: dict[str, Any], first: int, second: int) -> None:
    low, high = sorted((first, second))
    taken = []
    for used in (low, high):
        result = _priced(body | {"price": body["base"], "used_this_year": {"participation": used, "franchise": used}})
        assert result is not None
        taken.append(result.participation + result.franchise)
        assert used + max(result.participation, result.franchise) <= (70 if body["on"] >= _RAISED.isoformat() else 50)
    assert taken[1] <= taken[0]


@given(_SIMPLE)
@settings(max_examples=examples(300), deadline=None)
def test_a_protection_never_costs_the_person_more(body: dict[str, Any]) -> None:
    body = {name: part for name, part in body.items() if name != "top_up"} | {"price": body["base"]}
    plain = _priced(body)
    assert plain is not None
    for situation in ("c2s", "maternity", "ald", "pension_invalidity", "work_accident", "alsace_moselle"):
        protected = _priced(body | {"beneficiary": {"situations": [situation]}})
        assert protected is not None
        # Without its flat share a costly act may owe a full deduction that its refund did not allow before.
        assert protected.left_to_pay <= plain.left_to_pay


@given(_CARES)
@settings(max_examples=examples(500), deadline=None)
def test_every_amount_is_whole_cents_and_every_answer_can_be_printed(body: dict[str, Any]) -> None:
    result = _priced(body)
    if result is None or "wage" in body:
        return
    for amount in (result.amo, result.amc, result.participation, result.franchise, result.pat):
        assert amount == amount.quantize(_CENT)
    shape = result.shape()
    assert Decimal(shape["amo"]) + Decimal(shape["amc"]) + Decimal(shape["left_to_pay"]) == Decimal(shape["price"])


@pytest.mark.parametrize(("on", "said"), [("2026-12-31", False), ("2027-01-01", True)])
def test_a_day_past_the_review_of_the_tables_used_is_told(on: str, said: bool) -> None:
    steps = estimate(read_care({"act": "AMI4", "on": on})).steps
    assert any(step.rule == "review" for step in steps) is said
