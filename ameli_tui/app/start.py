"""``ameli`` without arguments: the request for the first screen leaves before Textual is loaded."""

import gc
import os
import sys
import threading
from typing import Any

from agent.client.client import Client, Early, NotRunning, Problem
from config.glance import glance
from config.paths import Paths, find_paths

_LONGEST_WAIT_S = 0.25
"""How long the first frame waits for the agent's data; later they are drawn when they come."""


class Opening:
    """The first answer, received while Textual is being loaded."""

    def __init__(self, early: Early | Problem) -> None:
        self._data: Any = None
        self._problem: Problem | None = None
        self._done = threading.Event()
        if isinstance(early, Problem):
            self._problem = early
            self._done.set()
        else:
            threading.Thread(target=self._receive, args=(early,), name="opening", daemon=True).start()

    def _receive(self, early: Early) -> None:
        try:
            self._data = early.finish()
        except Problem as problem:
            self._problem = problem
        finally:
            self._done.set()

    def result(self, wait: float = _LONGEST_WAIT_S) -> tuple[Any, Problem | None]:
        """The home data and the refusal: one of them is None, both when the agent is slow."""
        self._done.wait(wait)
        return self._data, self._problem


def send_opening(client: Client) -> Opening:
    """Send the request for the first screen."""
    try:
        return Opening(client.send_early("/v1/home"))
    except NotRunning as problem:
        return Opening(problem)
    except Problem as problem:
        return Opening(problem)


def run(paths: Paths | None = None, opening: Opening | None = None, mouse: bool = True) -> int:
    """Open the screens and return the exit code when the person leaves. ``mouse``: False leaves it to the terminal."""
    if not _can_draw():
        return 2
    paths = paths or find_paths()
    client = Client(paths)
    opening = opening or send_opening(client)
    settings = glance(paths.settings)
    over_ssh = bool(os.environ.get("SSH_CONNECTION"))
    # Calm by default: nothing here moves by itself, and over SSH every redraw is paid for.
    os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")
    if over_ssh:
        os.environ.setdefault("TEXTUAL_SMOOTH_SCROLL", "0")
    # The collector would walk through every module that is being loaded: 9 % of the start.
    gc.disable()
    from ameli_tui.app.app import AmeliApp
    from ameli_tui.terminal.textual_fixes import survive_x10_mouse

    survive_x10_mouse()
    app = AmeliApp(
        paths, client, opening, str(settings.get("theme", "auto")), rings=settings.get("bell", True) is not False)
    gc.freeze()
    gc.enable()
    wish = app.run(mouse=mouse and settings.get("mouse", True) is not False)
    if "ameli_tui.files.external" in sys.modules:
        from ameli_tui.files.external import forget_viewed

        forget_viewed(paths)
    if wish == "demo":
        from ameli_tui.__main__ import main

        return main(["demo"])
    return app.return_code or 0


def _can_draw() -> bool:
    from ameli_tui.i18n import _

    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        sys.stderr.write(_("The screens need a terminal; commands work without one.") + "\n")
        return False
    if os.environ.get("TERM") in ("dumb", ""):
        sys.stderr.write(_("This terminal cannot draw screens; every one has a command: ameli --help") + "\n")
        return False
    return True
