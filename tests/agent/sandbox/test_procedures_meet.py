"""Two readings of one wire: what the program declares and what the stand-in demands use the same words."""

from collections.abc import Iterable

import pytest

from agent.procedures.model import Field
from agent.procedures.registry import procedures
from agent.sandbox.procedures.demands import Demand
from agent.sandbox.procedures.matters import MATTERS

SENT = {name: one for name, one in procedures().items() if one.submits == "portal"}
BOTH = sorted(SENT.keys() & MATTERS.keys())
_KINDS = {"past": "date", "yes": "yes_no"}
"""What the stand-in asks for more closely than the program's kind of field says."""


def _differ(demands: Iterable[Demand], fields: Iterable[Field], where: str) -> list[str]:
    declared, found = {one.name: one for one in fields}, []
    for demand in demands:
        field, name = declared.get(demand.field), f"{where}{demand.field}"
        if field is None:
            found.append(f"{name} is demanded, never asked")
            continue
        if demand.answer != "text" and _KINDS.get(demand.answer, demand.answer) != field.kind:
            found.append(f"{name}: {demand.answer} is demanded, {field.kind} asked")
        if field.kind == "choice" and demand.choices != tuple(one.value for one in field.choices):
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
