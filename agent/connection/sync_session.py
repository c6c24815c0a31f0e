"""A sync over one conversation with the service, which may have to sign in again in between."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import TYPE_CHECKING

from agent.account.batch import utc
from agent.connection.documents import fetch_damaged
from agent.sync import Progress, SyncResult, SyncRun
from agent.sync.errors import NOT_UNDERSTOOD

if TYPE_CHECKING:
    from agent.portal import Portal
    from agent.store import Store


class SyncSession:
    """``run`` makes the sync; made again after the session was renewed, it goes on where it was cut short."""

    def __init__(
        self, store: Store, visit: Callable[[Portal], Awaitable[None]], *, full: bool, today: date,
        now: Callable[[], datetime], progress: Progress, retry: bool,
    ) -> None:
        """``visit`` sends and asks what the outbox has to; the others are as of `SyncRun`."""
        self._store, self._visit = store, visit
        self._full, self._today, self._now, self._progress, self._retry = full, today, now, progress, retry
        self._run: SyncRun | None = None

    async def run(self, portal: Portal) -> SyncResult:
        """Visit the desk, read what is new, and fetch again what is damaged here. Raises what ends a run."""
        if self._run is None:
            self._run = SyncRun(portal, self._store, full=self._full, today=self._today, now=self._now,
                                progress=self._progress, retry=self._retry)
        try:
            await self._visit(portal)  # first, so that acknowledgements are in the inbox that is read next
        except NOT_UNDERSTOOD as error:
            self._run.problem(error)
        result = await self._run()
        await fetch_damaged(portal, self._store, utc(self._now()))
        return result

    @property
    def result(self) -> SyncResult:
        """What was done so far, the requests of signing in included; an empty one before the conversation began."""
        if self._run is None:
            return SyncResult()
        self._run.result.requests = self._run.portal.requests
        return self._run.result
