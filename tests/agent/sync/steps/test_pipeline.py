"""Writing beside the wire: in order, to the end, errors told."""

import asyncio
import threading

import pytest

from agent.sync.steps.pipeline import Writer


async def test_writes_happen_in_order_and_are_over_when_the_block_is_left() -> None:
    done: list[int] = []
    async with Writer() as writer:
        for number in range(5):
            await writer.write(lambda number=number: done.append(number))
    assert done == [0, 1, 2, 3, 4]


async def test_a_write_that_fails_is_raised() -> None:
    def fail() -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        async with Writer() as writer:
            await writer.write(fail)


async def test_cancelling_waits_for_the_write_under_way() -> None:
    began, let_go, done = threading.Event(), threading.Event(), []

    def slow() -> None:
        began.set()
        let_go.wait(5)
        done.append("kept")

    async def work() -> None:
        async with Writer() as writer:
            await writer.write(slow)
            await writer.write(lambda: done.append("never"))

    task = asyncio.ensure_future(work())
    await asyncio.to_thread(began.wait, 5)
    task.cancel()
    await asyncio.sleep(0)
    let_go.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert done == ["kept"]
