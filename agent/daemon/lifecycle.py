"""The agent's life between start and end: serve, beat, give way to a new image of the process, stop cleanly."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable
from typing import NamedTuple

from agent import VERSION
from agent.api import gate
from agent.api.server import Server
from agent.concurrency.reader_threads import end_readers
from agent.core.agent import Agent
from agent.daemon.unix_socket import AgentSocket
from agent.systemd.sdnotify import ServiceManager
from agent.systemd.suspend import before_sleep
from config.paths import Paths
from config.settings import Settings, SettingsError

log = logging.getLogger(__name__)
BEAT_S = 30.0
"""The agent's only wake-up of its own while idle."""
_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_ANSWERS_S, _UNSAID_S = 10.0, 1.0
"""How long a new image waits for answers under way, and for callers who have not yet said what they want."""
_TURNS = 3
"""Of the loop, until a signal that came before it was held back is known."""


class GivesWay(NamedTuple):
    """The end of an image of the process, to which another one follows."""

    ticket: bytes | None
    """What the next one may know."""


class _Wishes:
    """What ends the wait between two beats."""

    def __init__(self) -> None:
        self.wake = asyncio.Event()
        self.stopping = False
        self.giving_way: GivesWay | None = None
        self.settled = asyncio.Event()
        """Clear while this image of the process is about to end for another one."""
        self.settled.set()

    def stop(self) -> None:
        self.stopping = True
        self.wake.set()

    def give_way(self, ticket: bytes | None) -> None:
        self.giving_way = GivesWay(ticket)
        self.settled.clear()
        self.wake.set()


async def live(
    paths: Paths, settings: Settings, agent_socket: AgentSocket, ready: Callable[[str], None],
    left: list[bytes],
) -> GivesWay | None:
    """Serve until a signal, ``/v1/stop`` or the loss of the socket; then lock and return None.

    A vault that was open and is locked ends it too: nothing runs any more then, the signals that end an agent are held
    back, and the socket listens, so that the next image of this process goes on as if nothing had been. ``left``
    holds the ticket of the one before, which is taken out: it is not to lie about.
    """
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _loop, context: _unforeseen(context["message"], context.get("exception")))
    wishes = _Wishes()
    agent = Agent(paths, settings, hand_over=wishes.give_way, ticket=left.pop() if left else None)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, wishes.stop)
    loop.add_signal_handler(signal.SIGHUP, _reload, agent)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)  # the image before held them back for this one
    manager = ServiceManager()
    server = Server(gate(agent, wishes.stop).admit)
    await server.start(agent_socket.socket)
    await agent.begin()
    log.info("agent %s serves", VERSION)
    ready("started")
    manager.tell("READY=1")
    way = None
    try:
        async with before_sleep(lambda: _locked_for_sleep(agent, wishes), lambda: agent.settings.agent.lock_on_suspend):
            while way is None and await _beat(agent, agent_socket, manager, wishes):
                way = await _give_way(agent, agent_socket, manager, wishes, server)
    finally:
        if way is None:
            manager.tell("STOPPING=1")
            agent.events.close()
            await server.stop()
            await agent.close()
            log.info("stopped")
    return way


async def _beat(agent: Agent, agent_socket: AgentSocket, manager: ServiceManager, wishes: _Wishes) -> bool:
    """Look around now and then; True when the process is to give way to its next image, False when it is to end."""
    while True:
        try:
            async with asyncio.timeout(min(BEAT_S, manager.watchdog_s / 2 or BEAT_S)):
                await wishes.wake.wait()
                wishes.wake.clear()
                return not wishes.stopping
        except TimeoutError:
            pass  # time to look around
        manager.tell("WATCHDOG=1")
        await agent.heartbeat()
        if not agent_socket.still_ours():
            log.error("the socket was removed or replaced: this agent can no longer be reached and ends")
            return False


async def _give_way(
    agent: Agent, agent_socket: AgentSocket, manager: ServiceManager, wishes: _Wishes, server: Server
) -> GivesWay | None:
    """End all that runs. None when the process goes on as it is: it is to stop, or somebody opened the vault again."""
    manager.tell_reloading()
    agent.events.end()
    await server.stop(_ANSWERS_S, _UNSAID_S)
    way, wishes.giving_way = wishes.giving_way, None
    if agent.state == "unlocked":  # by somebody who had asked before nobody was heard any more
        wishes.settled.set()
        await server.start(agent_socket.socket)
        manager.tell("READY=1")
        return None
    await agent.close()
    await asyncio.to_thread(end_readers)
    await asyncio.get_running_loop().shutdown_default_executor()
    signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)  # no handler outlives this image: they wait for the next one's
    for _ in range(_TURNS):
        await asyncio.sleep(0)
    if wishes.stopping:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
        return None
    return way


async def _locked_for_sleep(agent: Agent, wishes: _Wishes) -> None:
    """The machine waits until the memory that held the account is gone, if it can."""
    await agent.lock("suspend")
    await wishes.settled.wait()


def _reload(agent: Agent) -> None:
    try:
        agent.reload()
    except SettingsError as error:
        log.error("the settings stay as they were: %s", error)


def _unforeseen(message: str, error: BaseException | None) -> None:
    # asyncio's own report would print the objects involved, arguments and all
    log.error("unforeseen: %s", message, exc_info=error)
