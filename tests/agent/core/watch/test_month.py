"""A month that nobody was there: the real schedule, rounds, vault and service, with a clock that is moved."""

import asyncio
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random

import pytest

from agent.core.events import Events
from agent.core.watch.rounds import Rounds
from agent.notifications import Notifier
from agent.notifications.channels import Notice
from agent.sandbox.server.serve import bind, run
from agent.watch.ticket import Ticket
from config.settings import NotifySettings, SyncSettings
from tests.agent.bench import Bench
from tests.agent.test_outages import STEP_S, Days
from tests.agent.watch.watched import Watched, watched


class Told:
    """A channel that remembers."""

    name = "told"

    def __init__(self) -> None:
        self.notices: list[Notice] = []

    async def send(self, text: str, notice: Notice) -> None:
        self.notices.append(notice)

    def close(self) -> None:
        """Nothing is held."""

    @property
    def news(self) -> int:
        """How many new things were told."""
        counts: list[Mapping[str, int]] = [notice["new"] for notice in self.notices if notice["event"] == "news"]
        assert all(count.keys() == {"count"} for count in counts), "a count and nothing else"
        return sum(count["count"] for count in counts)

    @property
    def needs(self) -> int:
        """How often the person was asked to come."""
        return sum(notice["event"] == "person_needed" for notice in self.notices)


@dataclass
class Month:
    """The locked agent of one home; after each round another process takes over, with the ticket alone."""

    home: Watched
    world: Days
    rounds: Rounds
    channel: Told
    notifier: Notifier
    processes: int = 0
    _next: list[bytes] = field(default_factory=list)

    @classmethod
    def begun(cls, home: Watched, ticket: Ticket) -> "Month":
        channel = Told()
        notifier = Notifier(NotifySettings(), "en", channels=[channel])
        notifier.counts_only = True
        world = Days(home.bench)
        month = cls(home, world, None, channel, notifier)  # type: ignore[arg-type] - made next
        month.rounds = month.process(ticket)
        return month

    def process(self, ticket: Ticket) -> Rounds:
        """What a process makes of a ticket."""
        self.processes += 1
        rounds = Rounds(
            ticket, partial(self.home.watcher, ticket), SyncSettings(), self.home.bench.settings, Events(),
            lambda: self.notifier, lambda: self._next.append(b"over"), lambda _ticket: None,
            today=lambda: self.home.bench.today, clocks=self.world, rng=Random(self.processes), timer=self.world)
        rounds.start()
        return rounds

    async def live(self, **duration: float) -> None:
        """Let time pass."""
        end = self.world.true + timedelta(**duration)
        while self.world.true < end:
            self.world.tick(STEP_S)
            await self.world.ring()
            while self.rounds.running or self.rounds.schedule.running:
                await asyncio.sleep(0.001)
            await self.rounds.heartbeat()
            if self._next:
                self._next.clear()
                left = self.home.again(self.rounds.ticket)
                await self.rounds.stop()
                self.rounds = self.process(left)

    @property
    def polls(self) -> int:
        """Rounds that went well."""
        return sum(not run["failed"] for run in self.rounds.ticket.runs)


@pytest.fixture
def over_http(tmp_path: Path) -> Iterator[Bench]:
    """An account whose service answers over HTTP on this machine."""
    sockets = bind(0)
    ports = [listening.getsockname()[1] for listening in sockets]
    bench = Bench(tmp_path, base_url=f"http://127.0.0.1:{ports[0]}", identity_url=f"http://localhost:{ports[1]}",
                  over_http=True)
    stop = threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(run(bench.sandbox, sockets, stop)))
    thread.start()
    yield bench
    stop.set()
    thread.join(10)
    for listening in sockets:
        listening.close()


async def days_of_news(home: Watched, days: int) -> tuple[Month, int, int]:
    """Days with permission to sign in, in which things happen; payments and messages that came."""
    month = Month.begun(home, home.lock(may_sign_in=True))
    chance, payments, messages = Random(5), 0, 0
    for _ in range(days * 4):
        if chance.random() < 0.3:
            home.pay(f"{chance.randrange(10, 60)}.{chance.randrange(100):02}")
            payments += 1
        if chance.random() < 0.15:
            home.write(f"Votre demande {messages}")
            messages += 1
        await month.live(hours=6)
    return month, payments, messages


async def check(home: Watched, days: int) -> None:
    """All of it: the polls are made, each new thing is told once, and is there once after unlocking."""
    month, payments, messages = await days_of_news(home, days)
    assert month.polls >= days * 85 // 30, "of the three a day that the schedule means to make"
    await month.live(hours=18)  # what came last
    statements = sum(run["new"]["documents"] for run in month.rounds.ticket.runs)
    assert month.channel.news == payments + messages + statements >= days // 2
    assert statements <= days // 28 + 1
    assert month.channel.needs == 0
    assert month.processes == len(month.rounds.ticket.runs) + 1
    await month.rounds.stop()
    store = home.unlock(month.rounds.ticket)
    assert len(store.payments) == len(home.bench.sandbox.service.history)
    result = await home.bench.connection.sync(trigger="schedule")
    assert (result.new["payments"], result.new["messages"]) == (0, messages)
    assert sum(result.untold().values()) == 0, "each was told once"
    assert len(store.messages.all()) == len(home.bench.house.messages)
    assert store.needs() == []


@pytest.mark.parametrize("days", [4, pytest.param(30, marks=pytest.mark.slow)])
async def test_days_alone_are_looked_through_told_once_and_kept_once(tmp_path: Path, days: int) -> None:
    await check(await watched(tmp_path), days)


@pytest.mark.slow
async def test_the_same_month_over_http(over_http: Bench) -> None:
    await check(await watched(over_http.folder, over_http), 30)


async def test_with_a_wrong_password_a_month_is_one_sign_in_and_one_notice(tmp_path: Path) -> None:
    home = await watched(tmp_path)
    month = Month.begun(home, home.lock(may_sign_in=True))
    home.bench.house.password = "Nouveau+2"
    await month.live(days=30)
    assert home.sign_ins() == 1
    assert month.channel.needs == 1


async def test_without_permission_the_end_of_the_session_is_one_notice_and_no_sign_in(tmp_path: Path) -> None:
    home = await watched(tmp_path)
    month = Month.begun(home, home.lock())
    await month.live(days=30)
    assert home.sign_ins() == 0
    assert month.channel.needs == 1
    assert month.rounds.ticket.access == "none"
