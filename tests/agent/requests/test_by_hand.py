"""Requests brought by the person: what to open and copy, noted as sent, moved on by the inbox, completed."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from agent.account import Message
from agent.client.client import Problem
from config.settings import PortalSettings, Settings
from tests import papers
from tests.agent.processes import PASSPHRASE, Served, served
from tests.agent.requests.test_outbox import IBAN
from tests.agent.store.helpers import keep_message

GOOD = {"holder_is_me": True, "iban": IBAN}
TODAY = date(2026, 11, 23)


@pytest.fixture
async def agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Served]:
    monkeypatch.setenv("AMELI_TODAY", TODAY.isoformat())
    async with served(tmp_path, Settings(portal=PortalSettings())) as one:
        await one.post("/v1/setup", {"passphrase": PASSPHRASE})
        yield one


async def ready(agent: Served) -> str:
    found = await agent.post("/v1/procedures/bank-details", {"answers": GOOD})
    assert found["status"] == "ready"
    return str(found["request"])


def comes_in(agent: Served, subject: str, body: str = "", key: str = "m1", on: date = TODAY) -> None:
    message = Message(id=key, received_on=on, sender="CPAM", subject=subject, body=body, read=False)
    keep_message(agent.agent.store, message)
    agent.agent.open_vault.requests.by_hand.read_inbox()


async def shown(agent: Served, key: str) -> Any:
    return await agent.get(f"/v1/requests/{key}")


async def test_the_page_is_that_of_the_real_service_and_secrets_come_one_at_a_time(agent: Served) -> None:
    key = await ready(agent)
    found = await agent.get(f"/v1/requests/{key}/hand-over")
    assert found["place"]["url"].startswith("https://assure.ameli.fr/PortailAS/")
    assert [one["value"] for one in found["copies"]] == ["Oui", "••••2606"]
    whole = await agent.get(f"/v1/requests/{key}/hand-over", field="iban")
    assert whole["value"] == IBAN.replace(" ", "")
    assert not agent.agent.open_vault.connected


async def test_sent_on_a_day_under_a_reference_its_clocks_run_from_that_day(agent: Served) -> None:
    key = await ready(agent)
    done = await agent.post(f"/v1/requests/{key}/handed-over", {"on": "2026-11-23", "reference": "d2611-0042"})
    assert (done["status"], done["reference"], done["sent_at"][:10]) == ("handed_over", "D2611-0042", "2026-11-23")
    assert (await shown(agent, key))["deadlines"][0]["on"] == "2026-11-26"
    for body, code in (({}, "not_now"), ({"on": "2026-11-24"}, "bad_day"), ({"on": "2020-01-01"}, "bad_day"),
                       ({"on": "soon"}, "bad_request"), ({"reference": "no reference"}, "bad_reference")):
        assert (await agent.refused(f"/v1/requests/{key}/handed-over", body)).code == code
    again = await agent.post(f"/v1/requests/{key}/handed-over", {"reference": "D2611-0043"})
    assert (again["reference"], again["sent_at"]) == ("D2611-0043", done["sent_at"])


async def test_acknowledgement_papers_and_decision_in_the_inbox_move_it_on(agent: Served) -> None:
    key = await ready(agent)
    await agent.post(f"/v1/requests/{key}/handed-over", {})
    comes_in(agent, "Accusé de réception : changement de coordonnées bancaires", "Référence : D2632700001.")
    got = await shown(agent, key)
    assert (got["status"], got["reference"], got["maybe"]) == ("sent", "D2632700001", [])
    comes_in(agent, "Dossier à compléter", "Il manque à votre demande D2632700001 : RIB, avant le 12/12/2026.", "m2")
    got = await shown(agent, key)
    assert (got["status"], got["needs"][0]["until"]) == ("needs_papers", "2026-12-12")
    kept = await asyncio.to_thread(lambda: agent.client.upload(
        "/v1/papers", papers.pdf(), request=key, paper="document", filename="rib.pdf"))
    await agent.post(f"/v1/requests/{key}/complete", {"papers": [kept["id"]]})
    assert (await shown(agent, key))["status"] == "ready"
    assert (await agent.get("/v1/status"))["pending"] == 0
    await agent.post(f"/v1/requests/{key}/handed-over", {})
    comes_in(agent, "Votre demande est refusée", "Votre demande D2632700001 : Motif : RIB illisible.", "m3")
    got = await shown(agent, key)
    assert (got["status"], got["decision"]["reason"], got["decision"]["on"]) == (
        "refused", "RIB illisible.", "2026-11-23")
    count = len(got["history"])
    assert agent.agent.open_vault.requests.by_hand.read_inbox() == []
    assert len((await shown(agent, key))["history"]) == count


async def test_in_doubt_it_asks_once_and_the_answer_settles_it(agent: Served) -> None:
    first, second = await ready(agent), await ready(agent)
    for key in (first, second):
        await agent.post(f"/v1/requests/{key}/handed-over", {})
    comes_in(agent, "Accusé de réception : coordonnées bancaires")
    assert agent.agent.open_vault.requests.by_hand.read_inbox() == []
    for key in (first, second):
        got = await shown(agent, key)
        assert (got["status"], [one["message"] for one in got["maybe"]]) == ("handed_over", ["m1"])
    assert (await agent.refused(f"/v1/requests/{first}/message", {"message": "m9"})).code == "not_found"
    assert (await agent.post(f"/v1/requests/{second}/message", {"message": "m1", "yes": True}))["status"] == "sent"
    assert [(await shown(agent, key))["maybe"] for key in (first, second)] == [[], []]
    comes_in(agent, "Accusé de réception : coordonnées bancaires", key="m2")
    assert (await shown(agent, first))["status"] == "sent"


async def test_no_is_kept_and_not_asked_again(agent: Served) -> None:
    key = await ready(agent)
    comes_in(agent, "Accusé de réception : coordonnées bancaires")
    assert (await shown(agent, key))["maybe"]
    await agent.post(f"/v1/requests/{key}/message", {"message": "m1", "yes": False})
    assert agent.agent.open_vault.requests.by_hand.read_inbox() == []
    got = await shown(agent, key)
    assert (got["status"], got["maybe"]) == ("ready", [])


async def test_a_message_to_an_adviser_is_handed_over_too(agent: Served) -> None:
    sent = await agent.post("/v1/messages", {"subject": "Bonjour", "body": "Une question."})
    found = await agent.get(f"/v1/requests/{sent['request']}/hand-over")
    assert found["place"]["url"].endswith("as_messages_recus_page")
    assert [one["value"] for one in found["copies"]][1:] == ["Bonjour", "Une question."]


async def test_a_draft_is_not_brought_anywhere_before_it_was_checked(agent: Served) -> None:
    draft = await agent.post("/v1/procedures/entitlement-opening", {"answers": {}, "draft": True})
    path = f"/v1/requests/{draft['request']}"
    refusal = await asyncio.to_thread(_refusal, agent, f"{path}/hand-over")
    assert refusal == "not_now"
    assert (await agent.refused(f"{path}/handed-over", {})).code == "not_now"


def _refusal(agent: Served, path: str) -> str:
    with pytest.raises(Problem) as caught:
        agent.client.get(path)
    return caught.value.code


async def test_what_is_asked_for_by_message_runs_once_among_the_deadlines(agent: Served) -> None:
    key = await ready(agent)
    await agent.post(f"/v1/requests/{key}/handed-over", {"reference": "D2632700001"})
    comes_in(agent, "Vous avez un dossier à compléter : D2632700001", "RIB, avant le 12/12/2026")
    listed = [one for one in await agent.get("/v1/deadlines") if one["due"] == "2026-12-12"]
    assert [one["action"] for one in listed] == [{"request": key}]


async def test_a_document_sent_under_its_reference_is_what_it_waited_for(agent: Served) -> None:
    key = await ready(agent)
    await agent.post(f"/v1/requests/{key}/handed-over", {"reference": "D2632700001"})
    comes_in(agent, "Vous avez un dossier à compléter : D2632700001", "RIB, avant le 12/12/2026")
    kept = await asyncio.to_thread(lambda: agent.client.upload(
        "/v1/papers", papers.pdf(), procedure="supporting-document", paper="document", filename="rib.pdf"))
    document = await agent.post("/v1/procedures/supporting-document", {"papers": [kept["id"]], "answers": {
        "why": "file_to_complete", "asked_on": "2026-11-23", "subject": "RIB", "reference": "d2632700001"}})
    assert (await shown(agent, key))["status"] == "needs_papers"
    await agent.post(f"/v1/requests/{document['request']}/handed-over", {})
    got = await shown(agent, key)
    assert (got["status"], got["needs"]) == ("sent", [])
