"""JSON, FHIR and calendar: valid by their own rules, every cent in them."""

import json
import re
from decimal import Decimal
from importlib.resources import files
from typing import Any

import fastjsonschema
import pytest
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given, settings
from icalendar import Calendar

from agent.files.exports import Account, make
from agent.files.exports.account import nobody
from tests.agent.files.exports.accounts import HOSTILE, account, accounts, line, payment, total
from tests.thoroughness import examples

_VALID = fastjsonschema.compile(
    json.loads(files("agent.files.exports").joinpath("schema.json").read_text(encoding="utf-8")))
_R4 = {
    "adjudication": {"submitted", "copay", "eligible", "deductible", "unallocdeduct", "eligpercent", "tax", "benefit"},
    "claim-type": {"institutional", "oral", "pharmacy", "professional", "vision"},
    "payeetype": {"subscriber", "provider", "beneficiary", "other"},
    "ex-paymenttype": {"complete", "partial"},
    "organization-type": {"prov", "dept", "team", "govt", "ins", "pay", "edu", "reli", "crs", "cg", "bus", "other"},
    "subscriber-relationship": {"child", "parent", "spouse", "common", "other", "self", "injured"},
}
"""The code systems of R4 that the bundle uses."""
_REQUIRED = ("status", "type", "use", "patient", "created", "insurer", "provider", "outcome", "insurance")
"""What R4 wants of every ExplanationOfBenefit."""


@given(accounts())
@settings(max_examples=examples(40), deadline=None)
def test_the_json_is_what_its_schema_says_and_holds_every_payment(one: Account) -> None:
    found = json.loads(make("json", one))
    _VALID(found)
    assert found["payments"] == list(one.payments)


def fhir(one: Account) -> dict[str, Any]:
    """The bundle, judged by the reference models first; amounts as decimals."""
    data = make("fhir", one)
    Bundle.model_validate_json(data)
    found: dict[str, Any] = json.loads(data, parse_float=Decimal, parse_int=Decimal)
    return found


def benefits(bundle: dict[str, Any]) -> list[dict[str, Any]]:
    """The resources about payments."""
    all_of_them = [entry["resource"] for entry in bundle.get("entry", ())]
    return [one for one in all_of_them if one["resourceType"] == "ExplanationOfBenefit"]


@given(accounts())
@settings(max_examples=examples(40), deadline=None)
def test_the_bundle_is_valid_and_its_payments_make_the_account(one: Account) -> None:
    bundle = fhir(one)
    found = benefits(bundle)
    assert sum((each["payment"]["amount"]["value"] for each in found), Decimal(0)) == total(one)
    by_payment: dict[str, Decimal] = {}
    for each in found:
        key = each["identifier"][0]["value"]
        by_payment[key] = by_payment.get(key, Decimal(0)) + each["payment"]["amount"]["value"]
    assert by_payment == {each["id"]: Decimal(each["amount"]) for each in one.payments}


@given(accounts())
@settings(max_examples=examples(40), deadline=None)
def test_every_reference_leads_somewhere_and_every_code_is_one_of_r4(one: Account) -> None:
    bundle = fhir(one)
    known = [entry["fullUrl"] for entry in bundle.get("entry", ())]
    assert len(known) == len(set(known))
    for value, where in _walk(bundle):
        if where == "reference":
            assert value in known
        if where == "coding":
            for coding in value:
                system = coding["system"].removeprefix("http://terminology.hl7.org/CodeSystem/")
                assert coding["code"] in _R4[system]
        if where == "id":
            assert re.fullmatch(r"[A-Za-z0-9.-]{1,64}", value)
        assert value not in ("", [], {}), where
    for each in benefits(bundle):
        assert all(name in each for name in _REQUIRED)


def _walk(value: Any, where: str = "") -> Any:
    yield value, where
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _walk(inner, name)
    if isinstance(value, list):
        for inner in value:
            yield from _walk(inner, "")


def test_a_consultation_says_what_was_asked_admitted_given_back_and_withheld() -> None:
    (one,) = benefits(fhir(account([payment()])))
    (item,) = one["item"]
    said = {each["category"]["coding"][0]["code"]: each.get("amount", each).get("value")
            for each in item["adjudication"]}
    assert said == {"submitted": Decimal("30.00"), "eligible": Decimal("30.00"), "eligpercent": Decimal(70),
                    "benefit": Decimal("21.00")}
    assert item["productOrService"]["text"] == "C GENERALISTE"
    assert item["servicedDate"] == "2026-10-01"
    assert one["payment"]["amount"]["value"] == Decimal("19.00")
    assert one["payment"]["adjustment"]["value"] == Decimal("-2.00")
    assert one["adjudication"][0]["amount"]["value"] == Decimal("2.00")
    assert [each["amount"]["value"] for each in one["total"]] == [Decimal("30.00"), Decimal("21.00"), Decimal("2.00")]


def test_amounts_are_written_with_their_cents() -> None:
    assert b'"value":19.00,' in make("fhir", account([payment()]))


def test_two_people_of_one_payment_have_a_resource_each() -> None:
    lines = [line(), line(beneficiary="NOAH FAURE", id="p1-l2", back="10.00")]
    found = benefits(fhir(account([payment(lines=lines, amount="29.00")])))
    assert [one["id"] for one in found] == ["p1", "p1-2"]
    assert [one["payment"]["amount"]["value"] for one in found] == [Decimal("19.00"), Decimal("10.00")]
    assert len({one["patient"]["reference"] for one in found}) == 2


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_nothing_to_export_is_valid_too(lang: Any) -> None:
    empty = account([], lang, name="")
    _VALID(json.loads(make("json", empty)))
    assert "entry" not in fhir(empty)
    assert Calendar.from_ical(make("ics", empty)).walk("VEVENT") == []


def test_payments_of_nobody_known_are_someones_all_the_same() -> None:
    bare = payment(lines=[], deductions=[], beneficiaries=[], amount="5.00")
    (one,) = benefits(fhir(account([bare], name="", profile=nobody())))
    assert one["patient"]["reference"].startswith("urn:uuid:")


def test_deadlines_are_read_back_whatever_they_are_called() -> None:
    listed = [{"id": f"x:{at}", "title_fr": text or "-", "title_en": text or "-", "due": "2026-12-01", "kind": "duty",
               "source": text, "action": None, "days_left": 8} for at, text in enumerate(HOSTILE)]
    found = Calendar.from_ical(make("ics", account([], deadlines=listed))).walk("VEVENT")
    assert {str(one["UID"]) for one in found} == {f"x:{at}@ameli-tui" for at in range(len(HOSTILE))}
