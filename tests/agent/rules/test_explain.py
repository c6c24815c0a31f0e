"""Payments explained: sums that hold, verdicts that name the cause, over invented households and hand-made lines."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.rules import TopUp
from agent.rules.explain import Explainer
from agent.rules.ledger import Person, build_ledger
from agent.rules.owed import find_anomalies, with_limits
from tests.agent.rules.shapes import household
from tests.thoroughness import examples

WHO = "CAMILLE MARTIN"


def payment(*lines: dict[str, Any], deductions: tuple[tuple[str, str, str], ...] = (), to: str = "assure",
            key: str = "p1", on: str = "2026-11-20", amount: str | None = None) -> dict[str, Any]:
    """One payment; its amount is that of its parts unless given."""
    whole = sum((Decimal(line["reimbursed"]) for line in lines), Decimal(0))
    whole += sum((Decimal(much) for _kind, _day, much in deductions), Decimal(0))
    return {
        "id": key, "paid_on": on, "kind": "PAIEMENT_A_UN_TIERS" if to == "tiers" else "REMBOURSEMENT_SOINS",
        "amount": amount or f"{whole:.2f}", "to": to, "label": "Remboursement", "beneficiaries": [WHO],
        "lines": [{**line, "id": f"{key}-l{at}"} for at, line in enumerate(lines)],
        "deductions": [{"id": f"{key}-r{at}", "kind": kind, "label": kind, "act_date": day, "amount": much}
                       for at, (kind, day, much) in enumerate(deductions)],
        "indemnities": [], "document": None, "complete": True,
    }


def line(act: str = "C GENERALISTE", paid: str | None = "30.00", base: str | None = "30.00", rate: str | None = "70",
         back: str = "21.00", on: str = "2026-11-10") -> dict[str, Any]:
    """One act, a visit by default."""
    return {"beneficiary": WHO, "act": act, "act_date": on, "paid": paid, "base": base, "rate": rate,
            "reimbursed": back}


def explained(*payments: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The explanation of the first payment, in the light of all."""
    return Explainer(build_ledger(payments), **more).explain(payments[0])


@pytest.mark.parametrize(("shown", "verdict"), [
    (line(), "as_expected"),
    (line(paid="50.00"), "above_base"),
    (line(rate="30", back="9.00"), "outside_pathway"),
    (line(rate="100", back="30.00"), "full_cover"),
    (line(rate="50", back="15.00"), "rate_differs"),
    (line(base="23.00", paid="60.00", back="16.10"), "sector_2_base"),
    (line("C PSYCHIATRE", "80.00", "42.50", back="29.75"), "sector_2_base"),
    (line("C SPECIALISTE", "60.00", "23.00", back="16.10", on="2021-03-01"), "sector_2_base"),
    (line("C SPECIALISTE", "23.00", "23.00", back="16.10", on="2021-03-01"), "as_expected"),
    (line("C SPECIALISTE", "26.50", "26.50", back="18.55"), "as_expected"),
    (line("C CARDIOLOGUE", "52.50", "52.50", "30", "15.75"), "outside_pathway"),
    (line(base="15.00", paid="15.00", back="10.50"), "half_base"),
    (line(base="28.00", paid="28.00", back="19.60"), "base_differs"),
    (line(paid="15.00", back="15.00"), "price_paid"),
    (line(back="20.99"), "rounding"),
    (line(back="12.00"), "amount_differs"),
    (line(paid="20.00"), "above_price"),
    (line(paid="30.00", back="30.10"), "above_price"),
    (line(paid="20.00", base=None), "above_price"),
    (line(paid="20.00", rate=None), "above_price"),
    (line(paid="20.00", rate="100", back="30.00"), "above_price"),
    (line(act="PRESTATION DIVERSE", paid="20.00"), "above_price"),
    (line("PHARMACIE", "10.00", "20.00", "65", "13.00"), "above_price"),
    (line(base=None), "no_detail"),
    (line(act="PRESTATION DIVERSE"), "unknown_act"),
    (line(act="ACTE DE CHIRURGIE (ADC)", paid="200.00", base="200.00", back="108.00"), "flat_share"),
])
def test_a_line_is_judged_by_what_differs(shown: dict[str, Any], verdict: str) -> None:
    told = explained(payment(shown))["lines"][0]
    assert told["verdict"] == verdict
    assert told["text_fr"]
    assert told["text_en"]
    assert told["actual"] == shown["reimbursed"]


