"""The locked agent's ticket over a stop of the process: where it rests, as the settings say, and what is in the way."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from agent.concurrency.uninterrupted import finish
from agent.errors import AmeliError, TryLater

if TYPE_CHECKING:
    from agent.protocol.problems import Problem
    from agent.watch.resting.resting import Resting
    from agent.watch.ticket import Ticket
    from config.paths import Paths
    from config.settings import Settings

log = logging.getLogger(__name__)
_AGAIN = 10
"""Heartbeats until a keyring that could not be asked is asked again: five minutes."""


class RestingTicket:
    """One home's. Nothing of it is loaded where nothing is to survive."""

    def __init__(self, paths: Paths, settings: Callable[[], Settings]) -> None:
        self._paths, self._settings = paths, settings
        self._used: tuple[str, Resting] | None = None
        self._beats, self._due = 0, -1
        self.problem: Problem | None = None
        """What is in the way of going on after a restart."""

    @property
    def chosen(self) -> bool:
        """The person wants it to survive."""
        return self._settings().agent.survive != "no"

    @property
    def _resting(self) -> Resting:
        from agent.watch.resting.resting import Resting

        choice = self._settings().agent
        if self._used is None or self._used[0] != choice.survive:
            self._used = (choice.survive, Resting.of(self._paths, choice))
        return self._used[1]

    def keep(self, ticket: Ticket) -> None:
        """Have it rest, if it is to; what is in the way is told. Call in a thread."""
        if self.chosen:
            self._step(lambda: self._resting.keep(ticket.pack()))

    async def chosen_anew(self, ticket: Ticket) -> None:
        """The settings were read again: rest where they say now, and nowhere else, with what they allow."""
        used = self._used
        if used is not None and used[0] != self._settings().agent.survive:
            await finish(partial(self._step, used[1].forget))
        await finish(partial(self.keep, ticket))

    async def use_up(self) -> None:
        """The vault is opened: no ticket of before may seal any more."""
        if self.chosen:
            await finish(partial(self._step, self._resting.use_up))

    async def forget(self) -> None:
        """Nothing rests any more, nor its key."""
        if self.chosen:
            await finish(partial(self._step, self._resting.forget))

    async def load(self) -> tuple[Ticket | None, bool]:
        """The ticket that rests, and whether it is to be asked for again later: a keyring may open meanwhile."""
        from agent.watch.ticket import unpack

        self._due = -1
        resting = self._resting
        try:
            left = await finish(resting.load)
        except AmeliError as error:
            self.problem = error.problem()
            later = isinstance(error, TryLater)
            if later:
                self._due = self._beats + _AGAIN
            return None, later
        self.problem = resting.problem.problem() if resting.problem else None
        return (unpack(left) if left is not None else None), False

    def beat(self) -> bool:
        """Called twice a minute; whether it is time to ask for it again."""
        self._beats += 1
        return 0 <= self._due <= self._beats

    def _step(self, step: Callable[[], None]) -> None:
        try:
            step()
        except AmeliError as error:
            log.warning("what watching needs does not rest: %s", error.code)
            self.problem = error.problem()
        else:
            self.problem = None
