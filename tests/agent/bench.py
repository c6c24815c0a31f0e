"""An account service in this process, a vault, and the agent's connection between them."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx

from agent.connection import Connection
from agent.portal import CodeAnswer, Portal, PortalConfig
from agent.requests.outbox import Round
from agent.sandbox.model import Household
from agent.sandbox.server.app import Sandbox
from agent.sandbox.server.faults import Faults
from agent.sandbox.server.options import SandboxOptions
from agent.sandbox.server.state import Papers
from agent.store import Store
from agent.sync import SyncResult, run_sync
from config.settings import PortalSettings
from tests.agent.sandbox.household import NIR, PASSWORD, TODAY, household
from tests.agent.sandbox.visitor import PlainPapers
from tests.agent.store.helpers import new_vault, reopen

BASE, IDENTITY = "http://127.0.0.1:8080", "http://localhost:8081"


class Wire(httpx.AsyncBaseTransport):
    """The way to the sandbox: counts the requests and can be cut."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._inner = httpx.ASGITransport(sandbox.asgi, raise_app_exceptions=True)
        self.requests: list[str] = []
        self.cut_at: int | None = None
        """Number of the request at which the network fails, once."""
        self.rewrite: Callable[[httpx.Request], httpx.Response | None] = lambda request: None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0)  # a real wire lets others run
        self.requests.append(f"{request.method} {request.url.path}?{request.url.query.decode()[:60]}")
        if self.cut_at is not None and len(self.requests) >= self.cut_at:
            self.cut_at = None
            raise httpx.ConnectError("cut")
        return self.rewrite(request) or await self._inner.handle_async_request(request)


@dataclass
class Clock:
    """A moment that moves when told."""

    moment: datetime = datetime(2026, 11, 23, 10, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def seconds(self) -> float:
        return self.moment.timestamp()

    def move(self, **delta: float) -> None:
        self.moment += timedelta(**delta)


@dataclass
class Bench:
    """Everything of one test; ``folder`` holds the vault."""

    folder: Path
    house: Household = field(default_factory=household)
    options: SandboxOptions = field(default_factory=lambda: SandboxOptions(otp=False, window_months=0))
    clock: Clock = field(default_factory=Clock)
    today: date = TODAY
    papers: Papers = field(default_factory=PlainPapers)
    rounds: list[Round] = field(default_factory=list)
    """What the visits to the desk did."""
    base_url: str = BASE
    identity_url: str = IDENTITY
    over_http: bool = False
    """The service is reached over the network, where somebody serves ``sandbox`` at these addresses."""

    def __post_init__(self) -> None:
        self.faults = Faults.parse("", 7)
        self.sandbox = Sandbox(
            self.house, self.options, lambda: self.today, base_url=self.base_url, identity_url=self.identity_url,
            faults=self.faults,
            papers=self.papers, clock=self.clock.seconds, seed=7,
        )
        self.wire = Wire(self.sandbox)
        self.vault = new_vault(self.folder / "vault")
        self.store = Store(self.vault, today=lambda: self.today)
        self.connection = self.connect()

    @property
    def settings(self) -> PortalSettings:
        """Settings that lead here."""
        return PortalSettings(base_url=self.base_url, identity_url=self.identity_url, pause_s=0)

    @property
    def transport(self) -> Wire | None:
        """What carries requests; None: the network."""
        return None if self.over_http else self.wire

    def connect(self) -> Connection:
        """A connection as the agent makes it after each unlock."""
        return Connection(
            self.settings, self.store, transport=self.transport, now=self.clock, today=lambda: self.today,
            sleep=_no_sleep, on_round=self.rounds.append,
        )

    async def signed_in(self) -> "Bench":
        """Sign in with the right password."""
        await self.connection.login(self.house.nir, self.house.password)
        return self

    def restart(self) -> None:
        """The agent ends and starts again: what is not in the vault is gone."""
        self.vault = reopen(self.vault, self.folder / "vault")
        self.store = Store(self.vault, today=lambda: self.today)
        self.connection = self.connect()

    def break_with(self, spec: str) -> None:
        """Put faults in force at the service (empty: none)."""
        self.faults.replace(Faults.parse(spec, 7))

    def rebuild(self) -> None:
        """The service knows what ``house`` says now; sessions are lost, the trusted device too."""
        service = self.sandbox.service
        service.history = type(service.history)(self.house.payments, self.house.nir)

    def known(self) -> dict[str, object]:
        """Everything the store holds, for comparison."""
        documents = [{**one, "size": None} for one in self.store.documents.all()]
        return {
            "payments": self.store.payments.found(), "documents": documents, "messages": self.store.messages.all(),
            "profile": self.store.profile(),
        }

    def portal(self) -> Portal:
        """A portal without vault, for tests of the run alone."""
        config = PortalConfig(base_url=BASE, identity_url=IDENTITY, pause_s=0)
        return Portal(config, transport=self.wire, today=lambda: self.today, sleep=_no_sleep)

    async def run(self, portal: Portal, full: bool = False) -> SyncResult:
        """One run over a portal."""
        return await run_sync(portal, self.store, full=full, today=self.today)


async def _no_sleep(seconds: float) -> None:
    return


__all__ = ["NIR", "PASSWORD", "TODAY", "Bench", "Clock", "CodeAnswer", "Wire"]
