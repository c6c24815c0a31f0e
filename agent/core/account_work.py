"""What the agent does at the account service while the vault is open: sign in, sync, fetch, and plan the next run."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from agent.concurrency.uninterrupted import finish
from agent.core.events import Events
from agent.core.sync_runs import Syncing
from agent.core.tasks import Work
from agent.errors import AmeliError, NeedsPerson
from agent.notifications import Notifier
from agent.protocol.events import REQUESTS_CHANGED, STATE
from agent.requests import RequestService
from agent.store import Store
from agent.vault.errors import VaultError, VaultLocked
from config.addresses import is_real_service, on_this_machine
from config.settings import AT_ONCE_OF_PORTAL, Settings

if TYPE_CHECKING:
    from agent.connection import Connection
    from agent.protocol.account import SyncFound
    from agent.protocol.problems import Problem
    from agent.requests.outbox import Round
    from agent.store.account_records import PlanRecord
    from agent.sync import SyncResult
    from agent.sync.scheduler import Schedule

log = logging.getLogger(__name__)
_BY_ITSELF = "schedule"
_TURNS = 5
_RETRY_S = 300.0
"""How often the outbox is tried again by itself while something waits in it."""
_ABORT_S = 5.0
"""How long work under way may take to end when the vault is locked."""


class Errands:
    """The outside work of one open vault; made when it opens, closed before it is locked."""

    def __init__(
        self, store: Store, settings: Settings, events: Events, notifier: Notifier, lang: str,
        clock: Callable[[], float] = time.monotonic, browser_profile: Path | None = None,
    ) -> None:
        """``notifier`` tells, in ``lang``, what runs by themselves bring; ``browser_profile`` is the folder of a
        browser that is started here."""
        self._browser_profile = browser_profile
        self._store = store
        self._settings = settings
        self.asking = RequestService(store, desk=self.may_send)
        self._notifier = notifier
        self._lang = lang
        self._events = events
        self._work = Work()
        self._connection: Connection | None = None
        self._schedule: Schedule | None = None
        self._syncing = Syncing(self.connection, events, self._work, self._found)
        self._closed = False
        self._plan_to_keep: PlanRecord | None = None
        self._clock = clock
        self._next_try = clock() + _RETRY_S  # at once, the person's own call or the first sync sends it

    async def connection(self) -> Connection:
        """The way to the account service, made at its first use: its libraries cost memory and 0.2 s.

        Raises VaultLocked once this is closed, also when that happened while the connection was being made.
        """
        module = await asyncio.to_thread(import_module, "agent.connection")
        if self._closed:
            raise VaultLocked
        if self._connection is None:
            made: Connection = await asyncio.to_thread(
                module.connect, self._settings.portal, self._store, self._browser_profile)
            if self._closed or self._connection is not None:  # locked meanwhile, or another caller was faster
                await made.close()
            else:
                self._connection = made
                made.on_round = self._round
        if self._closed or self._connection is None:
            raise VaultLocked
        return self._connection

    def take_up(self, settings: Settings, notifier: Notifier, lang: str) -> list[str]:
        """Go on with other settings; return the names of those that count from the next unlocking only.

        Where the service is and how it is reached stays until then. How fast it may be asked and how long it may take
        changes now, unless another address stands beside it: the pause of a stand-in is not one for the service.
        """
        self._notifier, self._lang = notifier, lang
        used, wanted = self._settings.portal, settings.portal
        same = (used.base_url, used.identity_url) == (wanted.base_url, wanted.identity_url)
        portal = used if not same else msgspec.structs.replace(
            used, **{name: getattr(wanted, name) for name in AT_ONCE_OF_PORTAL})
        self._settings = msgspec.structs.replace(settings, portal=portal)
        if self._connection is not None:
            self._connection.take_up(portal)
        if self._schedule is not None:
            self._schedule.change(settings.sync)
        return [f"portal.{name}" for name in portal.__struct_fields__ if getattr(portal, name) != getattr(wanted, name)]

    @property
    def portal(self) -> str:
        """The account service's address until the vault is locked."""
        return self._settings.portal.base_url

    @property
    def transport(self) -> str:
        """How requests travel until the vault is locked: a changed setting counts from the next unlock on."""
        return self._settings.portal.transport

    # -- asked for by the person -------------------------------------------------------------------------------------

    async def login(
        self, nir: str | None, password: str | None, otp: str | None, *, remember: bool, keep_password: bool,
        screen: Mapping[str, str] | None = None,
    ) -> None:
        """Sign in, or continue with the one-time code; see ``Connection.login``. ``screen``: the caller's."""
        self._store.vault.ensure_writable()
        connection = await self.connection()
        if screen is not None:
            connection.on_screen(screen, watched=True)
        await self._work.do(connection.login(nir, password, otp, remember=remember, keep_password=keep_password))
        log.info("signed in")
        self._events.publish(STATE({"state": "unlocked", "account": True}))
        self.plan()

    async def logout(self) -> None:
        """Sign out and forget the credentials, even when the service cannot be reached; the data stays."""
        connection = await self.connection()
        await self._unplan()
        try:
            await self._work.do(connection.logout())
            log.info("signed out")
        finally:
            if not self._closed and self._store.credentials() is None:
                self._events.publish(STATE({"state": "unlocked", "account": False}))

    async def sync(
        self, full: bool, wait: bool, screen: Mapping[str, str] | None = None
    ) -> SyncFound | None:
        """Sync now or join the run under way; return the contract's result, or None at once without ``wait``.

        Raises RefreshTooSoon; and with ``wait`` what ``Connection.sync`` raises.
        """
        self._store.vault.ensure_writable()  # before anything is asked of the service that could not be kept
        if self._schedule is not None and not self._syncing.running:
            self._schedule.allow_manual()
        if screen:
            (await self.connection()).on_screen(screen, watched=False)
        run = self._work.begin(self._manual(full))
        return await self._work.join(run) if wait else None

    async def _manual(self, full: bool) -> SyncFound:
        try:
            result = await self._syncing.run(full)
        except AmeliError as error:
            if self._schedule is not None and not isinstance(error, VaultLocked):
                self._schedule.failed(error)
            raise
        if self._schedule is not None:
            self._schedule.succeeded()
        return result

    # -- requests ----------------------------------------------------------------------------------------------------

    @property
    def may_send(self) -> bool:
        """The portal may take requests from programs: the real service does not."""
        return not is_real_service(self._settings.portal.base_url)

    @property
    def pending(self) -> int:
        """Requests, papers and messages that wait to be sent."""
        return len(self._store.requests.waiting())

    async def deliver(self, wait_s: float) -> Problem | None:
        """Send what waits; None when it is sent, or is still being sent after ``wait_s`` seconds; else the problem in
        the way. What could not be sent leaves with a later sync."""
        if not self.pending:
            return None
        task = self._work.begin(self._deliver())
        await asyncio.wait({task}, timeout=wait_s)
        if not task.done() or task.cancelled():
            return None
        error = task.exception()
        if error is not None and not isinstance(error, AmeliError):
            raise error
        return error.problem() if error is not None else None

    async def _deliver(self, *, person: bool = True) -> None:
        self._store.vault.ensure_writable()
        connection = await self.connection()
        try:
            await connection.deliver(person=person)
        except AmeliError as error:
            log.warning("the outbox could not be sent: %s", error.problem()["code"])
            raise

    def _round(self, done: Round) -> None:
        self._events.publish(REQUESTS_CHANGED({"ids": list(done.changed), "sent": done.sent}))
        news = done.refused + done.needs + done.accepted + done.moved
        if news:
            self.begin(self._notifier.tell_news({"requests": news}, self._lang))

    async def document(self, identifier: str) -> bytes:
        """A document's bytes, fetched when they are not kept yet."""
        if self._closed:
            raise VaultLocked
        if (kept := await asyncio.to_thread(self._store.document_bytes, identifier)) is not None:
            return kept
        self._store.vault.ensure_writable()
        connection = await self.connection()
        return await self._work.do(connection.document(identifier))

    async def attestation(self, beneficiary: str | None) -> bytes:
        """Today's entitlement certificate."""
        self._store.vault.ensure_writable()  # the session goes on from one request to the next
        connection = await self.connection()
        return await self._work.do(connection.attestation(beneficiary))

    async def certificate(self, kind: str, **wanted: Any) -> bytes:
        """Another certificate, made today; the fields of ``agent.portal.pages.certificates.Wanted``."""
        self._store.vault.ensure_writable()
        connection = await self.connection()
        module = await asyncio.to_thread(import_module, "agent.portal.pages.certificates")
        return await self._work.do(connection.certificate(module.Wanted(kind, **wanted)))

    def begin(self, doing: Coroutine[Any, Any, None]) -> None:
        """Start work that needs the vault; it is cut when the vault is locked, and not begun after."""
        if self._closed:
            doing.close()
        else:
            self._work.begin(doing)

    # -- by itself ---------------------------------------------------------------------------------------------------

    def plan(self) -> None:
        """Begin to look for news by itself, or start over after the person did something about what was in the way."""
        if self._schedule is not None:
            self._schedule.person_acted()
            return
        if self._closed:  # while the sign-in that asks for it was under way
            return
        if self._store.credentials() is None:
            return
        from agent.sync.scheduler import Schedule

        self._schedule = Schedule(
            self._settings.sync,
            self._by_itself,
            load=self._store.account.schedule.read,
            save=self._keep_plan,
            limited=not on_this_machine(self._settings.portal.base_url),
            sleep=_never,  # its heart beats with the process's: one wake-up for all
        )
        self._schedule.start()

    def _keep_plan(self, plan: PlanRecord) -> None:
        """Keep the newest plan, away from the loop; what is not written yet is when this closes."""
        self._plan_to_keep = plan
        self._work.begin(self._write_plan())

    async def _write_plan(self) -> None:
        await finish(self._write_newest_plan)

    def _write_newest_plan(self) -> None:
        plan, self._plan_to_keep = self._plan_to_keep, None
        if plan is None:
            return
        try:
            self._store.account.schedule.write(plan)
        except VaultError as error:  # then the next start plans anew
            log.warning("the plan of the next sync could not be kept: %s", error.code)

    async def _unplan(self) -> None:
        schedule, self._schedule = self._schedule, None
        if schedule is not None:
            await schedule.stop(_ABORT_S)

    def beat(self) -> None:
        """What is looked after twice a minute."""
        if self._closed:
            return
        if self._schedule is not None:
            self._schedule.heartbeat()
        moment = self._clock()
        if self._store.credentials() is not None and self.pending and moment >= self._next_try:
            self._next_try = moment + _RETRY_S
            self._work.begin(self._deliver(person=False))

    async def _by_itself(self) -> None:
        try:
            await self._syncing.run(trigger=_BY_ITSELF)
        except NeedsPerson:
            await self._notifier.tell_person_needed(self._lang)
            raise

    async def _found(self, result: SyncResult, trigger: str) -> None:
        """Tell the person what a run brought, when nobody was waiting for it."""
        if changed := await self._store.write(self.asking.by_hand.read_inbox):
            self._events.publish(REQUESTS_CHANGED({"ids": changed, "sent": 0}))
        if trigger == _BY_ITSELF:
            new = {**result.new, "requests": len(changed)} if changed else result.new
            await self._notifier.tell_news(new, self._lang, first=result.first)
            reminders = await asyncio.to_thread(import_module, "agent.requests.reminders")
            if not self._closed:
                close = await self._store.write(lambda: reminders.newly_close(self._store, self.asking.world()))
                await self._notifier.tell_deadlines(close, self._lang)

    @property
    def problems(self) -> list[Problem]:
        """What went wrong with work that nobody waited for."""
        return [fault.problem() for fault in self._work.faults]

    @property
    def syncing(self) -> bool:
        """A run is under way."""
        return self._syncing.running

    @property
    def stale(self) -> bool:
        """Runs are made by themselves, and none has gone well for three intervals."""
        return self._schedule is not None and self._schedule.stale

    @property
    def next_sync(self) -> str | None:
        """When the next run by itself begins (ISO, UTC); None when none is planned."""
        moment = self._schedule.next_run if self._schedule is not None else None
        return moment.isoformat(timespec="seconds") if moment is not None else None

    @property
    def code_awaited(self) -> bool:
        """A sign-in waits for its one-time code."""
        return self._connection is not None and self._connection.code_awaited

    async def close(self) -> None:
        """End everything under way; what was read until then is kept."""
        self._closed = True
        await self._unplan()
        await self._work.end(_ABORT_S)
        await finish(self._write_newest_plan)
        if self._connection is not None:
            await self._connection.close()
        for _ in range(_TURNS):
            await asyncio.sleep(0)  # what was cancelled still holds the data until the loop has turned


async def _never(_seconds: float) -> None:
    await asyncio.Event().wait()


def warm_up() -> None:
    """Import what an open vault needs next, away from the event loop."""
    import_module("agent.sync.scheduler")
    import_module("apscheduler.schedulers.asyncio")
