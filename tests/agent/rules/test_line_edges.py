"""Edges of a line of several acts: what others add without the deductions, the stay's own rules, one act's floor."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, settings

from agent.rules import estimate, read_care
from agent.rules.errors import BaseNeeded, NotPriced, UnknownDate
from agent.rules.pricing.engine import complement
from tests.agent.rules.test_steps_tell_the_result import _CARES
from tests.thoroughness import examples

D = Decimal
_ON = "2025-06-01"


@pytest.mark.parametrize(("body", "added"), [
    ({"act": "PJ", "base": 800, "price": 900, "top_up": {"percent_brss": "200"}}, D("260.00")),
    ({"act": "FPU", "top_up": {"percent_brss": "100"}}, D("19.61")),
    ({"act": "IJ", "wage": 3000}, D(0)),
    ({"act": "G", "price": 40, "top_up": {"percent_brss": "150"}}, D("19.00")),
    ({"act": "G"}, D(0)),
])  # fmt: skip
def test_what_others_add_is_the_same_asked_alone(body: dict[str, Any], added: Decimal) -> None:
    care = read_care(body | {"on": _ON})
    assert complement(care) == estimate(care).amc == added


@given(_CARES)
@settings(max_examples=examples(200), deadline=None)
def test_of_any_care_what_others_add_is_the_same_asked_alone(body: dict[str, Any]) -> None:
    care = read_care(body)
    try:
        whole = estimate(care)
    except (BaseNeeded, NotPriced, UnknownDate):
        assume(False)
        raise
    assert complement(care) == whole.amc


def test_a_visit_within_a_stay_owes_no_participation() -> None:
    stay = estimate(read_care({"act": "G+PJ", "on": _ON, "base": 830}))
    assert (stay.participation, stay.franchise, stay.left_to_pay) == (0, 0, D("166.00"))
    visit = estimate(read_care({"act": "G", "on": _ON}))
    assert (visit.amo_before_deductions, visit.participation, visit.left_to_pay) == (21, 2, 11)


def test_an_act_gives_up_no_more_than_what_is_paid_for_it() -> None:
    trip = estimate(read_care({"act": "TXI", "on": _ON, "price": 3, "base": 1}))
    assert trip.franchise == D("0.55")
    told = {step.text_en: step.amount for step in trip.steps}
    assert told["Franchise: €4.00 each, €0.55 withheld."] == D("-0.55")
    assert told["€4.00 would be due, but a ceiling or the act's floor holds."] == D("3.45")
    assert told["Excess: €2.00 above the base, which the fund does not pay."] == 2
    assert told["Left to pay: €3.00."] == 3


def test_each_act_of_a_line_tells_its_base_share_and_what_is_withheld() -> None:
    line = estimate(read_care({"act": "AMI4+AMI1", "on": _ON}))
    assert [(step.text_en, step.amount) for step in line.steps] == [
        ("Base of AMI: €3.15 × 4 = €12.60.", D("12.60")), ("Base of AMI: €3.15.", D("3.15")),
        ("AMI 1 in the same visit: 50 % of its tariff, €1.58.", D("1.58")),
        ("The fund pays 60 % of €12.60 for AMI.", D("7.56")), ("The fund pays 60 % of €1.58 for AMI.", D("0.95")),
        ("Franchise: €1.00 each, €1.00 withheld.", -1), ("Franchise: €1.00 each, €0.95 withheld.", D("-0.95")),
        ("€1.00 would be due, but a ceiling or the act's floor holds.", D("0.05")), ("Left to pay: €7.62.", D("7.62")),
    ]  # fmt: skip
