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

from agent.notifications.errors import EndedBadly, Failed, NoDesktop, NotStarted, Refused, TooSlow
from agent.notifications.message_bus import Clickable, Open, bus_address
from agent.notifications.screens import DESKTOP_ENVIRONMENT, open_screens, terminal
from agent.notifications.texts import TITLE, open_text
from agent.systemd import transient_unit

DEADLINE_S = 3.0
"""A desktop whose message bus does not answer keeps a sender waiting for ever."""


class Notice(TypedDict):
    """What a program of the person's own is given, beside the text."""

    event: Literal["news", "person_needed", "deadlines", "backup_failed", "test"]
    lang: str
    new: NotRequired[dict[str, int]]
    """Of news: how many, by kind; altogether under ``count`` when no more than that is to be told."""
    count: NotRequired[int]
    """Of deadlines: how many came close."""


class Channel(Protocol):
    """One way to tell the person."""

    name: str

    async def send(self, text: str, notice: Notice) -> None:
        """Tell. Raises Failed."""

    def close(self) -> None:
        """Let go of what it holds."""


class Desktop:
    """A desktop notification over the message bus; where that fails, through ``notify-send`` (freedesktop.org)."""

    name = "desktop"

    def __init__(
        self, *, deadline_s: float = DEADLINE_S, find: Callable[[str], str | None] = shutil.which,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        self._deadline_s = deadline_s
        self._find = find
        self._environ = environ
        self._bus = Clickable(environ, deadline_s)

    async def send(self, text: str, notice: Notice) -> None:
        """Show ``text``; a click opens the screens. Raises Failed: no desktop is here, or it does not answer."""
        try:
            await self._bus.show(TITLE, text, open_text(notice["lang"]), self._opener())
        except (NoDesktop, Refused):
            program = self._find("notify-send")
            if program is None or bus_address(self._environ) is None:
                raise
            try:
                await _run((program, f"--app-name={TITLE}", "--", TITLE, text), b"", self._deadline_s, self._environ)
            except Failed:
                pass
            else:
                return
            raise  # what the bus said is the cause

    def close(self) -> None:
        """Wait for no click any more."""
        self._bus.close()

    def _opener(self) -> Open | None:
        window = terminal(self._find)
        if window is None:
            return None

        async def opens(token: str) -> None:
            open_screens(window, self._environ, token)

        return opens


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

    def close(self) -> None:
        """Nothing is held."""

    def _command(self) -> Sequence[str]:
        """As it was set; from inside the service's sandbox, where a person's program may find nothing it needs, through
        the service manager."""
        service = transient_unit.own_service(self._environ)
        if service is None or not transient_unit.can_leave(self._environ):
            return self._argv
        given = {name: self._environ[name] for name in DESKTOP_ENVIRONMENT if name in self._environ}
        return transient_unit.outside(self._argv, transient_unit.new_unit(service, "notify"), service, given, pipe=True,
                                 most_s=math.ceil(self._deadline_s))


async def _run(argv: Sequence[str], data: bytes, deadline_s: float, environ: Mapping[str, str]) -> None:
    # The agent's own environment may name a passphrase file: a child is given only what a desktop program needs.
    env = {name: environ[name] for name in DESKTOP_ENVIRONMENT if name in environ}
    try:
        process = await asyncio.create_subprocess_exec(*argv, stdin=PIPE, stdout=DEVNULL, stderr=DEVNULL, env=env)
    except OSError as error:
        raise NotStarted(program=argv[0], reason=error.strerror) from error
    try:
        async with asyncio.timeout(deadline_s):
            await process.communicate(data)
    except TimeoutError as error:
        raise TooSlow(program=argv[0], seconds=f"{deadline_s:g}") from error
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):  # it may end by itself at this very moment
                process.kill()
            await process.wait()
    if process.returncode:
        raise EndedBadly(program=argv[0], status=process.returncode)
