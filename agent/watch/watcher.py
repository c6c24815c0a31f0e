"""A round while the vault is locked: what is new is read with the ticket alone, and sealed.

Nothing that was read stays here: whoever made the round has this process replaced by one that knows nothing of it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from agent.concurrency.uninterrupted import finish
from agent.connection.breaker import check_pause
from agent.connection.errors import Refused
from agent.errors import AmeliError, NeedsPerson
from agent.portal import Portal, PortalConfig, PortalSession
from agent.portal.errors import SessionEnded
from agent.store.account_records import SessionRecord
from agent.store.interfaces import plain
from agent.sync.context import Reading
from agent.sync.result import Progress, SyncResult, no_progress
from agent.sync.steps.in_order import Step, StepsInOrder
from agent.sync.steps.listing import list_inbox, list_new_statements
from agent.sync.steps.payments import sync_payments
from agent.watch.errors import AddressChanged, SignInNotAllowed
from agent.watch.note import NoteFile, SignInBegun, WatchNote
from agent.watch.ticket import without_device
from config import clock

if TYPE_CHECKING:
    import httpx

    from agent.account.batch import Batch
    from agent.watch.ticket_sealer import TicketSealer
    from config.settings import PortalSettings

_STEPS: dict[str, Step] = {
    "payments": sync_payments, "statements": list_new_statements, "inbox": list_inbox,
}
DETAILS = 25
"""Details sealed in one file: a power cut costs at most so many requests."""
_RUNS = 200
"""Runs of the log that a ticket bears."""


class Watcher:
    """Makes rounds, one at a time. The ticket changes as it goes, and is right whenever a round has ended."""

    def __init__(
        self, sealer: TicketSealer, settings: PortalSettings, note: NoteFile, *,
        transport: httpx.AsyncBaseTransport | None = None, now: Callable[[], datetime] = clock.now,
        today: Callable[[], date] = clock.today, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        """``sealer`` has the ticket by which is read, too."""
        self.ticket = sealer.ticket
        self._settings, self._note, self._transport = settings, note, transport
        self._now, self._today, self._sleep, self._timer = now, today, sleep, timer
        self._sealer = sealer
        self._unsealed: list[Batch] = []
        self._counted: dict[str, int] = {}
        """New things by kind, of those that were sealed."""
        self._reading: Reading | None = None
        self._new_payments: set[str] = set()

    async def round(self, *, progress: Progress = no_progress, trigger: str = "schedule") -> SyncResult:
        """Read what is new, and seal it. What was sealed before a round was cut short counts.

        Raises NeedsPerson when a person must do something first, SignInTooSoon, what reading the account raises,
        `VaultWriteFailed` and `VaultStopped`.
        """
        ticket, started, clocked = self.ticket, self._now(), self._timer()
        self._check()
        assert ticket.marks is not None
        reading = self._reading = Reading(
            ticket.marks, self._emit, today=self._today(), now=self._now, progress=progress, retry=False)
        self._counted = dict(reading.result.new)
        failure: AmeliError | None = None
        completed = False
        try:
            try:
                await self._visit(reading)
            finally:
                await self._seal()
            ticket.marks.incomplete = False  # all of it was read; the vault has its own word on that
            completed = True
            return reading.result
        except AmeliError as error:
            failure = error
            raise
        finally:
            self._unsealed.clear()
            self._new_payments.clear()
            reading.result.new, reading.result.seconds = self._counted, self._timer() - clocked
            self._log(started, trigger, reading.result, failure, completed=completed)
            await self._sealer.rest()

    def _check(self) -> None:
        """Raise what stands in the way of a round."""
        ticket = self.ticket
        if (self._settings.base_url, self._settings.identity_url) != (ticket.base_url, ticket.identity_url):
            ticket.refuse(AddressChanged().problem(), by_service=False)
            raise AddressChanged
        if ticket.access == "none" or ticket.marks is None:
            ticket.needs = ticket.needs or SignInNotAllowed().problem()
            raise Refused(ticket.needs)

    # -- the conversation ----------------------------------------------------------------------------------------------

    async def _visit(self, reading: Reading) -> None:
        portal = self._open()
        steps = StepsInOrder(reading, _STEPS, nullcontext())
        try:
            if self.ticket.session is None:
                await self._sign_in(portal)
            try:
                await steps.read(portal)
            except SessionEnded:
                await self._sign_in(portal)
                await steps.read(portal)
        finally:
            reading.result.requests = portal.requests
            if self.ticket.session is not None:
                self._keep_session(portal)
            await portal.close()

    async def _sign_in(self, portal: Portal) -> None:
        """Sign in, if that is allowed: noted before the first byte leaves. Never waits for a code."""
        ticket = self.ticket
        if not ticket.password:
            ticket.refuse(SignInNotAllowed().problem(), by_service=False)
            raise SignInNotAllowed
        check_pause(ticket.sign_in_at, self._now())
        ticket.sign_in_at = self._now().isoformat()
        begun = SignInBegun(at=ticket.sign_in_at)
        await self._noted(begun)
        try:
            await portal.sign_in(ticket.nir, ticket.password, None)
        except NeedsPerson as error:
            await self._noted(msgspec.structs.replace(begun, refused=error.problem()["code"]))
            ticket.refuse(error.problem(), by_service=True)
            raise
        except AmeliError:
            await self._noted(None)  # it came to nothing, and the pause before the next one holds
            raise
        await self._noted(None)
        self._keep_session(portal)

    async def _noted(self, begun: SignInBegun | None) -> None:
        await finish(partial(self._note.write, WatchNote(watching=True, sign_in=begun)))

    def _open(self) -> Portal:
        session = msgspec.convert(self.ticket.session, PortalSession) if self.ticket.session else None
        config = msgspec.convert(self._settings, PortalConfig, from_attributes=True)
        return Portal(config, transport=self._transport, session=session, today=self._today, sleep=self._sleep)

    def _keep_session(self, portal: Portal) -> None:
        record = plain(portal.session(), SessionRecord)
        self.ticket.session = record if self.ticket.password else without_device(record)

    # -- what was read -------------------------------------------------------------------------------------------------

    async def _emit(self, batch: Batch) -> None:
        """Count what is new; seal when details have come together."""
        assert self.ticket.marks is not None and self._reading is not None
        for read in batch.payments:
            key, day = read.payment.id, read.payment.paid_on.isoformat()
            if key not in self._new_payments and key not in self.ticket.marks.payments(day, day):
                self._new_payments.add(key)
                self._reading.result.new["payments"] += 1
        self._unsealed.append(batch)
        if sum(read.payment.complete for waiting in self._unsealed for read in waiting.payments) >= DETAILS:
            await self._seal()

    async def _seal(self) -> None:
        """Keep what was read since the last time, durably; from then on it is known."""
        ticket, batches = self.ticket, list(self._unsealed)
        await self._sealer.seal(batches)
        self._unsealed.clear()
        if self._reading is not None:
            self._counted = dict(self._reading.result.new)
        if ticket.marks is not None:
            for batch in batches:
                ticket.marks.take(batch)

    def _log(
        self, started: datetime, trigger: str, result: SyncResult, failure: AmeliError | None, *, completed: bool
    ) -> None:
        ticket, problems = self.ticket, list(result.problems)
        if failure is not None:
            problems.append(failure.problem())
            if isinstance(failure, NeedsPerson) and ticket.needs is None:
                ticket.needs = failure.problem()
        ticket.polls += 1
        ticket.sealed += sum(result.new.values())
        ticket.runs = [*ticket.runs[1 - _RUNS :], {
            "started": started.isoformat(), "trigger": trigger, **result.json(), "problems": problems,
            "failed": not completed}]
        if completed:
            ticket.last_sync = started.isoformat()
            ticket.needs = None
