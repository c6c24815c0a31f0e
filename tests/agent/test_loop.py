"""The event loop goes on while the vault waits for the disk."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from agent.store import Store
from agent.vault.fs import _RealFile
from tests.agent.bench import Bench
from tests.agent.processes import PASSPHRASE, Served, served
from tests.agent.store.helpers import a_payment, keep_all, new_vault

TICK_S = 0.005
TICKS = 5
"""A flush of these tests ends when the loop has turned that often since it began."""
PATIENCE_S = 20.0
"""After that a loop that has not turned is held up by the flush, however busy the machine is."""


class SlowDisk:
    """A disk that, once it is told to, ends a flush only when the event loop has gone on meanwhile."""

    def __init__(self) -> None:
        self.slow = False
        self.flushes = 0
        self.held = 0
        """Flushes during which the loop stood still."""
        self.ticks = 0

    def wait(self) -> None:
        if not self.slow:
            return
        self.flushes += 1
        wanted, end = self.ticks + TICKS, time.monotonic() + PATIENCE_S
        while self.ticks < wanted:
            if time.monotonic() > end:
                self.held += 1
                return
            time.sleep(TICK_S)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> SlowDisk:
    one, whole = SlowDisk(), _RealFile.sync

    def sync(file: _RealFile) -> None:
        one.wait()
        whole(file)

    monkeypatch.setattr(_RealFile, "sync", sync)
    return one


async def held_up(disk: SlowDisk, work: Callable[[], Awaitable[Any]]) -> int:
    """Do ``work`` while the loop ticks; how many flushes held it up."""
    done = False

    async def tick() -> None:
        while not done:
            await asyncio.sleep(TICK_S)
            disk.ticks += 1

    ticking = asyncio.ensure_future(tick())
    await asyncio.sleep(0)
    disk.slow = True
    try:
        await work()
    finally:
        disk.slow, done = False, True
        await ticking
    return disk.held


@pytest.fixture
async def agent(tmp_path: Path) -> AsyncIterator[Served]:
    async with served(tmp_path) as one:
        await one.post("/v1/setup", {"passphrase": PASSPHRASE})
        yield one


async def test_a_sync_does_not_hold_the_loop_while_it_is_written_down(tmp_path: Path, disk: SlowDisk) -> None:
    bench = await Bench(tmp_path).signed_in()
    await bench.connection.sync()
    assert await held_up(disk, lambda: bench.connection.sync(full=True)) == 0
    assert disk.flushes > 1


async def test_what_a_person_changes_does_not_hold_the_loop(agent: Served, disk: SlowDisk) -> None:
    async def changes() -> None:
        await agent.post("/v1/coverage", {"attending_doctor": {}})
        await agent.post("/v1/newcomer", {"told": {"moved_on": "2026-01-02"} if disk.slow else {}})

    await changes()  # what is imported at first use is another matter
    agent.agent.store.account.cover.write(None)
    assert await held_up(disk, changes) == 0
    assert disk.flushes


async def test_folding_and_closing_do_not_hold_the_loop(agent: Served, disk: SlowDisk) -> None:
    await agent.agent.heartbeat()  # what is imported at first use is another matter
    agent.agent.store.account.table.put("note", {"kept": "x" * 100_000})
    assert await held_up(disk, agent.agent.heartbeat) == 0
    assert disk.flushes
    disk.flushes = 0
    agent.agent.store.account.table.put("note", {"kept": "y" * 300_000})
    assert await held_up(disk, agent.agent.lock) == 0
    assert disk.flushes


async def test_reading_does_not_wait_for_a_write_under_way(tmp_path: Path, disk: SlowDisk) -> None:
    vault = new_vault(tmp_path / "vault")
    store = Store(vault)
    await store.write(lambda: keep_all(store, [a_payment("2026-07-05", "9.00")]))
    seen: list[int] = []

    async def write_and_read() -> None:
        writing = asyncio.ensure_future(store.write(lambda: keep_all(store, [a_payment("2026-07-06", "10.00")])))
        while not writing.done():
            await asyncio.sleep(TICK_S)
            rows = store.payments.rows()
            assert rows["total"] == len(store.payments.found())
            seen.append(rows["total"])
        await writing

    assert await held_up(disk, write_and_read) == 0
    assert set(seen) <= {1, 2}
    assert seen[0] == 1, "it is told before it is on the disk"
    assert store.payments.rows()["total"] == 2
    vault.lock()


async def test_a_write_that_began_is_finished_when_its_caller_is_cut_short(tmp_path: Path, disk: SlowDisk) -> None:
    vault = new_vault(tmp_path / "vault")
    store = Store(vault)

    async def cut_short() -> None:
        writing = asyncio.ensure_future(store.write(lambda: store.account.table.put("note", {"kept": True})))
        while not disk.flushes:
            await asyncio.sleep(TICK_S)
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing

    assert await held_up(disk, cut_short) == 0
    assert store.account.table.fetch("note") == {"kept": True}
    vault.lock()


async def test_no_write_is_lost_between_two_that_change_the_same_row(tmp_path: Path) -> None:
    vault = new_vault(tmp_path / "vault")
    store = Store(vault)

    def add(number: int) -> None:
        told = (store.account.table.fetch("note") or {}).get("told") or []
        store.account.table.put("note", {"told": [*told, number]})

    await asyncio.gather(*(store.write(lambda number=number: add(number)) for number in range(30)))
    assert sorted((store.account.table.fetch("note") or {})["told"]) == list(range(30))
    vault.lock()
