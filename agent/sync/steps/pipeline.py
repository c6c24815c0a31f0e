"""Writing one thing to disk while the next one comes over the wire."""

import asyncio
from collections.abc import Callable
from types import TracebackType


class Writer:
    """Runs one write at a time in a thread. Leaving the block waits for the last one, also when the run is cut short.

    >>> async with Writer() as writer:          # doctest: +SKIP
    ...     await writer.write(lambda: save(data))
    """

    def __init__(self) -> None:
        self._task: asyncio.Future[None] | None = None

    async def __aenter__(self) -> "Writer":
        return self

    async def write(self, work: Callable[[], None]) -> None:
        """Begin ``work`` when the write before it is done. Raises what that one raised."""
        await self._done()
        self._task = asyncio.ensure_future(asyncio.to_thread(work))

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._done()

    async def _done(self) -> None:
        task = self._task
        if task is None:
            return
        try:
            await asyncio.shield(task)  # a write that began is finished, even when the run is cancelled meanwhile
        finally:
            if task.done():
                self._task = None
