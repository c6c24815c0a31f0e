"""``explain``, ``owed``, ``coverage`` and ``ask`` on a real agent and a synced account."""

from decimal import Decimal
from typing import cast

import pytest

from agent.protocol.money import Owed
from ameli_tui.cli.commands.explain import owed_text
from tests.commands import Home


def _some(home: Home, with_deductions: bool = True) -> dict:
    return next(one for one in home.json("payments") if one["to"] == "assure" and one["lines"]
                and bool(one["deductions"]) is with_deductions)


def test_every_payment_is_explained_to_the_cent(demo_home: Home) -> None:
    for payment in demo_home.json("payments")[:25]:
        told = demo_home.json("explain", payment["id"])
        assert told["payment"] == payment["id"]
        assert told["check"]["ok"], payment
        assert [one["line"] for one in told["lines"]] == [line["id"] for line in payment["lines"]]
        assert {one["deduction"] for one in told["withheld"]} == {one["id"] for one in payment["deductions"]}
        for line in told["lines"]:
            assert line["steps"]
            for step in line["steps"]:
                assert all(step[name] for name in ("text_fr", "text_en", "rule", "source"))
            assert line["verdict"]


def test_an_explanation_names_the_care_of_each_deduction_and_what_is_left(demo_home: Home) -> None:
    payment = _some(demo_home)
    told = demo_home.json("explain", payment["id"])
    for one in told["withheld"]:
        assert one["origin"]["certainty"] in ("exact", "likely", "unknown")
        assert one["origin"]["act"] or one["origin"]["certainty"] == "unknown"
    assert Decimal(told["left_to_pay"]) >= 0
    text = demo_home.run("explain", payment["id"], AMELI_LANG="fr")
    assert text.code == 0
    assert "Prix payé" in text.out
    assert "Reste à payer" in text.out


def test_a_payment_nobody_knows_is_refused_with_a_way_out(demo_home: Home) -> None:
    done = demo_home.run("explain", "nothing", "--json")
    assert done.code == 1
    assert done.error["code"] == "not_found"


def test_a_contract_makes_shares_expected_and_received_shares_are_noted(demo_home: Home) -> None:
    try:
        told = demo_home.json("coverage", "set", "--name", "MUTUELLE", "--percent", "100", "--from", "2024-01-01")
        assert told["contract"]["percent_brss"] == "100"
        shares = demo_home.json("owed")["top_up"]
        mine = next(one for one in shares if one["status"] in ("expected", "overdue"))
        marked = demo_home.json("owed", "received", mine["payment"], "--on", "2026-11-20")["top_up"]
        found = next(one for one in marked if one["payment"] == mine["payment"])
        assert (found["status"], found["received"], found["how"]) == ("received", mine["expected"], "hand")
        again = demo_home.json("owed", "received", mine["payment"], "--undo")["top_up"]
        assert next(one for one in again if one["payment"] == mine["payment"])["status"] == mine["status"]
    finally:
        assert demo_home.json("coverage", "forget")["contract"] is None
    assert demo_home.json("owed")["top_up"] == []


@pytest.mark.parametrize(("args", "word"), [
    (("coverage", "set", "--percent", "many"), "percent_brss"),
    (("coverage", "person", "NOBODY", "--situation", "ald"), "NOBODY"),
    (("owed", "dismiss", "nothing"), "nothing"),
    (("owed", "received", "nothing"), "nothing"),
    (("owed", "arrived", "nothing"), "nothing"),
])
def test_what_does_not_hold_is_refused_by_name(args: tuple[str, ...], word: str, demo_home: Home) -> None:
    done = demo_home.run(*args, "--json")
    assert done.code == 1
    assert word in done.error["message"]


def test_a_situation_changes_the_ledger(demo_home: Home) -> None:
    name = demo_home.json("profile")["beneficiaries"][0]["name"]
    before = demo_home.json("ledger", "--beneficiary", name)["beneficiaries"][0]["participation"]["due"]
    try:
        demo_home.json("coverage", "person", name, "--situation", "c2s", "--from", "2020-01-01")
        after = demo_home.json("ledger", "--beneficiary", name)["beneficiaries"][0]["participation"]["due"]
        assert Decimal(before) > 0
        assert Decimal(after) == 0
        assert any(one["kind"] == "deduction_on_exempt" for one in demo_home.json("owed")["anomalies"])
    finally:
        demo_home.json("coverage", "person", name, "--none")


def test_a_household_made_by_the_rules_has_next_to_no_anomaly(demo_home: Home) -> None:
    assert len(demo_home.json("owed")["anomalies"]) <= 1


def test_amelibot_answers_from_the_persons_own_data(demo_home: Home) -> None:
    payment = _some(demo_home)
    amount = payment["amount"].replace(".", ",")
    told = demo_home.json("ask", f"pourquoi seulement {amount} € ?")
    assert told["intent"] == "why-amount"
    assert payment["lines"][0]["act"] in told["answer"] or amount in told["answer"]
    assert demo_home.json("ask", "What do I still owe?")["intent"] == "what-i-owe"
    assert demo_home.json("ask", "quelle est la météo")["intent"] == "unknown"
    assert demo_home.json("ask", "mon dernier paiement", "--lang", "en")["answer"].startswith("Your last payment")


@pytest.mark.parametrize("question", [
    "combien ai-je dépensé cette année", "où en suis-je du plafond des franchises", "ai-je des messages non lus",
    "que me doit-on encore", "quelles sont mes échéances", "quelle est ma caisse", "quelle est ma mutuelle",
    "où en est ma demande", "où est mon remboursement",
])
def test_every_question_about_the_persons_data_has_an_answer(question: str, demo_home: Home) -> None:
    told = demo_home.json("ask", question)
    assert told["intent"] != "unknown"
    assert len(told["answer"]) > 10


def test_amelibot_needs_no_vault_for_its_guide(empty_home: Home) -> None:
    assert "2 €" in empty_home.json("ask", "c'est quoi la participation forfaitaire")["answer"]
    assert empty_home.json("ask", "mon dernier paiement")["answer"].startswith("Pour répondre")
    assert len(empty_home.json("ask", "--list")) > 60
    assert empty_home.json("glossary", "tiers", "payant")[0]["fr"] == "Tiers payant"


def test_why_a_payment_is_called_lost_stands_under_it() -> None:
    owed = cast(Owed, {
        "top_up": [], "anomalies": [], "dismissed": 0, "contract": None, "counted": True, "why_not": None,
        "not_counted": [], "missing": [{
            "kind": "paid_not_arrived", "payment": "p1", "credit": None, "on": "2026-10-26", "amount": "9.00",
            "candidates": [], "text_fr": "Rien.", "text_en": "Nothing came.",
            "evidence": [{"text_fr": "Le délai est passé.", "text_en": "The delay is over."}]}]})
    text = owed_text(owed)
    assert text.index("p1") < max(text.find("Le délai est passé."), text.find("The delay is over."))
    assert "ameli owed arrived ID" in text