def test_care_paid_to_the_professional_says_so() -> None:
    told = explained(payment(line(), to="tiers"))
    assert told["lines"][0]["verdict"] == "third_party_part"
    assert "versés à un tiers" in told["headline_fr"]


def test_nineteen_euros_of_a_visit_are_explained_step_by_step() -> None:
    told = explained(payment(line(), deductions=(("participation", "2026-11-10", "-2.00"),)))
    amounts = [step["amount"] for step in told["lines"][0]["steps"]]
    assert amounts[0] == "30.00"
    assert amounts[-1] == "-2.00"
    assert told["left_to_pay"] == "11.00"
    assert "19,00 € reçus" in told["headline_fr"]


def test_fifteen_euros_instead_of_nineteen_are_traced_to_the_boxes_of_an_earlier_day() -> None:
    boxes = payment(*(line("PHARMACIE", "10.00", "10.00", "65", "6.50", "2026-10-03") for _ in range(4)), to="tiers",
                    key="p0", on="2026-10-08")
    visit = payment(line(), deductions=(("participation", "2026-11-10", "-2.00"),
                                        *((("franchise", "2026-10-03", "-1.00"),) * 4)))
    told = explained(visit, boxes)
    assert told["check"]["ok"]
    assert visit["amount"] == "15.00"
    assert {one["origin"]["payment"] for one in told["withheld"][1:]} == {"p0"}
    assert "moins 4,00 € retenus pour des soins plus anciens (PHARMACIE du 03/10/2026)" in told["headline_fr"]


def test_the_top_up_adds_the_co_payment_and_never_the_participation() -> None:
    told = explained(payment(line(paid="50.00"), deductions=(("participation", "2026-11-10", "-2.00"),)),
                     top_up=TopUp(Decimal(100)), contract="MUTUELLE")
    assert told["top_up"]["expected"] == "9.00"
    assert told["left_to_pay"] == "22.00"


def test_out_of_the_pathway_a_responsible_top_up_adds_only_what_it_may() -> None:
    told = explained(payment(line(rate="30", back="9.00")), top_up=TopUp(Decimal(100)))
    assert told["top_up"]["expected"] == "9.00"


def test_a_declared_doctor_makes_the_pathways_rate_the_expected_one() -> None:
    plain = explained(payment(line(rate="30", back="9.00")))["lines"][0]
    declared = explained(payment(line(rate="30", back="9.00")), with_doctor=[WHO])["lines"][0]
    assert (plain["expected"], declared["expected"]) == ("9.00", "21.00")


def test_a_payment_that_is_not_the_sum_of_its_lines_is_told() -> None:
    told = explained(payment(line(), amount="20.00"))
    assert not told["check"]["ok"]
    assert "1,00 €" in told["check"]["text_fr"]


@pytest.mark.parametrize("seed", range(6))
def test_households_made_by_the_rules_are_explained_without_a_difference(seed: int) -> None:
    payments, persons = household(seed)
    explainer = Explainer(build_ledger(payments, persons), persons, top_up=TopUp(Decimal(150)))
    for one in payments:
        told = explainer.explain(one)
        assert told["check"]["ok"], one
        assert all(shown["expected"] == shown["actual"] for shown in told["lines"]), told
        assert len(told["withheld"]) == len(one["deductions"])
        spent = sum((Decimal(shown["paid"]) for shown in one["lines"]), Decimal(0))
        assert Decimal(0) <= Decimal(told["left_to_pay"]) <= spent


