"""Sandboxes and their visitors."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator

import httpx
import pytest

from agent.sandbox.server.app import Sandbox
from agent.sandbox.server.faults import Faults
from agent.sandbox.server.options import SandboxOptions
from agent.sandbox.server.serve import bind, run
from tests.agent.sandbox.household import TODAY, household
from tests.agent.sandbox.visitor import Clock, PlainPapers, Visitor

Visit = Callable[..., Visitor]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def visit(clock: Clock) -> AsyncIterator[Visit]:
    """``visit(otp=True, ...)``: a sandbox with these options (no code asked for unless said) and a new device."""
    devices: list[httpx.AsyncClient] = []

    def make(sandbox: Sandbox | None = None, faults: str = "", follow: bool = True, **options: object) -> Visitor:
        if sandbox is None:
            chosen = SandboxOptions(otp=False)
            chosen.update(options)
            sandbox = Sandbox(household(), chosen, TODAY, faults=Faults.parse(faults, 7), papers=PlainPapers(),
                              clock=clock, seed=7)
        client = httpx.AsyncClient(transport=httpx.ASGITransport(sandbox.asgi), follow_redirects=follow)
        devices.append(client)
        return Visitor(sandbox, client)

    yield make
    for client in devices:
        await client.aclose()


@pytest.fixture
def running() -> Iterator[Sandbox]:
    """A sandbox on two ports of this machine, in a thread."""
    sockets, stop = bind(0), threading.Event()
    ports = [one.getsockname()[1] for one in sockets]
    sandbox = Sandbox(household(), SandboxOptions(otp=False), TODAY, base_url=f"http://127.0.0.1:{ports[0]}",
                      identity_url=f"http://localhost:{ports[1]}", papers=PlainPapers())
    thread = threading.Thread(target=lambda: asyncio.run(run(sandbox, sockets, stop)))
    thread.start()
    yield sandbox
    stop.set()
    thread.join(10)
    for one in sockets:
        one.close()
    assert not thread.is_alive()


@pytest.fixture
async def person(visit: Visit) -> Visitor:
    """Somebody signed in."""
    visitor = visit()
    await visitor.sign_in()
    return visitor
