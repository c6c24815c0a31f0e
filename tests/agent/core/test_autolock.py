"""The two deadlines of an open vault, on a clock that does not stop while the machine sleeps."""

import time
from pathlib import Path

import pytest

from agent.core.autolock import AutoLock, boottime, deadlines
from config.settings import AgentSettings, PortalSettings, Settings
from tests.agent.processes import PASSPHRASE, FakeTime, served

SETTINGS = Settings(
    portal=PortalSettings(base_url="http://127.0.0.1:9", identity_url="http://127.0.0.1:9"),
    agent=AgentSettings(lock_after_min=10, lock_at_most_h=1))


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


def test_never_is_the_only_way_to_leave_the_vault_open() -> None:
    clock = FakeTime()
    never = AutoLock(*deadlines(AgentSettings(lock_after_min="never", lock_at_most_h="never")), clock)
    never.opened()
    clock.now += 1e9
    assert never.due() is None


@pytest.mark.parametrize("nonsense", [0.0, -5.0, float("nan"), float("-inf")])
def test_what_is_no_length_of_time_locks_at_once(nonsense: float) -> None:
    clock = FakeTime()
    for lock, why in ((AutoLock(nonsense, None, clock), "idle"), (AutoLock(None, nonsense, clock), "limit")):
        lock.opened()
        assert lock.due() == why


@pytest.mark.parametrize("endless", [float("inf"), 1e300])
def test_no_deadline_lies_further_ahead_than_a_week(endless: float) -> None:
    clock = FakeTime()
    lock = AutoLock(endless, endless, clock)
    lock.opened()
    clock.now += 7 * 24 * 3600 - 1
    assert lock.due() is None
    clock.now += 1
    assert lock.due() == "limit"


async def test_a_vault_that_never_locks_stays_open_behind_the_socket(tmp_path: Path) -> None:
    never = Settings(portal=SETTINGS.portal, agent=AgentSettings(lock_after_min="never", lock_at_most_h="never"))
    async with served(tmp_path, never) as agent:
        await agent.post("/v1/setup", {"passphrase": PASSPHRASE})
        agent.time.now += 1e7
        await agent.agent.heartbeat()
        assert agent.agent.state == "unlocked"
        told = next(one for one in await agent.get("/v1/doctor") if one["name"] == "locking")
        assert told["ok"] and "never locked by itself" in told["text"]["en"] and "jamais" in told["text"]["fr"]


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
            await agent.agent.heartbeat()
            agent.agent.autolock.touch()
        assert agent.agent.state == "locked"
