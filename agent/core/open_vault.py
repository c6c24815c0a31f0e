"""One open vault: its data, the way to the account service, and all that goes on until it is locked."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from agent.core.backups import BackupKeeper
from agent.core.delivery import Delivery
from agent.core.events import Events
from agent.core.sync_schedule import SyncSchedule
from agent.core.tasks import Tasks
from agent.notifications import Notifier
from agent.protocol.events import STATE
from agent.requests import RequestService
from agent.store import Store
from agent.vault import Vault
from agent.vault.errors import VaultLocked
from config.addresses import is_real_service
from config.paths import Paths
from config.settings import AT_ONCE_OF_PORTAL, PortalSettings, Settings

if TYPE_CHECKING:
    from agent.connection import Connection
    from agent.files.imports.folder_files import Seen

log = logging.getLogger(__name__)
_TURNS = 5
_ABORT_S = 5.0
"""How long work under way may take to end when the vault is locked."""


class OpenVault:
    """Made when a vault opens, closed before it is locked."""

    def __init__(
        self, store: Store, vault: Vault, settings: Settings, events: Events, notifier: Callable[[], Notifier],
        home: Paths, clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``notifier`` gives the one to tell news with now; ``home`` says where a browser that is started here has its
        profile, and backups go."""
        self.store = store
        self.portal: PortalSettings = settings.portal
        """Where the service is and how it is reached until the vault is locked."""
        self.may_send = not is_real_service(settings.portal.base_url)
        """The portal may take requests from programs: the real service does not."""
        self.requests = RequestService(store, desk=self.may_send)
        """What a person does with requests."""
        self.tasks = Tasks()
        """Work that needs the vault, whoever asked for it."""
        self.delivery = Delivery(store, self.connection, self.tasks, events, notifier, clock)
        self.syncs = SyncSchedule(
            store, settings.sync, settings.portal.base_url, self.connection, self.tasks, events, notifier,
            self.requests)
        self.files_seen: Callable[[], list[Seen]] = list
        """The files of the watched folder that need no other look as they are."""
        self.backups = BackupKeeper(vault, settings.backup, home, self.tasks, events, notifier)
        self._events = events
        self._browser_profile = home.browser
        self._connection: Connection | None = None
        self._closed = False

    # -- the way to the service --------------------------------------------------------------------------------------

    async def connection(self, *, writable: bool = False) -> Connection:
        """The way to the account service, made at its first use: its libraries cost memory and 0.2 s.

        ``writable``: what is asked of it is to be kept, so a vault that takes nothing is refused first. Raises
        VaultLocked once this is closed, also when that happened while the connection was being made.
        """
        if self._closed:
            raise VaultLocked
        if writable:
            self.store.vault.ensure_writable()
        if self._connection is None:
            made = await asyncio.to_thread(self._connect)
            if self._closed or self._connection is not None:  # locked meanwhile, or another caller was faster
                await made.close()
            else:
                self._connection = made
        if self._closed or self._connection is None:
            raise VaultLocked
        return self._connection

    def _connect(self) -> Connection:
        from agent.connection import connect  # in the thread that makes it: the agent answers meanwhile

        return connect(self.portal, self.store, self._browser_profile, self.delivery.report)

    @property
    def connected(self) -> bool:
        """The way to the service was made; that says nothing of a session there."""
        return self._connection is not None

    @property
    def code_awaited(self) -> bool:
        """A sign-in waits for its one-time code."""
        return self._connection is not None and self._connection.code_awaited

    @property
    def busy(self) -> bool:
        """Something is under way that locking would cut short."""
        return self.tasks.running or self.code_awaited

    def signed_in(self) -> None:
        """Somebody signed in: listeners are told, and the syncs by themselves begin."""
        log.info("signed in")
        self._events.publish(STATE({"state": "unlocked", "account": True}))
        self.syncs.start()

    def signed_out(self) -> None:
        """Somebody signed out, if it came to that: listeners are told."""
        if not self._closed and self.store.credentials() is None:
            log.info("signed out")
            self._events.publish(STATE({"state": "unlocked", "account": False}))

    def take_up(self, settings: Settings) -> list[str]:
        """Go on with other settings; return the names of those that count from the next unlocking only.

        Where the service is and how it is reached stays until then. How fast it may be asked and how long it may take
        changes now, unless another address stands beside it: the pause of a stand-in is not one for the service.
        """
        used, wanted = self.portal, settings.portal
        if (used.base_url, used.identity_url) == (wanted.base_url, wanted.identity_url):
            self.portal = msgspec.structs.replace(used, **{name: getattr(wanted, name) for name in AT_ONCE_OF_PORTAL})
        if self._connection is not None:
            self._connection.take_up(self.portal)
        self.syncs.change(settings.sync)
        self.backups.change(settings.backup)
        return [f"portal.{name}" for name in wanted.__struct_fields__
                if getattr(self.portal, name) != getattr(wanted, name)]

    # -- its life ----------------------------------------------------------------------------------------------------

    def heartbeat(self) -> None:
        """What is looked after twice a minute."""
        if not self._closed:
            self.syncs.heartbeat()
            self.delivery.retry_when_due()
            if not self.syncs.runs.running:
                self.backups.heartbeat()

    async def close(self) -> None:
        """End everything under way; what was read until then is kept.

        In this order: nothing new begins, what runs is cut and writes down what it had, the plan is kept, the way to
        the service goes, and the day's backup is made if it was not yet.
        """
        self._closed = True
        self.backups.end()
        await self.syncs.close()
        await self.tasks.cancel_all(_ABORT_S)
        await self.syncs.save_plan()
        if self._connection is not None:
            await self._connection.close()
        await self.backups.before_lock()
        for _ in range(_TURNS):
            await asyncio.sleep(0)  # what was cancelled still holds the data until the loop has turned
