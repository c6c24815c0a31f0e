"""The answers about the inbox and about last days, held against their shapes."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest

from agent.account import Message as Received
from agent.client import api_requests
from agent.client.call import Call
from agent.protocol.deadlines import Deadline
from agent.protocol.messages import About, Message, MessageHead, MessageWithOrigins
from config import clock
from tests.agent.api.shapes import held_against
from tests.agent.processes import PASSPHRASE, Served, served
from tests.agent.store.helpers import keep_message

T = TypeVar("T")
FILE = "Votre dossier est incomplet"


def _received(key: str, subject: str, body: str, *attachments: str) -> Received:
    return Received(id=key, received_on=clock.today() - timedelta(days=1), sender="CPAM", subject=subject, body=body,
                    attachments=attachments)


async def _called(agent: Served, call: Call[T]) -> T:
    return await asyncio.to_thread(agent.client.ask, call)


@pytest.fixture
async def agent(tmp_path: Path) -> AsyncIterator[Served]:
    async with served(tmp_path) as one:
        await one.post("/v1/setup", {"passphrase": PASSPHRASE})
        store = one.agent.store

        def fill() -> None:
            keep_message(store, _received("m1", FILE, "Envoyez la pièce dans les 30 jours."))
            keep_message(store, _received("m/2 é", "Bonjour", "Sans objet.", "d1"))

        await store.write(fill)
        yield one


async def test_the_inbox_has_the_shape_it_promises(agent: Served) -> None:
    listed = await _called(agent, api_requests.messages())
    held_against(list[Message], listed)
    assert {one["id"]: one["about"] and one["about"]["kind"] for one in listed} == {"m1": "complete", "m/2 é": None}
    assert [one["id"] for one in await _called(agent, api_requests.messages("incomplet"))] == ["m1"]
    assert [one["id"] for one in await _called(agent, api_requests.messages(asking=True))] == ["m1"]


async def test_one_message_has_the_shape_it_promises_whatever_its_id(agent: Served) -> None:
    for key in ("m1", "m/2 é"):
        found = await _called(agent, api_requests.message(key))
        held_against(MessageWithOrigins, found)
        assert found["id"] == key and found["read"]


async def test_the_messages_of_the_first_screen_are_heads(agent: Served) -> None:
    home = await agent.get("/v1/home")
    held_against(list[MessageHead], home["messages"])
    assert len(home["messages"]) == 2


async def test_last_days_have_the_shape_they_promise(agent: Served) -> None:
    found = await _called(agent, api_requests.deadlines())
    held_against(list[Deadline], found)
    assert [one["action"] for one in found] == [{"message": "m1"}]
    assert date.fromisoformat(found[0]["due"]) == clock.today() + timedelta(days=found[0]["days_left"])
    assert (await _called(agent, api_requests.deadlines_calendar("en"))).startswith(b"BEGIN:VCALENDAR")


def test_a_key_too_few_or_too_many_is_noticed() -> None:
    whole = {"kind": "duty", "request": None, "procedure": None}
    held_against(About, whole)
    with pytest.raises(AssertionError):
        held_against(About, {**whole, "more": 1})
    with pytest.raises(msgspec.ValidationError):
        held_against(About, {"kind": "duty", "request": None})
