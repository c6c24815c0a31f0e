"""The answers about procedures, requests, papers and the newcomer's way, held against their shapes."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from agent.account import Message as Received
from agent.client import api_requests
from agent.client.call import Call
from agent.protocol.newcomer import AnswersKept, AnswersRefused, Newcomer
from agent.protocol.procedures import Check, Procedure, ProcedureHead
from agent.protocol.requests import (
    CopiedAnswer,
    Done,
    HandedOver,
    HandOver,
    LookedAt,
    Refused,
    RequestDetail,
    RequestRecord,
    RequestShown,
    RequestState,
    TakenPaper,
    Written,
)
from config import clock
from config.settings import PortalSettings, Settings
from tests import papers
from tests.agent.api.shapes import held_against
from tests.agent.processes import PASSPHRASE, Served, served
from tests.agent.requests.test_outbox import IBAN, PDF
from tests.agent.store.helpers import keep_message

T = TypeVar("T")
GOOD = {"holder_is_me": True, "iban": IBAN}
BANK = "bank-details"


async def _called(agent: Served, call: Call[T]) -> T:
    return await asyncio.to_thread(agent.client.ask, call)


@pytest.fixture
async def agent(tmp_path: Path) -> AsyncIterator[Served]:
    async with served(tmp_path) as one:
        await one.post("/v1/setup", {"passphrase": PASSPHRASE})
        yield one


@pytest.fixture
async def by_hand(tmp_path: Path) -> AsyncIterator[Served]:
    """An agent of the real service, which takes nothing from a program: nothing is asked of it."""
    async with served(tmp_path, Settings(portal=PortalSettings())) as one:
        await one.post("/v1/setup", {"passphrase": PASSPHRASE})
        yield one


async def _draft(agent: Served) -> str:
    kept = await _called(agent, api_requests.start_request(
        BANK, {"answers": {"iban": "x"}, "papers": [], "draft": True}))
    held_against(Done, kept)
    assert "request" in kept and kept.get("to_correct")
    return kept["request"]


async def test_every_procedure_has_the_shape_it_promises(agent: Served) -> None:
    listed = await _called(agent, api_requests.procedures())
    held_against(list[ProcedureHead], listed)
    assert len(listed) > 10
    for one in listed:
        held_against(Procedure, await _called(agent, api_requests.procedure(one["name"])))


async def test_a_check_has_the_shape_it_promises_right_or_wrong(agent: Served) -> None:
    right = await _called(agent, api_requests.check_answers(BANK, {"answers": GOOD, "papers": ["rib"]}))
    wrong = await _called(agent, api_requests.check_answers(BANK, {"answers": {"iban": "x"}, "papers": []}))
    for found in (right, wrong):
        held_against(Check, found)
    assert (right["errors"], bool(right["notes"]), bool(wrong["errors"])) == ([], True, True)


async def test_papers_have_the_shapes_they_promise(agent: Served) -> None:
    taken = await _called(agent, api_requests.take_paper(PDF, paper="rib", filename="rib.pdf", procedure=BANK))
    held_against(TakenPaper, taken)
    held_against(LookedAt, await _called(agent, api_requests.look_at_paper(PDF, "rib.pdf")))
    photo = await _called(agent, api_requests.look_at_paper(
        papers.picture(size=(700, 900)), "me.jpg", photo=True, crop=True))
    held_against(LookedAt, photo)
    assert photo["photo"] and photo["crop"]


async def test_drafts_and_what_is_done_with_them_have_the_shapes_they_promise(agent: Served) -> None:
    key = await _draft(agent)
    paper = await _called(agent, api_requests.take_paper(PDF, paper="rib", filename="rib.pdf", procedure=BANK))
    await _called(agent, api_requests.start_request(
        BANK, {"answers": {"iban": "x"}, "papers": [paper["id"]], "draft": True, "request": key}))
    listed = await _called(agent, api_requests.requests())
    held_against(list[RequestRecord], listed)
    assert [one["filename"] for one in listed[0]["papers"]] == ["rib.pdf"]
    removed = await _called(agent, api_requests.remove_paper(key, "rib", "rib.pdf"))
    held_against(Done, removed)
    assert removed.get("papers") == []
    refused = await _called(agent, api_requests.send_request(key))
    held_against(Refused, refused)
    gone = await _called(agent, api_requests.cancel_request(key))
    held_against(Done, gone)
    assert gone["status"] == "cancelled" and await _called(agent, api_requests.requests()) == []


async def test_a_request_that_waits_has_the_shapes_it_promises(agent: Served) -> None:
    done = await _called(agent, api_requests.start_request(BANK, {"answers": GOOD, "papers": [], "draft": False}))
    held_against(Done, done)
    assert "request" in done and done.get("problem") and done.get("notes")
    shown = await _called(agent, api_requests.request(done["request"]))
    held_against(RequestDetail, shown)
    held_against(RequestShown, shown)
    assert (await _called(agent, api_requests.dossier(done["request"]))).startswith(b"%PDF-")


async def test_messages_to_advisers_have_the_shapes_they_promise(agent: Served) -> None:
    done = await _called(agent, api_requests.write_message(
        {"subject": "Bonjour", "body": "Une question.", "papers": []}))
    held_against(Done, done)
    held_against(list[Written], await _called(agent, api_requests.written_messages()))
    shown = await _called(agent, api_requests.request(done["request"]))
    held_against(RequestShown, shown)
    held_against(RequestRecord, shown)


async def test_bringing_a_request_has_the_shapes_it_promises(by_hand: Served) -> None:
    store = by_hand.agent.store
    done = await _called(by_hand, api_requests.start_request(BANK, {"answers": GOOD, "papers": [], "draft": False}))
    assert "request" in done and done["status"] == "ready"
    key = done["request"]
    place = await _called(by_hand, api_requests.hand_over(key))
    held_against(HandOver, place)
    answer = await _called(by_hand, api_requests.copied_answer(key, "iban"))
    held_against(CopiedAnswer, answer)
    assert answer["value"] == "".join(IBAN.split())
    noted = await _called(by_hand, api_requests.handed_over(key, {"reference": "D2611-0042"}))
    held_against(HandedOver, noted)
    message = Received(id="m1", received_on=clock.today() + timedelta(days=1), sender="CPAM",
                       subject="Votre demande D2611-0042 est acceptée", body="Votre RIB est enregistré.")
    await store.write(lambda: keep_message(store, message))
    await store.write(by_hand.agent.open_vault.requests.by_hand.read_inbox)
    shown = await _called(by_hand, api_requests.request(key))
    held_against(RequestDetail, shown)
    assert shown["decision"] and shown["moved_by"] == ["m1"]


async def test_what_the_inbox_asks_of_a_request_has_the_shape_it_promises(by_hand: Served) -> None:
    store, keys = by_hand.agent.store, []
    for _ in range(2):
        done = await _called(by_hand, api_requests.start_request(BANK, {"answers": GOOD, "papers": [], "draft": False}))
        assert "request" in done
        keys.append(done["request"])
        await _called(by_hand, api_requests.handed_over(keys[-1], {}))

    async def comes_in(key: str, subject: str, body: str = "") -> None:
        message = Received(id=key, received_on=clock.today(), sender="CPAM", subject=subject, body=body)
        await store.write(lambda: keep_message(store, message))
        await store.write(by_hand.agent.open_vault.requests.by_hand.read_inbox)

    await comes_in("m1", "Accusé de réception : coordonnées bancaires")
    asked = await _called(by_hand, api_requests.request(keys[0]))
    held_against(RequestDetail, asked)
    assert [one["message"] for one in asked["maybe"]] == ["m1"]
    settled = await _called(by_hand, api_requests.settle_message(keys[0], "m1", yes=True))
    held_against(RequestState, settled)
    assert settled["status"] == "sent"
    await _called(by_hand, api_requests.handed_over(keys[1], {"reference": "D2632700001"}))
    await comes_in("m2", "Dossier à compléter", "Il manque à votre demande D2632700001 : RIB.")
    needs = await _called(by_hand, api_requests.request(keys[1]))
    held_against(RequestDetail, needs)
    assert [one["paper"] for one in needs["needs"]] == ["document"]
    paper = await _called(by_hand, api_requests.take_paper(PDF, paper="document", filename="rib.pdf", request=keys[1]))
    completed = await _called(by_hand, api_requests.complete_request(keys[1], [paper["id"]]))
    held_against(Done, completed)
    assert completed["status"] == "ready"


async def test_amelibot_tells_the_last_days_that_the_list_has(by_hand: Served) -> None:
    store = by_hand.agent.store
    message = Received(id="m1", received_on=clock.today(), sender="CPAM", subject="Dossier à compléter", body="")
    await store.write(lambda: keep_message(store, message))
    due = (await _called(by_hand, api_requests.deadlines()))[0]
    answer = await by_hand.post("/v1/ask", {"question": "my deadlines", "lang": "en"})
    assert due["title_en"] in answer["answer"]


async def test_the_newcomers_way_has_the_shape_it_promises(agent: Served) -> None:
    found = await _called(agent, api_requests.newcomer())
    held_against(Newcomer, found)
    told = await _called(agent, api_requests.tell_newcomer(
        {"arrived_on": clock.today().isoformat(), "situation": "resident"}))
    held_against(AnswersKept, told)
    wrong = await _called(agent, api_requests.tell_newcomer({"arrived_on": "soon"}))
    held_against(AnswersRefused, wrong)
    assert wrong["errors"]
