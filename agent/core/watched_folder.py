"""The folder of the settings from which files are taken in by themselves, while a vault is open."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from agent.protocol.events import IMPORTED, REQUESTS_CHANGED

if TYPE_CHECKING:
    from agent.core.events import Events
    from agent.core.open_vault import OpenVault
    from agent.files.imports import Desk, Taken
    from agent.files.imports.folder_files import Seen
    from agent.files.imports.folder_watch import Watch
    from agent.notifications import Notifier
    from agent.protocol.problems import Problem
    from agent.vault import Vault
    from agent.watch.taking_in import TakingIn
    from config.settings import ImportSettings

log = logging.getLogger(__name__)


class WatchedFolder:
    """Over one open vault. What was sealed while it was locked comes before what lies in the folder now."""

    def __init__(
        self, desk: Callable[[], Desk], vault: Vault, opened: OpenVault, events: Events,
        notifier: Callable[[], Notifier],
    ) -> None:
        """``desk`` is where files that are taken in are kept."""
        self._desk, self._vault, self._opened, self._events, self._notifier = desk, vault, opened, events, notifier
        self._watch: Watch | None = None
        self._sealed: TakingIn | None = None
        opened.files_seen = self._seen

    def begin(self, settings: ImportSettings) -> None:
        """Begin to watch the folder of the settings, if there is one; any other is no longer watched."""
        self._watch = None
        if settings.folder:
            from agent.files.imports.folder_files import folder_of
            from agent.files.imports.folder_watch import Watch

            folder = folder_of(settings.folder)
            self._watch = Watch(folder, self._desk, self._imported, delete=settings.after == "delete")
        self.look()

    def look(self) -> None:
        """Take in what is new, in the background."""
        if self._watch is not None or self._waiting:
            self._opened.tasks.start_unless_ended(self._look())

    @property
    def _waiting(self) -> bool:
        """Files were sealed, and not all of them are taken in."""
        watch = self._opened.store.account.watch.read()
        return watch is not None and any(epoch.get("files") for epoch in watch["epochs"])

    async def _look(self) -> None:
        if self._sealed is None and self._waiting:
            from agent.watch.taking_in import TakingIn

            self._sealed = TakingIn(self._vault, self._opened.store, self._desk, self._imported)
        if self._sealed is not None:
            await self._sealed.take_in()
        if self._watch is not None:
            await self._watch.look()
            if self._sealed is not None:
                await self._sealed.leave_to(self._watch.asks_about)

    def _seen(self) -> list[Seen]:
        return self._watch.seen if self._watch is not None else []

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with files of the folder."""
        lying = self._watch.problems if self._watch is not None else []
        return [*lying, *(self._sealed.problems if self._sealed is not None else ())]

    async def _imported(self, taken: Taken) -> None:
        log.info("a file of the watched folder was taken in: %s, %d new", taken.kind, taken.new)
        if taken.new:
            self._events.publish(IMPORTED({"file": taken.kind, "new": taken.new}))
            if changed := self._opened.requests.by_hand.read_inbox():  # a recorded session brings messages
                self._events.publish(REQUESTS_CHANGED({"ids": changed, "sent": 0}))
            await self._notifier().tell_news({"imports": 1})
