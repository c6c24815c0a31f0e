"""Consultations of doctors stand on the tariff of their day, specialty, sector, age and pathway."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.errors import AmeliError
from agent.rules import Estimate, estimate, read_care
from agent.rules.codes.nomenclature import ACTS, Kind, read_acts
from agent.rules.errors import BaseNeeded, NotPriced, UnknownDate
from config.tariffs import load
from config.yaml_file import read_yaml
from tests.thoroughness import examples

_WRITTEN = read_yaml(Path(__file__).with_name("doctors.yaml").read_text("utf-8"))
_TODAY = date(2026, 11, 23)
_A_DAY = timedelta(days=1)
_FEES = sorted(code for code, act in ACTS.items() if act.kind is Kind.DOCTOR and act.tariff)
_DAYS = st.dates(date(2009, 1, 31), date(2026, 12, 31)).map(date.isoformat)
_NAMED = (
    "G GS C MEG COV COA TCG V VG VL VSP MD MDM MU MDD MDN MDI F MN MM MHP CRN CRM CRD VRS VRN VRM VRD COE COD COB RDV"
    " CCP ASE CSO CSE CCX CCE IMT MPH CTE GL1 GL2 GL3 MCG MCS MPC MMG MCC MOP MSH MIC MIS PIV MUT MRT SNP SHE MVR RQD"
    " IK4 IK/MOUNTAIN4 M CS APC APV APY APU CNP CNPSY CNP/YOUNG CSC CDE MCE MCY CNP2/MCY TE2 TCS CEH CEK CEG COH COK"
    " COG"
)


def _priced(act: str, on: str, **more: Any) -> Estimate:
    age = more.pop("age", 40)
    birth = date.fromisoformat(on) - timedelta(days=round(age * 365.25) + 90)
    return estimate(read_care({"act": act, "on": on, "beneficiary": {"birth_date": birth.isoformat()}, **more}))


def _days(case: dict[str, Any]) -> Iterator[tuple[date, str]]:
    """The first and the last day of every step, with its base."""
    begun = sorted(case["steps"])
    ends = [*(day - _A_DAY for day in begun[1:]), case.get("until", _TODAY)]
    for first, last in zip(begun, ends, strict=True):
        yield first, case["steps"][first]
        yield last, case["steps"][first]


def _known(case: dict[str, Any]) -> dict[str, Any]:
    return {name: case[name] for name in ("age", "sector") if name in case} | {"coordinated": not case.get("out")}


def _name(case: dict[str, Any]) -> str:
    return " ".join(str(case[part]) for part in ("act", "sector", "age", "out") if part in case)


@pytest.mark.parametrize("case", _WRITTEN, ids=_name)
def test_each_consultation_stands_on_the_base_that_the_sources_give_for_the_day(case: dict[str, Any]) -> None:
    for day, base in _days(case):
        assert _priced(case["act"], day.isoformat(), **_known(case)).base == Decimal(base), day


@pytest.mark.parametrize("code", _NAMED.split())
def test_every_code_of_doctors_that_sources_print_is_known(code: str) -> None:
    assert read_acts(code)[0].act.kind in {Kind.DOCTOR, Kind.SUPPLEMENT}


# -- the pathway -----------------------------------------------------------------------------------------------------


@given(st.sampled_from(_FEES), _DAYS, st.integers(0, 90), st.sampled_from(["1", "2", "optam"]))
@settings(max_examples=examples(300), deadline=None)
def test_out_of_the_pathway_neither_base_nor_refund_is_higher(act: str, on: str, age: int, sector: str) -> None:
    try:
        within = _priced(act, on, age=age, sector=sector, price="400")
        outside = _priced(act, on, age=age, sector=sector, price="400", coordinated=False)
    except (BaseNeeded, NotPriced, UnknownDate):
        return
    assert outside.base <= within.base and outside.amo <= within.amo
    if age < 16:
        assert (outside.base, outside.amo) == (within.base, within.amo)


@given(st.sampled_from(_FEES), _DAYS, st.integers(0, 90))
@settings(max_examples=examples(300), deadline=None)
def test_sector_2_without_optam_is_never_refunded_on_more_and_optam_always_as_sector_1(
    act: str, on: str, age: int
) -> None:
    try:
        first, optam = (_priced(act, on, age=age, sector=sector, price="400") for sector in ("1", "optam"))
        second = _priced(act, on, age=age, sector="2", price="400")
    except (BaseNeeded, NotPriced, UnknownDate):
        return
    assert second.base <= first.base == optam.base


@given(_DAYS.filter(lambda day: day >= "2014-03-07"), st.booleans())
@settings(max_examples=examples(100), deadline=None)
def test_a_specialists_named_parts_make_the_tariff(on: str, coordinated: bool) -> None:
    parts = "CS+MPC+MCS" if coordinated else "CS+MPC"
    named, whole = _priced(parts, on, coordinated=coordinated), _priced("CS", on, coordinated=coordinated)
    assert (named.base, named.amo_before_deductions) == (whole.base, whole.amo_before_deductions)


@pytest.mark.parametrize(("act", "age", "rate"), [
    ("CS/GYNAECOLOGIST", 40, "70"), ("CS/OPHTHALMOLOGIST", 40, "70"), ("CS/STOMATOLOGIST", 40, "70"),
    ("CNPSY", 25, "70"), ("CNPSY", 26, "30"), ("CS/NEUROLOGIST", 20, "30"), ("CS", 15, "70"), ("CS", 16, "30"),
])
def test_direct_access_hangs_on_the_specialty_and_the_age(act: str, age: int, rate: str) -> None:
    assert _priced(act, "2026-03-02", age=age, coordinated=False).rate == Decimal(rate)


def test_a_tariff_of_the_pathway_alone_is_doubtful_out_of_it() -> None:
    for act in ("APC", "CS/GERIATRICIAN", "CDE"):
        assert _priced(act, "2026-03-02", sector="1").certainty == "sure"
        assert _priced(act, "2026-03-02", coordinated=False).certainty == "doubtful"


def test_what_is_lost_out_of_the_pathway_on_a_dear_act_is_told_with_and_without_the_cap() -> None:
    heart = _priced("CSC", "2025-06-16", coordinated=False, price="60").shape()
    assert (heart["base"], heart["amo"], heart["certainty"]) == ("52.50", "13.75", "doubtful")
    # 36.75 less 12.60, the loss on a specialist's consultation, and the participation.
    assert heart["range"]["amo"][1] == "22.15"
    assert any("€10.60 or €12.60" in step["text_en"] and "10,60 ou 12,60" in step["text_fr"] for step in heart["steps"])
    assert any("capped" in doubt["text_en"] and "plafonnée" in doubt["text_fr"] for doubt in heart["doubts"])
    assert _priced("G", "2025-06-16", coordinated=False).certainty == "sure"


@given(st.decimals("31.51", 119, places=2), st.decimals("0.01", 40, places=2), st.booleans())
@settings(max_examples=examples(100), deadline=None)
def test_a_higher_base_is_never_refunded_less_out_of_the_pathway(base: Decimal, more: Decimal, optam: bool) -> None:
    body = {"sector": "optam" if optam else "1", "coordinated": False, "price": "900"}
    less, dear = (_priced("CNPSY", "2026-03-02", base=str(one), **body) for one in (base, base + more))
    assert less.amo <= dear.amo


# -- ages and what is contested --------------------------------------------------------------------------------------


def test_a_price_of_the_ordinary_consultation_is_a_neurologists_and_no_price_leaves_the_doubt() -> None:
    assert _priced("CNPSY", "2026-03-02", age=20, price="57").base == 57
    young = _priced("CNPSY", "2026-03-02", age=20, price="75")
    assert (young.base, young.certainty) == (75, "sure")
    open_question = _priced("CNPSY", "2026-03-02", age=20)
    assert (open_question.base, open_question.certainty) == (75, "doubtful")
    assert "€57.00" in open_question.doubts[0].text_en and "75,00 €" in open_question.doubts[0].text_fr
    assert _priced("CS/NEUROLOGIST", "2026-03-02", age=20).base == 57


@pytest.mark.parametrize(("act", "age"), [
    ("CEH", 2), ("CEK", 1), ("CEK", 6), ("CEG", 5), ("CEG", 16), ("COH", 2), ("COK", 6), ("COG", 5), ("COV", 6),
    ("COA", 5), ("CSO", 13), ("CNPSY/CHILD", 16), ("CNP/YOUNG", 26), ("GL1", 79),
])
def test_a_code_for_other_ages_is_refused_with_its_ages(act: str, age: int) -> None:
    with pytest.raises(NotPriced, match="ages only"):
        _priced(act, "2026-03-02", age=age)


@pytest.mark.parametrize(("age", "on", "known"), [
    (14, "2020-03-02", False), (15, "2020-03-02", True), (18, "2020-03-02", True), (19, "2020-03-02", False),
    (13, "2022-04-01", True), (25, "2022-04-01", True), (26, "2022-04-01", False),
])
def test_the_first_consultation_on_contraception_was_widened_in_2022(age: int, on: str, known: bool) -> None:
    if known:
        assert _priced("CCP", on, age=age).rate == 100
    else:
        with pytest.raises(NotPriced, match="ages only"):
            _priced("CCP", on, age=age)


def test_a_child_at_a_doctor_of_sector_2_had_two_bases_in_two_official_pages() -> None:
    told = _priced("G", "2020-11-16", age=9, sector="2", price="40").shape()
    assert (told["base"], told["certainty"], told["range"]["amo"]) == ("25.00", "doubtful", ["16.10", "17.50"])
    small = _priced("G", "2020-11-16", age=4, sector="2", price="40").shape()
    assert (small["base"], small["range"]["amo"]) == ("30.00", ["19.60", "21.00"])
    assert _priced("G", "2025-03-03", age=4, sector="2", price="40").shape()["base"] == "28.00"


@pytest.mark.parametrize(("act", "on", "base", "other"), [
    ("CSC", "2025-06-16", "52.50", "49.23"), ("MVR", "2026-03-02", "10", "15"), ("CS", "2011-03-01", "25", "28"),
    ("VL", "2018-03-01", "46", "60"), ("CS/ENDOCRINOLOGIST", "2025-03-03", "53.50", "62"),
])
def test_a_contested_amount_is_told_with_the_other_one(act: str, on: str, base: str, other: str) -> None:
    result = _priced(act, on, coordinated=act != "CSC")
    assert (result.base, result.certainty) == (Decimal(base), "doubtful")
    assert any(f"€{Decimal(other):.2f}" in doubt.text_en for doubt in result.doubts)


@pytest.mark.parametrize(("act", "on"), [
    ("APU", "2025-03-03"), ("CS/ENDOCRINOLOGIST", "2026-03-02"), ("MDM", "2026-03-02"), ("MCY", "2026-07-02")])
def test_an_amount_of_one_weak_source_is_doubtful(act: str, on: str) -> None:
    assert any("One source alone" in doubt.text_en for doubt in _priced(act, on).doubts)


@pytest.mark.parametrize(("act", "sector"), [
    ("CS/MENOPAUSE", "2"), ("CCX", "2"), ("VG", "2"), ("CDE", "2"), ("TC", "2")])
def test_a_fee_that_no_source_prints_needs_its_base(act: str, sector: str) -> None:
    with pytest.raises(BaseNeeded):
        _priced(act, "2024-03-04", sector=sector, price="80", age=9)


def test_a_supplement_of_the_tariffs_does_not_count_in_sector_2_and_says_so() -> None:
    result = _priced("CNPSY+MPC+MCS", "2025-03-03", sector="2", price="80")
    assert result.base == Decimal("42.50")
    assert any(step.text_en.startswith("MPC, MCS: for doctors of sector 1") for step in result.steps)


@pytest.mark.parametrize("act", ["CSC", "CNPSY", "CS", "G", "CEH", "CNPSY/CHILD", "CS/GYNAECOLOGIST", "CEK"])
def test_every_way_of_a_consultation_has_its_parameter(act: str) -> None:
    one = ACTS[act]
    assert {name for name in (one.tariff, one.alone, one.lower) if name} <= set(load().parameters)
    assert one.lower


def test_the_base_of_a_statement_is_believed_whatever_the_tables_say() -> None:
    for act in ("CSC", "CNPSY+MPC+MCS", "CS+MPC", "G+MMG"):
        assert _priced(act, "2020-11-16", base="49", price="60").base == 49


def test_an_error_is_told_in_both_languages() -> None:
    with pytest.raises(AmeliError) as refused:
        _priced("CEH", "2016-03-01", age=1)
    assert "2017-05-01" in refused.value.message("fr") and "2017-05-01" in refused.value.message("en")
