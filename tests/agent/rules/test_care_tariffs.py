"""Tariffs of auxiliaries, midwives, laboratories, pharmacists, carriers, spas, hospitals and wheelchairs by day."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from agent.rules import Estimate, estimate, read_care
from agent.rules.codes.nomenclature import read_acts
from agent.rules.errors import BaseNeeded, NotKnownYet, NotPriced, UnknownDate
from tests.thoroughness import examples

D = Decimal
_CODES = (
    "AMI1", "AMX1", "AIS3", "BSA", "BSB", "BSC", "DI2.5", "DI/FIRST", "IFD", "IFA", "IFI", "IFI/FURTHER-PATIENT",
    "IK/NURSE10", "IK/NURSE-MOUNTAIN10", "IK/NURSE-FOOT2", "MAU", "MCI", "MIE", "AMI/NIGHT", "AMI/DEEP-NIGHT",
    "AMI/SUNDAY", "NIGHT/NURSE", "DEEP-NIGHT/NURSE", "SUNDAY/NURSE", "AMK", "AMS", "AMC", "AMS7.5", "AMS9.5",
    "AMK/LONG", "RPE", "IFD/PHYSIO", "IFS", "IFO", "IFR", "IFN", "IFP", "SUNDAY/PHYSIO", "NIGHT/PHYSIO", "IK/PHYSIO5",
    "FRD", "FAD", "AMO11.5", "AMO/GRAPHISM", "AMO/WRITTEN", "AMO/MATHS", "AMO/GROUP", "AMO/PREVENTION",
    "AMO/SWALLOWING", "AMO/STUTTERING", "AMO/NEURO", "AMO/BILAN/PHONATION", "AMO/BILAN/ORO", "AMO/BILAN/ORAL",
    "AMO/BILAN/WRITTEN", "AMO/BILAN/MATHS", "AMO/BILAN/NEURO", "AMO/BILAN/STUTTERING", "AMO/BILAN/HANDICAP", "AMY8.7",
    "AMY/BILAN", "AMY/AMBLYOPIA-BILAN", "AMY/LOW-VISION-BILAN", "AMY/NEURO-BILAN", "AMY/AMBLYOPIA", "AMY/STRABISMUS",
    "AMY/LOW-VISION-ADULT", "AMY/LOW-VISION-CHILD", "RNO", "POD", "AMP20", "C/MIDWIFE", "V/MIDWIFE", "SF12", "SP12",
    "SF7.5", "SF15.6", "SF22.6", "MD/MIDWIFE", "CCP/MIDWIFE", "B40", "B/ANTILLES40", "B/OVERSEAS40", "B/9105",
    "B/5272", "B/4103", "PB1.5", "TB1.5", "HD7", "HD4", "HD2", "HD1", "HG7", "HG4", "HG2", "HG1", "HD/BOX",
    "HD/3-MONTHS", "HC", "HDR", "HDA", "HDE", "STH", "SPA/HOTEL", "PSY", "TAXI/FLAT", "TAXI/BIG-CITY", "TAXI/PMR",
    "TAXI/OVERSEAS", "TAXI/KM-AIN12", "FJ", "DAY/PSY", "FPU", "FPU/REDUCED", "VPH/STANDING", "VPH/ACTIVE",
    "VPH/UPKEEP-MANUAL", "VPH/UPKEEP-ELECTRIC",
)  # fmt: skip
"""Codes with a tariff of their own in 2026, as tables, bills and programs write them."""
_WITHOUT_TARIFF = ("PH1", "PH7", "PH4", "PH2", "VEH", "MAD", "SOLES", "POD/BILAN", "0552", "VSL", "TXI", "ABA", "SPA")


def _priced(act: str, on: str, **more: Any) -> Estimate:
    return estimate(read_care({"act": act, "on": on, **more}))


@pytest.mark.parametrize("act", _CODES)
def test_every_code_has_its_tariff_in_2026(act: str) -> None:
    result = _priced(act, "2026-06-15", heavy_act=False)
    assert result.base > 0 or result.price > 0


@pytest.mark.parametrize("act", _WITHOUT_TARIFF)
def test_a_code_without_a_tariff_takes_the_base_that_is_given(act: str) -> None:
    result = _priced(act, "2026-06-15", base="40", price="40")
    assert result.base == 40 and result.amo_before_deductions > 0


@pytest.mark.parametrize(("act", "on", "base"), [
    ("AMI1", "2009-04-14", "3.00"), ("AMI1", "2009-04-15", "3.15"),
    ("IFD", "2012-05-26", "2.30"), ("IFD", "2012-05-27", "2.50"), ("IFD", "2024-01-28", "2.75"),
    ("AMI/SUNDAY", "2018-07-31", "8.00"), ("AMI/SUNDAY", "2018-08-01", "8.50"),
    ("AMS", "2024-02-21", "16.13"), ("AMS", "2024-02-22", "16.58"), ("AMS", "2026-01-01", "17.90"),
    ("AMS/LONG", "2026-05-27", "21.00"), ("AMS/LONG", "2026-05-28", "21.66"),
    ("AMO/WRITTEN", "2022-10-26", "25.25"), ("AMO/WRITTEN", "2022-10-27", "27.00"),
    ("AMO/WRITTEN", "2023-07-01", "29.00"), ("AMO/WRITTEN", "2024-02-22", "30.16"),
    ("AMO/BILAN/NEURO", "2026-02-22", "104.00"), ("AMO/BILAN/NEURO", "2026-02-23", "103.97"),
    ("POD", "2024-03-06", "27.00"), ("POD", "2024-03-07", "30.00"),
    ("C/MIDWIFE", "2019-02-09", "23.00"), ("C/MIDWIFE", "2019-02-10", "25.00"), ("C/MIDWIFE", "2024-02-22", "26.50"),
    ("SF10", "2024-02-21", "28.00"), ("SF10", "2024-02-22", "31.00"), ("SF10", "2025-01-01", "32.00"),
    ("SF15.6", "2019-02-10", "43.70"), ("SF15.6", "2025-01-01", "49.92"),
    ("B100", "2016-11-14", "27.00"), ("B100", "2016-11-15", "25.00"), ("B100", "2017-01-01", "27.00"),
    ("B100", "2023-02-01", "26.00"), ("B100", "2024-01-14", "26.00"), ("B100", "2024-01-15", "25.00"),
    ("B/9105", "2019-03-31", "4.32"), ("B/9105", "2019-04-01", "4.59"),
    ("HD7", "2015-12-31", "0.82"), ("HD7", "2016-01-01", "1.02"), ("HG7", "2016-01-01", "2.76"),
    ("HDA", "2019-12-31", "0.51"), ("HDA", "2020-01-01", "1.58"), ("HDE", "2020-01-01", "3.57"),
    ("PSY/FIRST", "2024-06-14", "40.00"), ("PSY/FOLLOW-UP", "2024-06-14", "30.00"), ("PSY", "2024-06-15", "50.00"),
])  # fmt: skip
def test_a_tariff_holds_from_its_day_to_the_day_before_the_next(act: str, on: str, base: str) -> None:
    assert _priced(act, on).base == D(base)


@pytest.mark.parametrize(("act", "on", "rate"), [
    ("VEH", "2011-05-02", "60"), ("VEH", "2025-11-30", "60"), ("VEH", "2025-12-01", "100"),
    ("MAD", "2011-05-01", "65"), ("MAD", "2011-05-02", "60"), ("MAD", "2026-12-31", "60"),
    ("PH4", "2011-05-01", "35"), ("PH4", "2011-05-02", "30"), ("PH7", "2006-01-01", "65"), ("PH2", "2010-04-16", "15"),
    ("TXI", "2023-07-31", "65"), ("TXI", "2023-08-01", "55"), ("SPA/TRAVEL", "2023-08-01", "55"),
    ("SPA", "2020-01-01", "65"), ("STH", "2020-01-01", "70"), ("HC", "2016-01-01", "100"),
])  # fmt: skip
def test_a_rate_holds_from_its_day(act: str, on: str, rate: str) -> None:
    assert _priced(act, on, price="10", base="10").rate == D(rate)


def test_days_between_two_tariffs_whose_change_was_not_found_give_both() -> None:
    for act, on, low, high in (("AMO10", "2024-02-15", "25.00", "26.00"), ("B100", "2023-01-15", "26.00", "27.00")):
        result = _priced(act, on)
        assert result.range is not None and result.certainty == "doubtful"
        whole = [left + amo for left, amo in zip(result.range.left_to_pay, result.range.amo, strict=True)]
        assert sorted(whole) == [D(low), D(high)]


def test_the_flat_share_of_april_2026_is_told_both_ways_until_the_day_all_agree_on() -> None:
    more: dict[str, Any] = {"base": "200", "price": "200"}
    assert _priced("ADC", "2026-03-31", **more).pat == 24
    between = _priced("ADC", "2026-04-10", **more)
    assert between.range is not None and between.range.amo == (D("166.00"), D("174.00"))
    assert (_priced("ADC", "2026-04-22", **more).pat, _priced("ADC", "2026-04-22", **more).certainty) == (32, "sure")


@pytest.mark.parametrize(("on", "base", "pat"), [
    ("2010-06-15", "100", 18), ("2011-02-23", "100", 18), ("2011-02-24", "100", 0), ("2011-02-24", "120", 18),
    ("2018-12-31", "120", 18), ("2019-01-01", "120", 24), ("2007-06-15", "90.99", 0),
])  # fmt: skip
def test_the_flat_share_and_its_threshold_hold_from_their_days(on: str, base: str, pat: int) -> None:
    assert _priced("ADC", on, base=base, price=base).pat == pat


def test_before_one_tariff_held_for_all_a_session_of_a_psychologist_is_a_later_one_and_says_so() -> None:
    result = _priced("PSY", "2023-06-15")
    assert (result.base, result.certainty) == (30, "doubtful")
    assert "€40.00" in result.doubts[0].text_en
    assert _priced("PSY", "2023-06-15", base="40", price="40").base == 40


def test_an_old_coefficient_of_a_session_is_counted_as_it_is_since_and_says_so() -> None:
    assert _priced("AMS7.5", "2025-12-31").certainty == "sure"
    since = _priced("AMS7.5", "2026-01-01")
    assert (since.base, since.certainty) == (D("17.90"), "doubtful")
    assert "8.1" in since.doubts[0].text_en


def test_a_wheelchair_of_the_list_before_is_doubted_while_it_may_be_billed() -> None:
    more: dict[str, Any] = {"price": "6000", "base": "6000"}
    days = ("2025-11-30", "2025-12-01", "2026-11-30", "2026-12-01")
    assert [_priced("VEH", on, **more).certainty for on in days] == ["sure", "doubtful", "doubtful", "sure"]


def test_what_hangs_on_income_or_on_a_reduced_charge_says_so() -> None:
    lodging = _priced("SPA/LODGING", "2021-06-15")
    assert lodging.certainty == "doubtful" and "€14,664.38" in lodging.doubts[0].text_en
    assert _priced("FPU/REDUCED", "2026-06-15").price == D("9.96")
    assert _priced("FPU", "2026-06-15").price == 23


def test_the_old_age_minimum_raises_no_share_of_a_midwife() -> None:
    poor = {"beneficiary": {"birth_date": "1950-05-01", "situations": ["aspa"]}}
    acts = ("AMI1", "IFD", "MD/MIDWIFE", "SF10")
    assert [_priced(act, "2025-06-15", **poor).rate for act in acts] == [80, 80, 70, 70]


def test_kilometres_within_the_flat_fee_are_not_paid_and_a_night_adds_its_part() -> None:
    assert _priced("TXI/FLAT+TXI/KM-AIN4", "2026-02-01").base == 13
    assert _priced("TXI/FLAT+TXI/KM-AIN14", "2026-02-01").base == D("24.30")
    night = _priced("TXI/FLAT+TXI/KM-AIN14+TXI/NIGHT", "2026-02-01")
    assert (night.base, night.franchise, night.certainty) == (D("36.45"), 4, "doubtful")
    assert _priced("VSL/ZONE-A+VSL/KM10", "2022-02-01").base == D("20.99")


@pytest.mark.parametrize(("act", "on"), [
    ("SDE/SCALING", "2027-01-01"), ("PH4", "2027-01-01"), ("OPT/FRAME-A", "2027-01-01"), ("VSL", "2027-06-01"),
])  # fmt: skip
def test_what_changes_in_2027_is_told_as_not_known_yet_unless_the_care_is_paid_in_full(act: str, on: str) -> None:
    with pytest.raises(NotKnownYet) as refused:
        _priced(act, on, price="20")
    assert "2027-01-01" in refused.value.message("fr") and "2026-12-31" in refused.value.hint("en")
    ill = {"birth_date": "1980-01-01", "situations": ["ald"]}
    if act != "SDE/SCALING":
        assert _priced(act, on, price="20", base="20", beneficiary=ill).rate == 100
    assert (_priced("AMI1", on).rate, _priced("PH7", on, price="20").rate) == (60, 65), "what does not change goes on"


@given(
    st.sampled_from([code for code in _CODES if not code.startswith(("FJ", "DAY", "FPU"))]),
    st.dates(date(2009, 1, 1), date(2026, 12, 31)), st.decimals("0.01", 300, places=2), st.decimals(0, 50, places=2),
    st.sampled_from([[], ["ald"], ["c2s"], ["alsace_moselle"], ["aspa"]]), st.integers(1, 4),
)  # fmt: skip
@settings(max_examples=examples(500), deadline=None)
def test_a_dearer_price_never_brings_less_and_nothing_is_above_it_or_below_zero(
    act: str, on: date, price: Decimal, more: Decimal, situations: list[str], quantity: int
) -> None:
    assert read_acts(act)
    body: dict[str, Any] = {"beneficiary": {"birth_date": "2004-05-01" if on.year > 2004 else None,
                                            "situations": situations}, "quantity": quantity}
    try:
        cheap, dear = (_priced(act, on.isoformat(), price=str(one), **body) for one in (price, price + more))
    except (BaseNeeded, NotPriced, UnknownDate):
        assume(False)
        return
    for result, asked in ((cheap, price), (dear, price + more)):
        assert 0 <= result.amo <= result.amo_before_deductions <= asked
        assert result.base <= asked and result.amc >= 0 and result.left_to_pay >= 0
        assert result.amo + result.amc <= asked
    assert cheap.base <= dear.base and cheap.amo_before_deductions <= dear.amo_before_deductions
    assert cheap.amo + cheap.amc <= dear.amo + dear.amc + D("0.01")
