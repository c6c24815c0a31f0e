"""The terminal was closed, or the system asks us to end: what a form holds is kept first, as when a person leaves."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from typing import Any

_SIGNS = (signal.SIGHUP, signal.SIGTERM)


def leave_on_signals(leave: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Call ``leave`` in the running loop at the first such signal; a second one ends the process at once."""
    loop = asyncio.get_running_loop()
    begun: set[asyncio.Task[None]] = set()  # the loop itself holds its tasks weakly

    def ended() -> None:
        for sign in _SIGNS:
            loop.remove_signal_handler(sign)
        begun.add(loop.create_task(leave()))

    for sign in _SIGNS:
        loop.add_signal_handler(sign, ended)
