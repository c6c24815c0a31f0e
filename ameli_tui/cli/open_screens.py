"""From a command to the screens."""

from __future__ import annotations

import sys

from ameli_tui.cli.errors import WrongUsage
from ameli_tui.i18n import _


def need_terminal(prog: str) -> None:
    """Refuse to draw into a file or a pipe. Raises WrongUsage."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise WrongUsage(reason=_("The screens need a terminal; commands work without one."), prog=prog)


def open_screens(mouse: bool = True, greeting: str = "") -> int:
    """Run the screens until the person leaves and return the exit code. ``mouse``: whether they may use it;
    ``greeting``: what they say first."""
    from ameli_tui.app.start import run

    return run(mouse=mouse, greeting=greeting)
