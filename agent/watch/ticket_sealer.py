"""What seals by a ticket: one thing at a time, and the ticket is right whenever it has ended."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from agent.concurrency.uninterrupted import finish
from agent.vault.sealed_rounds import stepped
from agent.watch.sealing import Sealer

if TYPE_CHECKING:
    from agent.account.batch import Batch
    from agent.vault.inbox import Inbox
    from agent.vault.keys import Random
    from agent.watch.sealed_file import SealedFile
    from agent.watch.ticket import Ticket


class TicketSealer:
    """One a ticket: two would give a number twice, and one of the two rounds would be taken for a copy."""

    def __init__(
        self, ticket: Ticket, inbox: Inbox, keep: Callable[[Ticket], None] = lambda _ticket: None,
        random: Random = os.urandom,
    ) -> None:
        """``keep`` has the ticket rest on the disk, if it does: before a round's file counts, and after it. Where the
        disk refuses it does without."""
        self.ticket = ticket
        self._keep, self._sealer = keep, Sealer(ticket.sealing_epoch(), inbox, random)
        self._turn = asyncio.Lock()

    async def seal(self, batches: Sequence[Batch]) -> None:
        """Keep what was read at the service. Raises `VaultWriteFailed` and `VaultStopped`."""
        await self._in_turn(partial(self._sealer.seal, batches))

    async def seal_file(self, file: SealedFile) -> None:
        """Keep a file of the watched folder. Raises `VaultWriteFailed` and `VaultStopped`."""
        await self._in_turn(partial(self._sealer.seal_file, file))

    async def rest(self) -> None:
        """Have the ticket rest as it is now."""
        await finish(partial(self._keep, self.ticket))

    async def _in_turn(self, seal: Callable[[], int]) -> None:
        async with self._turn:
            await finish(partial(self._write, seal))

    def _write(self, seal: Callable[[], int]) -> None:
        ticket, epoch = self.ticket, self._sealer.epoch
        try:
            self._keep(_stepped(ticket))  # a copy of what rests there must not vouch for the number that comes now
            seal()
        finally:
            ticket.chain_key, ticket.number = epoch.chain_key, epoch.number


def _stepped(ticket: Ticket) -> Ticket:
    """The ticket as it must rest before its next round's file is written."""
    return msgspec.structs.replace(ticket, chain_key=stepped(ticket.chain_key), number=ticket.number + 1)
