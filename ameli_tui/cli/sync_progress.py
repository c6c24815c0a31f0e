"""Showing a sync's progress on standard error while the command waits for its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.client.client import Client, NotRunning, Problem
from ameli_tui.cli.output import one_line
from ameli_tui.i18n import _

if TYPE_CHECKING:
    from ameli_tui.cli.output import Output
    from config.paths import Paths


_QUIET_S = 5.0
"""A log gets no line of a sync that is over by then."""


def follow_sync(paths: Paths, out: Output, *, lines: bool = False) -> None:
    """Begin to show progress, when somebody watches. Returns at once; a thread listens until the sync is done.

    ``lines``: into a log too, a line now and then when it takes long.
    """
    if not (lines or out.stderr.isatty()):
        return
    from threading import Thread

    Thread(target=_listen, args=(paths, out), daemon=True).start()


def _listen(paths: Paths, out: Output) -> None:
    import time

    from agent.protocol.events import SYNC_DONE, SYNC_PROGRESS

    began = time.monotonic()
    try:
        for event in Client(paths).events():
            if SYNC_DONE.heard(event["event"], event["data"]) is not None:
                return
            if (step := SYNC_PROGRESS.heard(event["event"], event["data"])) is not None:
                passed = time.monotonic() - began
                if passed >= _QUIET_S or out.stderr.isatty():
                    out.waiting(f"{_step(step['step'])} {step['done']}/{step['total']}", passed)
    except (NotRunning, Problem, OSError, ValueError, KeyError) as lost:  # gone, or another version's words
        out.progress(_("no progress to show: {reason}").format(reason=lost))


def _step(name: str) -> str:
    """What the sync is fetching; a step this version does not know is shown by its own name."""
    names = {"payments": _("payments"), "statements": _("statements"), "messages": _("messages")}
    return names.get(name) or one_line(name)
