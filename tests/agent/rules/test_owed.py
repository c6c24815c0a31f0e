"""What is owed: the top-up's shares, and each kind of anomaly found where it was put, nowhere else."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from agent.rules import TopUp
from agent.rules.explain import Explainer
from agent.rules.ledger import Person, Situation, build_ledger
from agent.rules.owed import Received, expected_shares, find_anomalies
from tests.agent.rules.shapes import TODAY, household
from tests.agent.rules.test_explain import WHO, line, payment


def anomalies(
    *payments: dict[str, Any], persons: tuple[Person, ...] = (), doctor: bool = False
) -> list[dict[str, Any]]:
    """The anomalies of a few payments."""
    ledger = build_ledger(payments, persons)
    declared = [WHO] if doctor else []
    return find_anomalies(payments, Explainer(ledger, persons, with_doctor=declared), ledger, declared)


def kinds(found: list[dict[str, Any]]) -> list[str]:
    """Their kinds."""
    return [one["kind"] for one in found]


def test_a_reduced_rate_is_an_anomaly_only_when_a_doctor_is_declared() -> None:
    visit = payment(line(rate="30", back="9.00"))
    assert anomalies(visit) == []
    found = anomalies(visit, doctor=True)
    assert kinds(found) == ["outside_pathway_with_doctor"]
    assert found[0]["amount"] == "12.00"


def test_the_same_visit_twice_is_an_anomaly_and_two_boxes_are_none() -> None:
    one, other = payment(line(), key="p1"), payment(line(), key="p2", on="2026-11-25")
    assert kinds(anomalies(one, other)) == ["paid_twice"]
    boxes = [payment(line("PHARMACIE", "10.00", "10.00", "65", "6.50"), key=key) for key in ("p1", "p2")]
    assert anomalies(*boxes) == []


def test_a_deduction_on_an_exempt_person_is_an_anomaly() -> None:
    child = (Person(WHO, date(2015, 1, 1)),)
    visit = payment(line(), deductions=(("participation", "2026-11-10", "-2.00"),))
    assert kinds(anomalies(visit, persons=child)) == ["deduction_on_exempt"]
    covered = (Person(WHO, date(1980, 1, 1), (Situation("c2s", date(2026, 1, 1), None),)),)
    assert kinds(anomalies(visit, persons=covered)) == ["deduction_on_exempt"]


def test_a_deduction_for_care_that_no_payment_shows_is_an_anomaly() -> None:
    visit = payment(line(), deductions=(("participation", "2026-11-10", "-2.00"), ("franchise", "2026-09-01", "-3.00")))
    older = payment(line(on="2026-08-01"), key="p0", on="2026-08-08")
    found = anomalies(visit, older)
    assert kinds(found) == ["deduction_without_care"]
    assert found[0]["amount"] == "3.00"


def test_more_than_the_ceiling_is_an_anomaly() -> None:
    visits = [
        payment(line(on=f"2026-{1 + at // 20:02}-{1 + at % 20:02}"), key=f"p{at:02}",
                on=f"2026-{1 + at // 20:02}-{5 + at % 20:02}",
                deductions=(("participation", f"2026-{1 + at // 20:02}-{1 + at % 20:02}", "-2.00"),))
        for at in range(26)
    ]
    assert kinds(anomalies(*visits)) == ["ceiling_exceeded"]


def test_money_missing_from_a_line_or_from_the_sum_is_an_anomaly() -> None:
    assert kinds(anomalies(payment(line(back="12.00")))) == ["amount_below_rules"]
    assert kinds(anomalies(payment(line(), amount="18.00"))) == ["sum_differs"]
    assert kinds(anomalies(payment(line(rate="40", back="12.00")))) == ["rate_below_rules"]


def test_each_anomaly_has_evidence_an_id_of_its_own_and_a_message_in_french() -> None:
    found = anomalies(payment(line(rate="30", back="9.00"), amount="8.00"), doctor=True)
    assert len({one["id"] for one in found}) == len(found) == 2
    for one in found:
        assert one["evidence"]
        assert one["message"]["body_fr"].startswith("Bonjour,")
        assert all(fact["text_fr"] in one["message"]["body_fr"] for fact in one["evidence"])


@pytest.mark.parametrize("seed", range(12))
def test_households_made_by_the_rules_have_next_to_no_anomaly(seed: int) -> None:
    payments, persons = household(seed)
    ledger = build_ledger(payments, persons)
    found = find_anomalies(payments, Explainer(ledger, persons), ledger)
    assert len(found) <= len(payments) // 50, kinds(found)


def test_shares_are_expected_overdue_received_or_the_professionals_affair() -> None:
    old, new = payment(line(), key="p1", on="2026-09-01"), payment(line(), key="p2", on="2026-11-20")
    direct, marked = payment(line(), key="p3", to="tiers"), payment(line(), key="p4", on="2026-09-01")
    payments = [old, new, direct, marked]
    explainer = Explainer(build_ledger(payments), top_up=TopUp(Decimal(100)))
    received = {"p4": Received(Decimal("9.00"), date(2026, 9, 5), "hand")}
    found = {one["payment"]: one for one in expected_shares(payments, explainer, received, TODAY)}
    assert {key: one["status"] for key, one in found.items()} == {
        "p1": "overdue", "p2": "expected", "p3": "third_party", "p4": "received"}
    assert found["p4"]["missing"] == "0.00"
    assert found["p1"]["missing"] == "9.00"


def test_before_the_contract_began_nothing_is_expected() -> None:
    visit = payment(line(), on="2025-11-20")
    explainer = Explainer(build_ledger([visit]), top_up=TopUp(Decimal(100)))
    assert expected_shares([visit], explainer, {}, TODAY, date(2026, 1, 1)) == []


@pytest.mark.parametrize("to", ["assure", "tiers"])
def test_a_refund_above_the_price_is_an_anomaly_of_the_difference(to: str) -> None:
    visit = payment(line(paid="20.00"), to=to)
    found = anomalies(visit)
    assert kinds(found) == ["refund_above_price"]
    assert (found[0]["amount"], found[0]["line"]) == ("1.00", "p1-l0")
    assert found[0]["message"]["subject"] and found[0]["message"]["body_fr"]
    assert anomalies(payment(line(paid="21.00", back="21.00"), to=to)) == []
    assert anomalies(payment(line(paid="0.00", back="9.00", rate="30"), to=to)) == []
