"""The stand-in service playing an account made by hand, in a thread of the tests' own process."""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from agent.sandbox.model import Household
from agent.sandbox.server.app import Sandbox
from agent.sandbox.server.options import SandboxOptions
from agent.sandbox.server.serve import bind, run
from agent.sandbox.server.state import Papers
from tests.commands import TODAY


@dataclass
class Played:
    """A service that answers on this machine."""

    sandbox: Sandbox

    @property
    def household(self) -> Household:
        """The account that is played."""
        return self.sandbox.service.household

    @property
    def code(self) -> str:
        """The one-time code last mailed."""
        return [mail.code for mail in self.sandbox.service.mails if mail.code][-1]

    def point(self, home: Path, more: str = "") -> None:
        """Write the settings by which that home's agent talks to this service and to nobody else."""
        (home / "config").mkdir(mode=0o700, parents=True)
        (home / "config" / "settings.toml").write_text(
            f'lang = "en"\n{more}\n[portal]\nbase_url = "{self.sandbox.base_url}"\n'
            f'identity_url = "{self.sandbox.identity_url}"\npause_s = 0.0\n[notify]\ndesktop = false\n')


@contextlib.contextmanager
def played(household: Household, papers: Papers | None = None) -> Iterator[Played]:
    """Serve that account until the block ends."""
    sockets, stop = bind(0), threading.Event()
    sandbox = Sandbox(
        household, SandboxOptions(window_months=0), date.fromisoformat(TODAY), papers=papers,
        base_url=f"http://127.0.0.1:{sockets[0].getsockname()[1]}",
        identity_url=f"http://localhost:{sockets[1].getsockname()[1]}")
    thread = threading.Thread(target=lambda: asyncio.run(run(sandbox, sockets, stop)))
    thread.start()
    try:
        yield Played(sandbox)
    finally:
        stop.set()
        thread.join(10)
        for one in sockets:
            one.close()
