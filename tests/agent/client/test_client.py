"""The client: what it costs to import, how it waits, what it says when nobody answers."""

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from agent.client import client as client_module
from agent.client.call import get
from agent.client.client import NotRunning, Problem
from agent.protocol.events import PAYMENT_NEW
from config.paths import Paths
from tests.agent.processes import PASSPHRASE, Served, home_paths, served
from tests.raw_client import RawClient


@pytest.fixture
async def agent(tmp_path: Path) -> AsyncIterator[Served]:
    async with served(tmp_path) as one:
        yield one


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    found = home_paths(tmp_path)
    found.run_dir.mkdir(mode=0o700)
    return found


@pytest.fixture
def stand_in(paths: Paths) -> Iterator[Callable[[bytes | None], None]]:
    """A socket that answers one call with given bytes, or never."""
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(paths.socket))
    listening.listen()
    links: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def serve(answer: bytes | None) -> None:
        link, _ = listening.accept()
        links.append(link)
        link.recv(65536)
        if answer is not None:
            link.sendall(answer)
            link.close()

    def begin(answer: bytes | None) -> None:
        threads.append(threading.Thread(target=serve, args=(answer,)))
        threads[-1].start()

    yield begin
    for thread in threads:
        thread.join(5)
    for one in (*links, listening):
        one.close()


def test_no_agent_is_told_as_such(paths: Paths) -> None:
    client = RawClient(paths)
    for ask in (lambda: client.get("/v1/status"), lambda: client.post("/v1/lock"), lambda: next(client.events())):
        with pytest.raises(NotRunning) as caught:
            ask()
        assert caught.value.code == "not_running" and "ameli" in caught.value.hint("fr")
    with pytest.raises(NotRunning):
        RawClient(home_paths(paths.run_dir / "nowhere")).get("/v1/status")


def test_a_socket_nobody_listens_on_is_no_agent(paths: Paths) -> None:
    stale = socket.socket(socket.AF_UNIX)
    stale.bind(str(paths.socket))
    stale.close()
    with pytest.raises(NotRunning):
        RawClient(paths).get("/v1/status")


def test_an_agent_that_hangs_ends_at_the_deadline(paths: Paths, stand_in: Callable[[bytes | None], None]) -> None:
    stand_in(None)
    with pytest.raises(Problem) as caught:
        RawClient(paths).get("/v1/status", deadline=0.15)
    assert caught.value.code == "agent_silent"


def test_the_deadline_covers_the_whole_answer_not_each_piece(paths: Paths) -> None:
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(paths.socket))
    listening.listen()
    ended = threading.Event()

    def drip() -> None:
        link, _ = listening.accept()
        with link:
            for byte in b"HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\n" + b"x" * 500:
                try:
                    link.sendall(bytes([byte]))
                except OSError:
                    return
                if ended.wait(0.02):
                    return

    thread = threading.Thread(target=drip)
    thread.start()
    with pytest.raises(Problem) as caught:
        RawClient(paths).get("/v1/status", deadline=0.2)
    ended.set()
    thread.join(5)
    listening.close()
    assert caught.value.code == "agent_silent"


