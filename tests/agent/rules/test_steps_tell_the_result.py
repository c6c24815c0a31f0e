"""An estimate's steps tell its result: whoever adds up what they say comes to the amounts beside them."""

from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from agent.rules import Estimate, estimate, read_care
from agent.rules.codes.nomenclature import ACTS, Kind, read_acts
from agent.rules.errors import BaseNeeded, NotPriced, UnknownDate
from agent.rules.pricing.request import SITUATIONS
from agent.rules.pricing.steps import cents
from tests.thoroughness import examples

_ZERO = Decimal(0)
_FLAT = {Kind.DAY_CHARGE, Kind.EMERGENCY, Kind.CASH_BENEFIT}
_SEVERAL = [
    "CNPSY+MPC", "CNP+MPC+MCS", "CSC+MCC", "GS+MMG", "CS+MPC+MCE",
    "G+MEG", "G+MCG", "CS+MCS+MPC", "G+MD", "AMI 4+IFD", "AMI2+AMI1+IFD", "DEQP003+JKHD001", "G+DEQP003",
    "DEQP003+JKHD001+ATM/SPIROMETRY", "B40+B27", "PJ+FJ", "PH7+HD7", "PH7+PH7", "TXI+TXI", "G+MU+MD", "AMK+IFS",
]  # fmt: skip
_CARES = st.fixed_dictionaries(
    {
        "act": st.sampled_from(sorted(ACTS)) | st.sampled_from(_SEVERAL),
        "on": st.dates(date(2010, 1, 1), date(2028, 6, 1)).map(date.isoformat),
    },
    optional={
        "price": st.decimals(0, 900, places=2),
        "base": st.decimals(0, 900, places=2),
        "quantity": st.integers(1, 6),
        "sector": st.sampled_from(["1", "2", "optam"]),
        "coordinated": st.booleans(),
        "third_party_payment": st.booleans(),
        "heavy_act": st.booleans(),
        "wage": st.decimals(0, 9000, places=2),
        "used_this_year": st.fixed_dictionaries(
            {"participation": st.integers(40, 50), "franchise": st.integers(40, 50)}
        ),
        "top_up": st.none() | st.fixed_dictionaries({"percent_brss": st.integers(0, 400).map(str)}),
        "beneficiary": st.fixed_dictionaries(
            {"situations": st.lists(st.sampled_from(sorted(SITUATIONS)), unique=True, max_size=2)},
            optional={"birth_date": st.dates(date(1920, 1, 1), date(2009, 1, 1)).map(date.isoformat)},
        ),
    },
)


def _priced(body: dict[str, Any]) -> Estimate:
    try:
        return estimate(read_care(body))
    except (BaseNeeded, NotPriced, UnknownDate):
        assume(False)
        raise


def _sum(result: Estimate, *begins: str) -> Decimal:
    """What the steps that begin so amount to."""
    return sum((step.amount for step in result.steps if step.text_en.startswith(begins)), _ZERO)


def _has(result: Estimate, *begins: str) -> bool:
    return any(step.text_en.startswith(begins) for step in result.steps)


@given(_CARES)
@settings(max_examples=examples(400), deadline=None)
def test_the_last_step_is_what_is_left_to_pay(body: dict[str, Any]) -> None:
    result = _priced(body)
    last = result.steps[-1]
    assert cents(last.amount) == cents(result.left_to_pay)
    told = f"€{cents(result.left_to_pay):,}"
    assert told in last.text_en
    assert [step.rule for step in result.steps].count("price - amo - amc") == 1


@given(_CARES)
@settings(max_examples=examples(400), deadline=None)
def test_the_steps_withhold_participation_and_franchise_to_the_cent(body: dict[str, Any]) -> None:
    result = _priced(body)
    taken = {"participation_forfaitaire.amount": _ZERO, "franchise": _ZERO}
    for step in result.steps:
        name = step.rule if step.rule in taken else step.rule.partition(".")[0]
        if name in taken:
            assert step.amount <= 0
            taken[name] -= step.amount
    assert taken == {"participation_forfaitaire.amount": result.participation, "franchise": result.franchise}


