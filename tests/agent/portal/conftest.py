"""Worlds for the tests of the connector."""

from collections.abc import Callable

import pytest

from agent.portal import PortalConfig
from agent.sandbox.model import Household
from agent.sandbox.server.app import Sandbox
from agent.sandbox.server.faults import Faults
from agent.sandbox.server.options import SandboxOptions
from tests.agent.portal.world import BASE, CONFIG, IDENTITY, World
from tests.agent.sandbox.household import TODAY, household
from tests.agent.sandbox.visitor import Clock, PlainPapers

Make = Callable[..., World]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(clock: Clock) -> Make:
    """``world(otp=True, faults="429", ...)``: a service with these options; no code is asked for unless said."""

    def make(
        *, faults: str = "", account: Household | None = None, base: str = BASE, identity: str = IDENTITY,
        config: PortalConfig = CONFIG, **options: object,
    ) -> World:
        chosen = SandboxOptions(otp=False)
        chosen.update(options)
        sandbox = Sandbox(account or household(), chosen, TODAY, base_url=base, identity_url=identity,
                          faults=Faults.parse(faults, 7), papers=PlainPapers(), clock=clock, seed=7)
        return World(sandbox, config)

    return make
