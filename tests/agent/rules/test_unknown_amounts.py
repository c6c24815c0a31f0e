"""A price never stands for an amount that is not known: the last known value with its age, or a refusal."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.rules import Estimate, estimate, read_care
from agent.rules.codes.nomenclature import ACTS
from agent.rules.errors import BaseNeeded, NotPriced, UnknownDate
from config.tariffs import load
from tests.thoroughness import examples

_REFUSED = (BaseNeeded, NotPriced, UnknownDate)
_DAYS = st.dates(date(2005, 1, 1), date(2029, 12, 31))
_PRICES = st.decimals("0.01", 3000, places=2)
_WITH_TARIFF = sorted(code for code, act in ACTS.items() if act.tariff and not act.key)
_EDGES = sorted({
    day + timedelta(days=off)
    for parameter in load().parameters.values() if parameter.unit == "EUR"
    for day in (parameter.history[0].since, parameter.known_until, parameter.changed) if day is not None
    for off in (-1, 0, 1, 400)
})  # fmt: skip


def _priced(**body: Any) -> Estimate | None:
    try:
        return estimate(read_care({"heavy_act": False, **body}))
    except _REFUSED as refused:
        assert refused.message("fr") and refused.message("en")
        return None


@pytest.mark.parametrize(
    ("on", "certainty"), [("2024-12-31", "sure"), ("2025-01-02", "dated"), ("2026-11-02", "dated")]
)
def test_a_dentist_is_refunded_on_the_last_known_tariff_never_on_the_price(on: str, certainty: str) -> None:
    result = estimate(read_care({"act": "CD", "on": on, "price": "60"})).shape()
    assert (result["base"], result["amo"], result["certainty"]) == ("23.00", "13.80", certainty)
    assert bool(result["doubts"]) is (certainty == "dated")


def test_the_age_of_a_value_is_told_in_both_languages() -> None:
    for on, fr, en in (
        ("2026-02-22", "2 jours", "2 days"), ("2027-12-22", "22 mois", "22 months"), ("2029-02-20", "3 ans", "3 years"),
    ):  # fmt: skip
        doubt = estimate(read_care({"act": "AMI1", "on": on})).shape()["doubts"][0]
        assert doubt["kind"] == "dated" and doubt["rule"] == "nurse.key"
        assert "20/02/2026" in doubt["text_fr"] and fr in doubt["text_fr"]
        assert "2026-02-20" in doubt["text_en"] and en in doubt["text_en"]


@pytest.mark.parametrize(
    ("body", "nearest"),
    [
        ({"act": "SDE/MILK-TOOTH", "on": "2025-01-01", "price": "60"}, "2024-12-31"),
        ({"act": "ADI/MRI", "on": "2019-06-27", "price": "60"}, "2019-06-28"),
        ({"act": "PSY/FIRST", "on": "2024-06-15", "price": "60"}, "2024-06-14"),
        ({"act": "CD", "on": "2006-06-17", "price": "60"}, "2006-06-18"),
        ({"act": "IFD", "on": "2009-04-14", "price": "60"}, "2009-04-15"),
        ({"act": "SDE/SCALING", "on": "2027-01-01", "price": "60"}, "2026-12-31"),
        ({"act": "PH4", "on": "2027-01-01", "price": "6"}, "2026-12-31"),
        ({"act": "MAD", "on": "2027-01-01", "base": "60"}, "2026-12-31"),
        ({"act": "TXI", "on": "2027-01-01", "price": "60"}, "2026-12-31"),
        ({"act": "VSL/ZONE-A", "on": "2023-11-06"}, "2023-11-05"),
        ({"act": "B/BLOOD-COUNT", "on": "2024-09-10"}, "2024-09-09"),
        ({"act": "MD", "on": "2006-12-30", "price": "60"}, "2006-12-31"),
        ({"act": "G+MDN", "on": "2025-01-01", "price": "60"}, "2024-12-31"),
        ({"act": "VG", "on": "2017-04-30", "price": "60"}, "2017-05-01"),
    ],
)
def test_before_the_first_value_and_once_the_law_changed_it_is_refused_with_the_nearest_day(
    body: dict[str, Any], nearest: str
) -> None:
    with pytest.raises(UnknownDate) as refused:
        estimate(read_care(body))
    told = {word: refused.value.message(word) + refused.value.hint(word) for word in ("fr", "en")}
    assert nearest in told["fr"] and nearest in told["en"]


def test_dental_care_of_many_tariffs_needs_the_base_and_names_the_known_acts() -> None:
    with pytest.raises(BaseNeeded) as refused:
        estimate(read_care({"act": "SDE", "on": "2025-02-01", "price": "60"}))
    assert "SDE/SCALING" in refused.value.message("en")


def test_a_price_that_stands_for_a_tariff_the_tables_do_not_have_is_doubtful_and_says_why() -> None:
    result = estimate(read_care({"act": "SF", "on": "2025-03-01", "price": "30"})).shape()
    assert (result["base"], result["certainty"]) == ("30.00", "doubtful")
    assert "SF" in result["doubts"][0]["text_fr"] and "tariff" in result["doubts"][0]["text_en"]
    assert estimate(read_care({"act": "PH7", "on": "2025-03-01", "price": "30"})).certainty == "sure"


def test_a_day_past_the_review_of_the_tables_is_dated() -> None:
    assert estimate(read_care({"act": "G", "on": "2026-12-30"})).certainty == "sure"
    assert estimate(read_care({"act": "G", "on": "2027-06-30"})).certainty == "dated"


def test_a_price_below_the_tariff_is_the_base() -> None:
    result = estimate(read_care({"act": "G", "on": "2025-03-01", "price": "20"})).shape()
    assert (result["base"], result["amo_before_deductions"], result["amo"]) == ("20.00", "14.00", "12.00")
    semester = estimate(read_care({"act": "TO90", "on": "2025-03-01", "price": "100"})).shape()
    assert (semester["base"], semester["rate"]) == ("100.00", "100"), "its tariff of 193.50 makes it a costly act"


@given(
    st.sampled_from(sorted(ACTS)), _DAYS | st.sampled_from(_EDGES), _PRICES, st.sampled_from(["1", "2", "optam"]),
    st.integers(1, 3),
)  # fmt: skip
@settings(max_examples=examples(600), deadline=None)
def test_neither_base_nor_refund_is_ever_above_the_price(
    act: str, on: date, price: Decimal, sector: str, quantity: int
) -> None:
    result = _priced(act=act, on=on.isoformat(), price=price, sector=sector, quantity=quantity)
    if result is None:
        return
    assert result.amo <= result.price
    assert result.base <= result.price
    assert result.certainty in {"sure", "dated", "doubtful"}
    assert (result.certainty == "sure") is not result.doubts


@given(st.sampled_from(_WITH_TARIFF), st.sampled_from(_EDGES) | _DAYS, st.decimals(0, 5000, places=2))
@settings(max_examples=examples(600), deadline=None)
def test_a_higher_price_never_raises_the_base_of_an_act_that_has_a_tariff(act: str, on: date, more: Decimal) -> None:
    high = Decimal(50_000)  # above every tariff of the tables
    less, dear = (_priced(act=act, on=on.isoformat(), price=price) for price in (high, high + more + 1))
    assert (less is None) is (dear is None)
    if less is None or dear is None:
        return
    assert less.base == dear.base < high
    parameter = load().parameters[ACTS[act].tariff]
    if parameter.outdated(on):
        assert less.certainty != "sure"


@given(st.sampled_from(_WITH_TARIFF), st.sampled_from(_EDGES) | _DAYS, _PRICES)
@settings(max_examples=examples(400), deadline=None)
def test_a_day_without_a_value_is_refused_whatever_the_price(act: str, on: date, price: Decimal) -> None:
    parameter = load().parameters[ACTS[act].tariff]
    if parameter.entry(on) is None and act not in {"CNPSY", "CNP", "AUD/CLASS-1", "CS/PAEDIATRICIAN", "PSY"}:
        assert _priced(act=act, on=on.isoformat(), price=price) is None
