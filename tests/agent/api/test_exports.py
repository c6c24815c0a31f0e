"""The calls of exports: an empty vault, a vault with data, and questions that make no sense."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from agent.account import ActLine, Document, Payment
from agent.client.client import Problem
from agent.files.exports import FORMATS
from tests.agent.processes import PASSPHRASE, Served, served
from tests.agent.store.helpers import keep_all, keep_bank, keep_document
from tests.thoroughness import one_in


@pytest.fixture
async def agent(tmp_path: Path) -> AsyncIterator[Served]:
    async with served(tmp_path) as one:
        await one.post("/v1/setup", {"passphrase": PASSPHRASE})
        yield one


async def file(agent: Served, **query: str) -> bytes:
    """The bytes of one export."""
    return await asyncio.to_thread(agent.client.bytes, "/v1/export", **query)


def keep(agent: Served) -> None:
    """Two payments of two people in two years, and a statement of each year."""
    store, paid = agent.agent.store, [(date(2025, 3, 1), "INES FAURE"), (date(2026, 3, 1), "INES FAURE-MARTIN")]
    with store.step():
        keep_all(store, [
            Payment(id=f"p{at}", paid_on=day, kind="REMBOURSEMENT_SOINS", amount=Decimal("21.00"), to="assure",
                    label="Remboursement de soins", beneficiaries=(name,), document=None,
                    lines=(ActLine(id=f"p{at}-l1", beneficiary=name, act="C GENERALISTE", act_date=day,
                                   paid=Decimal("30.00"), base=Decimal("30.00"), rate=Decimal("70"),
                                   reimbursed=Decimal("21.00")),))
            for at, (day, name) in enumerate(paid)])
    for year in (2025, 2026):
        keep_document(store, Document(id=f"s{year}", kind="releve_mensuel", title="Relevé", date=date(year, 3, 31),
                                  filename="x.pdf"), b"%PDF-1.4")


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("lang", one_in(2, ["fr", "en"]))
async def test_an_empty_vault_has_every_export(agent: Served, name: str, lang: str) -> None:
    assert await file(agent, format=name, lang=lang)
    assert (await agent.get("/v1/export/documents"))["documents"] == []


@pytest.mark.parametrize(("query", "code"), [
    ({}, "unknown_format"), ({"format": "odt"}, "unknown_format"), ({"format": "csv", "since": "now"}, "bad_request"),
    ({"format": "csv", "year": "2026", "until": "2026-01-01"}, "bad_request"),
    ({"format": "csv", "beneficiary": "nobody"}, "unknown_person"),
])
async def test_a_question_that_makes_no_sense_is_wrong_usage(agent: Served, query: dict[str, str], code: str) -> None:
    with pytest.raises(Problem) as caught:
        await file(agent, **query)
    assert (caught.value.code, caught.value.exit_code) == (code, 2)


async def test_a_year_is_its_first_to_its_last_day(agent: Served) -> None:
    keep(agent)
    found = json.loads(await file(agent, format="json", year="2025"))
    assert [one["id"] for one in found["payments"]] == ["p0"]
    assert [one["id"] for one in found["documents"]] == ["s2025"]
    assert [one["year"] for one in found["years"]] == [2025]


async def test_credits_of_the_bank_are_part_of_everything(agent: Served) -> None:
    day = date(2026, 3, 3)
    keep_bank(agent.agent.store, [(day, Decimal("21.00"), "VIR CPAM", "fund", None)], "account", [(day, day)])
    (one,) = json.loads(await file(agent, format="json"))["bank"]
    assert (one["on"], one["amount"], one["label"]) == ("2026-03-03", "21.00", "VIR CPAM")
    assert json.loads(await file(agent, format="json", year="2025"))["bank"] == []


async def test_the_whole_name_is_that_person_and_part_of_two_names_is_refused(agent: Served) -> None:
    keep(agent)
    found = json.loads(await file(agent, format="json", beneficiary="ines faure"))
    assert found["filters"]["beneficiary"] == "INES FAURE"
    assert [one["id"] for one in found["payments"]] == ["p0"]
    with pytest.raises(Problem) as caught:
        await file(agent, format="json", beneficiary="ines")
    assert "INES FAURE-MARTIN" in caught.value.message("en")


async def test_a_document_keeps_its_name_whatever_part_is_asked_for(agent: Served) -> None:
    keep(agent)
    whole = (await agent.get("/v1/export/documents", naming="{title}"))["documents"]
    assert {one["id"]: one["name"] for one in whole} == {"s2025": "Relevé.pdf", "s2026": "Relevé-2.pdf"}
    part = (await agent.get("/v1/export/documents", naming="{title}", year="2026"))["documents"]
    assert [one["name"] for one in part] == ["Relevé-2.pdf"]
