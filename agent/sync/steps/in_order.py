"""Steps of a reading, one after the other, and what becomes of their errors."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

from agent.errors import AmeliError
from agent.portal.errors import PortalChanged
from agent.sync.context import Reading
from agent.sync.errors import NOT_UNDERSTOOD
from agent.sync.result import Outcome

if TYPE_CHECKING:
    from agent.portal import Portal

Step = Callable[[Reading], Awaitable[Outcome]]
NEWS = ("payments", "inbox")
"""Steps for whose sake the account is read: when none of them could be read, the reading failed."""


class StepsInOrder:
    """The steps of one reading; they may be made again, after the session was renewed in between."""

    def __init__(
        self, reading: Reading, steps: Mapping[str, Step], around: AbstractAsyncContextManager[object]
    ) -> None:
        """``around``: entered for each step; leaving it waits until what the step handed over is written."""
        self._reading, self._steps, self._around = reading, steps, around
        self._refused: dict[str, AmeliError] = {}

    async def read(self, portal: Portal) -> None:
        """Make all steps over an open portal; their outcomes are in the reading's result.

        Raises the errors that end a reading (unreachable, blocked, session ended…), and what was wrong with the
        payments (or else the inbox) when neither of the two could be read.
        """
        result, self._reading.portal = self._reading.result, portal
        for name, step in self._steps.items():
            result.steps[name] = await self._attempt(name, step)
        self._partly(portal)
        refused = [self._refused[name] for name in NEWS if name in self._refused]
        if refused and not any(result.steps.get(name) == "read" for name in NEWS):
            raise refused[0]  # a week of such runs would look like a week without news

    def _partly(self, portal: Portal) -> None:
        """Report pages that were read in part, without an error."""
        for seen in portal.watch.changed.values():
            if not any(problem.get("page") == seen.page for problem in self._reading.result.problems):
                self._reading.problem(PortalChanged(page=seen.page, missing=seen.missing))

    async def _attempt(self, name: str, step: Step) -> Outcome:
        """Do one step; what the service answered and was not understood is then a problem."""
        try:
            async with self._around:
                outcome = await step(self._reading)
        except NOT_UNDERSTOOD as error:
            self._refused[name] = error
            self._reading.problem(error)
            return "failed"
        self._refused.pop(name, None)
        return outcome
