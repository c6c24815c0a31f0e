"""Ending a process that this home started, surely and never another program's: who holds the lock file is it."""

from __future__ import annotations

import fcntl
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

_PATIENCE_S = 10.0
"""Seconds a process gets to end in good order before it is killed."""
_GLANCE_S = 0.03


def is_held(lock: Path) -> bool:
    """Say whether some process holds this lock file (flock)."""
    try:
        fd = os.open(lock, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(fd)


def wait_released(lock: Path, patience_s: float = _PATIENCE_S, sleep: Callable[[float], None] = time.sleep) -> bool:
    """Wait until nobody holds the lock; False when somebody still does after ``patience_s`` seconds."""
    until = time.monotonic() + patience_s
    while is_held(lock):
        if time.monotonic() > until:
            return False
        sleep(_GLANCE_S)
    return True


def end(pid: int, lock: Path) -> None:
    """End the process that holds ``lock``; nothing happens when nobody does (the pid may be another's by now)."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        if not is_held(lock):
            return
        try:
            os.kill(pid, sign)
        except ProcessLookupError:
            return
        if wait_released(lock):
            return
