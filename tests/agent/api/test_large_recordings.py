"""A large recorded session is sifted while it arrives; another large file is refused with its reason."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from agent.client import api
from agent.client.call import Call
from agent.client.client import Client, Problem
from agent.concurrency.reader_threads import end_readers
from agent.files.formats.har.plain_text import chunks_of
from agent.files.imports.har.large import small_recording
from agent.protocol.files import Taken
from ameli_tui.files.bring import OverMost, bring
from tests.agent.files.formats.har.test_read import entry
from tests.agent.files.imports.test_har_twins import EVERYBODY
from tests.agent.processes import PASSPHRASE, Served, served
from tests.recorder import REAL

PIECE = 100_000
PICTURES = [entry(f"{REAL}/PortailAS/img/{number}.png", "A" * PIECE) for number in range(30)]
PAGES = [entry(f"{REAL}/PortailAS/other?n={number}", "é" * PIECE) for number in range(10)]
Write = Callable[[Any], BinaryIO]


@pytest.fixture
async def agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Served]:
    monkeypatch.setattr("agent.api.incoming_file.SIFTED_FROM", 1 << 20)
    async with served(tmp_path) as one:
        await one.post("/v1/setup", {"passphrase": PASSPHRASE})
        yield one


async def ask(agent: Served, call: Call[Taken]) -> Taken:
    return await asyncio.to_thread(Client(agent.paths).ask, call)


@pytest.fixture
def written(tmp_path: Path) -> Write:
    def _write(har: Any) -> BinaryIO:
        path = tmp_path / "session.har"
        path.write_bytes(har if isinstance(har, bytes) else json.dumps(har).encode())
        return path.open("rb")

    return _write


def among(*others: Any) -> dict[str, Any]:
    entries = EVERYBODY["log"]["entries"]
    return {"log": {"version": "1.2", "entries": [entries[0], *others, *entries[1:]]}}


async def test_it_brings_what_the_small_one_brings(agent: Served, written: Write) -> None:
    large = written(among(*PICTURES, *PAGES))
    taken = await ask(agent, api.take(large, "large.har", "yes"))
    assert taken["new"] == 2
    again = await ask(agent, api.take(large, "large.har"))
    assert (again["id"], again["new"], again["known"]) == (taken["id"], 0, 2)
    small = await ask(agent, api.take(json.dumps(EVERYBODY).encode(), "small.har"))
    assert (small["new"], small["known"]) == (0, 2)


def test_pages_that_are_not_read_are_left_out_of_it() -> None:
    data = json.dumps(among(*PICTURES, *PAGES)).encode()
    assert len(small_recording(chunks_of(data))) < 20_000 < len(data) / 100


async def test_a_large_file_cut_short_or_of_another_kind_is_told(
    agent: Served, written: Write, monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = json.dumps(among(*PICTURES)).encode()
    taken = await ask(agent, api.take(written(data[:-500]), "cut.har", "yes"))
    assert taken["unread_rows"] and any("cut short" in note["en"] for note in taken["notes"])
    monkeypatch.setattr(agent.server._limits, "imported", 2 << 20)
    with pytest.raises(Problem, match="too large") as caught:
        await ask(agent, api.take(written(b"%PDF-1.4" + bytes(3 << 20)), "large.pdf"))
    assert caught.value.code == "file_too_large" and "Record the session in parts" in caught.value.hint("en")
    monkeypatch.setattr("agent.files.formats.har.sift.MOST_KEPT", 100)
    with pytest.raises(Problem) as caught:
        await ask(agent, api.take(written(data), "large.har"))
    assert caught.value.code == "har_too_large"


async def test_whoever_leaves_in_the_middle_leaves_nothing_behind(agent: Served) -> None:
    data = json.dumps(among(*PICTURES)).encode()
    _, writer = await asyncio.open_unix_connection(str(agent.paths.socket))
    writer.write(b"POST /v1/import?name=a HTTP/1.1\r\nhost: a\r\ncontent-length: %d\r\n\r\n" % len(data))
    writer.write(data[:2 << 20])
    await writer.drain()
    writer.close()
    assert (await ask(agent, api.take(data, "a.har", "yes")))["new"] == 2
    await asyncio.wait_for(asyncio.to_thread(end_readers), 5)


def test_a_large_file_is_brought_part_by_part_and_its_refusal_is_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ameli_tui.files.bring._WHOLE", 10)
    path = tmp_path / "a.pdf"
    path.write_bytes(bytes(100))

    def _ask(call: Call[Taken]) -> Taken:
        assert not isinstance(call.data, bytes)
        raise Problem("file_too_large", 1, {"en": "too large"}, {"en": "in parts"}, 422)

    taken = bring(_ask, path, None)
    assert taken["problem"] is not None
    assert (taken["problem"]["code"], taken["problem"]["hint"]["en"]) == ("file_too_large", "in parts")
    monkeypatch.setattr("ameli_tui.files.bring.MOST", 99)
    with pytest.raises(OverMost):
        bring(_ask, path, None)
