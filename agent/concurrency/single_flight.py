"""Long work in threads: one at a time of each kind, and whoever asks for what is being worked out waits for that."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Hashable
from typing import TypeVar, cast

T = TypeVar("T")


class Joint:
    """The long work under way on one open vault."""

    def __init__(self) -> None:
        self._running: dict[tuple[str, Hashable], asyncio.Task[object]] = {}
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def do(self, kind: str, key: Hashable, work: Callable[[], T]) -> T:
        """What ``work`` returns or raises; it runs in a thread. Equal ``key`` of a ``kind``: it is done once for all
        who ask while it is done. Who leaves does not end it."""
        task = cast("asyncio.Task[T] | None", self._running.get((kind, key)))
        if task is None:
            task = asyncio.ensure_future(self._in_turn(kind, work))
            self._running[kind, key] = task
            task.add_done_callback(lambda done: self._over(kind, key, done))
        return await asyncio.shield(task)

    async def _in_turn(self, kind: str, work: Callable[[], T]) -> T:
        async with self._turns[kind]:
            return await asyncio.to_thread(work)

    def _over(self, kind: str, key: Hashable, task: asyncio.Task[object]) -> None:
        self._running.pop((kind, key), None)
        if not task.cancelled():
            task.exception()  # seen: those who waited have met it
