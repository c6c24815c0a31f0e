"""Secrets that are tried: one at a time, and each wrong one makes the next answer slower."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

from agent.vault.errors import WrongPassphrase, WrongRecoveryCode

log = logging.getLogger(__name__)
_DELAY_S, _DELAY_MOST_S = 0.1, 10.0
"""Wait after a wrong passphrase: so much per failure, so much at most."""


class Attempts:
    """The attempts at one vault's secrets."""

    def __init__(self, sleep: Callable[[float], Awaitable[None]]) -> None:
        self.sleep = sleep
        """A wait of so many seconds."""
        self._trying = asyncio.Lock()
        self.failures = 0
        """In a row."""

    @contextlib.asynccontextmanager
    async def attempt(self) -> AsyncIterator[None]:
        """Take one secret at a time; a wrong one is answered later each time, and meanwhile others may lock or stop."""
        async with self._trying:
            try:
                yield
            except (WrongPassphrase, WrongRecoveryCode):
                self.failures += 1
                log.warning("wrong passphrase or recovery code, failure %d in a row", self.failures)
                await self.sleep(min(_DELAY_S * self.failures, _DELAY_MOST_S))
                raise
            self.failures = 0
