"""Technical acts by their code of the CCAM: base, share, flat share, and several done at the same time."""

from typing import Any

import pytest

from agent.rules.codes.nomenclature import read_acts
from agent.rules.errors import BaseNeeded, UnknownAct, UnknownDate
from agent.rules.pricing.engine import estimate
from agent.rules.pricing.request import read_care
from config import ccam


def _estimate(act: str, on: str, **more: Any) -> dict[str, Any]:
    return dict(estimate(read_care({"act": act, "on": on, **more})).shape())


@pytest.mark.parametrize(
    ("act", "on", "sector", "base"),
    [
        ("JKHD001", "2024-06-01", "1", "12.46"), ("JKHD001", "2024-06-01", "2", "9.64"),
        ("JKHD001", "2025-06-01", "1", "12.73"), ("JKHD001", "2026-06-01", "optam", "13.00"),
        ("DEQP003", "2024-12-31", "1", "14.26"), ("DEQP003", "2025-06-01", "2", "13.66"),
        ("DEQP003", "2026-01-01", "1", "14.77"), ("GLQP012", "2026-06-01", "2", "38.80"),
        ("QZJA002", "2026-06-01", "1", "26.60"), ("QZJA002", "2026-06-01", "2", "24.21"),
        ("HBJD001", "2020-01-01", "1", "28.92"), ("HBGD035", "2023-01-01", "1", "25.00"),
        ("HHFA011/4", "2026-02-01", "1", "87.87"), ("HHFA011-4", "2026-02-01", "1", "87.87"),
        ("BDLA003/1/2", "2026-02-01", "1", "67.60"), ("ZBQK002", "2022-06-01", "1", "21.28"),
    ],
)  # fmt: skip
def test_every_act_has_the_base_of_its_day_and_sector(act: str, on: str, sector: str, base: str) -> None:
    assert _estimate(act, on, sector=sector)["base"] == base


@pytest.mark.parametrize(
    ("act", "rate"), [("DEQP003", "70"), ("ZBQK002", "70"), ("HBJD001", "60"), ("HBGD036", "60"), ("HBLD038", "60")]
)
def test_acts_of_doctors_and_of_dentists_have_their_own_rates(act: str, rate: str) -> None:
    assert _estimate(act, "2026-02-01", price="200" if act == "HBLD038" else None)["rate"] == rate


def test_a_dentist_takes_no_participation() -> None:
    assert _estimate("HBJD001", "2026-02-01")["participation"] == "0.00"
    assert _estimate("DEQP003", "2026-02-01")["participation"] == "2.00"


@pytest.mark.parametrize(
    ("act", "base", "pat"),
    [
        ("HHFA011", "176.79", "24.00"),  # one that treats, above the threshold
        ("HBGD038", "240.35", "24.00"),  # four wisdom teeth
        ("GLQP007", "151.68", "24.00"),  # one that only examines, above the threshold by itself
        ("ZCQK004", "50.54", "0.00"),  # below it
        ("HBLD035", "365.50", "0.00"),  # dentures never
        ("DEQP003+GLQP007", "159.07", "24.00"),
    ],
)
def test_the_flat_share_stands_for_the_ordinary_one_on_costly_acts_as_their_class_has_it(
    act: str, base: str, pat: str
) -> None:
    priced = _estimate(act, "2026-02-01", price="3000" if act == "HBLD035" else None)
    assert (priced["base"], priced["pat"]) == (base, pat)


def test_examinations_are_not_added_up_against_the_threshold_but_treatments_are() -> None:
    examined = _estimate("DKRP004+GLQP012", "2026-02-01")  # 76.80 and half of 41.87
    assert examined["pat"] == "0.00"
    treated = _estimate("AHPA009+AHPA009/4", "2026-02-01")  # 104.50 and 71.30
    assert treated["pat"] == "24.00" and treated["rate"] == "100"


@pytest.mark.parametrize(
    ("acts", "on", "base"),
    [
        ("CDRP002+BLQP010", "2025-06-01", "62.30"),  # 49.46 + half of 25.67
        ("DKRP004+DZQM006", "2022-06-01", "134.89"),  # 96.49 + half of 76.80
        ("JKHD001+JKLD001+DEQP003", "2022-06-01", "45.53"),  # 38.40 + half of 14.26, nothing for 12.46
        ("QZFA036+QZFA036", "2022-06-01", "43.20"),
        ("HHFA011+HHFA011/4", "2026-02-01", "264.66"),  # surgeon and anaesthetist are two hands
        ("HBJD001+HBJD001", "2026-02-01", "43.38"),  # scaling of both arches
        ("HBMD042+HBFD008", "2026-02-01", "208.00"),  # dental acts are paid whole
        ("ACQN001+LHQN001", "2026-02-01", "69.00"),  # one magnetic resonance imaging
        ("DEQP003+YYYY490", "2022-06-01", "23.86"),  # a supplement is paid whole
        ("G+DEQP003", "2026-02-01", "44.77"),
    ],
)
def test_acts_of_one_time_are_paid_whole_by_half_or_not_at_all(acts: str, on: str, base: str) -> None:
    assert _estimate(acts, on)["base"] == base


