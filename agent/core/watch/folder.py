"""The watched folder of a locked agent: when it is looked at, and how that goes together with rounds."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from agent.core.memory import give_back

if TYPE_CHECKING:
    from agent.core.watch.rounds import Rounds
    from agent.protocol.problems import Problem
    from agent.watch.folder import FolderSealer
    from agent.watch.ticket_sealer import TicketSealer

log = logging.getLogger(__name__)


class LockedFolder:
    """Made with the rounds, stopped with them. A look never begins beside a round, and no process gives way in one."""

    def __init__(
        self, sealer: TicketSealer, folder: Callable[[], str], rounds: Rounds, over: Callable[[], None],
    ) -> None:
        """``folder``: that of the settings now; empty for none. ``over`` is called after a file was read: what it holds
        is still in this process."""
        self._ticket_sealer, self._folder, self._rounds, self._over = sealer, folder, rounds, over
        self._sealer: FolderSealer | None = None
        self._look: asyncio.Task[None] | None = None
        self._owed = self._ended = False

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with the folder or with files in it."""
        return self._sealer.problems if self._sealer is not None else []

    @property
    def looking(self) -> bool:
        """A look is under way."""
        return self._look is not None and not self._look.done()

    def heartbeat(self) -> None:
        """Look at the folder, in the background: a disk may be slow to answer."""
        if self._sealer is None and not self._folder():
            return  # what reads files is not even loaded
        if not (self._ended or self._rounds.busy or self.looking):
            self._look = asyncio.get_running_loop().create_task(self._looked())

    def gives_way(self) -> bool:
        """Whether this process may be replaced now; then no look begins any more, since a number that is sealed after
        the ticket was packed would be given twice. During a look it may not: it is asked to once the look is over."""
        self._owed, self._ended = self.looking, not self.looking
        return self._ended

    async def _looked(self) -> None:
        read = False
        try:
            if self._sealer is None:
                self._sealer = await asyncio.to_thread(self._made)
            read = await self._sealer.look()
        except Exception:  # a mistake of ours must not end the watch unseen: it is logged in full
            log.exception("a look at the watched folder ended by an unexpected error")
        if read:
            give_back()
        self._look = None
        if (read or self._owed) and not self._rounds.busy:
            self._over()

    def _made(self) -> FolderSealer:
        from agent.watch.folder import FolderSealer

        return FolderSealer(self._ticket_sealer, self._folder)

    async def stop(self) -> None:
        """End a look; a file that is being sealed is sealed whole."""
        if self._look is not None and not self._look.done():
            self._look.cancel()
            await asyncio.wait({self._look})
