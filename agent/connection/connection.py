"""Opens the connector with what the vault knows, signs in when it must and may, and keeps the session afterwards."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import msgspec

from agent.account.batch import utc
from agent.concurrency.uninterrupted import finish
from agent.connection.breaker import Breaker
from agent.connection.documents import fetch_damaged, fetch_document
from agent.connection.errors import NoAccount, NoSignInPending, PasswordNeeded, SignedOutHereOnly
from agent.connection.page_changes import note_changes
from agent.connection.sign_in import SignIn
from agent.errors import AmeliError, NeedsPerson
from agent.portal import Portal, PortalConfig, PortalSession
from agent.portal.errors import CodeNeeded, CodeRefused, SessionEnded
from agent.portal.pages.certificates import Wanted, check_offered
from agent.requests.outbox import Outbox, Round
from agent.store import Store
from agent.store.account_records import SessionRecord
from agent.store.interfaces import plain
from agent.sync import Progress, SyncResult, SyncRun, no_progress
from agent.sync.errors import NOT_UNDERSTOOD
from config import clock

if TYPE_CHECKING:
    import httpx

    from config.settings import PortalSettings

T = TypeVar("T")
OnRound = Callable[[Round], None]


def no_listener(_done: Round) -> None:
    """Tell nobody."""


class Connection:
    """The account service as the agent uses it, over one open vault. One conversation at a time."""

    def __init__(
        self, settings: PortalSettings, store: Store, *, transport: httpx.AsyncBaseTransport | None = None,
        now: Callable[[], datetime] = clock.now, today: Callable[[], date] = clock.today,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep, timer: Callable[[], float] = time.monotonic,
        on_round: OnRound = no_listener,
    ) -> None:
        """``on_round`` is called after each visit to the desk that changed something, also one that was cut short."""
        self._settings = settings
        self._store = store
        self._transport = transport
        self._now = now
        self._today = today
        self._sleep = sleep
        self._timer = timer
        self._breaker = Breaker(store, now)
        self._pending: SignIn | None = None
        self._busy = asyncio.Lock()
        self.outbox = Outbox(store, now)
        self._on_round = on_round

    def take_up(self, settings: PortalSettings) -> None:
        """From the next conversation on, ask by these settings. Address and transport must be the same as before."""
        self._settings = settings

    @property
    def code_awaited(self) -> bool:
        """A sign-in waits for its one-time code."""
        return self._pending is not None and self._pending.waiting

    def on_screen(self, names: Mapping[str, str], *, watched: bool) -> None:
        """Where the caller's windows go (``config.screen``): of no use where there is no window."""

    # -- signing in --------------------------------------------------------------------------------------------------

    async def login(
        self, nir: str | None = None, password: str | None = None, otp: str | None = None, *,
        remember: bool = True, keep_password: bool = True,
    ) -> None:
        """Sign in because the person asks; with ``otp`` alone, continue the sign-in that waits for it.

        ``remember`` makes this device trusted, so that no code is asked for months. ``keep_password`` keeps the
        password in the vault, so that the agent can renew the session. Raises CodeNeeded when the service sent a
        code (call again with ``otp``), NoAccount, PasswordNeeded, NoSignInPending, or the connector's errors.
        """
        async with self._busy:
            pending = self._pending
            if otp is not None and pending is not None and pending.waiting and password is None:
                await self._finish(pending, pending.answer(otp), again=True)
            else:
                await self._begin(nir, password, otp, remember=remember, keep_password=keep_password)

    async def _begin(
        self, nir: str | None, password: str | None, otp: str | None, *, remember: bool, keep_password: bool
    ) -> None:
        credentials = self._store.credentials()
        typed = password is not None
        nir = nir or (credentials["nir"] if credentials else None)
        # An empty password is none: it is never sent.
        password = password or (credentials["password"] if credentials else None)
        if nir is None:
            raise NoSignInPending if otp is not None else NoAccount
        if password is None:
            raise NoSignInPending if otp is not None else PasswordNeeded
        if not typed:
            self._breaker.check(nir, password, person=True)
        await self._drop_pending()
        self._pending = SignIn(
            self._open(), nir, password, keep_password=keep_password if typed else True, remember=remember
        )
        await finish(self._breaker.attempt)
        await self._finish(self._pending, self._pending.start(), otp=otp)

    async def logout(self) -> None:
        """End the session at the service and forget credentials and session here; the data stays.

        Raises SignedOutHereOnly when the service could not be told.
        """
        await self._drop_pending()
        async with self._busy:
            if self._store.account.session.read() is not None:
                portal = self._open()
                try:
                    await portal.sign_out()
                except AmeliError as error:
                    raise SignedOutHereOnly(why_fr=error.message("fr"), why_en=error.message("en")) from error
                finally:
                    await portal.close()
                    await finish(self._store.forget_credentials)
            await finish(self._store.forget_credentials)

    async def close(self) -> None:
        """Drop a sign-in that waits; call before the vault is locked."""
        await self._drop_pending()

    async def _finish(self, sign_in: SignIn, step: Awaitable[bool], *, again: bool = False, otp: str | None = None
                      ) -> None:
        try:
            done = await step
            if not done and otp is not None:
                again, done = True, await sign_in.answer(otp)
        except (AmeliError, TimeoutError) as error:
            self._pending = None
            await note_changes(sign_in.portal, self._store, self._now())
            await sign_in.portal.close()
            if isinstance(error, TimeoutError):
                raise NoSignInPending from error
            if isinstance(error, NeedsPerson):
                await finish(partial(self._refused, sign_in.nir, sign_in.password, error))
            raise
        if not done:
            needed = CodeNeeded()
            await finish(partial(self._refused, sign_in.nir, sign_in.password, needed))
            raise CodeRefused(text=sign_in.message) if again else needed
        self._pending = None
        await finish(partial(self._signed_in, sign_in))
        await note_changes(sign_in.portal, self._store, self._now())
        await sign_in.portal.close()

    def _signed_in(self, sign_in: SignIn) -> None:
        with self._store.step():
            self._store.set_credentials(sign_in.nir, sign_in.password if sign_in.keep_password else None)
            self._keep_session(sign_in.portal)
            self._breaker.reset()
            self._store.set_needs([])

    async def _drop_pending(self) -> None:
        if self._pending is not None:
            pending, self._pending = self._pending, None
            await pending.cancel()

    def _refused(self, nir: str, password: str, error: AmeliError) -> None:
        with self._store.step():
            self._breaker.trip(nir, password, error)
            self._store.set_needs([error.problem()])

    # -- using the session -------------------------------------------------------------------------------------------

    async def sync(
        self, *, full: bool = False, trigger: str = "person", progress: Progress = no_progress
    ) -> SyncResult:
        """Bring the store up to date, signing in when needed, and log the run.

        ``trigger``: ``person`` or ``schedule``. Raises NoAccount, PasswordNeeded, Refused, SignInTooSoon and the
        connector's errors; what was read until then is kept, and the log says so.
        """
        person = trigger == "person"
        started, clocked = self._now(), self._timer()
        run = SyncRun(self._store, full=full, today=self._today(), now=self._now, progress=progress, retry=person)
        failure: AmeliError | None = None
        completed = False
        try:
            result = await self._with_portal(partial(self._read, run), person=person)
            completed = True
            return result
        except AmeliError as error:
            failure = error
            raise
        finally:
            run.result.seconds = self._timer() - clocked
            await finish(partial(self._log, started, trigger, run.result, failure, completed=completed))

    async def _read(self, run: SyncRun, portal: Portal) -> SyncResult:
        """Visit the desk, read what is new, and fetch again what is damaged here; made again after the session was
        renewed, it goes on where it was cut short. Raises what ends a run."""
        try:
            try:
                await self._visit(portal)  # first, so that acknowledgements are in the inbox that is read next
            except NOT_UNDERSTOOD as error:
                run.problem(error)
            result = await run(portal)
            await fetch_damaged(portal, self._store, utc(self._now()))
            return result
        finally:
            run.result.requests = portal.requests  # those of signing in included

    async def document(self, key: str) -> bytes:
        """The bytes of a document, fetched and kept when they were not yet. Raises NotFound and as ``sync``."""
        kept = self._store.documents.content(key)
        if kept is not None:
            return kept
        at = utc(self._now())
        return await self._with_portal(lambda portal: fetch_document(portal, self._store, key, at), person=True)

    async def attestation(self, beneficiary: str | None = None) -> bytes:
        """Today's entitlement certificate as PDF. Raises as ``sync``."""
        return await self._with_portal(lambda portal: portal.attestation(beneficiary), person=True)

    async def certificate(self, wanted: Wanted) -> bytes:
        """Another certificate as PDF, made today. Raises as ``sync`` and as ``Portal.certificate``."""
        check_offered(self._settings.base_url, wanted)  # before signing in for nothing
        return await self._with_portal(lambda portal: portal.certificate(wanted), person=True)

    async def deliver(self, *, person: bool = True) -> None:
        """Send what waits in the outbox, and ask where the rest stands. Raises as ``sync``."""
        if not self.outbox.idle:
            await self._with_portal(self._visit, person=person)

    async def _visit(self, portal: Portal) -> None:
        visit = self.outbox.visit(portal)
        try:
            await visit.run()
        finally:
            if visit.done.changed:
                self._on_round(visit.done)

    async def _with_portal(self, action: Callable[[Portal], Awaitable[T]], *, person: bool) -> T:
        """Do something with a signed-in portal; a session that ended is renewed once."""
        async with self._busy:
            portal = self._open()
            cut = False
            try:
                if self._store.account.session.read() is None:
                    await self._renew(portal, person=person)
                try:
                    return await action(portal)
                except SessionEnded:
                    await self._renew(portal, person=person)
                    return await action(portal)
            except asyncio.CancelledError:
                cut = True
                raise
            finally:
                try:
                    if self._store.account.session.read() is not None:
                        await finish(partial(self._keep_session, portal))
                    if not cut:  # who locks the vault does not wait for copies of pages to be made
                        await note_changes(portal, self._store, self._now())
                finally:
                    await portal.close()

    async def _renew(self, portal: Portal, *, person: bool) -> None:
        """Sign in with the kept credentials, if that is allowed. Never waits for a code: that takes a person."""
        credentials = self._store.credentials()
        if credentials is None:
            raise NoAccount
        nir, password = credentials["nir"], credentials["password"]
        if password is None:
            raise PasswordNeeded
        self._breaker.check(nir, password, person=person)
        await finish(self._breaker.attempt)
        try:
            await portal.sign_in(nir, password, None)
        except NeedsPerson as error:
            await finish(partial(self._refused, nir, password, error))
            raise
        await finish(partial(self._renewed, portal))

    def _renewed(self, portal: Portal) -> None:
        with self._store.step():
            self._keep_session(portal)
            self._breaker.reset()

    def _open(self) -> Portal:
        record = self._store.account.session.read()
        session = msgspec.convert(record, PortalSession) if record else None
        config = msgspec.convert(self._settings, PortalConfig, from_attributes=True)
        return Portal(config, transport=self._transport, session=session, today=self._today, sleep=self._sleep)

    def _keep_session(self, portal: Portal) -> None:
        session, before = portal.session(), self._store.account.session.read()
        if session.trusted_device and session.trusted_device != (before or {}).get("trusted_device"):
            # A new proof comes with each sign-in, and its life begins then.
            self._store.account.trusted.write({"since": self._today().isoformat()})
        self._store.account.session.write(plain(session, SessionRecord))

    def _log(
        self, started: datetime, trigger: str, result: SyncResult, failure: AmeliError | None, *, completed: bool
    ) -> None:
        problems = list(result.problems)
        if failure is not None and not any(one.items() >= failure.problem().items() for one in problems):
            problems.append(failure.problem())
        waiting = [self._breaker.problem] if self._breaker.problem else []
        with self._store.step():
            self._store.runs.add({
                "started": started.isoformat(), "trigger": trigger, **result.json(), "problems": problems,
                "failed": not completed,
            })
            if completed:
                self._store.set_sync_state(last=started.isoformat())
            if completed or failure is not None:
                self._store.set_needs([*waiting, *(one for one in problems if one not in waiting)])
