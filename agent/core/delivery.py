"""Sending what waits in the outbox of one open vault: when the person is there, and again by itself."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from agent.core.events import Events
from agent.core.tasks import Tasks
from agent.core.unlocking import restored_copy
from agent.errors import AmeliError
from agent.notifications import Notifier
from agent.protocol.events import REQUESTS_CHANGED
from agent.store import Store

if TYPE_CHECKING:
    from agent.connection import Connection
    from agent.protocol.problems import Problem
    from agent.requests.outbox import Round

log = logging.getLogger(__name__)
RETRY_S = 300.0
"""How often the outbox is tried again by itself while something waits in it."""


class Delivery:
    """The way out for requests, papers and messages."""

    def __init__(
        self, store: Store, connection: Callable[[], Awaitable[Connection]], tasks: Tasks, events: Events,
        notifier: Callable[[], Notifier], clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``connection`` gives the way to the service; ``notifier`` the one to tell news with now; ``clock`` counts
        seconds."""
        self._store = store
        self._connection = connection
        self._tasks = tasks
        self._events = events
        self._notifier = notifier
        self._clock = clock
        self._next_try = clock() + RETRY_S  # at once, the person's own call or the first sync sends it

    @property
    def pending(self) -> int:
        """Requests, papers and messages that wait to be sent."""
        return len(self._store.requests.waiting())

    async def deliver(self, wait_s: float) -> Problem | None:
        """Send what waits; None when it is sent, or is still being sent after ``wait_s`` seconds; else the problem in
        the way. What could not be sent leaves with a later sync."""
        if not self.pending:
            return None
        if (copy := restored_copy(self._store.vault)) is not None:
            return copy.problem()
        task = self._tasks.start(self._send(person=True))
        await asyncio.wait({task}, timeout=wait_s)
        if not task.done() or task.cancelled():
            return None
        error = task.exception()
        if error is not None and not isinstance(error, AmeliError):
            raise error
        return error.problem() if error is not None else None

    def retry_when_due(self) -> None:
        """Try again by itself, when something waits and its time has come. Called at each heartbeat."""
        moment = self._clock()
        if restored_copy(self._store.vault) is not None:
            return
        if self._store.credentials() is not None and self.pending and moment >= self._next_try:
            self._next_try = moment + RETRY_S
            self._tasks.start(self._send(person=False))

    async def _send(self, *, person: bool) -> None:
        self._store.vault.ensure_writable()
        connection = await self._connection()
        try:
            await connection.deliver(person=person)
        except AmeliError as error:
            log.warning("the outbox could not be sent: %s", error.problem()["code"])
            raise

    def report(self, done: Round) -> None:
        """Tell what a visit to the service's desk changed: events at once, the person in the background."""
        self._events.publish(REQUESTS_CHANGED({"ids": list(done.changed), "sent": done.sent}))
        news = done.refused + done.needs + done.accepted + done.moved
        if news:
            self._tasks.start_unless_ended(self._notifier().tell_news({"requests": news}))
