"""Work that needs the vault for a while: it outlives the caller who asked, and ends when the vault is locked."""

import asyncio
import logging
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import TypeVar

from agent.core.refusals import BackgroundFault
from agent.errors import AmeliError
from agent.protocol.problems import Problem
from agent.vault.errors import VaultLocked

T = TypeVar("T")
log = logging.getLogger(__name__)


class Tasks:
    """The work under way on one open vault."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[object]] = set()
        self._answering = 0
        self._ended = False
        self._faults: dict[str, AmeliError] = {}

    @property
    def problems(self) -> list[Problem]:
        """Faults of ours that ended work which has not succeeded since; the log has them in full."""
        return [fault.problem() for fault in self._faults.values()]

    @property
    def running(self) -> bool:
        """Something is under way."""
        return bool(self._tasks) or self._answering > 0

    @contextmanager
    def answering(self) -> Iterator[None]:
        """A call that uses the vault is being answered, such as an import: it counts as under way, and is not cut."""
        self._answering += 1
        try:
            yield
        finally:
            self._answering -= 1

    def start(self, work: Coroutine[object, None, T]) -> "asyncio.Task[T]":
        """Start something; nobody need wait for it. Raises VaultLocked after the end."""
        if self._ended:
            work.close()
            raise VaultLocked
        task = asyncio.get_running_loop().create_task(work, name=getattr(work, "__qualname__", "work"))
        self._tasks.add(task)
        task.add_done_callback(self._over)
        return task

    def start_unless_ended(self, work: Coroutine[object, None, None]) -> None:
        """Start something, or leave it be after the end."""
        if self._ended:
            work.close()
        else:
            self.start(work)

    def _over(self, task: "asyncio.Task[object]") -> None:
        """Whoever asked may have left: what nobody foresaw is written down here."""
        self._tasks.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if error is None:
            self._faults.pop(task.get_name(), None)
        elif not isinstance(error, AmeliError):
            log.error("background work ended on an unforeseen error: %s", task.get_name(), exc_info=error)
            self._faults[task.get_name()] = BackgroundFault()

    async def join(self, task: "asyncio.Task[T]") -> T:
        """Wait for work and return its result; a waiter who leaves does not end it. Raises VaultLocked when cut."""
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled():
                raise VaultLocked from None
            raise

    async def run(self, work: Coroutine[object, None, T]) -> T:
        """Start something and wait for it."""
        return await self.join(self.start(work))

    async def cancel_all(self, deadline_s: float) -> None:
        """Cut everything short and wait until it has written down what it had, ``deadline_s`` seconds at most.

        Nothing is begun any more.
        """
        self._ended = True
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=deadline_s)
            if late:
                log.error("%d tasks did not end within %.0f s of being told to", len(late), deadline_s)
