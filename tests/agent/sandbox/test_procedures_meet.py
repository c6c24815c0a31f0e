"""Two readings of one wire: what the program declares and what the stand-in demands use the same words."""

from collections.abc import Iterable
from typing import Any

import pytest

from agent.procedures.model import AnyField, World
from agent.procedures.registry import procedures
from agent.procedures.validation import check
from agent.procedures.values import plain
from agent.sandbox.desk.catalogue import MATTERS
from agent.sandbox.desk.requirements import Demand
from tests.agent.sandbox.desk import JPEG, KEY, PDF, asked, days_pass, deposit, put, state
from tests.agent.sandbox.household import TODAY
from tests.agent.sandbox.visitor import Visitor

SENT = {name: one for name, one in procedures().items() if one.submits == "portal"}
BOTH = sorted(SENT.keys() & MATTERS.keys())
_KINDS = {"past": "date", "yes": "yes_no"}
"""What the stand-in asks for more closely than the program's kind of field says."""


def _differ(demands: Iterable[Demand], fields: Iterable[AnyField], where: str) -> list[str]:
    declared, found = {one.name: one for one in fields}, []
    for demand in demands:
        field, name = declared.get(demand.field), f"{where}{demand.field}"
        if field is None:
            found.append(f"{name} is demanded, never asked")
            continue
        if demand.answer != "text" and _KINDS.get(demand.answer, demand.answer) != field.kind.name:
            found.append(f"{name}: {demand.answer} is demanded, {field.kind.name} asked")
        if field.kind.name == "choice" and demand.choices != tuple(one.value for one in field.choices):
            found.append(f"{name}: other choices")
        if demand.required and demand.when is None and (not field.required or field.when is not None):
            found.append(f"{name} is demanded always, asked sometimes")
        found += _differ(demand.fields, field.fields, f"{name}.")
    return found


def test_every_procedure_that_is_sent_is_taken() -> None:
    assert sorted(SENT.keys() - MATTERS.keys()) == []


@pytest.mark.parametrize("name", BOTH)
def test_what_is_demanded_is_asked_for(name: str) -> None:
    assert _differ(MATTERS[name].demands, SENT[name].fields, "") == []


@pytest.mark.parametrize("name", BOTH)
def test_papers_bear_the_same_names(name: str) -> None:
    assert {one.name for one in MATTERS[name].pieces} <= {one.name for one in SENT[name].papers}


@pytest.mark.parametrize("name", BOTH)
def test_stages_bear_the_same_names(name: str) -> None:
    assert [one.name for one in MATTERS[name].steps] == [stage for stage, _label in SENT[name].stages]


ACCOUNT = World(TODAY, {
    "name": "CLAIRE MARTIN", "birth_date": "1985-05-12", "address": ["12 RUE DES LILAS", "78000 VERSAILLES"],
    "beneficiaries": [{"name": "CLAIRE MARTIN", "birth_date": "1985-05-12"},
                      {"name": "TOM MARTIN", "birth_date": "2015-03-04"}],
})


def _example(field: AnyField) -> Any:
    """An answer that the declaration itself proposes."""
    given: dict[str, Any] = {
        "person": "CLAIRE MARTIN", "people": ["CLAIRE MARTIN", "TOM MARTIN"], "yes_no": True,
        "group": [{inner.name: _example(inner) for inner in field.fields}],
        "choice": next((one.value for one in field.choices), None),
        "choices": [one.value for one in field.choices[:1]],
    }
    return given.get(field.kind.name, field.example or field.kind.example)


@pytest.mark.parametrize("name", BOTH)
async def test_answers_that_pass_the_program_s_checks_are_taken_and_granted(name: str, person: Visitor) -> None:
    procedure = SENT[name]
    found = check(procedure, {one.name: _example(one) for one in procedure.fields},
                  [one.name for one in procedure.papers], ACCOUNT)
    assert found.ok, found.errors
    papers = [await deposit(person, one.name, JPEG if one.photo else PDF) for one in procedure.papers]
    answer = await put(person, f"requests/{KEY}", asked(name, plain(found.values), *papers))
    assert answer.status_code == 201, answer.text
    await days_pass(person, 90)
    final = await state(person)
    assert (final["status"], final["stage"]) == ("accepted", procedure.stages[-1][0])
    listed = await person.get("http://127.0.0.1:8080/PortailAS/appmanager/PortailAS/assure?_nfpb=true"
                              "&_pageLabel=as_info_perso_page")
    assert listed.status_code == 200
