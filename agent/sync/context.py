"""What the readers of one sync run share: the portal, what is known already, where batches go, and what was found."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Unpack, cast

from agent.account.batch import Batch, utc
from agent.account.known import Known
from agent.account.sync_notes import SyncNotes
from agent.errors import AmeliError
from agent.sync.result import Progress, SyncResult, no_progress
from config.clock import now as real_now

if TYPE_CHECKING:
    from agent.account.batch import DocumentRead, MessageRead, PaymentRead, ProfileRead
    from agent.portal import Portal
    from agent.protocol.problems import Problem

Emit = Callable[[Batch], Awaitable[None]]
"""Hands over a batch: written at once, or sealed for later. What it raises ends the run."""


class Reading:
    """One reading of the account over an open portal. It asks what is known and hands over batches; it writes nothing.

    ``result`` is filled as it goes and is right even when the run is cut short.
    """

    def __init__(
        self, knowledge: Known, emit: Emit, *, today: date, now: Callable[[], datetime] = real_now,
        full: bool = False, progress: Progress = no_progress, retry: bool = True,
    ) -> None:
        """``retry`` off: what was not understood earlier today is not asked for again."""
        self.portal: Portal
        """Open; set by whoever has it read, and anew after the session was renewed."""
        self.known = knowledge
        self._emit = emit
        self.full = full or knowledge.incomplete
        """After a loss everything is read again, until one run has read it all."""
        self.today = today
        self._now = now
        self._last = max((knowledge.notes().get("at") or {}).values(), default="")
        self.progress = progress
        self.retry = retry
        self.result = SyncResult(first=not knowledge.notes().get("finished"), problems=[])

    async def payments(self, payments: list[PaymentRead]) -> None:
        """Hand over payments."""
        await self._emit(Batch(way="sync", at=self._moment(), payments=tuple(payments)))

    async def document(self, document: DocumentRead) -> None:
        """Hand over a file."""
        await self._emit(Batch(way="sync", at=self._moment(), documents=(document,)))

    async def message(self, message: MessageRead) -> None:
        """Hand over a message with its files."""
        await self._emit(Batch(way="sync", at=self._moment(), messages=(message,)))

    async def person(self, read: ProfileRead, notes: SyncNotes) -> None:
        """Hand over the person and the family, with what is noted of them."""
        await self._emit(Batch(way="sync", at=self._moment(), profile=read, notes=notes))

    async def note(self, **notes: Unpack[SyncNotes]) -> None:
        """Hand over what the sync notes of itself."""
        await self._emit(Batch(way="sync", at=self._moment(), notes=notes))

    def _moment(self) -> str:
        """When a batch was read: always later than the one before, also when the clock was set back meanwhile."""
        moment = utc(self._now())
        if moment <= self._last:
            moment = utc(datetime.fromisoformat(self._last) + timedelta(microseconds=1))
        self._last = moment
        return moment

    def problem(self, error: AmeliError) -> None:
        """Report an error and go on. The same error is reported once, with a count."""
        problem = cast("Problem", error.problem() | {name: str(fact) for name, fact in error.facts.items()})
        for earlier in self.result.problems:
            if {name: value for name, value in earlier.items() if name != "count"} == problem:
                earlier["count"] = earlier.get("count", 1) + 1
                return
        self.result.problems.append(problem)
