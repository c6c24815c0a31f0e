"""Sick pay, devices and hospital charges in the situations that change them."""

from decimal import Decimal
from typing import Any

import pytest

from agent.rules import estimate, read_care


def _shape(act: str, on: str = "2026-11-02", *situations: str, **body: Any) -> dict[str, Any]:
    person = {"situations": list(situations)}
    return estimate(read_care({"act": act, "on": on, "beneficiary": person, **body})).shape()


@pytest.mark.parametrize(
    ("on", "most"),
    [
        ("2025-03-31", "53.31"),
        ("2025-04-01", "41.47"),
        ("2026-01-31", "41.47"),
        ("2026-02-01", "41.95"),
        ("2026-07-01", "42.97"),
    ],
)
def test_the_highest_sick_pay_follows_the_wage_counted_on_the_first_day(on: str, most: str) -> None:
    assert _shape("IJ", on, wage="5000")["amo"] == most


def test_a_work_accident_is_paid_more_from_the_29th_day_and_never_above_the_net_wage() -> None:
    one = Decimal(_shape("IJ", "2026-11-02", "work_accident", wage="3042")["amo"])
    assert one == 60
    assert Decimal(_shape("IJ", "2026-11-02", "work_accident", wage="3042", quantity=30)["amo"]) == 28 * 60 + 2 * 79
    assert Decimal(_shape("IJ", "2026-11-02", "work_accident", wage="90000")["amo"]) == Decimal("240.49")


def test_maternity_pay_is_the_wage_up_to_the_ceiling_less_a_flat_share() -> None:
    assert _shape("IJ", "2026-11-02", "maternity", wage="9000")["amo"] == "104.02"
    assert _shape("POS", wage="9000")["amo"] == "104.02"


def test_the_emergency_charge_is_free_reduced_or_full() -> None:
    assert [_shape("FPU", "2026-04-01", *who)["left_to_pay"] for who in ((), ("ald",), ("maternity",), ("c2s",))] == [
        "23.00",
        "9.96",
        "0.00",
        "0.00",
    ]


def test_a_price_of_whole_days_tells_the_days_of_the_daily_charge() -> None:
    result = _shape("FJ", "2025-06-01", price="100", top_up={"percent_brss": "100"})
    assert (result["amc"], result["left_to_pay"]) == ("100.00", "0.00")
    assert _shape("FJ", "2025-06-01", "alsace_moselle", quantity=3)["amc"] == "60.00"
    assert _shape("FJ", "2025-06-01", "work_accident", quantity=3)["price"] == "0.00"


def test_glasses_and_hearing_aids_stop_at_what_a_responsible_contract_may_give() -> None:
    glasses = _shape("OPT/PAIR-A", price="700", base="0.10", top_up={"percent_brss": "900000"})
    assert Decimal(glasses["amo"]) + Decimal(glasses["amc"]) == 420
    aid = _shape("AUD/CLASS-2", price="2500", base="400", top_up={"percent_brss": "1000"})
    assert Decimal(aid["amo"]) + Decimal(aid["amc"]) == 1700


def test_a_class_a_frame_costs_nothing_with_a_top_up() -> None:
    result = _shape("OPT/FRAME-A", price="30", top_up={"percent_brss": "100"})
    assert (result["amo"], result["amc"], result["left_to_pay"]) == ("5.40", "24.60", "0.00")


def test_an_inlay_core_within_its_cap_costs_nothing_with_a_top_up() -> None:
    assert _shape("SPR/INLAY-CORE", "2026-02-01", price="150", top_up={"percent_brss": "100"})["left_to_pay"] == "0.00"
    assert _shape("SPR/INLAY-CORE", "2025-02-01", price="175", top_up={"percent_brss": "100"})["amo"] == "54.00"


def test_costly_imaging_leaves_the_participation_alone() -> None:
    result = _shape("ADI", price="150")
    assert (result["rate"], result["pat"], result["left_to_pay"]) == ("100", "0.00", "2.00")


def test_a_work_accident_is_paid_in_full_and_owes_the_deductions() -> None:
    result = _shape("G", "2026-11-02", "work_accident")
    assert (result["amo_before_deductions"], result["participation"]) == ("30.00", "2.00")


def test_urgent_transport_owes_no_franchise() -> None:
    result = _shape("ABA", price="120", urgent=True)
    assert (result["amo"], result["franchise"]) == ("120.00", "0.00")


def test_the_state_medical_aid_pays_in_full_without_deductions() -> None:
    assert _shape("G", "2026-11-02", "ame")["left_to_pay"] == "0.00"


def test_a_key_letter_without_coefficient_takes_the_price_as_tariff() -> None:
    assert _shape("B", price="6.75")["amo_before_deductions"] == "4.05"
    assert _shape("B27")["base"] == "6.75"


def test_a_young_person_sees_a_psychiatrist_without_a_letter() -> None:
    young = estimate(
        read_care(
            {
                "act": "CNPSY",
                "on": "2026-11-02",
                "coordinated": False,
                "beneficiary": {"birth_date": "2003-01-01"},
            }
        )
    )
    assert young.rate == 70


def test_third_party_payment_says_that_the_deduction_comes_later() -> None:
    steps = _shape("PH7", price="10", third_party_payment=True)["steps"]
    assert any("later refund" in step["text_en"] for step in steps)
