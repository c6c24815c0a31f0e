"""HTTP over the socket: what is answered, what is refused, what is dropped."""

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.api.server import Limits
from agent.client.client import Problem
from agent.protocol.events import LOCKED, PAYMENT_NEW, STATE
from tests.agent.processes import PASSPHRASE, Served, served
from tests.thoroughness import examples


class Tight(Limits):
    """Limits that a test can reach."""

    receive_s = 0.15
    idle_s = 0.15
    send_s = 0.2
    heartbeat_s = 0.05
    linger_s = 0.02
    connections = 4


@pytest.fixture
async def agent(tmp_path: Path) -> AsyncIterator[Served]:
    async with served(tmp_path) as one:
        yield one


async def raw(agent: Served, data: bytes) -> bytes:
    """Send bytes and read until the agent closes."""
    reader, writer = await asyncio.open_unix_connection(str(agent.paths.socket))
    writer.write(data)
    try:
        return await asyncio.wait_for(reader.read(), 5)
    except ConnectionResetError:
        return b""
    finally:
        writer.close()


async def test_one_connection_carries_several_requests(agent: Served) -> None:
    one = b"GET /v1/health HTTP/1.1\r\nhost: agent\r\n\r\n"
    answer = await raw(agent, one + one + one.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n"))
    assert answer.count(b"HTTP/1.1 200") == 3
    assert answer.count(b"x-agent-protocol: 1") == 3


async def test_a_request_may_arrive_byte_by_byte(agent: Served) -> None:
    reader, writer = await asyncio.open_unix_connection(str(agent.paths.socket))
    for byte in b"GET /v1/health HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n":
        writer.write(bytes([byte]))
        await asyncio.sleep(0)
    assert b"200" in await reader.read()
    writer.close()


@pytest.mark.parametrize(("data", "status"), [
    (b"nonsense\r\n\r\n", 400),
    (b"GET /v1/health HTTP/1.1\r\n\r\n", 400),  # no host
    (b"GET /v1/health HTTP/1.1\r\nhost: a\r\nx: " + b"y" * 20_000 + b"\r\n\r\n", 431),
    (b"GET /" + b"y" * 20_000, 431),
    (b"POST /v1/unlock HTTP/1.1\r\nhost: a\r\ncontent-length: 1048577\r\n\r\n", 413),
    (b"POST /v1/unlock HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n", 400),
    (b"GET /v1/nothing HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n", 404),
    (b"DELETE /v1/health HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n", 404),
    (b"GET /v1/payments/a/b/c HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n", 404),
    (b"GET //[ HTTP/1.1\r\nhost: a\r\n\r\n", 400),
    (b"GET http://[::1/v1/health HTTP/1.1\r\nhost: a\r\n\r\n", 400),
])
async def test_what_is_not_a_call_is_refused_with_a_problem(agent: Served, data: bytes, status: int) -> None:
    answer = await raw(agent, data)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d" % status)
    assert b"application/problem+json" in head
    assert set(json.loads(body)) == {"code", "exit", "message", "hint"}


async def test_a_chunked_body_beyond_the_limit_is_refused(agent: Served) -> None:
    head = b"POST /v1/unlock HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n"
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    assert (await raw(agent, head + chunk * 20)).startswith(b"HTTP/1.1 413")
    assert (await agent.get("/v1/health"))["state"] == "setup"


@pytest.mark.parametrize("body", [
    b"{", b"[]", b'"text"', b"\xff\xfe", b'{"passphrase": 7}', b"{}", b'{"passphrase": ""}',
])
async def test_a_body_that_makes_no_sense_is_refused_and_never_repeated(agent: Served, body: bytes) -> None:
    sent = body + b" " * 5
    request = b"POST /v1/setup HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: %d\r\n\r\n" % len(sent)
    answer = await raw(agent, request + sent)
    assert answer.startswith(b"HTTP/1.1 400")
    assert body in (b"{", b"[]", b"{}") or body not in answer


async def test_who_is_too_slow_to_ask_is_told_so_and_closed(tmp_path: Path) -> None:
    async with served(tmp_path, limits=Tight) as agent:
        assert (await raw(agent, b"GET /v1/heal")).startswith(b"HTTP/1.1 408")
        assert await raw(agent, b"") == b""


async def _answer_once_there_is_room(agent: Served) -> Any:
    async with asyncio.timeout(5):
        while True:
            try:
                return await agent.get("/v1/health")
            except Problem as problem:
                assert problem.http == 503
                await asyncio.sleep(0.001)


async def test_too_many_connections_are_refused_and_the_others_live(tmp_path: Path) -> None:
    class Few(Limits):
        connections = 3

    async with served(tmp_path, limits=Few) as agent:
        open_ones = [await asyncio.open_unix_connection(str(agent.paths.socket)) for _ in range(3)]
        # Connections are taken up in the order in which they were made: these three come before the next.
        assert (await agent.refused("/v1/health", method="GET")).http == 503
        open_ones[0][1].close()
        assert (await _answer_once_there_is_room(agent))["protocol"] == 1
        for _, writer in open_ones:
            writer.close()


async def test_another_user_gets_no_answer(tmp_path: Path) -> None:
    async with served(tmp_path, peer=lambda connection: 4242) as agent:
        assert await raw(agent, b"GET /v1/health HTTP/1.1\r\nhost: a\r\n\r\n") == b""


async def test_a_fault_of_ours_is_told_without_details_and_the_agent_lives(
    agent: Served, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(agent.agent, "status", fail)
    refused = await agent.refused("/v1/status", method="GET")
    assert (refused.code, refused.http) == ("internal", 500)
    assert "secret" not in refused.message("en") + refused.hint("en")
    assert "RuntimeError" in caplog.text
    assert (await agent.get("/v1/health"))["protocol"] == 1


async def test_a_newer_client_is_told_to_restart_the_agent_and_an_older_one_may_only_read(agent: Served) -> None:
    def call(method: bytes, protocol: bytes) -> bytes:
        return method + b" HTTP/1.1\r\nhost: a\r\nconnection: close\r\nx-agent-protocol: " + protocol + b"\r\n\r\n"

    assert b"agent_outdated" in await raw(agent, call(b"GET /v1/status", b"2"))
    assert b'"protocol":1' in await raw(agent, call(b"GET /v1/health", b"2"))
    assert b"client_outdated" in await raw(agent, call(b"POST /v1/lock", b"0"))
    assert b'"running":true' in await raw(agent, call(b"GET /v1/status", b"0"))
    assert b"bad_request" in await raw(agent, call(b"GET /v1/status", b"one"))


# -- events ----------------------------------------------------------------------------------------------------------


async def _listen(agent: Served, extra: bytes = b"") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_unix_connection(str(agent.paths.socket))
    writer.write(b"GET /v1/events HTTP/1.0\r\nhost: a\r\n" + extra + b"\r\n")
    await reader.readuntil(b": open\n\n")
    return reader, writer


async def test_events_arrive_as_they_happen(agent: Served) -> None:
    reader, writer = await _listen(agent)
    agent.agent.events.publish(PAYMENT_NEW({"count": 3}))
    text = await reader.readuntil(b"\n\n")
    assert b"event: payment_new\ndata: {\"count\":3}\n\n" in text
    writer.close()


async def test_a_listener_resumes_after_the_last_event_it_saw(agent: Served) -> None:
    events = agent.agent.events
    events.publish(LOCKED({"reason": "asked"}))
    seen = events.last_id
    events.publish(STATE({"state": "locked"}))
    reader, writer = await _listen(agent, b"last-event-id: %d\r\n" % seen)
    assert b"event: state" in await reader.readuntil(b"\n\n")
    writer.close()
    reader, writer = await _listen(agent, b"last-event-id: 12\r\n")
    assert b"event: gap" in await reader.readuntil(b"\n\n")
    writer.close()


async def test_a_silent_stream_says_that_it_lives(tmp_path: Path) -> None:
    async with served(tmp_path, limits=Tight) as agent:
        reader, writer = await _listen(agent)
        assert await reader.readuntil(b"\n\n") == b": alive\n\n"
        writer.close()


async def test_a_listener_who_leaves_is_forgotten_at_once(agent: Served) -> None:
    _, writer = await _listen(agent)
    assert agent.agent.events.listeners == 1
    writer.close()
    async with asyncio.timeout(5):
        while agent.agent.events.listeners:
            await asyncio.sleep(0.005)


async def test_a_listener_who_reads_nothing_is_dropped(tmp_path: Path) -> None:
    async with served(tmp_path, limits=Tight) as agent:
        link = socket.socket(socket.AF_UNIX)
        link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        link.connect(str(agent.paths.socket))
        link.sendall(b"GET /v1/events HTTP/1.0\r\nhost: a\r\n\r\n")
        async with asyncio.timeout(10):
            while not agent.agent.events.listeners:
                await asyncio.sleep(0.001)
            while agent.agent.events.listeners:
                agent.agent.events.publish(LOCKED({"reason": "x" * 20_000}))
                await asyncio.sleep(0.003)
        link.close()


async def test_what_a_listener_sends_is_thrown_away(agent: Served) -> None:
    """It may send without end: nothing of it is kept."""
    reader, writer = await _listen(agent)
    before = _resident_mb()
    for _ in range(40):
        writer.write(b"x" * (1 << 20))
        await writer.drain()
    assert _resident_mb() - before < 15
    agent.agent.events.publish(PAYMENT_NEW({"count": 3}))
    assert b"payment_new" in await reader.readuntil(b"\n\n")
    writer.close()


def _resident_mb() -> float:
    """Memory of this process, in which the agent runs, too."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / (1 << 20)


async def test_a_stream_that_cannot_be_sent_leaves_nothing_waiting(tmp_path: Path) -> None:
    async with served(tmp_path, limits=Tight) as agent:
        before = asyncio.all_tasks()
        _, writer = await _listen(agent)
        writer.transport.abort()
        async with asyncio.timeout(5):
            while agent.agent.events.listeners or asyncio.all_tasks() - before:
                agent.agent.events.publish(LOCKED({"reason": "x" * 20_000}))
                await asyncio.sleep(0.005)


async def test_stopping_ends_open_streams_at_once(tmp_path: Path) -> None:
    async with served(tmp_path) as agent:
        reader, writer = await _listen(agent)
        agent.agent.events.close()
        assert await asyncio.wait_for(reader.read(), 1) == b""
        writer.close()


_BYTES = st.one_of(
    st.binary(max_size=400),
    st.binary(max_size=200).map(lambda tail: b"POST /v1/unlock HTTP/1.1\r\nhost: a\r\n" + tail),
    st.binary(max_size=200).map(lambda tail: b"GET /v1/" + tail + b" HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n"),
    st.tuples(st.sampled_from([b"/", b"//", b"//[", b"http://", b"http://[", b"?", b""]), st.text(
        st.characters(min_codepoint=0x21, max_codepoint=0xFF, exclude_characters="\x7f"), max_size=60,
    )).map(lambda one: b"GET %b%b HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n" % (
        one[0], one[1].encode("latin-1"))),
)


def test_no_bytes_bring_the_agent_down(tmp_path: Path) -> None:
    with asyncio.Runner() as runner:
        serving = served(tmp_path, limits=Tight)
        agent = runner.run(serving.__aenter__())

        async def send(data: bytes) -> None:
            answer = await raw(agent, data)
            assert answer.startswith(b"HTTP/1.1 ") or not data
            assert b"HTTP/1.1 500" not in answer
            assert (await agent.get("/v1/health"))["state"] == "setup"

        @settings(max_examples=examples(40), deadline=None)
        @given(data=_BYTES)
        def any_bytes(data: bytes) -> None:
            runner.run(send(data))

        try:
            any_bytes()
        finally:
            runner.run(serving.__aexit__(None, None, None))


async def test_the_passphrase_is_wiped_from_the_request(agent: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    from agent.api import server

    bodies: list[bytearray] = []
    init = server.Request.__init__

    def keep(self: server.Request, method: str, target: str, headers: dict[str, str], body: bytearray) -> None:
        bodies.append(body)
        init(self, method, target, headers, body)

    monkeypatch.setattr(server.Request, "__init__", keep)
    await agent.post("/v1/setup", {"passphrase": PASSPHRASE})
    assert bodies and not any(bodies[-1])
