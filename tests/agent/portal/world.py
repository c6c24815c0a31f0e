"""The connector in front of the sandbox, with everything it sends on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import httpx

from agent.portal import CodeAnswer, Portal, PortalConfig, PortalSession
from agent.sandbox.server.app import Sandbox
from agent.sandbox.server.faults import Faults
from tests.agent.sandbox.household import NIR, PASSWORD, TODAY

BASE = "http://127.0.0.1:8080"
IDENTITY = "http://localhost:8081"
CONFIG = PortalConfig(base_url=BASE, identity_url=IDENTITY, pause_s=0)


@dataclass
class Sent:
    """One request."""

    method: str
    url: str
    form: dict[str, str]
    headers: httpx.Headers

    @property
    def path(self) -> str:
        return urlsplit(self.url).path


class Recorder(httpx.AsyncBaseTransport):
    """Passes requests on and keeps them."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self.inner = inner
        self.sent: list[Sent] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = (await request.aread()).decode()
        form = {name: values[-1] for name, values in parse_qs(body, keep_blank_values=True).items()}
        self.sent.append(Sent(request.method, str(request.url), form, request.headers))
        return await self.inner.handle_async_request(request)


class Person:
    """Somebody who reads the mails and types the codes."""

    def __init__(self, sandbox: Sandbox, codes: Sequence[str] = (), remember: bool = True) -> None:
        self.sandbox = sandbox
        self.codes = list(codes)
        self.remember = remember
        self.asked: list[str] = []

    async def __call__(self, message: str) -> CodeAnswer:
        self.asked.append(message)
        right = self.sandbox.service.mails[-1].code or ""
        return CodeAnswer(self.codes.pop(0) if self.codes else right, self.remember)


class World:
    """A sandbox and connectors that talk to it."""

    def __init__(self, sandbox: Sandbox, config: PortalConfig = CONFIG) -> None:
        self.sandbox = sandbox
        self.config = config
        self.wire = Recorder(httpx.ASGITransport(sandbox.asgi))
        self.pauses: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)

    def portal(self, session: PortalSession | None = None, config: PortalConfig | None = None) -> Portal:
        return Portal(config or self.config, transport=self.wire, session=session, today=lambda: TODAY,
                      sleep=self.sleep)

    def person(self, *codes: str, remember: bool = True) -> Person:
        return Person(self.sandbox, codes, remember)

    async def signed_in(self, password: str = PASSWORD) -> Portal:
        portal = self.portal()
        await portal.sign_in(NIR, password, self.person())
        return portal

    def faults(self, spec: str) -> None:
        self.sandbox.faults.replace(Faults.parse(spec, 7))

    def expire(self) -> None:
        self.sandbox.service.end_sessions()

    def posts(self, password: str = PASSWORD) -> list[Sent]:
        """The requests that carried the password."""
        return [one for one in self.wire.sent if one.form.get("password") == password]

    def paths(self, since: int = 0) -> list[str]:
        return [f"{one.method} {one.path}" for one in self.wire.sent[since:]]
