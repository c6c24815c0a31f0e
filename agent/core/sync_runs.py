"""Sync runs, one at a time: who asks, who waits, what is told of them."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING

from agent.core.events import Events
from agent.core.memory import give_back
from agent.core.tasks import Tasks
from agent.errors import AmeliError, NeedsPerson
from agent.protocol.events import (
    MESSAGE_NEW,
    PAYMENT_NEW,
    PERSON_NEEDED,
    PROBLEM,
    SYNC_DONE,
    SYNC_PROGRESS,
    SYNC_STARTED,
    SyncEnded,
)

if TYPE_CHECKING:
    from agent.connection import Connection
    from agent.protocol.account import SyncFound
    from agent.sync import SyncResult

log = logging.getLogger(__name__)
BY_PERSON, BY_SCHEDULE = "person", "schedule"
"""Who asked for a run."""
_PROGRESS_EVERY_S = 0.2
"""Progress is for eyes: a thousand steps a second would only push other events out of the ring."""


def publish_failure(events: Events, error: AmeliError) -> None:
    """Tell listeners why a look at the account ended."""
    kind = PERSON_NEEDED if isinstance(error, NeedsPerson) else PROBLEM
    events.publish(kind({"code": error.problem()["code"]}))


def publish_news(events: Events, new: Mapping[str, int]) -> None:
    """Tell listeners how many payments and messages a look brought."""
    for sort, news in (("payments", PAYMENT_NEW), ("messages", MESSAGE_NEW)):
        if new.get(sort):
            events.publish(news({"count": new[sort]}))


class SyncRuns:
    """The sync runs of one open vault."""

    def __init__(
        self,
        connection: Callable[[], Awaitable[Connection]],
        events: Events,
        tasks: Tasks,
        on_result: Callable[[SyncResult, str], Awaitable[None]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``on_result(result, trigger)`` is called after each good run, for notifications."""
        self._connection = connection
        self._events = events
        self._tasks = tasks
        self._on_result = on_result
        self._clock = clock
        self._running: asyncio.Task[SyncFound] | None = None
        self._full = False
        self._last_progress: tuple[str, float] = ("", 0.0)

    @property
    def running(self) -> bool:
        """A run is under way."""
        return self._running is not None and not self._running.done()

    async def run(self, full: bool = False, trigger: str = BY_PERSON) -> SyncFound:
        """Run, or join the run under way; return the contract's result.

        A full run asked for during a plain one follows it. Raises what ends a run (AmeliError).
        """
        while self.running and full and not self._full:
            assert self._running is not None
            await asyncio.wait({self._running})
        if self._running is None or self._running.done():
            self._full = full
            self._running = self._tasks.start(self._once(full, trigger))
        return await self._tasks.join(self._running)

    async def _once(self, full: bool, trigger: str) -> SyncFound:
        self._events.publish(SYNC_STARTED({"trigger": trigger, "full": full}))
        log.info("sync started (%s)", trigger)
        done: SyncEnded = {"failed": True, "new": {}}
        try:
            connection = await self._connection()
            result = await connection.sync(full=full, trigger=trigger, progress=self._progress)
            done = {"failed": False, "new": result.new, "changed": result.changed, "problems": len(result.problems)}
        except AmeliError as error:
            log.warning("sync ended: %s", error.problem()["code"])
            publish_failure(self._events, error)
            raise
        except Exception:  # told here and raised again: perhaps nobody waits for it any more
            log.exception("sync ended on an unforeseen error")
            self._events.publish(PROBLEM({"code": "internal"}))
            raise
        finally:
            self._events.publish(SYNC_DONE(done))
        log.info("sync done: %d requests, %d problems", result.requests, len(result.problems))
        for problem in result.problems:
            self._events.publish(PROBLEM({"code": problem["code"]}))
        if not result.first:
            publish_news(self._events, result.new)
        give_back()
        await self._on_result(result, trigger)
        return result.json()

    def _progress(self, step: str, done: int, total: int) -> None:
        last_step, last = self._last_progress
        now = self._clock()
        if step == last_step and done < total and now - last < _PROGRESS_EVERY_S:
            return
        self._last_progress = (step, now)
        self._events.publish(SYNC_PROGRESS({"step": step, "done": done, "total": total}))
