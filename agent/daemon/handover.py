"""Locking ends with another image of the same process: what a closed vault left in memory goes with the old one.

The process stays: its number, its terminal, its lock, its socket with whoever waits there, and the service manager's
knowledge of it. The new image is told of them by one variable of its environment. That variable's shape is for all
time, since the new image may be of another version: names may be added to it, none may change its meaning. What the
old image knew and the new one may know as well, the ticket, has a version of its own; one that is not understood is
as good as none.
"""

from __future__ import annotations

import errno
import json
import logging
import os
import sys
from collections.abc import Mapping, MutableMapping, Sequence
from pathlib import Path
from typing import NamedTuple

from agent.daemon import ticket_memory

log = logging.getLogger(__name__)
VARIABLE = "AMELI_HANDED_OVER"
_MANY = 1 << 20
_OF_SERVICES = frozenset((
    "AMELI_SERVICE", "CREDENTIALS_DIRECTORY", "INVOCATION_ID", "JOURNAL_STREAM", "NOTIFY_SOCKET", "RUNTIME_DIRECTORY",
    "SYSTEMD_EXEC_PID", "WATCHDOG_PID", "WATCHDOG_USEC", "XDG_CURRENT_DESKTOP", "XPC_SERVICE_NAME",
))
"""What a process knows of the service manager that started it, and of the desktop it notifies."""


class Descriptors(NamedTuple):
    """What holds a home's place, as numbers of open files; -1 stands for one that there is not."""

    socket: int
    lock: int
    folder: int
    """Of socket and lock."""
    home_lock: int
    """The home's own, where the lock lies elsewhere."""


class Place(NamedTuple):
    """A home's place, as one image of the process leaves it to the next."""

    descriptors: Descriptors
    spare: bool
    """Whether socket and lock lie beside a home that takes no writes."""
    inherited: bool
    """Whether the socket is the service manager's."""
    file: tuple[int, int] | None
    """Device and number of the socket's file, when it is ours."""


class HandedOver(NamedTuple):
    """What the image before left."""

    place: Place
    ticket: int
    """The open file that holds it; -1: there is none."""
    children: tuple[int, ...]
    """Processes started by an earlier image that live on, for this one to take note of their end."""


def next_environment(environ: Mapping[str, str], home: Path) -> dict[str, str]:
    """What the next image is told of this one's environment: what any agent is, and what a service manager said.

    ``home`` stands for an ``AMELI_HOME`` that may be meant from another folder.
    """
    from agent.client.control import agent_environment

    kept = agent_environment(dict(environ))
    kept |= {name: value for name, value in environ.items() if name in _OF_SERVICES or _steers_python(name)}
    return {**kept, "AMELI_HOME": str(home)} if "AMELI_HOME" in kept else kept


def _steers_python(name: str) -> bool:
    return name.startswith("PYTHON") and not sys.flags.ignore_environment


def pass_on(
    place: Place, ticket: bytes | None, command: Sequence[str], environ: Mapping[str, str],
    children: Sequence[int] = (),
) -> None:
    """Become ``command``, which takes ``place`` and ``ticket`` over. Comes back only when that cannot be: OSError.

    No other thread may be at work, and no child of this process but ``children`` may live. Signals that are blocked now
    stay so.
    """
    _still_installed(command)
    held = _held(ticket)
    kept = [number for number in (*place.descriptors, held) if number >= 0]
    message = json.dumps({
        "pid": os.getpid(), **place.descriptors._asdict(), "spare": place.spare, "inherited": place.inherited,
        "file": place.file, "ticket": held, "children": list(children),
    })
    try:
        for number in kept:
            os.set_inheritable(number, True)
        os.execve(command[0], list(command), {**environ, VARIABLE: message})  # noqa: S606 - no shell is meant
    finally:  # it is not there any more, or may not be run
        for number in kept:
            os.set_inheritable(number, False)
        if held >= 0:
            os.close(held)


def _still_installed(command: Sequence[str]) -> None:
    """Raises FileNotFoundError when the program was removed: Python itself could be started, and would end at once."""
    import importlib.util

    importlib.invalidate_caches()
    name = Path(sys.argv[0]).name
    scripts = [Path(word) for word in command if Path(word).is_absolute() and Path(word).name == name]
    missing = [str(script) for script in scripts if not script.exists()]
    if missing or importlib.util.find_spec("agent.__main__") is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), *missing[:1])


def _held(ticket: bytes | None) -> int:
    if ticket is None:
        return -1
    try:
        return ticket_memory.hold(ticket)
    except (OSError, ValueError) as error:
        log.error("what the agent may know while locked cannot be handed on: %s", error)
        return -1


def received(environ: MutableMapping[str, str]) -> HandedOver | None:
    """What the image before left to this one; None at a process's beginning.

    Something that cannot be read is as good as a beginning: whatever came with it is closed.
    """
    message = environ.pop(VARIABLE, None)
    if message is None:
        return None
    try:
        said = json.loads(message)
        if said["pid"] != os.getpid():
            return None  # a child of an agent, or of whoever set it: not meant for this process
        numbers = Descriptors(*(int(said[name]) for name in Descriptors._fields))
        file = said["file"]
        place = Place(numbers, bool(said["spare"]), bool(said["inherited"]), None if file is None else (
            int(file[0]), int(file[1])))
        came = HandedOver(place, int(said["ticket"]), tuple(int(pid) for pid in said["children"]))
        for number in (*numbers, came.ticket):
            if number >= 0:
                os.set_inheritable(number, False)  # or a program started from here keeps the socket open
    except (ValueError, TypeError, KeyError, IndexError, OSError):
        os.closerange(3, _MANY)
        return None
    return came
