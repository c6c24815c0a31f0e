"""The agent's life between start and end: serve, beat, stop cleanly."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable

from agent import VERSION
from agent.api import gate
from agent.api.server import Server
from agent.core.agent import Agent
from agent.daemon.unix_socket import AgentSocket
from agent.systemd.sdnotify import ServiceManager
from agent.systemd.suspend import before_sleep
from config.paths import Paths
from config.settings import Settings, SettingsError

log = logging.getLogger(__name__)
BEAT_S = 30.0
"""The agent's only wake-up of its own while idle."""


async def live(paths: Paths, settings: Settings, agent_socket: AgentSocket, ready: Callable[[str], None]) -> None:
    """Serve until a signal, ``/v1/stop`` or the loss of the socket; then lock and return."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _loop, context: _unforeseen(context["message"], context.get("exception")))
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    manager = ServiceManager()
    agent = Agent(paths, settings)
    loop.add_signal_handler(signal.SIGHUP, _reload, agent)
    server = Server(gate(agent, stopping.set).admit)
    await server.start(agent_socket.socket)
    await agent.begin()
    log.info("agent %s serves", VERSION)
    ready("started")
    manager.tell("READY=1")
    try:
        async with before_sleep(lambda: agent.lock("suspend"), lambda: agent.settings.agent.lock_on_suspend):
            await _beat(agent, agent_socket, manager, stopping)
    finally:
        manager.tell("STOPPING=1")
        agent.events.close()
        await server.stop()
        await agent.close()
        log.info("stopped")


async def _beat(agent: Agent, agent_socket: AgentSocket, manager: ServiceManager, stopping: asyncio.Event) -> None:
    while True:
        try:
            async with asyncio.timeout(min(BEAT_S, manager.watchdog_s / 2 or BEAT_S)):
                await stopping.wait()
                return
        except TimeoutError:
            pass  # time to look around
        manager.tell("WATCHDOG=1")
        await agent.heartbeat()
        if not agent_socket.still_ours():
            log.error("the socket was removed or replaced: this agent can no longer be reached and ends")
            return


def _reload(agent: Agent) -> None:
    try:
        agent.reload()
    except SettingsError as error:
        log.error("the settings stay as they were: %s", error)


def _unforeseen(message: str, error: BaseException | None) -> None:
    # asyncio's own report would print the objects involved, arguments and all
    log.error("unforeseen: %s", message, exc_info=error)
