"""A stand-in of the account service that serves over HTTP beside a test."""

import asyncio
import json
import threading
from typing import Any
from urllib.request import urlopen

import msgspec

from agent.sandbox.server.app import Sandbox
from agent.sandbox.server.faults import Faults
from agent.sandbox.server.options import SandboxOptions
from agent.sandbox.server.serve import bind, run
from config.settings import PortalSettings, Settings
from tests.agent.sandbox.household import TODAY, household
from tests.agent.sandbox.visitor import PlainPapers


class Portal:
    """The stand-in, serving in a thread."""

    def __init__(self) -> None:
        self._sockets = bind(0)
        ports = [one.getsockname()[1] for one in self._sockets]
        self.faults = Faults.parse("", 7)
        self.sandbox = Sandbox(
            household(), SandboxOptions(window_months=0), lambda: TODAY, base_url=f"http://127.0.0.1:{ports[0]}",
            identity_url=f"http://localhost:{ports[1]}", faults=self.faults, papers=PlainPapers(),
        )
        self._stop = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(run(self.sandbox, self._sockets, self._stop)))

    def __enter__(self) -> "Portal":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(10)
        for one in self._sockets:
            one.close()

    @property
    def settings(self) -> Settings:
        """Settings that lead an agent here."""
        here = PortalSettings(base_url=self.sandbox.base_url, identity_url=self.sandbox.identity_url, pause_s=0)
        return msgspec.structs.replace(Settings(), portal=here)

    def newest_code(self) -> str:
        """The one-time code of the newest mail."""
        with urlopen(self.sandbox.mailbox_url) as answer:
            mails: list[dict[str, Any]] = json.loads(answer.read())
        return str([mail["code"] for mail in mails if mail.get("code")][-1])

    def break_with(self, spec: str) -> None:
        """Put faults in force (empty: none)."""
        self.faults.replace(Faults.parse(spec, 7))