@given(_CARES)
@settings(max_examples=examples(500), deadline=None)
def test_each_act_has_its_base_and_its_share_and_they_make_the_refund(body: dict[str, Any]) -> None:
    result = _priced(body)
    acts = read_acts(result.act)
    if all(billed.act.kind in _FLAT for billed in acts):
        return
    given_base = _has(result, "Base: ")
    never_paid = _has(result, "Not refundable")
    if not given_base and not never_paid:
        within = {code for step in result.steps if " count" in step.text_en for code in _codes(step.text_en)}
        for act in [billed.act for billed in acts if billed.act.kind not in _FLAT and billed.act.code not in within]:
            names = {act.code, act.code.partition("/")[0]}
            names |= {"G"} if act.code in {"GS", "C"} else set()  # a child's visit is told by one of the three letters
            assert any(step.text_en.startswith("Base of ") and names & {_code(step.text_en)} for step in result.steps)
    if _has(result, "The price is below"):
        assert result.base == result.price == _sum(result, "The price is below")
    elif _several_acts(result):
        assert _sum(result, "Base") > result.base
    else:
        assert _sum(result, "Base") == result.base
    shares = _sum(result, "The fund pays ") + _sum(result, "Flat share on costly acts")
    if not _has(result, "Never more than the price"):
        assert cents(shares) == cents(result.amo_before_deductions) or _lost_within(result, shares)
    else:
        assert _sum(result, "Never more than the price") == result.amo_before_deductions
    assert -_sum(result, "Flat share on costly acts") == result.pat


def _code(text: str) -> str:
    return text.removeprefix("Base of ").partition(" (")[0].partition(":")[0].partition("/")[0]


def _codes(text: str) -> list[str]:
    """The codes that a step says are counted within another's tariff, or not at all."""
    return text.partition(":")[0].split(", ")


def _several_acts(result: Estimate) -> bool:
    lessened = ("with another technical act: ", "in the same visit: ", "in the same session: ")
    return any(words in step.text_en for step in result.steps for words in lessened)


def _lost_within(result: Estimate, shares: Decimal) -> bool:
    """No act of the line has a base, so there is nothing to pay a share of."""
    return not result.base and not shares and not result.amo_before_deductions


@given(_CARES)
@settings(max_examples=examples(400), deadline=None)
def test_what_others_pay_and_what_is_above_the_base_is_told(body: dict[str, Any]) -> None:
    result = _priced(body)
    if any(billed.act.kind is Kind.CASH_BENEFIT for billed in read_acts(result.act)):
        return
    others = (
        "Local scheme of Alsace-Moselle: €", "Complementary solidarity cover: it", "Top-up at",
        "100 % Santé basket: the", "The local scheme", "The complementary solidarity", "The responsible top-up",
    )  # fmt: skip
    assert _sum(result, *others) == result.amc
    if result.price > result.base and not any(billed.act.kind in _FLAT for billed in read_acts(result.act)):
        assert _sum(result, "Excess: ") == result.price - result.base


@given(_CARES)
@settings(max_examples=examples(500), deadline=None)
def test_what_is_due_and_not_withheld_is_told(body: dict[str, Any]) -> None:
    result = _priced(body)
    late = result.participation + result.franchise - result.amo_before_deductions
    if late > 0:
        assert _sum(result, "The refund is too small for it") == late
    for step in result.steps:
        if step.text_en.endswith("a ceiling or the act's floor holds."):
            assert step.amount > 0
            assert cents(step.amount) <= Decimal(step.text_en.split(" ")[0].removeprefix("€").replace(",", ""))


@given(_CARES, st.sampled_from(["PJ+FJ", "FJ", "FJ/PSYCHIATRY", "FPU"]))
@settings(max_examples=examples(200), deadline=None)
def test_a_flat_charge_is_told_or_said_not_to_be_due(body: dict[str, Any], act: str) -> None:
    result = _priced(body | {"act": act})
    told = [step for step in result.steps if step.text_en.startswith(("Daily charge: ", "Emergency charge"))]
    not_due = any("charge is not due" in step.text_en for step in result.steps)
    assert len(told) + not_due == 1
