"""Prostheses, glasses, hearing aids: base and highest price by date, and the 100 % Santé basket that leaves nothing."""

from typing import Any

import pytest

from agent.rules.errors import BaseNeeded, UnknownDate
from agent.rules.pricing.engine import estimate
from agent.rules.pricing.request import read_care

_CONTRACT = {"percent_brss": "100"}


def _estimate(act: str, on: str, price: str | None = None, **more: Any) -> dict[str, Any]:
    return dict(estimate(read_care({"act": act, "on": on, "price": price, **more})).shape())


@pytest.mark.parametrize(
    ("act", "on", "price", "base", "certainty"),
    [
        ("HBLD634", "2020-01-01", "500", "120.00", "sure"),
        ("HBLD634", "2025-12-31", "500", "120.00", "sure"),
        ("HBLD634", "2026-01-01", "515", "120.00", "sure"),
        ("HBLD680", "2026-06-01", "515", "120.00", "sure"),
        ("HBLD350", "2023-06-01", "440", "120.00", "sure"),
        ("HBLD350", "2026-06-01", "453.20", "120.00", "sure"),
        ("HBLD038", "2024-06-01", "290", "120.00", "sure"),
        ("HBLD073", "2026-06-01", "453.20", "120.00", "sure"),
        ("HBLD090", "2025-12-31", "175", "90.00", "sure"),
        ("HBLD090", "2026-01-01", "150", "70.00", "sure"),
        ("HBLD634+HBLD090", "2026-02-01", "665", "190.00", "sure"),
        ("HBLD035", "2023-06-01", "2300", "365.50", "sure"),
        ("HBLD785", "2023-06-01", "1465", "279.50", "sure"),
        ("OPT/FRAME-A", "2020-01-01", "30", "9.00", "sure"),
        ("AUD/CLASS-1", "2021-01-01", "950", "400.00", "sure"),
        ("OPT/LENS-A", "2025-06-01", "32.50", "9.75", "doubtful"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("who", [{"top_up": _CONTRACT}, {"beneficiary": {"situations": ["c2s"]}}])
def test_in_the_basket_a_responsible_contract_and_the_solidarity_cover_leave_nothing(
    act: str, on: str, price: str, base: str, certainty: str, who: dict[str, Any]
) -> None:
    priced = _estimate(act, on, price, **who)
    assert (priced["base"], priced["left_to_pay"]) == (base, "0.00")
    if "situations" not in who.get("beneficiary", {}):
        assert priced["certainty"] == certainty


@pytest.mark.parametrize(
    ("act", "on", "price"),
    [
        ("HBLD634", "2019-07-01", "530"),  # a highest price, and no basket yet
        ("HBLD634", "2025-06-01", "515"),  # above it
        ("HBLD073", "2025-12-31", "440"),  # moderate basket until the end of 2025
        ("HBLD491", "2025-06-01", "550"),  # moderate
        ("HBLD734", "2025-06-01", "700"),  # free price
        ("HBLD245", "2026-02-01", "200"),
        ("AUD/CLASS-2", "2025-06-01", "1500"),
        ("OPT/FRAME-B", "2025-06-01", "90"),
    ],
)
def test_out_of_the_basket_the_contract_gives_its_percentage_alone(act: str, on: str, price: str) -> None:
    priced = _estimate(act, on, price, top_up=_CONTRACT)
    assert priced["amo"] != priced["price"] and float(priced["left_to_pay"]) > 0


def test_without_a_contract_the_basket_is_told() -> None:
    steps = [step["text_en"] for step in _estimate("HBLD634", "2025-06-01", "500")["steps"]]
    assert any("nothing is left to pay" in text for text in steps)
    assert not any("nothing is left to pay" in step["text_en"] for step in _estimate("HBLD734", "2025-06-01", "500")[
        "steps"])  # fmt: skip


def test_a_price_above_the_highest_one_is_doubted() -> None:
    for act, price in (("HBLD634", "600"), ("HBLD491", "600"), ("OPT/FRAME-A", "31"), ("AUD/CLASS-1", "951")):
        doubts = [one["text_en"] for one in _estimate(act, "2025-06-01", price)["doubts"]]
        assert any("Highest price" in text for text in doubts), act


def test_a_highest_price_that_was_not_found_is_told_with_where_to_look() -> None:
    doubts = [one["text_en"] for one in _estimate("HBLD099", "2026-02-01", "1500", top_up=_CONTRACT)["doubts"]]
    assert any("ameli.fr" in text for text in doubts)
    assert _estimate("HBLD099", "2026-02-01", "1500", beneficiary={"situations": ["c2s"]})["left_to_pay"] == "0.00"


def test_sources_that_disagree_on_a_metal_crown_give_a_range() -> None:
    crown = _estimate("HBLD038", "2026-06-01", "298.70", top_up=_CONTRACT)
    assert (crown["left_to_pay"], crown["certainty"]) == ("0.00", "doubtful")
    assert crown["range"]["left_to_pay"] == ["0.00", "178.70"]


@pytest.mark.parametrize(
    ("act", "on", "age", "base"),
    [
        ("AUD/CLASS-1", "2018-06-01", 60, "199.71"), ("AUD/CLASS-1", "2019-06-01", 60, "300.00"),
        ("AUD/CLASS-2", "2025-06-01", 60, "400.00"), ("AUD/CLASS-2", "2025-06-01", 12, "1400.00"),
        ("OPT/FRAME", "2019-06-01", 40, "2.84"), ("OPT/FRAME", "2019-06-01", 10, "30.49"),
        ("OPT/CONTACTS", "2023-06-01", 40, "39.48"), ("OPT/2261874", "2018-06-01", 10, "12.04"),
        ("OPT/LENS-B", "2025-06-01", 40, "0.05"), ("OPT/FRAME-B", "2025-06-01", 40, "0.05"),
    ],
)  # fmt: skip
def test_glasses_and_hearing_aids_have_a_base_by_date_and_age(act: str, on: str, age: int, base: str) -> None:
    assert _estimate(act, on, "2000", beneficiary={"age": age})["base"] == base


def test_the_year_between_two_bases_of_a_hearing_aid_gives_both() -> None:
    between = _estimate("AUD/CLASS-1", "2020-06-01", "900")
    assert between["certainty"] == "doubtful" and between["range"]["amo"] == ["180.00", "240.00"]


def test_what_ended_with_the_classes_is_refused_after_them() -> None:
    for act in ("OPT/FRAME", "OPT/2261874", "AUD/UPKEEP"):
        with pytest.raises(UnknownDate):
            _estimate(act, "2020-06-01", "100")


def test_a_lens_dearer_than_every_one_of_class_a_needs_its_base() -> None:
    with pytest.raises(BaseNeeded):
        _estimate("OPT/LENS-A", "2025-06-01", "171")


@pytest.mark.parametrize(
    ("act", "on", "amo"),
    [
        ("BDC", "2024-12-31", "30.00"), ("BDC", "2025-01-01", "40.00"), ("BR2", "2025-06-01", "52.00"),
        ("BR4", "2025-06-01", "64.00"), ("CD", "2010-06-01", "16.10"), ("CD", "2024-06-01", "13.80"),
        ("SDE/SCALING-FULL", "2024-06-01", "26.03"), ("TO75", "2020-06-01", "161.25"), ("TO50", "2025-06-01", "64.50"),
        ("TO5", "2025-06-01", "6.45"), ("TO90", "2025-06-01", "193.50"),
        ("FT/CT-NEW", "2018-09-01", "93.53"),
    ],
)  # fmt: skip
def test_care_of_dentists_and_the_fee_of_a_machine_by_date(act: str, on: str, amo: str) -> None:
    young = {"birth_date": "2012-05-01"} if on > "2013" else {}
    price = "700" if act.startswith("TO") else None
    assert _estimate(act, on, price, beneficiary=young)["amo"] == amo


def test_the_fee_of_a_machine_is_paid_whole_on_the_base_given() -> None:
    assert _estimate("FTN", "2025-06-01", base="78.20")["amo"] == "78.20"
