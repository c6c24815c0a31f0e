"""Several acts of a nurse in one visit: the second for a half, the third for nothing, and the exceptions."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.rules import Estimate, estimate, read_care
from agent.rules.codes.nomenclature import read_acts
from tests.thoroughness import examples

D = Decimal
_ON = "2025-06-16"


def _visit(act: str, on: str = _ON, **more: Any) -> Estimate:
    return estimate(read_care({"act": act, "on": on, **more}))


@pytest.mark.parametrize(("act", "base", "certainty"), [
    ("AMI2+AMI1", "7.88", "sure"),
    ("AMI1+AMI2", "7.88", "sure"),
    ("AMI2+AMI2", "9.45", "sure"),
    ("AMI4+AMI3+AMI2", "17.33", "sure"),
    ("AMI2+AMI1/2", "7.88", "sure"),
    ("AMI2+AMI0.5", "7.88", "sure"),
    ("AMI2+AMI/SAMPLE", "11.03", "sure"),
    ("AMI2+AMI1.5", "11.03", "doubtful"),
    ("AMI/SAMPLE+AMI1+AMI4", "17.33", "sure"),
    ("AMI/INSULIN1+AMI/INSULIN1", "6.30", "sure"),
    ("AMI1+AMI1", "6.30", "doubtful"),
    ("AMI/INSULIN1+AMI/INSULIN1+AMI3", "12.60", "sure"),
    ("AMI/VACCINATION+AMI4", "20.16", "sure"),
    ("AMI/VACCINATION+AMI4+AMI1", "21.74", "sure"),
    ("AMI/PERFUSION14+AMI/PERFUSION4.1+AMI2", "60.17", "sure"),
    ("AIS3+AMI/SAMPLE", "12.68", "sure"),
    ("AIS3+AMI4", "20.55", "sure"),
    ("AIS3+AMI1", "9.53", "doubtful"),
    ("BSC+AMX4+MCI+IFI", "49.05", "sure"),
    ("BSB+AMX/SAMPLE+IFI", "25.68", "sure"),
    ("BSB+AMX1+IFI", "22.53", "doubtful"),
])  # fmt: skip
def test_the_acts_of_a_visit_are_paid_whole_by_half_or_not_at_all(act: str, base: str, certainty: str) -> None:
    result = _visit(act)
    assert (result.base, result.certainty) == (D(base), certainty)


@pytest.mark.parametrize(("on", "base"), [("2019-11-30", "8.67"), ("2019-12-01", "11.03")])
def test_a_blood_sample_beside_another_act_is_whole_since_december_2019(on: str, base: str) -> None:
    assert _visit("AMI2+AMI/SAMPLE", on).base == D(base)


def test_a_doubt_tells_what_the_other_reading_of_a_coefficient_would_be() -> None:
    for act, fr, en in (
        ("AMI2+AMI1.5", "prise de sang", "blood sample"), ("AMI1+AMI1", "insuline", "insulin"),
        ("BSB+AMX1", "patient dépendant", "dependent patient"),
    ):  # fmt: skip
        told = [step for step in _visit(act).doubts if step.doubt == "doubtful"]
        assert any(fr in step.text_fr and en in step.text_en for step in told), act


@pytest.mark.parametrize(("act", "base"), [
    ("AMI1+MAU", "4.50"), ("AMI1.5+MAU", "6.08"), ("AMI2+MAU", "6.30"), ("AMI2+AMI1+MAU", "7.88"),
    ("BSA+MAU+IFI", "15.75"), ("AMI1+MIE", "6.30"), ("AMI4+MIE+MCI", "17.60"), ("AMI1+MAU+IFD+AMI/SUNDAY", "15.75"),
])  # fmt: skip
def test_a_supplement_that_does_not_go_with_the_acts_is_not_paid(act: str, base: str) -> None:
    child = {"beneficiary": {"birth_date": "2020-01-01"}}
    assert _visit(act, **child).base == D(base)


def test_the_supplement_of_a_young_child_is_doubted_for_an_older_person() -> None:
    assert _visit("AMI1+MIE", beneficiary={"birth_date": "2020-01-01"}).certainty == "sure"
    assert _visit("AMI1+MIE", beneficiary={"birth_date": "1980-01-01"}).certainty == "doubtful"


def test_an_act_that_is_not_paid_owes_no_franchise_and_travel_never_does() -> None:
    assert _visit("AMI2+AMI2+AMI1+IFD").franchise == 2
    assert _visit("AMI2+IFD+MCI").franchise == 1


def test_a_half_is_written_in_several_ways() -> None:
    for text in ("AMI 2 + AMI 1/2", "AMI2+AMI1/2", "AMI 2 + AMI 1 / 2"):
        first, second = read_acts(text)
        assert (first.halved, second.halved, second.coefficient) == (False, True, 1)


_COEFFICIENTS = st.sampled_from(["1", "1.25", "1.5", "2", "2.4", "3", "3.05", "4", "5", "9", "14"])
_DAYS = st.sampled_from(["2011-06-01", "2016-06-01", "2019-12-01", "2021-03-01", "2023-03-22", "2024-02-01", _ON])


@given(st.lists(_COEFFICIENTS, min_size=1, max_size=5), _DAYS)
@settings(max_examples=examples(300), deadline=None)
def test_a_visit_costs_at_least_its_dearest_act_and_at_most_all_of_them(acts: list[str], on: str) -> None:
    result = _visit("+".join(f"AMI{one}" for one in acts), on)
    alone = [_visit(f"AMI{one}", on).base for one in acts]
    assert max(alone) <= result.base <= sum(alone)
    assert 0 <= result.amo <= result.amo_before_deductions <= result.price
    assert result.left_to_pay >= 0


@given(st.lists(_COEFFICIENTS, min_size=1, max_size=4), _DAYS, st.randoms(use_true_random=False))
@settings(max_examples=examples(200), deadline=None)
def test_the_order_in_which_acts_are_written_changes_nothing(acts: list[str], on: str, rng: Any) -> None:
    mixed = list(acts)
    rng.shuffle(mixed)
    first, second = (_visit("+".join(f"AMI{one}" for one in some), on).base for some in (acts, mixed))
    assert abs(first - second) <= D("0.01"), "a half cent may fall on another act"
