"""The ways out: a small program each, started without a shell, with a deadline."""

import asyncio
import contextlib
import json
import math
import os
import shutil
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, NotRequired, Protocol, TypedDict

from agent.notifications.texts import TITLE
from agent.systemd import transient_unit

DEADLINE_S = 3.0
"""A desktop whose message bus does not answer keeps a sender waiting for ever."""
_ENVIRONMENT = (
    "PATH", "HOME", "USER", "LANG", "LC_ALL", "LC_MESSAGES", "TZ", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY",
    "XDG_RUNTIME_DIR", "XDG_CURRENT_DESKTOP", "DBUS_SESSION_BUS_ADDRESS",
)


class Notice(TypedDict):
    """What a program of the person's own is given, beside the text."""

    event: Literal["news", "person_needed", "deadlines", "backup_failed"]
    lang: str
    new: NotRequired[dict[str, int]]
    """Of news: how many, by kind; altogether under ``count`` when no more than that is to be told."""
    count: NotRequired[int]
    """Of deadlines: how many came close."""


class Failed(Exception):
    """A channel could not tell; the text says why, for the status."""


class Channel(Protocol):
    """One way to tell the person."""

    name: str

    async def send(self, text: str, notice: Notice) -> None:
        """Tell. Raises Failed."""


class Desktop:
    """A desktop notification through ``notify-send`` (freedesktop.org)."""

    name = "desktop"

    def __init__(
        self, *, deadline_s: float = DEADLINE_S, find: Callable[[str], str | None] = shutil.which,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self._deadline_s = deadline_s
        self._find = find
        self._environ = environ

    async def send(self, text: str, notice: Notice) -> None:
        """Show ``text``. Raises Failed when there is no desktop or it does not answer."""
        program = self._find("notify-send")
        if program is None:
            raise Failed("notify-send is not installed")
        if not any(self._environ.get(name) for name in ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR")):
            raise Failed("no desktop session")
        argv = (program, f"--app-name={TITLE}", "--", TITLE, text)
        await _run(argv, b"", self._deadline_s, self._environ)


class Command:
    """A program of the person's own: its arguments as set, the event as JSON on standard input."""

    name = "command"

    def __init__(
        self, argv: Sequence[str], *, deadline_s: float = DEADLINE_S, environ: Mapping[str, str] = os.environ
    ) -> None:
        self._argv = tuple(argv)
        self._deadline_s = deadline_s
        self._environ = environ

    async def send(self, text: str, notice: Notice) -> None:
        """Start the program. Raises Failed when it is missing, fails or takes too long."""
        data = json.dumps({**notice, "text": text}, ensure_ascii=False).encode() + b"\n"
        await _run(self._command(), data, self._deadline_s, self._environ)

    def _command(self) -> Sequence[str]:
        """As it was set; from inside the service's sandbox, where a person's program may find nothing it needs, through
        the service manager."""
        service = transient_unit.own_service(self._environ)
        if service is None or not transient_unit.can_leave(self._environ):
            return self._argv
        given = {name: self._environ[name] for name in _ENVIRONMENT if name in self._environ}
        return transient_unit.outside(self._argv, transient_unit.new_unit(service, "notify"), service, given, pipe=True,
                                 most_s=math.ceil(self._deadline_s))


async def _run(argv: Sequence[str], data: bytes, deadline_s: float, environ: Mapping[str, str]) -> None:
    # The agent's own environment may name a passphrase file: a child is given only what a desktop program needs.
    env = {name: environ[name] for name in _ENVIRONMENT if name in environ}
    try:
        process = await asyncio.create_subprocess_exec(*argv, stdin=PIPE, stdout=DEVNULL, stderr=DEVNULL, env=env)
    except OSError as error:
        raise Failed(f"{argv[0]}: {error.strerror}") from error
    try:
        async with asyncio.timeout(deadline_s):
            await process.communicate(data)
    except TimeoutError as error:
        raise Failed(f"{argv[0]} did not answer within {deadline_s:g} s") from error
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):  # it may end by itself at this very moment
                process.kill()
            await process.wait()
    if process.returncode:
        raise Failed(f"{argv[0]} ended with {process.returncode}")
