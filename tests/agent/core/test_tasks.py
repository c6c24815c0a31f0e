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
from agent.core.events import Events
from agent.core.open_vault import OpenVault
from agent.core.tasks import Tasks
from agent.notifications import Notifier
from agent.vault import Vault
from agent.vault.errors import VaultLocked
from config.settings import Settings
from tests.agent.bench import Bench
from tests.agent.processes import PASSPHRASE, home_paths, served


async def bad() -> None:
    raise ValueError("a fault of ours")


async def good() -> None:
    await asyncio.sleep(0)


async def settle(*tasks: "asyncio.Task[Any]") -> None:
    await asyncio.wait(tasks)
    await asyncio.sleep(0)  # the callbacks of a task run after it


async def test_a_fault_in_the_background_is_logged_with_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    tasks = Tasks()
    await settle(tasks.start(bad()))
    [record] = caplog.records
    assert record.levelno == logging.ERROR and record.exc_info is not None
    assert "a fault of ours" in caplog.text and "in bad" in caplog.text
    [fault] = tasks.problems
    assert fault["code"] == "background_fault"


async def test_what_was_foreseen_or_cut_is_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    async def refused() -> None:
        raise NoAccount

    tasks = Tasks()
    cut = tasks.start(asyncio.sleep(60))
    await settle(tasks.start(refused()), tasks.start(good()))
    await tasks.cancel_all(1)
    assert cut.cancelled()
    assert (caplog.records, tasks.problems) == ([], [])


async def test_a_fault_is_told_until_the_same_work_succeeds() -> None:
    fails = True

    async def look() -> None:
        if fails:
            await bad()

    tasks = Tasks()
    await settle(tasks.start(look()))
    assert len(tasks.problems) == 1
    await settle(tasks.start(good()))
    assert len(tasks.problems) == 1
    fails = False
    await settle(tasks.start(look()))
    assert tasks.problems == []


async def test_nothing_begins_after_the_end() -> None:
    tasks = Tasks()
    await tasks.cancel_all(1)
    with pytest.raises(VaultLocked):
        tasks.start(good())


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
def opened(tmp_path: Path) -> OpenVault:
    settings = Settings()
    notifier = Notifier(settings.notify, "en")
    store = Bench(tmp_path).store
    assert isinstance(store.vault, Vault)
    return OpenVault(store, store.vault, settings, Events(), lambda: notifier, home_paths(tmp_path / "home"))


async def test_a_connection_is_not_handed_out_after_the_lock(opened: OpenVault, slow: Slow) -> None:
    asked = asyncio.create_task(opened.connection())
    await slow.waits()
    await opened.close()
    slow.go_on.set()
    with pytest.raises(VaultLocked):
        await asked
    assert slow.closed == slow.made and len(slow.made) == 1


async def test_of_two_connections_made_at_once_one_is_used_and_the_other_closed(opened: OpenVault, slow: Slow) -> None:
    asked = [asyncio.create_task(opened.connection()) for _ in range(2)]
    await slow.waits()
    await slow.waits()
    slow.go_on.set()
    first, second = await asyncio.gather(*asked)
    assert first is second
    assert slow.closed == [one for one in slow.made if one is not first] and len(slow.made) == 2
    await opened.close()


@pytest.mark.parametrize("call", [
    lambda one: one.syncs.run_now(full=False, wait=True), lambda one: one.connection(),
    lambda one: one.connection(writable=True), lambda one: one.tasks.run(good()),
], ids=["sync", "connection", "writable connection", "work"])
async def test_no_work_begins_at_a_vault_that_is_locked(opened: OpenVault, call: Callable[[OpenVault], Any]) -> None:
    await opened.close()
    opened.heartbeat()
    opened.syncs.start()
    opened.tasks.start_unless_ended(good())
    with pytest.raises(VaultLocked):
        await call(opened)


async def test_the_person_is_told_of_it_in_the_agents_status(tmp_path: Path) -> None:
    async with served(tmp_path) as agent:
        await agent.post("/v1/setup", {"passphrase": PASSPHRASE})
        agent.agent.open_vault.tasks.start(bad())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        told = (await agent.get("/v1/status"))["problems"]
        assert [one["code"] for one in told] == ["background_fault"]
