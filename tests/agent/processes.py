"""Real agents for tests: homes, processes, and an agent served inside the test's own loop."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

from agent.api import gate
from agent.api.server import Limits, Server
from agent.client.client import Problem
from agent.client.control import agent_environment
from agent.core.agent import Agent
from agent.core.autolock import AutoLock, deadlines
from agent.daemon.unix_socket import AgentSocket
from agent.vault import KdfCost
from config.paths import Paths, find_paths
from config.settings import PortalSettings, Settings
from tests.raw_client import RawClient

CHEAP = KdfCost(64, 1, 1)
PASSPHRASE = "four random words"
NOWHERE = Settings(portal=PortalSettings(base_url="http://127.0.0.1:9", identity_url="http://127.0.0.1:9"))
"""Settings that never leave this machine."""
ROOT = Path(__file__).parents[2]


def home_paths(folder: Path) -> Paths:
    """The paths of a home in ``folder``."""
    return find_paths({"AMELI_HOME": str(folder), "HOME": "/nowhere"})


def environment(folder: Path, **more: str) -> dict[str, str]:
    """What a process of that home is started with."""
    return {**agent_environment(dict(os.environ)), "AMELI_HOME": str(folder), "PYTHONPATH": str(ROOT), **more}


@contextlib.contextmanager
def agent_process(folder: Path, **popen: Any) -> Iterator[subprocess.Popen[bytes]]:
    """``python -m agent`` in the foreground, answering; killed in the end if it still runs."""
    given = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "env": environment(folder), **popen}
    process = subprocess.Popen([sys.executable, "-P", "-m", "agent"], **given)
    try:
        wait_until(lambda: answers(home_paths(folder)) or process.poll() is not None)
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
        process.communicate(timeout=10)


def answers(paths: Paths) -> bool:
    """Whether an agent answers there."""
    try:
        RawClient(paths).get("/v1/health")
    except (Problem, OSError):
        return False
    return True


def wait_until(done: Callable[[], bool], deadline: float = 10.0) -> None:
    """Wait for something another process does."""
    end = time.monotonic() + deadline
    while not done():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.01)


class FakeTime:
    """A clock and a sleep that only move when told, or slept."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Note that somebody slept; no time is spent."""
        self.slept.append(seconds)
        await asyncio.sleep(0)


class Served:
    """An agent in this loop behind a real socket."""

    def __init__(self, paths: Paths, agent: Agent, server: Server, time: FakeTime) -> None:
        self.paths, self.agent, self.server, self.time = paths, agent, server, time
        self.stopped = asyncio.Event()
        self.client = RawClient(paths)

    async def get(self, path: str, **query: Any) -> Any:
        """A GET from another thread, as a client does it."""
        return await asyncio.to_thread(self.client.get, path, **query)

    async def post(self, path: str, body: Any = None) -> Any:
        """A POST from another thread."""
        return await asyncio.to_thread(self.client.post, path, body)

    async def refused(self, path: str, body: Any = None, *, method: str = "POST") -> Problem:
        """The problem a call is answered with."""
        try:
            await (self.post(path, body) if method == "POST" else self.get(path))
        except Problem as problem:
            return problem
        raise AssertionError("it was not refused")


@contextlib.asynccontextmanager
async def served(
    folder: Path, settings: Settings | None = None, limits: type[Limits] = Limits, **server: Any
) -> AsyncIterator[Served]:
    """Serve an agent of ``folder`` with a cheap key derivation and a clock of its own."""
    paths, given, time = home_paths(folder), settings or NOWHERE, FakeTime()
    lock = AutoLock(*deadlines(given.agent), time)
    agent_socket = AgentSocket(paths, {})
    agent = Agent(paths, given, autolock=lock, sleep=time.sleep, kdf_cost=CHEAP)
    out: Served
    serving = Server(gate(agent, lambda: out.stopped.set()).admit, limits, **server)
    out = Served(paths, agent, serving, time)
    await serving.start(agent_socket.socket)
    try:
        yield out
    finally:
        agent.events.close()
        await serving.stop(0.2)
        await agent.close()
        agent_socket.close()
