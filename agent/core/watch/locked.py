"""The agent's locked side: the ticket that is made at locking, what it is used for, and what is taken from it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING

from agent.concurrency.uninterrupted import finish
from agent.core.watch.resting_ticket import RestingTicket
from agent.notifications.held import Held
from agent.vault import VaultError
from agent.watch.errors import WatchingWaits
from agent.watch.note import NoteFile, WatchNote
from config import clock

if TYPE_CHECKING:
    from agent.core.events import Events
    from agent.core.open_vault import OpenVault
    from agent.core.watch.folder import LockedFolder
    from agent.core.watch.rounds import Rounds
    from agent.notifications import Notifier
    from agent.protocol.account import SyncFound
    from agent.protocol.problems import Problem
    from agent.protocol.process import WatchState
    from agent.store import Store
    from agent.vault import Vault
    from agent.watch.ticket import Ticket
    from agent.watch.ticket_sealer import TicketSealer
    from agent.watch.watcher import Watcher
    from config.paths import Paths
    from config.settings import Settings

log = logging.getLogger(__name__)
WATCHABLE = ("direct", "sandbox")
"""Ways to the service that need nobody: a browser's session lies in the person's window, a recording has no news."""
_SETTLING_S = 1.0
"""Longest wait for a locking under way: who asks how everything goes has two seconds."""
HandOver = Callable[[bytes | None], None]


class LockedWatch:
    """One home's, for the life of the process."""

    def __init__(
        self, paths: Paths, settings: Callable[[], Settings], events: Events, notifier: Callable[[], Notifier],
        hand_over: HandOver | None,
    ) -> None:
        """``settings`` and ``notifier`` give those of now; ``hand_over`` as of the agent."""
        self._paths, self._settings, self._events, self._notifier = paths, settings, events, notifier
        self._hand_over = hand_over
        self._note = NoteFile(paths.watch_note)
        self._rounds: Rounds | None = None
        self._folder: LockedFolder | None = None
        self._ended: Ticket | None = None
        self._settled = asyncio.Event()
        self._settled.set()
        self._left: Ticket | None = None
        """What the process that takes this one's place will watch by."""
        self._beside: set[asyncio.Task[None]] = set()
        self._rest = RestingTicket(paths, settings)
        self.stop_asked = False
        """A person asked the process to end: then nothing rests."""
        self._waits = False
        """The account would be watched, and is not before an unlocking."""
        self.polls = 0
        """Of the last time that the vault was locked."""

    # -- while it is locked --------------------------------------------------------------------------------------------

    async def begin(self, ticket: bytes | None, *, locked: bool) -> None:
        """At the start of a process: go on with what the one before left. Without it, one notice says what it takes.

        ``locked``: there is a vault.
        """
        note = self._note.read()
        if self._rounds is not None:
            return  # the process that was to take this one's place could not be started
        if ticket is not None:
            from agent.watch.ticket import unpack

            left = unpack(ticket)
            if left is not None:
                await self._watch(left)
                return
        self._waits = locked and note.watching and self._settings().agent.watch == "always"
        if self._waits and self._rest.chosen:
            self._aside(self._take_up_rest())
        elif self._waits and not note.told:
            self._aside(self._tell_that_it_waits(note))

    async def _take_up_rest(self) -> None:
        """Go on with the ticket that rests."""
        ticket, later = await self._rest.load()
        if ticket is not None and self._waits:
            await self._watch(ticket)
        elif self._waits and not later and not (note := self.note).told:
            await self._tell_that_it_waits(note)

    async def _tell_that_it_waits(self, note: WatchNote) -> None:
        """One notice, noted before it is given."""
        await finish(partial(self._write, WatchNote(watching=True, told=True, sign_in=note.sign_in)))
        await self._notifier().tell_person_needed()

    @asynccontextmanager
    async def settling(self) -> AsyncIterator[None]:
        """While the vault is being locked: what is watched then is not known yet."""
        self._settled.clear()
        try:
            yield
        finally:
            self._settled.set()

    async def settled(self) -> None:
        """Wait until it is known what is watched, if the vault is being locked; not for a disk that takes its time."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._settled.wait(), _SETTLING_S)

    async def go_on(self, ticket: Ticket | None) -> None:
        """After locking: have a process that knows nothing take this one's place, or go on in this one."""
        if self._hand_over is not None:
            self._left = ticket
            self._hand_over(ticket.pack() if ticket is not None else None)
        elif ticket is not None:
            await self._watch(ticket)

    async def _watch(self, ticket: Ticket) -> None:
        from agent.core.watch.folder import LockedFolder
        from agent.core.watch.rounds import Rounds  # the scheduler: only where something is watched
        from agent.vault.fs import RealFs
        from agent.vault.inbox import Inbox
        from agent.watch.note import distrust
        from agent.watch.ticket_sealer import TicketSealer

        settings, notifier = self._settings(), self._notifier()
        notifier.counts_only = True
        notifier.held = notifier.held or Held(**ticket.held)
        self._waits = False
        distrust(ticket, self.note)
        sealer = TicketSealer(ticket, Inbox(RealFs(), self._paths.vault), self._rest.keep)
        self._rounds = Rounds(
            ticket, partial(self._watcher, sealer), settings.sync, settings.portal, self._events, self._notifier,
            self._over, self._rest.keep)
        self._folder = LockedFolder(sealer, lambda: self._settings().imports.folder, self._rounds, self._over)
        self._rounds.start()
        self._take_up_permission()

    def _watcher(self, sealer: TicketSealer) -> Watcher:
        from agent.connection.factory import transport_of
        from agent.watch.watcher import Watcher

        portal = self._settings().portal
        return Watcher(sealer, portal, self._note, transport=transport_of(portal))

    def _aside(self, work: Coroutine[object, None, None]) -> None:
        """Have something done that nobody waits for."""
        task = asyncio.get_running_loop().create_task(work)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    def _over(self) -> None:
        """A round was made, or a file sealed: what was read is still in this process."""
        if self._hand_over is None or self._rounds is None:
            return
        if self._folder is None or self._folder.gives_way():
            self._rounds.freeze()
            self._put_held(self._rounds.ticket)
            self._hand_over(self._rounds.ticket.pack())

    def _put_held(self, ticket: Ticket) -> None:
        """What quiet hours keep back goes along."""
        held = self._notifier().held
        ticket.held = {"new": held.new, "person": held.person, "deadlines": held.deadlines, "backup": held.backup}

    async def run_now(self) -> SyncFound | None:
        """A round because a person asks; None when nothing is watched. Raises as ``Rounds.run_now``."""
        return await self._rounds.run_now() if self._rounds is not None else None

    async def heartbeat(self) -> None:
        """What is looked after twice a minute."""
        if self._rest.beat() and self._waits:
            self._aside(self._take_up_rest())
        if self._rounds is not None:
            await self._rounds.heartbeat()
        if self._folder is not None:
            self._folder.heartbeat()

    def take_up(self) -> None:
        """Go on with other settings: what they no longer allow is forgotten now."""
        if self._rounds is None:
            return
        if self._settings().agent.watch != "always":
            self._aside(self.forget())
            return
        self._rounds.schedule.change(self._settings().sync)
        self._take_up_permission()
        self._aside(self._rest.chosen_anew(self._rounds.ticket))

    def _take_up_permission(self) -> None:
        if self._rounds is not None and self._settings().agent.sign_in != "locked":
            self._rounds.ticket.drop_sign_in()

    async def forget(self) -> None:
        """Forget the ticket: nothing is watched before the vault is unlocked and locked again."""
        watched = self.ticket is not None
        await self.stop()
        await finish(partial(self._write, WatchNote()))
        await self._rest.forget()
        self._waits, self._ended, self._left = False, None, None
        if watched and self._hand_over is not None:
            self._hand_over(None)

    async def stop(self) -> None:
        """End a round under way, and plan none."""
        rounds, self._rounds = self._rounds, None
        folder, self._folder = self._folder, None
        if folder is not None:
            await folder.stop()
        if rounds is not None:
            await rounds.stop()
            self._ended = rounds.ticket
            self._notifier().counts_only = False

    async def close(self) -> None:
        """The process ends."""
        await self.stop()
        if self.stop_asked:
            await self._rest.forget()

    # -- opening and locking -------------------------------------------------------------------------------------------

    async def end(self) -> Ticket | None:
        """Before what was sealed is merged: nothing is sealed any more, also not by who finds a copy of the ticket
        after a crash; the ticket as it is then."""
        self._waits = False
        self._left = None
        await self.stop()
        await self._rest.use_up()
        return self._ended

    async def opened(self, *, watching: bool) -> None:
        """The vault is open, and what was sealed is merged. ``watching``: the account is looked at by itself."""
        self.polls = self._ended.polls if self._ended is not None else 0
        self._ended, self._waits = None, False
        await finish(partial(self.noted, watching=watching))

    def noted(self, *, watching: bool) -> None:
        """Note whether there is something to watch, for the agent after a restart."""
        self._write(WatchNote(watching=watching and self._settings().agent.watch == "always"))

    def _write(self, note: WatchNote) -> None:
        try:
            self._note.write(note)
        except VaultError as error:  # then nobody is told after a restart
            log.warning("it could not be noted that the account is watched: %s", error.code)

    def ticket_for(self, vault: Vault, store: Store, opened: OpenVault) -> Ticket | None:
        """Make the ticket of this locking; None where nothing may or can be watched. Call in a thread."""
        settings = self._settings()
        if settings.agent.watch != "always" or opened.portal.transport not in WATCHABLE or vault.read_only:
            return None
        if store.credentials() is None:
            return None
        from agent.requests.reminders import close_on
        from agent.watch.ticket import make_ticket

        try:
            ticket = make_ticket(
                vault, store, base_url=opened.portal.base_url, identity_url=opened.portal.identity_url,
                may_sign_in=settings.agent.sign_in == "locked", now=clock.now(), today=clock.today(),
                pending=opened.delivery.pending, near=close_on(store, opened.requests.world()),
                seen=opened.files_seen())
        except VaultError as error:
            log.warning("nothing is watched while the vault is locked: %s", error.code)
            return None
        self._put_held(ticket)
        self._rest.keep(ticket)
        return ticket

    @property
    def note(self) -> WatchNote:
        """What is noted over restarts."""
        return self._note.read()

    @property
    def survives(self) -> bool:
        """The ticket rests over a stop of the process, unless a person asked for the stop."""
        return self._rest.chosen and not self.stop_asked

    # -- what it says --------------------------------------------------------------------------------------------------

    @property
    def ticket(self) -> Ticket | None:
        """That by which is watched now, or by the process that takes this one's place."""
        return self._rounds.ticket if self._rounds is not None else self._left

    @property
    def watching(self) -> bool:
        """Rounds are made by themselves."""
        return self._rounds.watching if self._rounds is not None else self.next_run is not None

    @property
    def running(self) -> bool:
        """A round is under way."""
        return self._rounds is not None and self._rounds.running

    @property
    def stale(self) -> bool:
        """Rounds are made by themselves, and none has gone well for three intervals."""
        return self._rounds is not None and self._rounds.schedule.stale

    @property
    def next_run(self) -> str | None:
        """When the next round begins (ISO, UTC)."""
        if self._rounds is None:
            return self._left.plan.get("next_run") if self._left is not None and self._left.plan is not None else None
        moment = self._rounds.schedule.next_run
        return moment.isoformat(timespec="seconds") if moment is not None else None

    @property
    def needs(self) -> Problem | None:
        """What a person must do before there is another round."""
        if self.ticket is not None:
            return self.ticket.needs
        return WatchingWaits().problem() if self._waits else None

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with watching, in the folder, and what is in the way of going on after a restart."""
        folder = self._folder.problems if self._folder is not None else []
        return [*folder, *(problem for problem in (self.needs, self._rest.problem) if problem is not None)]

    def state(self) -> WatchState:
        """As the status tells it."""
        settings, ticket = self._settings().agent, self.ticket
        return {
            "allowed": settings.watch, "sign_in": settings.sign_in,
            "asked": settings.sign_in_asked or settings.sign_in == "locked",
            "access": ticket.access if ticket is not None else "none",
            "since": ticket.since if ticket is not None else None,
            "reminders": bool(ticket is not None and ticket.near),
        }
