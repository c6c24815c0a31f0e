"""Files that hold nothing readable are told so, and the vault stays as it was."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.agent.processes import PASSPHRASE, Served, served


@pytest.fixture
async def agent(tmp_path: Path) -> AsyncIterator[Served]:
    async with served(tmp_path) as one:
        await one.post("/v1/setup", {"passphrase": PASSPHRASE})
        yield one


async def bring(agent: Served, data: bytes, name: str = "file") -> Any:
    return await asyncio.to_thread(lambda: agent.client.upload("/v1/import", data, name=name))


@pytest.mark.parametrize(("data", "code"), [(b"", "empty_file"), (b"\x00\x01\x02", "unknown_file")])
async def test_a_file_that_is_nothing_known_is_told_and_nothing_is_kept(
    agent: Served, data: bytes, code: str
) -> None:
    taken = await bring(agent, data)
    assert (taken["kind"], taken["new"], taken["problem"]["code"]) == ("unknown", 0, code)
    assert await agent.get("/v1/payments") == [] and await agent.get("/v1/documents") == []


async def test_a_large_file_arrives_whole(agent: Served) -> None:
    taken = await bring(agent, b"\x00" * (60 << 20))
    assert taken["problem"]["code"] == "unknown_file"
