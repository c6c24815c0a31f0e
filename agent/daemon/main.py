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

from config.paths import Paths, find_paths

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
    detach = "--detach" in argv
    ready = Ready(int(argv[list(argv).index("--ready-fd") + 1]) if "--ready-fd" in argv else -1)
    if detach:
        if os.fork():
            os._exit(0)  # the caller waits for this; the agent is nobody's child
        os.setsid()
        os.closerange(_READY_FD + 1, _MANY)  # whatever the caller had open: a lock, a pipe somebody waits on
    paths = find_paths()  # before it moves: AMELI_HOME may be relative
    os.chdir("/")
    os.umask(0o077)
    return _run(paths, ready, foreground=not detach)


def _run(paths: Paths, ready: Ready, foreground: bool) -> int:
    # Imported after the fork: the caller does not wait for them twice.
    from agent.core.hardening import harden
    from agent.core.memory import be_frugal
    from agent.core.refusals import AlreadyRunning, StartRefused

    try:
        agent_socket, settings = _take_place(paths, foreground)
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
        return _serve(paths, settings, agent_socket, ready)
    finally:
        agent_socket.close()


def _take_place(paths: Paths, foreground: bool) -> tuple[AgentSocket, Settings]:
    """Socket, log and settings of this home. Raises StartRefused."""
    from agent.core import logs
    from agent.core.refusals import BadSettings, FolderUnusable
    from agent.daemon.unix_socket import AgentSocket
    from config.settings import SettingsError, load_settings

    with contextlib.ExitStack() as undo:
        try:
            agent_socket = AgentSocket(paths)
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


def _serve(paths: Paths, settings: Settings, agent_socket: AgentSocket, ready: Ready) -> int:
    import asyncio
    import logging

    from agent.daemon.lifecycle import live

    try:
        asyncio.run(live(paths, settings, agent_socket, ready.tell), debug=False)
    except Exception:  # the border of the process: what ended it is in the log, without locals
        logging.getLogger(__name__).exception("the agent ended on an unforeseen error")
        return _UNFORESEEN
    return 0


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
