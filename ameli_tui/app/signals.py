"""The terminal was closed, or the system asks us to end: what a form holds is kept first, as when a person leaves."""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from config.paths import Paths

_SIGNS = (signal.SIGHUP, signal.SIGTERM)
_PATIENCE_S = 10.0
"""Longest wait for the agent to keep a draft."""
_STEP_S = 0.05


def leave_on_signals(leave: Callable[[], Awaitable[None]], left: Callable[[], bool], paths: "Paths") -> None:
    """At the first such signal begin to ``leave``, in the running loop; a second one ends the process at once.

    ``left`` tells when all is put away. Without a terminal the process ends there and then: the driver would wait for
    one that is gone to take what is still to be drawn.
    """
    loop = asyncio.get_running_loop()
    begun: set[asyncio.Task[None]] = set()  # the loop itself holds its tasks weakly

    async def put_away(sign: signal.Signals) -> None:
        await leave()
        waited = 0.0
        while not left() and waited < _PATIENCE_S:
            await asyncio.sleep(_STEP_S)
            waited += _STEP_S
        if sign == signal.SIGHUP:
            if "ameli_tui.files.external" in sys.modules:
                from ameli_tui.files.external import forget_viewed

                forget_viewed(paths)
            os._exit(128 + sign)

    def ended(sign: signal.Signals) -> None:
        for handled in _SIGNS:
            loop.remove_signal_handler(handled)
        begun.add(loop.create_task(put_away(sign)))

    for sign in _SIGNS:
        loop.add_signal_handler(sign, ended, sign)
