"""The real agent is killed at random moments of locking, looking and unlocking: nothing is lost or doubled."""

import contextlib
import signal
import subprocess
import threading
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path
from random import Random

import msgspec
import pytest

from agent.client.client import Problem
from agent.sandbox.model import SandboxPayment
from config.settings import AgentSettings, NotifySettings, save_settings
from tests.agent.processes import PASSPHRASE, agent_process, home_paths
from tests.agent.sandbox.household import NIR, PASSWORD, TODAY
from tests.agent.stand_in import Portal
from tests.raw_client import RawClient

LIVES = 15
Payments = Counter[tuple[str, str]]
"""How often there is one of a day and an amount."""


class Killed:
    """One home whose agent is killed again and again."""

    def __init__(self, folder: Path, portal: Portal, seed: int) -> None:
        self.paths, self.portal, self.luck = home_paths(folder), portal, Random(seed)
        self.cents = 0
        self.at: Counter[str] = Counter()
        """What was under way when it was killed."""

    def pays(self) -> None:
        """Payments arrive."""
        for _ in range(self.luck.randint(1, 3)):
            self.cents += 1
            self.portal.sandbox.service.history.append(SandboxPayment(
                TODAY, "REMBOURSEMENT_SOINS", "Remboursement de soins", Decimal(2000 + self.cents) / 100))

    def ask(self, path: str, body: object = None) -> None:
        """A call whose answer may never come."""
        with contextlib.suppress(Problem, OSError, ValueError):
            RawClient(self.paths).post(path, body)

    def killed_during(self, process: "subprocess.Popen[bytes]", path: str, body: object) -> None:
        """Begin a call, and kill the agent some moments later."""
        caller = threading.Thread(target=self.ask, args=(path, body))
        caller.start()
        time.sleep(self.luck.uniform(0.0, 1.2))
        process.send_signal(signal.SIGKILL)
        process.wait(10)
        caller.join(20)
        self.at[path] += 1

    def opened(self) -> Payments:
        """Unlock; all payments that the vault has, each once."""
        client = RawClient(self.paths)
        client.post("/v1/unlock", {"passphrase": PASSPHRASE})
        rows = client.get("/v1/payments", limit=10_000)
        assert len(rows) == len({row["id"] for row in rows})
        kept = Counter((row["paid_on"], row["amount"]) for row in rows)
        assert kept <= self.listed(), "doubled, or what the service never listed"
        return kept

    def listed(self) -> Payments:
        """All payments that the service has."""
        history = self.portal.sandbox.service.history
        payments = [history.at(number) for number in range(len(history))]
        return Counter((payment.paid_on.isoformat(), f"{payment.amount:.2f}") for payment in payments)


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("seed", range(4))
def test_an_agent_that_is_killed_while_it_watches_loses_and_doubles_nothing(tmp_path: Path, seed: int) -> None:
    with Portal() as portal:
        portal.sandbox.service.options.otp = False
        home = Killed(tmp_path, portal, seed)
        settings = msgspec.structs.replace(
            portal.settings, notify=NotifySettings(desktop=False), agent=AgentSettings(sign_in="locked"))
        home.paths.settings.parent.mkdir(parents=True)
        save_settings(home.paths.settings, settings)
        with agent_process(tmp_path):
            client = RawClient(home.paths)
            client.post("/v1/setup", {"passphrase": PASSPHRASE})
            client.post("/v1/login", {"nir": NIR, "password": PASSWORD})
            client.post("/v1/sync", {"wait": True})
        acknowledged = Payments()
        for life in range(LIVES):
            with agent_process(tmp_path) as process:
                seen = home.opened()
                assert acknowledged <= seen, "lost"
                acknowledged = seen
                home.pays()
                moment = life % 4
                if moment == 0:
                    home.killed_during(process, "/v1/lock", None)
                    continue
                home.ask("/v1/lock")
                if moment == 1:
                    home.killed_during(process, "/v1/sync", {"wait": True})
                    continue
                before = home.listed()
                sealed = RawClient(home.paths).post("/v1/sync", {"wait": True})["sealed"]
                assert sealed >= 1
                acknowledged |= before
                if moment == 2:
                    home.killed_during(process, "/v1/unlock", {"passphrase": PASSPHRASE})
                else:
                    process.send_signal(signal.SIGKILL)
                    process.wait(10)
        with agent_process(tmp_path):
            assert acknowledged <= home.opened()
            RawClient(home.paths).post("/v1/sync", {"wait": True})
            assert home.opened() == home.listed()
            assert RawClient(home.paths).get("/v1/status")["problems"] == []
        print(f"killed {LIVES} times: {dict(home.at)}")
