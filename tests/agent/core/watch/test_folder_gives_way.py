"""A process that sealed a file gives way to one that knows nothing of it, and never while a number is being used."""

import asyncio
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from agent.core.watch.folder import LockedFolder
from agent.core.watch.rounds import Rounds
from agent.vault.fs import RealFs
from agent.vault.inbox import Inbox
from agent.watch.ticket import Ticket
from agent.watch.ticket_sealer import TicketSealer
from tests.agent.files.imports.test_bank_file import moves, ofx_old
from tests.agent.watch.watched import Watched, watched


class SlowFs(RealFs):
    """A disk on which a name is given only once it may be."""

    def __init__(self) -> None:
        self.may = threading.Event()
        self.may.set()
        self.asked = threading.Event()

    def rename(self, old: Path, new: Path) -> None:
        self.asked.set()
        self.may.wait(30)
        super().rename(old, new)


@dataclass
class Busy:
    """The rounds of an agent, as far as the folder asks."""

    busy: bool = False


@dataclass
class Locked:
    """A locked home whose folder is looked at."""

    home: Watched
    ticket: Ticket
    folder: Path
    rounds: Busy = field(default_factory=Busy)
    numbers: list[int] = field(default_factory=list)
    """That of the next round, each time that the process was to give way."""

    def __post_init__(self) -> None:
        self.folder.mkdir()
        self.disk = SlowFs()
        self.sealer = TicketSealer(self.ticket, Inbox(self.disk, self.home.inbox.parent))
        rounds: Rounds = self.rounds  # type: ignore[assignment] - as far as it is asked
        self.looks = LockedFolder(self.sealer, lambda: str(self.folder), rounds, self._over)

    def _over(self) -> None:
        if self.looks.gives_way():
            self.numbers.append(self.ticket.number)

    def lay(self, name: str) -> None:
        path = self.folder / name
        path.write_bytes(ofx_old(moves()) + name.encode())
        os.utime(path, (1e9, 1e9))

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(30):
            while not true():
                await asyncio.sleep(0.01)


@pytest.fixture
async def locked(tmp_path: Path) -> Locked:
    home = await watched(tmp_path)
    return Locked(home, home.lock(), tmp_path / "dropped")


async def test_each_file_is_sealed_in_a_process_of_its_own(locked: Locked) -> None:
    locked.lay("a.ofx")
    locked.lay("b.ofx")
    locked.looks.heartbeat()
    await locked.until(lambda: locked.numbers == [2])
    locked.looks.heartbeat()
    assert not locked.looks.looking, "this process is to be replaced: what it sealed now would be lost with the number"
    assert len(list(locked.home.inbox.iterdir())) == 1


async def test_nothing_gives_way_while_a_file_is_being_sealed(locked: Locked) -> None:
    locked.lay("a.ofx")
    locked.disk.may.clear()
    locked.looks.heartbeat()
    await asyncio.to_thread(locked.disk.asked.wait, 30)
    assert not locked.looks.gives_way(), "a round has ended meanwhile"
    assert locked.numbers == []
    locked.disk.may.set()
    await locked.until(lambda: locked.numbers == [2])


async def test_no_look_begins_beside_a_round_and_the_rounds_end_gives_way_for_both(locked: Locked) -> None:
    locked.lay("a.ofx")
    locked.rounds.busy = True
    locked.looks.heartbeat()
    assert not locked.looks.looking
    locked.rounds.busy = False
    locked.looks.heartbeat()
    locked.rounds.busy = True
    await locked.until(lambda: not locked.looks.looking)
    assert locked.numbers == []
    assert locked.looks.gives_way() and locked.ticket.number == 2


async def test_a_round_and_a_file_at_once_have_numbers_of_their_own(locked: Locked) -> None:
    locked.lay("a.ofx")
    locked.disk.may.clear()
    locked.looks.heartbeat()
    await asyncio.to_thread(locked.disk.asked.wait, 30)
    beside = asyncio.ensure_future(locked.sealer.seal([]))
    await asyncio.sleep(0.05)
    locked.disk.may.set()
    await beside
    await locked.until(lambda: not locked.looks.looking)
    assert sorted(path.read_bytes()[31] for path in locked.home.inbox.iterdir()) == [1, 2]


async def test_a_look_that_is_stopped_seals_what_it_began(locked: Locked) -> None:
    locked.lay("a.ofx")
    locked.disk.may.clear()
    locked.looks.heartbeat()
    await asyncio.to_thread(locked.disk.asked.wait, 30)
    stopped = asyncio.ensure_future(locked.looks.stop())
    await asyncio.sleep(0.05)
    assert not stopped.done()
    locked.disk.may.set()
    await stopped
    assert (locked.ticket.number, locked.numbers) == (2, [])
    assert len(list(locked.home.inbox.iterdir())) == 1
