"""The local scheme of Alsace-Moselle: what it adds by kind and day, and how a statement of somebody of it is read."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.rules import TopUp, estimate, read_care
from agent.rules.codes.local_scheme import added_points, both_shares
from agent.rules.codes.recognise import recognise_act
from agent.rules.explain import Explainer
from agent.rules.ledger import Person, Situation, build_ledger
from agent.rules.owed import find_anomalies
from tests.agent.rules.test_explain import WHO, line, payment
from tests.thoroughness import examples

D = Decimal
_LOCAL = {"situations": ["alsace_moselle"]}
_MEMBER = [Person(WHO, date(1980, 5, 1), (Situation("alsace_moselle"),))]


def _explained(*payments: dict[str, Any], persons: list[Person] | None = None, **more: Any) -> dict[str, Any]:
    people = _MEMBER if persons is None else persons
    return Explainer(build_ledger(payments, people), people, **more).explain(payments[0])


@pytest.mark.parametrize(("act", "on", "price", "fund", "added"), [
    ("SDE", "2023-10-14", "43.38", "30.37", "8.68"),
    ("SDE", "2023-11-20", "43.38", "26.03", "13.01"),
    ("CD", "2024-03-01", "23", "13.80", "6.90"),
    ("G", "2017-06-12", "25", "17.50", "5.00"),
    ("AMI4", "2025-03-01", "12.60", "7.56", "3.78"),
    ("B40", "2025-03-01", "10", "6.00", "3.00"),
    ("PH7", "2025-03-01", "10", "6.50", "2.50"),
    ("PH4", "2025-03-01", "10", "3.00", "5.00"),
    ("PH2", "2025-03-01", "10", "1.50", "0.00"),
    ("PJ", "2025-03-01", "500", "400.00", "100.00"),
    ("C/MIDWIFE", "2025-03-01", "26.50", "18.55", "5.30"),
])  # fmt: skip
def test_the_scheme_adds_its_points_by_kind_and_day(act: str, on: str, price: str, fund: str, added: str) -> None:
    body: dict[str, Any] = {"act": act, "on": on, "price": price, "base": price, "beneficiary": _LOCAL}
    result = estimate(read_care({**body, "heavy_act": False})).shape()
    assert (result["amo_before_deductions"], result["amc"]) == (fund, added)


def test_what_the_scheme_pays_on_other_care_is_said_not_to_be_known() -> None:
    result = estimate(read_care({"act": "MAD", "on": "2025-03-01", "base": "50", "beneficiary": _LOCAL})).shape()
    assert (result["amc"], result["certainty"]) == ("0.00", "doubtful")


def test_points_are_what_both_shares_leave_to_the_scheme() -> None:
    assert both_shares("rate.dental", date(2023, 10, 14)) == both_shares("rate.dental", date(2023, 10, 15)) == 90
    assert added_points("rate.dental", date(2023, 10, 14)) == 20
    assert added_points("rate.dental", date(2023, 10, 15)) == 30
    assert added_points("rate.medicine_weak", date(2025, 1, 1)) is None
    assert added_points("rate.device", date(2025, 1, 1)) is None
    assert both_shares("rate.dental", date(2027, 1, 1)) is None, "the fund's own share is not known yet"


@pytest.mark.parametrize(("label", "rate", "code", "second"), [
    ("PHARMACIE", "65", "PH7", False), ("PHARMACIE", "90", "PH7", False), ("PHARMACIE", "25", "PH7", True),
    ("PHARMACIE", "80", "PH4", False), ("PHARMACIE", "50", "PH4", True), ("PHARMACIE", "30", "PH4", False),
    ("C GENERALISTE", "20", "G", True), ("C GENERALISTE", "30", "G", False), ("SOINS INFIRMIERS", "30", "AMI", True),
    ("SOINS DENTAIRES", "30", "SDE", True), ("SOINS DENTAIRES", "20", "SDE", False),
])  # fmt: skip
def test_a_rate_tells_the_medicine_and_whether_the_line_is_the_second_share(
    label: str, rate: str, code: str, second: bool
) -> None:
    found = recognise_act(label, None, D(10), D(rate), date(2025, 3, 1))
    assert (found.code, found.second_share) == (code, second)
    assert not second or not (found.participation or found.franchise)


@pytest.mark.parametrize(("shown", "verdict"), [
    (line(), "as_expected"),
    (line(rate="90", back="27.00"), "local_scheme"),
    (line(paid="0.00", rate="20", back="6.00"), "local_share"),
    (line(rate="100", back="30.00"), "full_cover"),
    (line(rate="30", back="9.00"), "outside_pathway"),
    (line("SOINS DENTAIRES", "43.38", "43.38", "90", "39.04", "2025-03-01"), "local_scheme"),
    (line("SOINS DENTAIRES", "0.00", "43.38", "30", "13.01", "2025-03-01"), "local_share"),
    (line("SOINS DENTAIRES", "0.00", "43.38", "20", "8.68", "2025-03-01"), "rate_differs"),
    (line("FRAIS DE SEJOUR", "500.00", "500.00", "100", "500.00", "2025-03-01"), "local_scheme"),
    (line(paid="26.00", rate="90", back="27.00"), "above_price"),
])  # fmt: skip
def test_a_line_of_somebody_of_the_scheme_is_verified_by_its_rates(shown: dict[str, Any], verdict: str) -> None:
    assert _explained(payment(shown))["lines"][0]["verdict"] == verdict


def test_a_rate_that_only_the_scheme_has_is_known_of_somebody_not_noted_to_be_of_it() -> None:
    for shown, verdict in (
        (line(rate="90", back="27.00"), "local_scheme"), (line(paid="0.00", rate="20", back="6.00"), "local_share"),
    ):  # fmt: skip
        assert _explained(payment(shown), persons=[])["lines"][0]["verdict"] == verdict
    stay = line("FRAIS DE SEJOUR", "500.00", "500.00", "100", "500.00", "2025-03-01")
    assert _explained(payment(stay), persons=[])["lines"][0]["verdict"] == "full_cover"


@pytest.mark.parametrize("second_price", ["0.00", "30.00"])
def test_both_shares_on_two_lines_leave_a_tenth_and_owe_one_participation(second_price: str) -> None:
    two = payment(line(), line(paid=second_price, rate="20", back="6.00"))
    told = _explained(two)
    assert [one["verdict"] for one in told["lines"]] == ["as_expected", "local_share"]
    ledger = build_ledger([two], _MEMBER)
    assert [entry.amount for entry in ledger.entries] == [2]
    assert told["left_to_pay"] == "5.00", "a tenth of the fee and the participation"


def test_a_top_up_pays_what_both_shares_leave() -> None:
    two = payment(line(), line(paid="0.00", rate="20", back="6.00"))
    told = _explained(two, top_up=TopUp(D(100)))
    assert told["top_up"]["expected"] == "3.00" and told["left_to_pay"] == "2.00"
    one = payment(line(rate="90", back="27.00"))
    assert _explained(one, top_up=TopUp(D(100)))["top_up"]["expected"] == "3.00"


@pytest.mark.parametrize(
    ("first", "second"), [("17.50", "5.00"), ("20.00", "5.00"), ("22.00", "5.00"), ("25.00", "0.01")]
)
def test_both_shares_together_are_never_above_the_price(first: str, second: str) -> None:
    two = payment(line(paid="25.00", base="25.00", back=first), line(paid="0.00", base="25.00", rate="20", back=second))
    explainer = Explainer(build_ledger([two], _MEMBER), _MEMBER)
    told = explainer.explain(two)["lines"][1]
    over = D(first) + D(second) - 25
    found = {one["kind"] for one in find_anomalies([two], explainer, build_ledger([two], _MEMBER))}
    assert ("refund_above_price" in found) == (over > 0)
    told_as = ("above_price", max(D(0), D(second) - over)) if over > 0 else ("local_share", D(second))
    assert (told["verdict"], D(told["expected"])) == told_as


def test_the_rest_of_the_base_on_a_second_line_is_no_visit_outside_the_pathway() -> None:
    two = payment(line(), line(paid="0.00", rate="30", back="9.00"))
    explainer = Explainer(build_ledger([two]), with_doctor=[WHO])
    assert [one["verdict"] for one in explainer.explain(two)["lines"]] == ["as_expected", "remaining_share"]
    assert not find_anomalies([two], explainer, build_ledger([two]), [WHO])
    alone = payment(line(rate="30", back="9.00"))
    assert _explained(alone, persons=[])["lines"][0]["verdict"] == "outside_pathway"


@given(
    st.sampled_from(["G", "CS", "AMI4", "B60", "PH7", "PH4", "PH2", "SDE", "CD", "ADI", "SF10", "MAD"]),
    st.dates(date(2012, 1, 1), date(2026, 12, 31)), st.decimals("1", 110, places=2), st.integers(0, 90),
    st.sampled_from([None, "100", "200"]),
)  # fmt: skip
@settings(max_examples=examples(300), deadline=None)
def test_the_scheme_never_takes_anything_away_nor_gives_more_than_the_price(
    act: str, on: date, price: Decimal, age: int, percent: str | None
) -> None:
    born = on.replace(year=on.year - age, day=min(on.day, 28))
    body: dict[str, Any] = {"act": act, "on": on.isoformat(), "price": price, "base": price}
    person = {"birth_date": born.isoformat()}
    more = {"top_up": {"percent_brss": percent}} if percent else {}
    ordinary = estimate(read_care({**body, "beneficiary": person, **more}))
    member = estimate(read_care({**body, "beneficiary": {**person, **_LOCAL}, **more}))
    assert member.amo == ordinary.amo and member.participation == ordinary.participation
    assert 0 <= member.left_to_pay <= ordinary.left_to_pay
    assert member.amo_before_deductions + member.amc <= member.price
