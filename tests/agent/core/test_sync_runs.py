"""Who joins which run, what is told of it, and work that ends with the lock."""

import asyncio
from typing import Any

import pytest

from agent.core.events import Events
from agent.core.sync_runs import SyncRuns
from agent.core.tasks import Tasks
from agent.errors import NeedsPerson
from agent.sync import SyncResult
from agent.vault.errors import VaultLocked
from tests.agent.core.event_shapes import check_event


class WrongPassword(NeedsPerson):
    """Only a person can clear it."""

    code = "wrong_password"


class Service:
    """A connection whose runs end when the test says so."""

    def __init__(self) -> None:
        self.runs: list[bool] = []
        self.go = asyncio.Event()
        self.error: Exception | None = None
        self.result = SyncResult(requests=3, new={"payments": 2, "documents": 0, "messages": 1}, problems=[])
        self.steps = 0

    async def sync(self, *, full: bool, trigger: str, progress: Any) -> SyncResult:
        self.runs.append(full)
        for step in range(self.steps):
            progress("payments", step + 1, self.steps)
        await self.go.wait()
        if self.error is not None:
            raise self.error
        return self.result


class Bench:
    """Sync runs over that service."""

    def __init__(self) -> None:
        self.service, self.events, self.tasks = Service(), Events(first_id=1), Tasks()
        self.reported: list[str] = []
        self.now = 0.0
        self.runs = SyncRuns(self._connect, self.events, self.tasks, self._on_result, clock=lambda: self.now)

    async def _connect(self) -> Any:
        return self.service

    async def _on_result(self, result: SyncResult, trigger: str) -> None:
        self.reported.append(trigger)

    def told(self) -> list[tuple[str, dict[str, Any]]]:
        """Every event so far."""
        told = [(event.kind, event.data) for event in self.events._ring]
        for kind, data in told:
            check_event(kind, data)
        return told


    async def begun(self) -> None:
        """Wait until a run is under way."""
        async with asyncio.timeout(5):
            while not self.service.runs:
                await asyncio.sleep(0)


@pytest.fixture
async def bench() -> Bench:
    return Bench()


async def test_those_who_ask_during_a_run_share_it(bench: Bench) -> None:
    first, second = (asyncio.ensure_future(bench.runs.run()) for _ in range(2))
    await bench.begun()
    assert bench.runs.running
    bench.service.go.set()
    assert await first == await second == bench.service.result.json()
    assert bench.service.runs == [False] and bench.reported == ["person"] and not bench.runs.running


async def test_a_full_run_asked_for_during_a_plain_one_follows_it(bench: Bench) -> None:
    plain = asyncio.ensure_future(bench.runs.run())
    await bench.begun()
    full = asyncio.ensure_future(bench.runs.run(full=True))
    joins = asyncio.ensure_future(bench.runs.run())
    bench.service.go.set()
    await asyncio.gather(plain, full, joins)
    assert bench.service.runs == [False, True]


async def test_a_plain_run_asked_for_during_a_full_one_joins_it(bench: Bench) -> None:
    full = asyncio.ensure_future(bench.runs.run(full=True))
    await bench.begun()
    plain = asyncio.ensure_future(bench.runs.run())
    bench.service.go.set()
    await asyncio.gather(plain, full)
    assert bench.service.runs == [True]


async def test_a_failure_reaches_all_who_wait_and_the_next_run_starts_afresh(bench: Bench) -> None:
    bench.service.error = WrongPassword()
    bench.service.go.set()
    outcomes = await asyncio.gather(bench.runs.run(), bench.runs.run(), return_exceptions=True)
    assert all(isinstance(one, WrongPassword) for one in outcomes)
    assert ("person_needed", {"code": "wrong_password"}) in bench.told()
    assert bench.told()[-1] == ("sync_done", {"failed": True, "new": {}})
    bench.service.error = None
    assert (await bench.runs.run())["requests"] == 3


async def test_a_fault_of_ours_is_logged_even_when_nobody_waits(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.service.error = KeyError("amount")
    bench.service.go.set()
    with pytest.raises(KeyError):
        await bench.runs.run()
    assert "unforeseen" in caplog.text and ("problem", {"code": "internal"}) in bench.told()


async def test_what_is_new_is_told_in_counts_only(bench: Bench) -> None:
    bench.service.go.set()
    await bench.runs.run()
    kinds = [kind for kind, _ in bench.told()]
    assert kinds == ["sync_started", "sync_done", "payment_new", "message_new"]
    assert bench.told()[2:] == [("payment_new", {"count": 2}), ("message_new", {"count": 1})]


async def test_the_first_sync_of_a_vault_is_no_news(bench: Bench) -> None:
    bench.service.result.first = True
    bench.service.go.set()
    await bench.runs.run()
    assert [kind for kind, _ in bench.told()] == ["sync_started", "sync_done"]


async def test_a_thousand_steps_at_once_are_told_by_the_first_and_the_last(bench: Bench) -> None:
    bench.service.steps = 1000
    bench.service.go.set()
    await bench.runs.run()
    steps = [data["done"] for kind, data in bench.told() if kind == "sync_progress"]
    assert steps == [1, 1000]


async def test_a_waiter_who_leaves_does_not_end_the_work(bench: Bench) -> None:
    waiter = asyncio.ensure_future(bench.runs.run())
    await bench.begun()
    waiter.cancel()
    await asyncio.sleep(0)
    assert bench.runs.running
    bench.service.go.set()
    async with asyncio.timeout(5):
        while bench.runs.running:
            await asyncio.sleep(0)
    assert bench.reported == ["person"]


async def test_ending_the_work_tells_those_who_wait_that_the_vault_is_locked(bench: Bench) -> None:
    waiter = asyncio.ensure_future(bench.runs.run())
    await bench.begun()
    await bench.tasks.cancel_all(1.0)
    with pytest.raises(VaultLocked):
        await waiter
    assert bench.told()[-1][0] == "sync_done"


async def test_work_that_does_not_end_is_left_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    tasks, let_go = Tasks(), asyncio.Event()

    async def stubborn() -> None:
        while not let_go.is_set():
            try:
                await let_go.wait()
            except asyncio.CancelledError:
                continue

    task = tasks.start(stubborn())
    await asyncio.sleep(0)
    await tasks.cancel_all(0.02)
    assert "1 tasks did not end" in caplog.text
    let_go.set()
    await task
