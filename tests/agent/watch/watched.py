"""An account that a locked agent looks at: the service, the vault before and after, and the one who makes rounds."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec

from agent.core import unlocking
from agent.sandbox.model import CareLine, SandboxMessage, SandboxPayment
from agent.store import Store
from agent.vault.fs import RealFs
from agent.vault.inbox import Inbox
from agent.watch.note import NoteFile, distrust
from agent.watch.ticket import Ticket, make_ticket, unpack
from agent.watch.ticket_sealer import TicketSealer
from agent.watch.watcher import Watcher
from tests.agent.bench import Bench
from tests.agent.sandbox.household import CLAIRE
from tests.agent.store.helpers import reopen


@dataclass
class Watched:
    """One home. ``bench`` is the account; its vault is open until ``lock``."""

    bench: Bench
    kept: list[bytes] = field(default_factory=list)
    """The ticket as it would rest on the disk, each time."""

    @property
    def note(self) -> NoteFile:
        """What is noted over restarts."""
        return NoteFile(self.bench.folder / "state" / "watching.json")

    @property
    def inbox(self) -> Path:
        """Where rounds wait."""
        return self.bench.folder / "vault" / "inbox"

    def lock(self, *, may_sign_in: bool = False) -> Ticket:
        """Lock; the ticket as the process that takes over reads it."""
        ticket = make_ticket(
            self.bench.vault, self.bench.store, base_url=self.bench.base_url,
            identity_url=self.bench.identity_url, may_sign_in=may_sign_in,
            now=self.bench.clock(), today=self.bench.today)
        self.bench.vault.lock()
        return self.again(ticket)

    def again(self, ticket: Ticket) -> Ticket:
        """The same ticket in the process after."""
        left = unpack(ticket.pack())
        assert left is not None
        return left

    def watcher(self, ticket: Ticket, **changes: str) -> Watcher:
        """Who makes rounds with it, in a process that begins with it."""
        distrust(ticket, self.note.read())
        sealer = TicketSealer(
            ticket, Inbox(RealFs(), self.bench.folder / "vault"), lambda kept: self.kept.append(kept.pack()))
        return Watcher(
            sealer, msgspec.structs.replace(self.bench.settings, **changes), self.note, transport=self.bench.transport,
            now=self.bench.clock, today=lambda: self.bench.today, sleep=no_sleep)

    def unlock(self, ticket: Ticket | None) -> Store:
        """Open again, as the agent does: merged before anything is shown."""
        bench = self.bench
        bench.vault = reopen(bench.vault, bench.folder / "vault")
        bench.store = Store(bench.vault, today=lambda: bench.today)
        unlocking.prepare(bench.vault, bench.store, ticket, self.note.read())
        bench.connection = bench.connect()
        return bench.store

    # -- at the service ------------------------------------------------------------------------------------------------

    def pay(self, amount: str, on: date | None = None) -> None:
        """A payment arrives."""
        day, euros = on or self.bench.today, Decimal(amount)
        line = CareLine(CLAIRE, "C GENERALISTE", "G", day, euros, euros, 100, euros)
        self.bench.sandbox.service.history.append(
            SandboxPayment(day, "REMBOURSEMENT_SOINS", "Remboursement de soins", euros, lines=[line]))

    def write(self, subject: str) -> None:
        """A message arrives."""
        inbox = self.bench.house.messages
        inbox.append(SandboxMessage(f"W-{len(inbox)}", self.bench.today, "CPAM", subject, "Bonjour"))

    def sign_ins(self) -> int:
        """Passwords sent to the service since the last look."""
        sent = sum(request.startswith("POST /oauth2/authorize") for request in self.bench.wire.requests)
        self.bench.wire.requests.clear()
        return sent


async def watched(folder: Path, bench: Bench | None = None) -> Watched:
    """An account that was read once."""
    bench = await (bench or Bench(folder)).signed_in()
    await bench.connection.sync()
    bench.wire.requests.clear()
    return Watched(bench)


async def no_sleep(_seconds: float) -> None:
    """Time that nobody waits for."""
