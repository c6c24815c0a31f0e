"""ameliBot's answers are as the protocol says: no key forgotten, none extra."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.protocol.assistant import Answer, Subject, SubjectText, Term
from tests.agent.api.shapes import check_shape
from tests.agent.processes import PASSPHRASE, Served, served


@pytest.fixture
async def agent(tmp_path: Path) -> AsyncIterator[Served]:
    async with served(tmp_path) as one:
        yield one


@pytest.mark.parametrize("question", [
    "comment avoir une carte vitale ?", "where is my money", "c2s", "zzz qqq", "j'ai mal au ventre", "douleur poitrine",
])
async def test_an_answer_is_in_the_agreed_shape_locked_or_open(agent: Served, question: str) -> None:
    check_shape(await agent.post("/v1/ask", {"question": question}), Answer)
    await agent.post("/v1/setup", {"passphrase": PASSPHRASE})
    check_shape(await agent.post("/v1/ask", {"question": question, "lang": "en"}), Answer)


async def test_an_answer_of_the_guide_has_sources_and_actions_in_the_agreed_shape(agent: Served) -> None:
    told = await agent.post("/v1/ask", {"question": "comment commander une carte vitale perdue ?"})
    assert told["sources"]
    assert told["actions"]
    check_shape(told, Answer)


async def test_the_guide_is_in_the_agreed_shapes(agent: Served) -> None:
    subjects = await agent.get("/v1/guide", lang="en")
    assert subjects
    check_shape(subjects, list[Subject])
    told = await agent.get("/v1/guide", subject=subjects[0]["intent"])
    assert told["text"]
    check_shape(told, SubjectText)
    nothing = await agent.get("/v1/guide", subject="no such thing")
    assert nothing["text"] is None
    check_shape(nothing, SubjectText)


async def test_the_glossary_is_in_the_agreed_shape(agent: Served) -> None:
    every = await agent.get("/v1/glossary")
    check_shape(every, list[Term])
    found = await agent.get("/v1/glossary", **{"in": "le ticket modérateur"})
    assert 0 < len(found) < len(every)
    check_shape(found, list[Term])
