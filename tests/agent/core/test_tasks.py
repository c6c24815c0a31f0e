"""Work that outlives its caller: what fails in it unforeseen is written down and told; after the end nothing begins."""

import asyncio
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import agent.connection
from agent.connection import Connection
from agent.connection.errors import NoAccount
from agent.core.account_work import Errands
from agent.core.events import Events
from agent.core.tasks import Work
from agent.notifications import Notifier
from agent.vault.errors import VaultLocked
from config.settings import Settings
from tests.agent.bench import Bench
from tests.agent.processes import PASSPHRASE, served


async def bad() -> None:
    raise ValueError("a fault of ours")


async def good() -> None:
    await asyncio.sleep(0)


async def settle(*tasks: "asyncio.Task[Any]") -> None:
    await asyncio.wait(tasks)
    await asyncio.sleep(0)  # the callbacks of a task run after it


async def test_a_fault_in_the_background_is_logged_with_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    work = Work()
    await settle(work.begin(bad()))
    [record] = caplog.records
    assert record.levelno == logging.ERROR and record.exc_info is not None
    assert "a fault of ours" in caplog.text and "in bad" in caplog.text
    [fault] = work.faults
    assert fault.problem()["code"] == "background_fault"


async def test_what_was_foreseen_or_cut_is_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    async def refused() -> None:
        raise NoAccount

    work = Work()
    cut = work.begin(asyncio.sleep(60))
    await settle(work.begin(refused()), work.begin(good()))
    await work.end(1)
    assert cut.cancelled()
    assert (caplog.records, work.faults) == ([], [])


async def test_a_fault_is_told_until_the_same_work_succeeds() -> None:
    fails = True

    async def look() -> None:
        if fails:
            await bad()

    work = Work()
    await settle(work.begin(look()))
    assert len(work.faults) == 1
    await settle(work.begin(good()))
    assert len(work.faults) == 1
    fails = False
    await settle(work.begin(look()))
    assert work.faults == []


async def test_nothing_begins_after_the_end() -> None:
    work = Work()
    await work.end(1)
    with pytest.raises(VaultLocked):
        work.begin(good())


class Slow:
    """A way in whose making takes as long as the test wants."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun, self.go_on = threading.Semaphore(0), threading.Event()
        self.made: list[Connection] = []
        self.closed: list[Connection] = []
        connect, close = agent.connection.connect, Connection.close

        def slowly(*given: Any) -> Connection:
            self.begun.release()
            assert self.go_on.wait(10)
            self.made.append(connect(*given))
            return self.made[-1]

        async def noted(one: Connection) -> None:
            self.closed.append(one)
            await close(one)

        monkeypatch.setattr(agent.connection, "connect", slowly)
        monkeypatch.setattr(Connection, "close", noted)

    async def waits(self) -> None:
        """Until one more is being made."""
        assert await asyncio.to_thread(self.begun.acquire, timeout=10)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    return Slow(monkeypatch)


@pytest.fixture
def errands(tmp_path: Path) -> Errands:
    settings = Settings()
    return Errands(Bench(tmp_path).store, settings, Events(), Notifier(settings.notify), "en")


async def test_a_connection_is_not_handed_out_after_the_lock(errands: Errands, slow: Slow) -> None:
    asked = asyncio.create_task(errands.connection())
    await slow.waits()
    await errands.close()
    slow.go_on.set()
    with pytest.raises(VaultLocked):
        await asked
    assert slow.closed == slow.made and len(slow.made) == 1


async def test_of_two_connections_made_at_once_one_is_used_and_the_other_closed(errands: Errands, slow: Slow) -> None:
    asked = [asyncio.create_task(errands.connection()) for _ in range(2)]
    await slow.waits()
    await slow.waits()
    slow.go_on.set()
    first, second = await asyncio.gather(*asked)
    assert first is second
    assert slow.closed == [one for one in slow.made if one is not first] and len(slow.made) == 2
    await errands.close()


@pytest.mark.parametrize("call", [
    lambda one: one.sync(False, True), lambda one: one.certificate("indemnities"), lambda one: one.attestation(None),
    lambda one: one.document("d1"), lambda one: one.login(None, None, None, remember=False, keep_password=False),
], ids=["sync", "certificate", "attestation", "document", "login"])
async def test_no_work_begins_at_a_vault_that_is_locked(errands: Errands, call: Callable[[Errands], Any]) -> None:
    await errands.close()
    errands.beat()
    errands.plan()
    errands.begin(good())
    with pytest.raises(VaultLocked):
        await call(errands)


async def test_the_person_is_told_of_it_in_the_agents_status(tmp_path: Path) -> None:
    async with served(tmp_path) as agent:
        await agent.post("/v1/setup", {"passphrase": PASSPHRASE})
        agent.agent.errands.begin(bad())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        told = (await agent.get("/v1/status"))["problems"]
        assert [one["code"] for one in told] == ["background_fault"]
