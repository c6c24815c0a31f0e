"""``ameli`` without arguments: the request for the first screen leaves before Textual is loaded."""

import gc
import os
import sys

from agent.client.client import Client
from ameli_tui.app.opening import Opening, send_opening
from config.glance import glance
from config.paths import Paths, find_paths

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ameli_tui.app.app import AmeliApp
    from ameli_tui.screens.base.shell import Shell

    def _as_screens_know_it(app: "AmeliApp") -> "Shell":
        """Held by the type checker: the program is all that screens take it for."""
        return app

DEMO = -1
"""What ``run`` returns when the person asked for the demo instead."""


def run(
    paths: Paths | None = None, opening: Opening | None = None, mouse: bool = True, greeting: str = ""
) -> int:
    """Open the screens and return the exit code when the person leaves, or DEMO.

    ``mouse``: False leaves it to the terminal. ``greeting``: what the first screen says at its foot.
    """
    from ameli_tui.i18n import unknown_language

    if language := unknown_language():
        sys.stderr.write(f"{language}\n")
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
    app.greeting = greeting
    gc.freeze()
    gc.enable()
    wish = app.run(mouse=mouse and settings.get("mouse", True) is not False)
    if "ameli_tui.files.external" in sys.modules:
        from ameli_tui.files.external import forget_viewed

        forget_viewed(paths)
    if wish == "demo":
        return DEMO
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
