"""The two deadlines of an open vault, on a clock that does not stop while the machine sleeps."""

import time
from pathlib import Path

import pytest

from agent.autolock import AutoLock, boottime
from config.settings import AgentSettings, Settings
from tests.agent.processes import PASSPHRASE, FakeTime, served

SETTINGS = Settings(agent=AgentSettings(lock_after_min=10, lock_at_most_h=1))


def test_nothing_is_due_while_locked() -> None:
    lock = AutoLock(1, 1, FakeTime())
    assert lock.due() is None


def test_use_moves_the_idle_deadline_but_not_the_limit() -> None:
    clock = FakeTime()
    lock = AutoLock(600, 3600, clock)
    lock.opened()
    for _ in range(7):
        clock.now += 500
        lock.touch()
        assert lock.due() is None
    clock.now += 150
    assert lock.due() == "limit"


def test_zero_switches_a_deadline_off() -> None:
    clock = FakeTime()
    lock = AutoLock(0, 0, clock)
    lock.opened()
    clock.now += 1e9
    assert lock.due() is None


@pytest.mark.skipif(not hasattr(time, "CLOCK_BOOTTIME"), reason="Linux has a clock of its own for it")
def test_the_clock_counts_sleep() -> None:
    assert abs(boottime() - time.clock_gettime(time.CLOCK_BOOTTIME)) < 1


async def test_a_request_after_the_deadline_finds_the_vault_locked(tmp_path: Path) -> None:
    async with served(tmp_path, SETTINGS) as agent:
        await agent.post("/v1/setup", {"passphrase": PASSPHRASE})
        agent.time.now += 599
        await agent.get("/v1/home")
        agent.time.now += 601
        refused = await agent.refused("/v1/home", method="GET")
        assert (refused.code, refused.exit_code, refused.http) == ("locked", 3, 423)


async def test_status_events_and_background_calls_are_no_use(tmp_path: Path) -> None:
    async with served(tmp_path, SETTINGS) as agent:
        await agent.post("/v1/setup", {"passphrase": PASSPHRASE})
        subscription = agent.agent.events.subscribe()
        agent.client.background = True
        for _ in range(3):
            agent.time.now += 250
            await agent.get("/v1/status")
            await agent.get("/v1/health")
            if agent.time.now < 1600:
                await agent.get("/v1/home")
        assert agent.agent.state == "locked"
        assert (await subscription.next()).kind == "locked"  # type: ignore[union-attr]


async def test_the_heartbeat_locks_without_any_request(tmp_path: Path) -> None:
    async with served(tmp_path, SETTINGS) as agent:
        await agent.post("/v1/setup", {"passphrase": PASSPHRASE})
        for _ in range(8):
            agent.time.now += 480
            await agent.agent.beat()
            agent.agent.autolock.touch()
        assert agent.agent.state == "locked"