@pytest.mark.parametrize(
    ("acts", "on", "price", "base", "certainty"),
    [
        ("ZBQK002/Z", "2026-02-01", None, "24.05", "sure"),
        ("ZBQK002/Z", "2024-06-01", None, "24.66", "sure"),  # 15.9 % until 4 November 2025
        ("ZBQK002/Y", "2024-06-01", None, "24.64", "sure"),
        ("ZBQK002", "2026-02-01", "24.05", "24.05", "sure"),  # the price tells
        ("ZBQK002", "2026-02-01", "30", "21.28", "doubtful"),
        ("LFQK002+NAQK015+NBQK001", "2022-06-01", None, "60.56", "doubtful"),  # the published example, without Z
        ("LFQK002/Z+NAQK015/Z+NBQK001/Z", "2022-06-01", None, "70.18", "sure"),
        ("ZBQK001+ZCQK005", "2026-02-01", None, "50.54", "doubtful"),  # two scanners
    ],
)  # fmt: skip
def test_images_have_rules_of_their_own(acts: str, on: str, price: str | None, base: str, certainty: str) -> None:
    priced = _estimate(acts, on, price=price)
    assert (priced["base"], priced["certainty"]) == (base, certainty)


def test_a_modifier_that_an_act_does_not_take_is_refused() -> None:
    for written in ("DEQP003/Z", "ACQK001/Z", "ZBQK002/Q"):
        with pytest.raises(UnknownAct):
            read_acts(written)


def test_an_act_is_told_in_words_where_the_program_has_them() -> None:
    words = _estimate("KCQM001", "2026-02-01")["steps"][0]
    assert "échographie de la thyroïde" in words["text_fr"] and "ultrasound of the thyroid" in words["text_en"]
    assert "AAFA002" in _estimate("AAFA002", "2026-02-01")["steps"][0]["text_fr"]


def test_what_a_refund_hangs_on_is_told() -> None:
    prior = [step["text_en"] for step in _estimate(_flagged("P"), "2026-02-01", price="900")["steps"]]
    assert any("agree beforehand" in text for text in prior)
    under = [step["text_en"] for step in _estimate(_flagged("C"), "2026-02-01", price="900")["steps"]]
    assert any("under conditions" in text for text in under)


def _flagged(condition: str) -> str:
    table = ccam.shipped()
    return next(code for code in table.codes() if table.find(code)[0].conditions == condition
                and (price := table.find(code)[0].prices[-1]) is not None and price.refunded and price.ordinary)


def test_an_act_listed_without_an_amount_is_doubted() -> None:
    priced = _estimate("AALF002", "2026-02-01", price="50")
    assert (priced["amo"], priced["certainty"]) == ("0.00", "doubtful")


def test_a_technical_act_that_is_not_paid_beside_a_consultation_is_doubted() -> None:
    assert _estimate("G+DEQP003", "2026-02-01")["certainty"] == "sure"
    assert _estimate("G+QZNP004", "2026-02-01")["certainty"] == "doubtful"


def test_two_surgical_acts_are_doubted_as_the_limbs_decide() -> None:
    doubted = _estimate("AHPA009+QZJA002", "2026-02-01")
    assert doubted["certainty"] == "doubtful" and "75 %" in doubted["doubts"][0]["text_en"]


def test_a_day_between_two_tables_that_differ_gives_the_range() -> None:
    between = _estimate("AGMP001", "2023-02-01")
    assert between["certainty"] == "doubtful" and between["range"]["amo"] == ["609.60", "643.00"]


def test_an_act_that_is_not_refunded_is_paid_by_the_person() -> None:
    priced = _estimate("HALD002", "2026-02-01", price="300")
    assert (priced["amo"], priced["left_to_pay"]) == ("0.00", "300.00")


def test_phases_that_must_be_told_apart_are_named() -> None:
    with pytest.raises(BaseNeeded, match="BDLA003/1/1, BDLA003/1/2"):
        _estimate("BDLA003", "2026-02-01")


def test_a_mistyped_code_is_refused_with_those_near_it() -> None:
    with pytest.raises(UnknownAct, match="JKHD001"):
        read_acts("JKHD009")
    with pytest.raises(UnknownAct):
        read_acts("JKHD001/9")


def test_a_day_before_the_first_table_is_refused() -> None:
    with pytest.raises(UnknownDate, match="2021-04-26"):
        _estimate("AAFA001", "2021-04-25")
