"""Readers of outside bytes run aside, in a thread: whatever a page or a file costs, the agent goes on answering.

A thread cannot be ended, so every reader has bounds of its own; a caller that is cut short (the vault is locked) leaves
at once, and what the thread still works out is thrown away.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import ThreadPoolExecutor

P = ParamSpec("P")
T = TypeVar("T")
_THREADS = 4
"""Two may be held by answers that were given up, while others are read."""
_pool: ThreadPoolExecutor | None = None
_watching = False


async def aside(reader: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a reader in a thread and return what it reads; raises what it raises. Cancelled, it returns at once."""
    global _pool
    import asyncio  # commands import readers too, and have no loop
    from concurrent.futures import ThreadPoolExecutor

    if _pool is None:  # not the loop's own pool: unlocking and writing wait for threads of that one
        _pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="reader")
    return await asyncio.get_running_loop().run_in_executor(_pool, functools.partial(reader, *args, **kwargs))


def end_readers() -> None:
    """Wait until no reader runs any more. Those that wait for a thread are given up."""
    global _pool
    pool, _pool = _pool, None
    if pool is not None:
        pool.shutdown(cancel_futures=True)


def outside(reader: Callable[P, T]) -> Callable[P, T]:
    """Mark a function that reads bytes from outside: it is not called on a running event loop."""

    @functools.wraps(reader)
    def read(*args: P.args, **kwargs: P.kwargs) -> T:
        if _watching and _on_a_loop():
            raise AssertionError(f"{reader.__module__}.{reader.__qualname__} runs in the event loop")
        return reader(*args, **kwargs)

    return read


def watch_readers(on: bool) -> None:
    """Have readers refuse to run on an event loop: for tests, and off otherwise."""
    global _watching
    _watching = on


def _on_a_loop() -> bool:
    asyncio = sys.modules.get("asyncio")
    return asyncio is not None and asyncio._get_running_loop() is not None
