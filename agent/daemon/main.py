"""The process around the agent: its place, its socket, its log, its signals and its end.

Exit codes: 0 asked to stop, 75 another agent serves this home, 77 a person is needed, 78 configuration.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from agent.daemon import handover
from config.paths import Paths, find_paths
from config.python_process import own_command

if TYPE_CHECKING:
    from agent.daemon.unix_socket import AgentSocket
    from agent.protocol.problems import Problem
    from config.settings import Settings

_UNFORESEEN = 70
_READY_FD = 3
_MANY = 1 << 20


def main(argv: Sequence[str]) -> int:
    """Run the agent of this home until it is told to stop; return the exit code.

    ``--detach``: leave the caller's session and come back at once. ``--ready-fd N``: tell the outcome of the start on
    that descriptor as one line of JSON. Without them the agent stays in the foreground.
    """
    came = _handed_over()
    detach = "--detach" in argv
    start = came is None  # else it was detached, and its start told, by the image before
    ready = Ready(int(argv[list(argv).index("--ready-fd") + 1]) if start and "--ready-fd" in argv else -1)
    if start and detach:
        if os.fork():
            os._exit(0)  # the caller waits for this; the agent is nobody's child
        os.setsid()
        os.closerange(_READY_FD + 1, _MANY)  # whatever the caller had open: a lock, a pipe somebody waits on
    paths, command = find_paths(), own_command()  # before it moves: both may be relative
    os.chdir("/")
    os.umask(0o077)
    return _run(paths, ready, came, command, foreground=not detach)


def goes_on() -> bool:
    """Whether this process was an agent before, and is one still: nobody answers on its socket until it does."""
    return handover.VARIABLE in os.environ


def _handed_over() -> handover.HandedOver | None:
    """What an earlier image of this process left, when there was one; then this process is closed to others at once."""
    came = handover.received(os.environ)
    if came is not None:
        from agent.core.hardening import harden

        harden()
    return came


def _run(paths: Paths, ready: Ready, came: handover.HandedOver | None, command: list[str], foreground: bool) -> int:
    # Imported after the fork: the caller does not wait for them twice.
    from agent.core.hardening import harden
    from agent.core.memory import be_frugal
    from agent.core.refusals import AlreadyRunning, StartRefused

    try:
        agent_socket, settings = _take_place(paths, came, foreground)
    except StartRefused as refused:
        ready.tell("already_running" if isinstance(refused, AlreadyRunning) else "failed", refused.problem())
        if foreground:
            from config.glance import glance
            from config.language import language

            lang = language(str(glance(paths.settings).get("lang", "")), os.environ)
            sys.stderr.write(f"{refused.message(lang)}\n{refused.hint(lang)}\n")
        return refused.status
    be_frugal()
    harden()  # after the socket, which long paths reach through /proc/self
    try:
        return _serve(paths, settings, agent_socket, ready, came, command)
    finally:
        agent_socket.close()


def _take_place(paths: Paths, came: handover.HandedOver | None, foreground: bool) -> tuple[AgentSocket, Settings]:
    """Socket, log and settings of this home. Raises StartRefused."""
    from agent.core import logs
    from agent.core.refusals import BadSettings, FolderUnusable
    from agent.daemon.unix_socket import AgentSocket
    from config.settings import SettingsError, load_settings

    with contextlib.ExitStack() as undo:
        try:
            agent_socket = AgentSocket(paths, place=came.place if came is not None else None)
            undo.callback(agent_socket.close)
            logs.set_up(paths.logs, foreground, dict(os.environ))
            settings = load_settings(paths.settings)
        except OSError as error:
            folder = error.filename or paths.run_dir
            raise FolderUnusable(folder, error) from error
        except SettingsError as error:
            raise BadSettings.of(error) from error
        undo.pop_all()
    return agent_socket, settings


def _serve(
    paths: Paths, settings: Settings, agent_socket: AgentSocket, ready: Ready, came: handover.HandedOver | None,
    command: list[str],
) -> int:
    import asyncio
    import logging

    from agent.daemon import ticket_memory
    from agent.daemon.lifecycle import live

    log = logging.getLogger(__name__)
    if came is not None and came.children:
        from agent.notifications.screens import watch_windows

        watch_windows(came.children)
    ticket = ticket_memory.take(came.ticket) if came is not None else None
    left = [ticket] if ticket is not None else []
    del ticket
    while True:
        try:
            way = asyncio.run(live(paths, settings, agent_socket, ready.tell, left), debug=False)
        except Exception:  # the border of the process: what ended it is in the log, without locals
            log.exception("the agent ended on an unforeseen error")
            return _UNFORESEEN
        if way is None:
            return 0
        left = [way.ticket] if way.ticket is not None else []
        settings = _give_way(paths, settings, agent_socket, way.ticket, command)
        del way


def _give_way(
    paths: Paths, settings: Settings, agent_socket: AgentSocket, ticket: bytes | None, command: list[str]
) -> Settings:
    """Become the next image. When that cannot be this one goes on, with the settings that are returned."""
    import logging

    from agent.notifications.screens import windows
    from config.settings import SettingsError, load_settings

    log = logging.getLogger(__name__)
    try:
        settings = load_settings(paths.settings)
        environ = handover.next_environment(os.environ, paths.run_dir.parent)
        handover.pass_on(agent_socket.place, ticket, command, environ, windows())
    except (OSError, SettingsError) as error:
        log.error("locked, but this process stays as it is, and with it what its memory holds: %s", error)
    return settings


class Ready:
    """The pipe on which whoever started the agent waits for its word."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe
        if pipe >= 0:
            os.set_inheritable(pipe, False)

    def tell(self, outcome: str, problem: Problem | None = None) -> None:
        """Say ``started``, ``already_running`` or ``failed``, once."""
        if self._pipe < 0:
            return
        said = {"outcome": outcome, **({"message": problem["message"], "hint": problem["hint"]} if problem else {})}
        with contextlib.suppress(BrokenPipeError):  # who waited has gone; the agent stays
            os.write(self._pipe, json.dumps(said).encode() + b"\n")
        os.close(self._pipe)
        self._pipe = -1
