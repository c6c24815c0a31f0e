"""The folder of the settings from which files are taken in by themselves, while a vault is open."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from agent.protocol.events import IMPORTED, REQUESTS_CHANGED

if TYPE_CHECKING:
    from agent.core.events import Events
    from agent.core.open_vault import OpenVault
    from agent.files.imports import Desk, Taken
    from agent.files.imports.folder_watch import Watch
    from agent.notifications import Notifier
    from agent.protocol.problems import Problem
    from config.settings import ImportSettings

log = logging.getLogger(__name__)


class WatchedFolder:
    """Over one open vault."""

    def __init__(
        self, desk: Callable[[], Desk], vault: OpenVault, events: Events, notifier: Callable[[], Notifier]
    ) -> None:
        """``desk`` is where files that are taken in are kept."""
        self._desk, self._vault, self._events, self._notifier = desk, vault, events, notifier
        self._watch: Watch | None = None

    def begin(self, settings: ImportSettings) -> None:
        """Begin to watch the folder of the settings, if there is one; any other is no longer watched."""
        self._watch = None
        if not settings.folder:
            return
        from agent.files.imports.folder_watch import Watch

        folder = Path(os.path.expanduser(settings.folder))  # noqa: PTH111 - a Path raises for nobody's ~
        self._watch = Watch(folder, self._desk, self._imported, delete=settings.after == "delete")
        self.look()

    def look(self) -> None:
        """Take in what is new, in the background."""
        if self._watch is not None:
            self._vault.tasks.start_unless_ended(self._watch.look())

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with files of the folder."""
        return self._watch.problems if self._watch is not None else []

    async def _imported(self, taken: Taken) -> None:
        log.info("a file of the watched folder was taken in: %s, %d new", taken.kind, taken.new)
        if taken.new:
            self._events.publish(IMPORTED({"file": taken.kind, "new": taken.new}))
            if changed := self._vault.requests.by_hand.read_inbox():  # a recorded session brings messages
                self._events.publish(REQUESTS_CHANGED({"ids": changed, "sent": 0}))
            await self._notifier().tell_news({"imports": 1})
