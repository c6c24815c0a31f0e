"""The agent itself: the vault's states, and the work that needs it open. It knows neither HTTP nor the process."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from agent import VERSION
from agent.concurrency.uninterrupted import finish
from agent.core import restoring, unlocking
from agent.core.attempts import Attempts
from agent.core.autolock import AutoLock, deadlines
from agent.core.events import Events
from agent.core.memory import give_back
from agent.core.open_vault import OpenVault
from agent.core.status import status_of
from agent.core.watch.locked import HandOver, LockedWatch
from agent.core.watched_folder import WatchedFolder
from agent.notifications import Notifier
from agent.passphrase import new_passphrase
from agent.protocol import PROTOCOL
from agent.protocol.events import LOCKED, SETTINGS_CHANGED, STATE
from agent.store import Store
from agent.vault import KdfCost, Vault
from agent.vault.errors import NoVault, VaultExists, VaultKeyGone, VaultLocked
from agent.vault.keys import FLOOR
from agent.vault.opening import slot_of
from config import clock
from config.language import language
from config.paths import Paths
from config.settings import Settings, load_settings
from config.tariff_folder import keep_in

if TYPE_CHECKING:
    from agent.core.restoring import SettingsFate
    from agent.files.imports import Desk
    from agent.money import Money
    from agent.protocol.problems import Problem
    from agent.protocol.process import Health, State, Status
    from agent.protocol.vault import ToldAtOpening
    from agent.vault.restore import Restored
    from agent.watch.ticket import Ticket

log = logging.getLogger(__name__)


class Agent:
    """One home's agent. Its methods are what the calls of the socket do."""

    def __init__(
        self,
        paths: Paths,
        settings: Settings,
        *,
        autolock: AutoLock | None = None,
        now: Callable[[], datetime] = clock.now,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        kdf_cost: KdfCost | None = None,
        hand_over: HandOver | None = None,
        ticket: bytes | None = None,
    ) -> None:
        """``kdf_cost``: for tests, the cost of new vaults and the least cost accepted of existing ones. ``hand_over``:
        who replaces this process, once locked, by one that knows nothing; without it this process goes on.
        ``ticket``: what the process before left to this one."""
        self.paths = paths
        keep_in(paths.tariffs)
        self.settings = settings
        self.events = Events()
        self.autolock = autolock or AutoLock(*deadlines(settings.agent))
        self.notifier = Notifier(settings.notify, self.lang)
        self.started_at = now()
        self._left = ticket
        self.watch = LockedWatch(paths, lambda: self.settings, self.events, lambda: self.notifier, hand_over)
        """What goes on while the vault is locked."""
        self.attempts = Attempts(sleep)
        self._guess = self.attempts.attempt
        self._cost = kdf_cost
        self._floor = kdf_cost or FLOOR
        self._vault: Vault | None = None
        self._store: Store | None = None
        self._open_vault: OpenVault | None = None
        self._money: Money | None = None
        self._folder: WatchedFolder | None = None
        self._changing = asyncio.Lock()
        self.kept_otherwise = False
        """Whether the passphrase last given opened the vault only in a form in which an earlier version kept it."""

    async def begin(self) -> None:
        """At the start of the process: go on with what the one before left."""
        await self.watch.begin(self._left, locked=self.state == "locked")
        self._left = None

    # -- states ------------------------------------------------------------------------------------------------------

    @property
    def state(self) -> State:
        """``setup`` without a vault, else ``locked`` or ``unlocked``."""
        if self._store is not None:
            return "unlocked"
        return "locked" if Vault.exists(self.paths.vault) or Vault.key_gone(self.paths.vault) else "setup"

    @property
    def store(self) -> Store:
        """The data. Raises NoVault, VaultKeyGone or VaultLocked."""
        if self._store is None:
            self._no_key()
            raise VaultLocked if Vault.exists(self.paths.vault) else NoVault
        return self._store

    def _no_key(self) -> None:
        if Vault.key_gone(self.paths.vault):
            raise VaultKeyGone(folder=self.paths.vault)

    async def setup(self, passphrase: str) -> str:
        """Create the vault and open it; return its recovery code.

        Raises VaultExists, WeakPassphrase, UntypablePassphrase.
        """
        async with self._changing:
            self._no_key()
            if self.state != "setup":
                raise VaultExists
            meant = new_passphrase(passphrase)
            make = partial(
                Vault.create, self.paths.vault, meant, kdf_cost=self._cost, high_water=self.paths.high_water)
            vault, code = await asyncio.to_thread(make)
            await self._opened(vault, None)
            return code

    async def unlock(
        self, *, passphrase: str | None = None, recovery_code: str | None = None, accept_older: bool = False,
        salvage: bool = False,
    ) -> None:
        """Open the vault. Raises NoVault, WrongPassphrase, WrongRecoveryCode, VaultDamaged, VaultOlder…

        ``accept_older`` and ``salvage`` are the person's word after VaultOlder and VaultDamaged: take the restored
        copy as it is, and send what waits in it; open what the undamaged files prove.
        Attempts are taken one at a time, and each failure makes the next answer slower.
        """
        async with self._guess(), self._changing:
            if self._vault is not None:
                await self._check(passphrase, recovery_code)
            else:
                keys = {"passphrase": passphrase, "recovery_code": recovery_code}
                vault = await asyncio.to_thread(self._unlocked, keys, accept_older, salvage)
                await self._opened(vault, await self.watch.end())
            if accept_older and self._vault is not None and not self._vault.read_only:
                await finish(partial(unlocking.take_as_it_is, self._vault))

    async def restore(
        self, file: Path, *, passphrase: str | None = None, recovery_code: str | None = None
    ) -> tuple[Restored, SettingsFate]:
        """Make the vault of a backup, in this home that has none, and open it; nothing is sent from it until `unlock`
        is told to take it as it is. Also says what became of the settings.

        Raises HomeNotEmpty, NotABackup, BackupDamaged, BackupUnreadable, WrongPassphrase, VaultWriteFailed…
        """
        async with self._guess(), self._changing:
            come_back = partial(restoring.from_backup, file, self.paths, passphrase, recovery_code, self._floor)
            restored = await finish(come_back)
            fate = restoring.restore_settings(restored, self.paths.settings)
            if fate == "restored":
                self.reload()
            keys = {"passphrase": passphrase, "recovery_code": recovery_code}
            await self._opened(await asyncio.to_thread(self._unlocked, keys, True, False), None)
            return restored, fate

    def _unlocked(self, keys: dict[str, str | None], accept_older: bool, salvage: bool) -> Vault:
        """Derive and decrypt: a second or so, so in a thread."""
        vault, self.kept_otherwise = unlocking.by_any_form(keys["passphrase"], lambda phrase: Vault.unlock(
            self.paths.vault, passphrase=phrase, recovery_code=keys["recovery_code"],
            accept_older=accept_older, salvage=salvage, kdf_floor=self._floor, high_water=self.paths.high_water,
        ))
        return vault

    async def _check(self, passphrase: str | None, recovery_code: str | None) -> str:
        """Make sure of who asks, while the vault is open: the slot's id. Raises WrongPassphrase, WrongRecoveryCode."""
        def derive(phrase: str | None) -> str:
            return slot_of(self.paths.vault, passphrase=phrase, recovery_code=recovery_code, floor=self._floor)

        slot, self.kept_otherwise = await asyncio.to_thread(unlocking.by_any_form, passphrase, derive)
        return slot

    async def _opened(self, vault: Vault, ticket: Ticket | None) -> None:
        """Merge what was sealed meanwhile, then answer: nothing is shown that lacks it."""
        store = await asyncio.to_thread(Store, vault)
        await finish(partial(unlocking.prepare, vault, store, ticket, self.watch.note))
        self._vault, self._store = vault, store
        opened = OpenVault(store, vault, self.settings, self.events, lambda: self.notifier, self.paths)
        opened.syncs.soon = ticket is not None and ticket.sealed > 0
        self._open_vault = opened
        self._folder = WatchedFolder(lambda: self.desk, vault, opened, self.events, lambda: self.notifier)
        self.autolock.opened()
        log.info("unlocked")
        self.events.publish(STATE({"state": "unlocked"}))
        self._start_work()
        await self.watch.opened(watching=opened.syncs.schedule is not None)

    def _start_work(self) -> None:
        """What goes on by itself needs a vault that can keep what it brings."""
        if self._open_vault is not None and self._vault is not None and not self._vault.read_only:
            self._open_vault.syncs.start()
            if self._folder is not None:
                self._folder.begin(self.settings.imports)

    @property
    def vault_problems(self) -> list[Problem]:
        """What is wrong with the open vault or its disk, to be told to the person."""
        return unlocking.problems_of(self._vault) if self._vault is not None and self._store is not None else []

    @property
    def opening_notices(self) -> ToldAtOpening:
        """What is to be told when the vault is opened, see ``notices_of``."""
        vault, store = self._vault, self._store
        return unlocking.notices_of(vault, store) if vault is not None and store is not None else {}

    async def lock(self, reason: str = "asked", *, everything: bool = False) -> Ticket | None:
        """Close the vault: reads are refused at once, work under way is ended, then memory is let go. What watching
        needs is kept and returned, unless ``everything`` is to be forgotten; None where nothing is watched by it."""
        self._forget()
        async with self.watch.settling(), self._changing:  # an unlocking under way ends first, and is undone
            self._forget()
            vault, self._vault = self._vault, None
            open_vault, self._open_vault = self._open_vault, None
            if everything:
                await self.watch.forget()
            if vault is None or open_vault is None:
                return self.watch.ticket
            store, watching = open_vault.store, open_vault.syncs.schedule is not None
            await open_vault.close()
            ticket = None
            if (reason != "stop" or self.watch.survives) and not everything:
                ticket = await finish(partial(self.watch.ticket_for, vault, store, open_vault))
            await finish(partial(unlocking.close_vault, vault))  # perhaps folded; and the disk is to be waited for
            await finish(partial(self.watch.noted, watching=watching and not everything))
            del vault, open_vault, store
            give_back()  # keys and data are gone now, not some day
            log.info("locked: %s", reason)
            self.events.publish(LOCKED({"reason": reason}))
            self.events.publish(STATE({"state": "locked"}))
            if reason != "stop":
                await self.watch.go_on(ticket)
            return ticket

    def _forget(self) -> None:
        self._store = self._money = self._folder = None
        self.autolock.closed()

    async def lock_if_due(self) -> None:
        """Close the vault when one of its deadlines has passed. Called before each request and at each heartbeat."""
        reason = self.autolock.due()
        if reason is not None:
            await self.lock(reason)

    async def change_passphrase(self, old: str, new: str) -> None:
        """Give the vault a new passphrase. Raises WrongPassphrase, WeakPassphrase, UntypablePassphrase, VaultLocked."""
        async with self._guess(), self._changing:
            vault = self.vault
            meant = new_passphrase(new)
            slot = await self._check(old, None)
            await asyncio.to_thread(vault.change_passphrase, meant, slot)
            self.kept_otherwise = False
        log.info("passphrase changed")

    async def new_recovery_code(self, passphrase: str) -> str:
        """Replace the recovery code and return the new one. Raises WrongPassphrase, VaultLocked."""
        async with self._guess(), self._changing:
            vault = self.vault
            await self._check(passphrase, None)
            code = await asyncio.to_thread(vault.new_recovery_code)
        log.info("recovery code replaced")
        return code

    @property
    def vault(self) -> Vault:
        """The open vault. Raises NoVault, VaultKeyGone or VaultLocked."""
        _ = self.store  # raises when there is none
        assert self._vault is not None
        return self._vault

    # -- the account service -----------------------------------------------------------------------------------------

    @property
    def lang(self) -> str:
        """``fr`` or ``en``: what notifications are written in."""
        return language(self.settings.lang, os.environ)

    @property
    def open_vault(self) -> OpenVault:
        """The open vault, with the way to the account service. Raises NoVault, VaultKeyGone or VaultLocked."""
        _ = self.store
        assert self._open_vault is not None
        return self._open_vault

    @property
    def money(self) -> Money:
        """What the data mean in euros. Raises NoVault or VaultLocked."""
        store = self.store
        if self._money is None:
            from agent.money import Money  # the rules and tables cost memory that most agents never need

            self._money = Money(store)
        return self._money

    # -- files of the person's own -----------------------------------------------------------------------------------

    @property
    def desk(self) -> Desk:
        """Where files that are taken in are kept. Raises NoVault or VaultLocked."""
        from agent.files.imports import Desk

        return Desk(self.store, self.money, clock.now, self.open_vault.portal.base_url)

    @property
    def watch_problems(self) -> list[Problem]:
        """What is wrong with files of the watched folder, and with watching."""
        return [*(self._folder.problems if self._folder is not None else ()), *self.watch.problems]

    async def heartbeat(self) -> None:
        """What is looked after twice a minute."""
        await self.lock_if_due()
        await self._try_disk()
        await self.notifier.tell_held()
        await self.watch.heartbeat()
        if self._open_vault is not None:
            self._open_vault.heartbeat()
            if self._folder is not None:
                self._folder.look()
            if not self._open_vault.syncs.runs.running:
                await self._tend()

    async def _try_disk(self) -> None:
        """See whether a disk that refused takes writes again; a vault open for reading only is then written again."""
        async with self._changing:
            vault, store = self._vault, self._store
            if vault is None or store is None or not vault.disk_refused:
                return
            reading_only = vault.read_only
            if await finish(partial(unlocking.disk_takes_writes, vault, store)):
                if reading_only:
                    self._start_work()
                self.events.publish(STATE({"state": "unlocked"}))

    async def _tend(self) -> None:
        """Look after the open vault's files; one that stays open for weeks is never folded by locking."""
        async with self._changing:
            vault, store = self._vault, self._store
            if vault is not None and store is not None and await finish(partial(unlocking.tend, vault, store)):
                give_back()

    def reload(self) -> list[str]:
        """Take in the settings on disk; return the names of those that count from the next unlocking on only.

        Raises SettingsError, and then nothing has changed.
        """
        self.settings = settings = load_settings(self.paths.settings)
        self.autolock.idle_s, self.autolock.most_s = deadlines(settings.agent)
        self.notifier.close()
        before, self.notifier = self.notifier, Notifier(settings.notify, self.lang, held=self.notifier.held)
        self.notifier.counts_only = before.counts_only
        self.watch.take_up()
        later = self._open_vault.take_up(settings) if self._open_vault is not None else []
        if self._folder is not None:
            self._folder.begin(settings.imports)
        log.info("settings read again")
        self.events.publish(SETTINGS_CHANGED({"later": later}))
        return later

    # -- facts -------------------------------------------------------------------------------------------------------

    def health(self) -> Health:
        """What anyone may know without use of the vault."""
        return {
            "protocol": PROTOCOL,
            "version": VERSION,
            "pid": os.getpid(), "state": self.state,
            "started_at": self.started_at.isoformat(),
            "busy": self._changing.locked() or (self._open_vault is not None and self._open_vault.busy),
        }

    def status(self) -> Status:
        """The contract's agent status. What lies in the vault is null while it is locked."""
        return status_of(self, self._store, self._open_vault)

    async def close(self) -> None:
        """End everything: the vault is locked, listeners are let go."""
        await self.watch.close()
        await self.lock("stop")
        self.notifier.close()
        self.events.close()
