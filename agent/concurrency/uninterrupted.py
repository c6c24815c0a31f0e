"""Work that waits for the disk, away from the event loop."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


async def finish(work: Callable[[], T]) -> T:
    """Do ``work`` in a thread and return its result. Work that began is finished also when the caller is cancelled."""
    task = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        while not task.done():
            try:
                await asyncio.wait({task})
            except asyncio.CancelledError:
                continue  # told twice: all the more reason to be done with it
        if not task.cancelled():
            task.exception()  # seen: nobody else will ask for it
        raise
