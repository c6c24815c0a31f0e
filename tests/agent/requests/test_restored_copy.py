"""A vault that came from a backup sends nothing before the person has spoken; then everything arrives once."""

from pathlib import Path

from agent.core.delivery import RETRY_S, Delivery
from agent.core.events import Events
from agent.core.tasks import Tasks
from agent.notifications import Notifier
from agent.vault.backup import TABLE, restored_row
from config.settings import NotifySettings
from tests.agent.bench import Bench
from tests.agent.requests.test_outbox import asking, desk, queue

MADE = "2026-11-01T08:00:00+00:00"


async def restored(folder: Path) -> Bench:
    """An account with a request that waited when the backup was made, in a vault that was restored."""
    bench = await Bench(folder).signed_in()
    bench.key = queue(bench)
    bench.vault._storage.stage(TABLE, restored_row(MADE, bench.clock()), [])
    assert bench.vault.restored_from == MADE
    return bench


async def test_nothing_waiting_leaves_and_what_is_followed_is_still_asked_for(tmp_path: Path) -> None:
    bench = await restored(tmp_path)
    await bench.connection.deliver()
    await bench.connection.sync()
    assert desk(bench).requests == {}
    record = bench.store.requests.record(bench.key)
    assert record["status"] == "queued" and not record.get("tried")
    bench.restart()
    await bench.connection.deliver()
    assert desk(bench).requests == {}, "a new start is no word either"
    bench.vault.backups.accept_restored()
    await bench.connection.deliver()
    await bench.connection.deliver()
    assert [one.reference for one in desk(bench).requests.values()] == [
        bench.store.requests.get(bench.key)["reference"]]


async def test_what_had_left_after_the_backup_was_made_arrives_no_second_time(tmp_path: Path) -> None:
    bench = await restored(tmp_path)
    bench.vault.backups.accept_restored()
    before = bench.store.requests.record(bench.key)
    await bench.connection.deliver()  # after the backup, on the machine of before
    bench.store.requests.save(before)
    bench.vault._storage.stage(TABLE, restored_row(MADE, bench.clock()), [])
    await bench.connection.deliver()
    assert len(desk(bench).requests) == 1
    bench.vault.backups.accept_restored()
    await bench.connection.deliver()
    assert len(desk(bench).requests) == 1
    assert bench.store.requests.get(bench.key)["status"] == "sent"


async def test_what_waits_can_be_taken_back_before(tmp_path: Path) -> None:
    bench = await restored(tmp_path)
    asking(bench).cancel(bench.key)
    bench.vault.backups.accept_restored()
    await bench.connection.deliver()
    assert desk(bench).requests == {}


async def test_a_desk_that_is_gone_hands_nothing_over_meanwhile(tmp_path: Path) -> None:
    bench = await restored(tmp_path)
    visit = bench.connection.outbox.visit

    def without_desk(portal: object) -> object:
        made = visit(portal)

        async def exists() -> bool:
            return False

        made._desk.exists = exists
        return made

    bench.connection.outbox.visit = without_desk  # type: ignore[method-assign,assignment]
    await bench.connection.deliver()
    assert bench.store.requests.record(bench.key)["status"] == "queued"
    bench.vault.backups.accept_restored()
    await bench.connection.deliver()
    assert bench.store.requests.record(bench.key)["status"] == "ready"


async def test_the_person_who_sends_is_told_why_it_waits_and_nothing_is_tried_by_itself(tmp_path: Path) -> None:
    bench = await restored(tmp_path)
    asked: list[str] = []

    async def connection() -> object:
        asked.append("asked")
        return bench.connection

    seconds = [0.0]
    tasks = Tasks()
    delivery = Delivery(
        bench.store, connection, tasks, Events(), lambda: Notifier(NotifySettings(), "en"), lambda: seconds[0])
    problem = await delivery.deliver(1.0)
    assert problem is not None and problem["code"] == "restored_copy"
    assert "01/11/2026" in problem["message"]["fr"] and "--accept-older" in problem["hint"]["fr"]
    seconds[0] = RETRY_S * 3
    delivery.retry_when_due()
    assert asked == [] and not tasks.running
    bench.vault.backups.accept_restored()
    assert await delivery.deliver(30.0) is None
    assert len(desk(bench).requests) == 1
