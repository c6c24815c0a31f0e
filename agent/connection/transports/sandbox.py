"""The stand-in of the account service in this very process: no port, no network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from config.settings import PortalSettings


def stand_in(settings: PortalSettings) -> httpx.AsyncBaseTransport:
    """A fresh invented account; it is gone with the agent."""
    from agent.sandbox.generator import make_household
    from agent.sandbox.server.app import Sandbox
    from agent.sandbox.server.faults import Faults
    from agent.sandbox.server.options import SandboxOptions
    from config import clock

    sandbox = Sandbox(
        make_household(seed=settings.seed, today=clock.today(), years=2), SandboxOptions(otp=False, window_months=0),
        clock.today, base_url=settings.base_url, identity_url=settings.identity_url, faults=Faults.parse("", 0))
    return httpx.ASGITransport(sandbox.asgi)
