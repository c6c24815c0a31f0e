"""Sandboxes and their visitors."""

from collections.abc import AsyncIterator, Callable

import httpx
import pytest

from agent.sandbox.app import Sandbox
from agent.sandbox.faults import Faults
from agent.sandbox.options import SandboxOptions
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