_AMOUNT = st.decimals(min_value=0, max_value=9999, places=2)


@settings(max_examples=examples(200), deadline=None)
@given(paid=_AMOUNT, base=_AMOUNT, rate=st.integers(0, 100), act=st.sampled_from([
    "C GENERALISTE", "PHARMACIE", "ANALYSES", "SOINS DENTAIRES", "FRAIS DE SEJOUR", "?", "TRANSPORT VSL"]))
def test_no_line_breaks_the_explanation_and_no_top_up_pays_above_the_price(
    paid: Decimal, base: Decimal, rate: int, act: str
) -> None:
    back = min(paid, (base * rate / 100).quantize(Decimal("0.01")))
    shown = line(act, str(paid), str(base), str(rate), str(back))
    told = explained(payment(shown), top_up=TopUp(Decimal(300)))
    assert back + Decimal(told["top_up"]["expected"]) <= paid
    assert told["check"]["ok"]


def test_a_line_held_against_a_tariff_that_is_only_the_latest_known_says_so() -> None:
    sure = explained(payment(line()))["lines"][0]
    late = explained(payment(line(on="2027-06-10"), on="2027-06-20"))["lines"][0]
    assert sure["doubts"] == []
    assert [doubt["kind"] for doubt in late["doubts"]] == ["dated"]
    assert not any("tariff of that day" in step["text_en"] for step in late["steps"])
    assert any("tariff of that day" in step["text_en"] for step in sure["steps"])


_ANY_DAY = st.dates(date(1960, 1, 1), date(2040, 12, 31))


@settings(max_examples=examples(300), deadline=None)
@given(on=_ANY_DAY, rate=st.sampled_from(["30", "60", "65", "70", "100"]), back=_AMOUNT, act=st.sampled_from([
    "C GENERALISTE", "C SPECIALISTE", "PHARMACIE", "ANALYSES", "SOINS DENTAIRES", "FRAIS DE SEJOUR", "TRANSPORT VSL",
    "ACTE DE CHIRURGIE (ADC)", "AUXILIAIRE MEDICAL", "OPTIQUE"]))
def test_care_of_any_day_is_explained_and_judged(on: date, rate: str, back: Decimal, act: str) -> None:
    day = on.isoformat()
    one = payment(line(act, "40.00", "40.00", rate, str(back), day), on=day,
                  deductions=(("participation", day, "-1.00"), ("franchise", day, "-0.50")))
    short = Decimal("41.20") - min(back, Decimal("41.00"))
    one["indemnities"] = [{"label": "IJ", "start": day, "end": None, "days": 1, "daily": "41.20", "amount": str(short)}]
    person = Person(WHO, None)
    ledger = build_ledger([one], [person])
    explainer = Explainer(ledger, [person], top_up=TopUp(Decimal(150)))
    assert explainer.explain(one)["lines"]
    found = with_limits(find_anomalies([one], explainer, ledger, [WHO]), date(2050, 1, 1))
    assert all(anomaly["claim"] in (None, "over") for anomaly in found)


@pytest.mark.parametrize(("shown", "recognised", "certainty"), [
    (line(), "likely", "sure"),
    (line("C GENERALISTE (G)"), "exact", "sure"),
    (line(act="PRESTATION DIVERSE"), "unknown", "doubtful"),
    (line("CSC", "52.50", "52.50", "30", "15.75"), "exact", "doubtful"),
    (line("C GENERALISTE", on="2027-06-30"), "likely", "dated"),
])  # fmt: skip
def test_a_line_says_how_sure_it_is_and_why(shown: dict[str, Any], recognised: str, certainty: str) -> None:
    told = explained(payment(shown, on="2027-07-10"))["lines"][0]
    assert (told["recognised"], told["certainty"]) == (recognised, certainty)
    assert bool(told["doubts"]) is (certainty != "sure")
    assert all(doubt["text_fr"] and doubt["text_en"] for doubt in told["doubts"])
