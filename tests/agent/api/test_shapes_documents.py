"""What the agent answers about documents and about files taken in is what the protocol says, key by key."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import TypeVar

import pytest

from agent.account import Document as Kept
from agent.client import api
from agent.client.call import Call
from agent.client.client import Problem
from agent.files.exports import FORMATS
from agent.protocol.documents import Document, DocumentWithOrigins, NamedDocument
from agent.protocol.files import Taken, TakenEarlier, TakenStatements
from tests.agent.api.shapes import held_against
from tests.agent.processes import PASSPHRASE, Served, served
from tests.agent.store.helpers import a_payment, keep_all, keep_document

T = TypeVar("T")
STATEMENT = b"%PDF-1.4 nothing of a statement"
ODD = "s 1/ä?"
"""An id with every sign that a path must not hold as it is."""


@pytest.fixture
async def agent(tmp_path: Path) -> AsyncIterator[Served]:
    """An account with a detail that was not fetched, and two files that are kept."""
    async with served(tmp_path) as one:
        await one.post("/v1/setup", {"passphrase": PASSPHRASE})
        store = one.agent.store
        with store.step():
            keep_all(store, [a_payment()])
            for key in ("s2025", ODD):
                keep_document(store, Kept(id=key, kind="releve_mensuel", title="Relevé", date=date(2025, 3, 31),
                                      filename="x.pdf"), STATEMENT)
        yield one


async def ask(agent: Served, call: Call[T]) -> T:
    """What a client gets, which asks from a thread."""
    return await asyncio.to_thread(agent.client.ask, call)


async def test_documents_kept_and_offered_are_as_the_protocol_says(agent: Served) -> None:
    listed = held_against(list[Document], await ask(agent, api.documents()))
    assert {one["kind"]: one["fetched"] for one in listed} == {"decompte": False, "releve_mensuel": True}
    for one in listed:
        alone = held_against(DocumentWithOrigins, await ask(agent, api.document(one["id"])))
        assert {key: value for key, value in alone.items() if key != "origins"} == one
        assert bool(alone["origins"]) is one["fetched"]
    named = held_against(list[NamedDocument], (await ask(agent, api.export_documents("{title}")))["documents"])
    assert {one["id"] for one in named} == {one["id"] for one in listed} and all(one["name"] for one in named)
    assert (await ask(agent, api.export_documents(year=2020)))["documents"] == []


async def test_an_id_of_any_signs_asks_for_that_document(agent: Served) -> None:
    assert (await ask(agent, api.document(ODD)))["id"] == ODD
    assert await ask(agent, api.document_bytes(ODD)) == STATEMENT


async def test_a_file_is_given_in_the_format_asked_for(agent: Served) -> None:
    for name in FORMATS:
        assert await ask(agent, api.export(name, lang="en"))
    with pytest.raises(Problem) as caught:
        await ask(agent, api.certificate("kind of nothing"))
    assert caught.value.code == "bad_request"


async def test_files_taken_in_are_as_the_protocol_says(agent: Served) -> None:
    wrong = held_against(Taken, await ask(agent, api.take(b"nothing known", "what.bin")))
    assert wrong["problem"] and wrong["problems"][0]["count"] == 1
    bank = b"Date;Libelle;Montant\n20/10/2026;VIR CPAM;12,34\nno day;VIR CPAM;1,00\n"
    taken = held_against(Taken, await ask(agent, api.take(bank, "bank.csv", "yes")))
    assert taken["kind"] == "csv" and taken["unread_rows"]
    earlier = held_against(list[TakenEarlier], await ask(agent, api.taken(10)))
    assert {one["name"] for one in earlier} == {"bank.csv"}  # what nobody knows is not noted


async def test_statements_read_again_are_as_the_protocol_says(agent: Served) -> None:
    read = held_against(TakenStatements, await ask(agent, api.take_statements()))
    assert read["files"] and read["files"][0]["path"] == "Relevé" and read["files"][0]["problem"]
