"""``ameli estimate``: care priced without a vault, locked or not."""

import json
from pathlib import Path

from tests.commands import Home

VISIT = {"act": "G", "on": "2025-02-13", "price": "30", "top_up": {"percent_brss": "100"}}
KEYS = {
    "act", "base", "rate", "amo_before_deductions", "participation", "franchise", "pat", "amo", "amc", "left_to_pay",
    "steps",
}


def test_a_visit_is_priced_where_no_vault_exists(empty_home: Home, tmp_path: Path) -> None:
    file = tmp_path / "care.json"
    file.write_text(json.dumps(VISIT), encoding="utf-8")
    answer = empty_home.json("estimate", "--json-input", str(file))
    assert set(answer) >= KEYS
    assert (answer["amo"], answer["amc"], answer["left_to_pay"]) == ("19.00", "9.00", "2.00")
    assert all(set(step) == {"text_fr", "text_en", "amount", "rule", "source"} for step in answer["steps"])

    listed = empty_home.json("estimate", stdin=json.dumps([VISIT, {**VISIT, "price": 30.10}]))
    assert [one["left_to_pay"] for one in listed] == ["2.00", "2.10"]

    shown = empty_home.run("estimate", stdin=json.dumps(VISIT))
    assert shown.code == 0
    assert "Left to pay" in shown.out and "€2.00" in shown.out

    unknown = empty_home.run("estimate", "--json", stdin=json.dumps({**VISIT, "act": "PH9"}))
    assert (unknown.code, unknown.error["code"]) == (1, "unknown_act")
    assert "PH7" in unknown.error["message"]

    early = empty_home.run("estimate", "--json", stdin=json.dumps({**VISIT, "on": "1990-01-01"}))
    assert (early.code, early.error["code"]) == (1, "unknown_date")


def test_what_is_no_description_of_care_exits_2(empty_home: Home, tmp_path: Path) -> None:
    for text in ("", "{", "[" * 100_000, '{"act": 3}'):
        done = empty_home.run("estimate", "--json", stdin=text)
        assert done.code == 2
        assert done.error["message"]
    missing = empty_home.run("estimate", "--json", "--json-input", str(tmp_path / "none"))
    assert (missing.code, missing.error["code"]) == (2, "care_file")


def test_a_locked_vault_stays_locked(demo_home: Home) -> None:
    demo_home.json("lock")
    assert demo_home.json("estimate", stdin=json.dumps(VISIT))["amo"] == "19.00"
    assert demo_home.json("agent", "status")["locked"] is True
    demo_home.json("payments", "--limit", "1")  # opens it again for the tests that follow


def test_the_help_names_every_field_and_every_word_it_may_hold(empty_home: Home) -> None:
    from agent.rules.pricing import request

    said = " ".join(empty_home.run("estimate", "--help").out.split())
    for name in (request._FIELDS - {"date"}) | request.SITUATIONS | request.REASONS | request.SECTORS:
        assert name in said, name
    for name in (request._TOP_UP - {"name", "percent_optam"}) | {"birth_date", "age"}:
        assert name in said, name


def test_a_value_that_is_only_the_latest_known_is_told_with_its_age(empty_home: Home) -> None:
    visit = {"act": "CD", "on": "2026-11-02", "price": "60"}
    answer = empty_home.json("estimate", stdin=json.dumps(visit))
    assert (answer["base"], answer["amo"], answer["certainty"]) == ("23.00", "13.80", "dated")
    assert "22 months" in answer["doubts"][0]["text_en"]

    shown = empty_home.run("estimate", stdin=json.dumps(visit)).out
    assert shown.count("22 months") == 1
    assert "latest known" in shown
    assert "latest known" not in empty_home.run("estimate", stdin=json.dumps(VISIT)).out

    changed = empty_home.run("estimate", "--json", stdin=json.dumps({**visit, "act": "SDE/MILK-TOOTH"}))
    assert (changed.code, changed.error["code"]) == (1, "unknown_date")
    assert "2025-01-01" in changed.error["message"] and "2024-12-31" in changed.error["hint"]


def test_each_step_says_where_its_rule_was_read_and_addresses_stand_at_the_end(empty_home: Home) -> None:
    shown = empty_home.run("estimate", stdin=json.dumps(VISIT)).out
    assert "ameli.fr · 22 Dec 2024]" in shown and "consultation.gp" not in shown
    assert "Sources:\n  Code de la sécurité sociale: https://www.legifrance.gouv.fr/" in shown
