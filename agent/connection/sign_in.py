"""A sign-in that may stop half way to wait for the one-time code, and go on when the person brings it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from agent.portal import CodeAnswer

if TYPE_CHECKING:
    from agent.portal import Portal

CODE_VALID_S = 15 * 60
"""The service's codes are good for 15 minutes; a sign-in that waits longer is dropped."""


class SignIn:
    """One sign-in, running in its own task while it waits for a code."""

    def __init__(
        self, portal: Portal, nir: str, password: str, *, keep_password: bool, remember: bool = True,
        wait_s: float = CODE_VALID_S,
    ) -> None:
        self.portal = portal
        self.nir = nir
        self.password = password
        self.keep_password = keep_password
        self.remember = remember
        self.message = ""
        """What the service says about the code it sent."""
        self._wait_s = wait_s
        self._asked = asyncio.Event()
        self._code: asyncio.Future[CodeAnswer] | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> bool:
        """True while a code can still be given."""
        return self._code is not None and not self._code.done() and self._task is not None and not self._task.done()

    async def start(self) -> bool:
        """Begin; True when signed in, False when a code is needed. Raises the connector's errors."""
        self._task = asyncio.create_task(self.portal.sign_in(self.nir, self.password, self._ask))
        # Nobody may be listening any more when the wait for a code ends: that is no error of the event loop's.
        self._task.add_done_callback(lambda task: task.cancelled() or task.exception())
        return await self._next()

    async def answer(self, code: str) -> bool:
        """Give the code; True when signed in, False when the service asks again. Raises the connector's errors."""
        assert self._code is not None
        self._asked.clear()
        self._code.set_result(CodeAnswer(code=code, remember=self.remember))
        return await self._next()

    async def cancel(self) -> None:
        """Give up and close the connection."""
        if self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.wait({self._task})
        await self.portal.close()

    async def _ask(self, message: str) -> CodeAnswer:
        self.message = message
        self._code = asyncio.get_running_loop().create_future()
        self._asked.set()
        async with asyncio.timeout(self._wait_s):
            return await self._code

    async def _next(self) -> bool:
        assert self._task is not None
        code_wanted = asyncio.create_task(self._asked.wait())
        try:
            await asyncio.wait({self._task, code_wanted}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            code_wanted.cancel()
        if self._task.done():
            self._task.result()
            return True
        return False