@pytest.mark.parametrize("answer", [
    b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{\"half\":",
])
def test_an_agent_that_dies_half_way_is_told_as_such(
    paths: Paths, stand_in: Callable[[bytes | None], None], answer: bytes
) -> None:
    stand_in(answer)
    with pytest.raises(Problem) as caught:
        RawClient(paths).get("/v1/status", deadline=2)
    assert caught.value.code == "agent_gone"


def test_an_older_agent_is_told_to_be_restarted(paths: Paths, stand_in: Callable[[bytes | None], None]) -> None:
    stand_in(b"HTTP/1.1 200 OK\r\nx-agent-protocol: 0\r\ncontent-length: 2\r\n\r\n{}")
    with pytest.raises(Problem) as caught:
        RawClient(paths).get("/v1/status")
    assert caught.value.code == "agent_outdated" and "restart" in caught.value.hint("en")


def test_a_refusal_that_cannot_be_read_is_still_a_problem(
    paths: Paths, stand_in: Callable[[bytes | None], None]
) -> None:
    stand_in(b"HTTP/1.1 500 No\r\ncontent-length: 4\r\n\r\noops")
    with pytest.raises(Problem) as caught:
        RawClient(paths).get("/v1/status")
    assert caught.value.code == "agent_garbled"


async def test_queries_are_encoded_and_empty_ones_left_out(agent: Served) -> None:
    await agent.post("/v1/setup", {"passphrase": PASSPHRASE})
    found = await agent.get("/v1/rows", search="é&a=b c", since=None, limit=5)
    assert found["total"] == 0


async def test_a_request_sent_early_is_finished_later(agent: Served) -> None:
    early = agent.client.send(get("/v1/health"))
    import asyncio

    assert (await asyncio.to_thread(early.finish))["protocol"] == 1
    unwanted = agent.client.send(get("/v1/health"))
    unwanted.cancel()


async def test_events_are_iterated_and_resumed(agent: Served) -> None:
    import asyncio

    def listen(after: int | None, wanted: int) -> list[dict[str, object]]:
        stream = agent.client.events(after)
        found = [next(stream) for _ in range(wanted)]
        stream.close()  # type: ignore[attr-defined]
        return found

    listening = asyncio.ensure_future(asyncio.to_thread(listen, None, 2))
    async with asyncio.timeout(10):
        while not agent.agent.events.listeners:
            await asyncio.sleep(0.005)
    for number in range(3):
        agent.agent.events.publish(PAYMENT_NEW({"count": number}))
    first = await listening
    assert [event["data"] for event in first] == [{"count": 0}, {"count": 1}]
    rest = await asyncio.to_thread(listen, int(str(first[-1]["id"])), 1)
    assert rest[0]["data"] == {"count": 2}


async def test_a_stream_that_the_agent_ends_just_ends(agent: Served) -> None:
    import asyncio

    listening = asyncio.ensure_future(asyncio.to_thread(lambda: list(agent.client.events())))
    async with asyncio.timeout(10):
        while not agent.agent.events.listeners:
            await asyncio.sleep(0.005)
    agent.agent.events.close()
    assert await listening == []


def test_a_stream_without_a_sign_of_life_is_a_problem(paths: Paths, stand_in: Callable[[bytes | None], None]) -> None:
    stand_in(None)
    with pytest.raises(Problem) as caught:
        next(RawClient(paths).events(silence=0.1))
    assert caught.value.code == "agent_silent"


ALLOWED = {
    "agent", "agent.client", "agent.client.api", "agent.client.call",
    "agent.client.client", "agent.protocol", "config", "config.paths"}
HEAVY = {"asyncio", "typing", "dataclasses", "inspect", "subprocess", "http.client", "email", "ssl", "logging",
         "argparse", "msgspec", "httpx", "h11", "textual"}


def test_the_client_loads_next_to_nothing() -> None:
    """What a command pays before it can ask: `ameli agent status` may cost five times an empty interpreter."""
    code = "import sys; before = set(sys.modules); import agent.client.client, config.paths; import json; " \
           "print(json.dumps(sorted(set(sys.modules) - before)))"
    env = {"PYTHONPATH": str(Path(__file__).parents[3]), "PATH": os.environ["PATH"]}
    loaded = set(json.loads(subprocess.check_output([sys.executable, "-S", "-c", code], env=env)))
    assert {name for name in loaded if name.split(".")[0] in ("agent", "config", "ameli_tui")} == ALLOWED
    assert not loaded & HEAVY


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can listen as another user")
def test_nothing_is_sent_to_a_socket_of_another_user(paths: Paths) -> None:
    heard, say = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            listening = socket.socket(socket.AF_UNIX)
            listening.bind(str(paths.socket))
            paths.socket.chmod(0o666)
            os.setuid(65534)
            listening.listen()
            os.write(say, b".")
            link, _ = listening.accept()
            os.write(say, link.recv(100) or b"nothing")
        finally:
            os._exit(0)
    os.read(heard, 1)
    with pytest.raises(Problem) as caught:
        RawClient(paths).post("/v1/unlock", {"passphrase": PASSPHRASE})
    assert caught.value.code == "agent_unreachable"
    assert os.read(heard, 100) == b"nothing"
    os.waitpid(child, 0)
    os.close(heard)
    os.close(say)


def test_a_crowd_at_the_door_is_waited_for(paths: Paths) -> None:
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(paths.socket))
    listening.listen(0)
    crowd = [RawClient(paths).send(get("/v1/status"))]
    with pytest.raises(Problem) as caught:
        crowd.append(RawClient(paths).send(get("/v1/status", deadline=0.1)))
    assert caught.value.code == "agent_silent"
    listening.close()
    for one in crowd:
        one.cancel()


@pytest.fixture
def busy(paths: Paths) -> Iterator[Callable[[float, bool], None]]:
    """An agent that answers calls late, and ``/v1/health`` at once or never."""
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(paths.socket))
    listening.listen()
    over = threading.Event()
    threads: list[threading.Thread] = []

    def answer(link: socket.socket, late_s: float, lives: bool) -> None:
        with link:
            health = b"/v1/health" in link.recv(65536)
            if over.wait(0 if health and lives else late_s):
                return
            link.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")

    def serve(late_s: float, lives: bool) -> None:
        while True:
            try:
                link, _ = listening.accept()
            except OSError:
                return
            threads.append(threading.Thread(target=answer, args=(link, late_s, lives)))
            threads[-1].start()

    def begin(late_s: float, lives: bool) -> None:
        threads.append(threading.Thread(target=serve, args=(late_s, lives)))
        threads[-1].start()

    yield begin
    over.set()
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    for thread in threads:
        thread.join(5)


def test_an_agent_that_is_at_work_is_waited_for_and_that_is_told(
    paths: Paths, busy: Callable[[float, bool], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "_TELL_S", 0.1)
    monkeypatch.setattr(client_module, "_DEADLINE", 0.2)
    busy(1.0, True)
    told: list[float] = []
    assert RawClient(paths, on_wait=told.append).get("/v1/owed") == {}
    assert len(told) >= 3
    assert told == sorted(told)
    assert RawClient(paths).post("/v1/owed/match", {}) == {}


def test_an_agent_that_says_nothing_at_all_is_given_up(
    paths: Paths, busy: Callable[[float, bool], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "_HEALTH_S", 0.2)
    monkeypatch.setattr(client_module, "_DEADLINE", 0.2)
    busy(30.0, False)
    with pytest.raises(Problem) as caught:
        RawClient(paths).get("/v1/owed")
    assert caught.value.code == "agent_silent"
