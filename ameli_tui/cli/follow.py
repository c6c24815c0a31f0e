"""Showing a sync's progress on standard error while the command waits for its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.client import Client, NotRunning, Problem
from ameli_tui.cli.output import one_line
from ameli_tui.i18n import _

if TYPE_CHECKING:
    from ameli_tui.cli.output import Output
    from config.paths import Paths


def follow_sync(paths: Paths, out: Output) -> None:
    """Begin to show progress, when somebody watches. Returns at once; a thread listens until the sync is done."""
    if not out.stderr.isatty():
        return
    from threading import Thread

    Thread(target=_listen, args=(paths, out), daemon=True).start()


def _listen(paths: Paths, out: Output) -> None:
    try:
        for event in Client(paths).events():
            if event["event"] == "sync_done":
                return
            if event["event"] == "sync_progress":
                data = event["data"]
                out.progress(f"{_step(data['step'])} {data['done']}/{data['total']}")
    except (NotRunning, Problem, OSError, ValueError, KeyError) as lost:  # gone, or another version's words
        out.progress(_("no progress to show: {reason}").format(reason=lost))


def _step(name: str) -> str:
    """What the sync is fetching; a step this version does not know is shown by its own name."""
    known = {"payments": _("payments"), "statements": _("statements"), "messages": _("messages")}
    return known.get(name) or one_line(name)
