"""A process of this home that can be found and ended for sure, never another program's: it holds a lock file."""

from __future__ import annotations

import contextlib
import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from config.python_process import python_environment

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


def spawn_holding(command: Sequence[str], lock: Path, log: Path) -> subprocess.Popen[bytes]:
    """Start a program apart from this terminal that holds ``lock`` for as long as it lives, its pid written in it.

    The program writes it itself before anything else, so that whoever cleans up finds it even when this process is
    killed in the next instant. Its standard output is a pipe, its errors go to ``log``. Raises BlockingIOError when
    another process holds the lock.
    """
    fd = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(fd, 0)
        with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as errors:
            return subprocess.Popen(  # noqa: S603 - our own program
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, start_new_session=True,
                env=python_environment(os.environ), pass_fds=(fd,),
                preexec_fn=lambda: os.write(fd, b"%d\n" % os.getpid()))
    finally:
        os.close(fd)


def end_holder(lock: Path) -> bool:
    """End the process that holds ``lock``, in good order if it can; False when nobody does."""
    if not is_held(lock):
        return False
    for sign in (signal.SIGTERM, signal.SIGKILL):
        pid = _holder(lock)
        # Looked at again: the pid may be another program's once the lock is free.
        if pid is None or not is_held(lock):
            break
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sign)
        if wait_released(lock):
            break
    return True


def _holder(lock: Path) -> int | None:
    """The pid in the lock file, waiting for one that is about to be written; None when there is none to come."""
    until = time.monotonic() + _PATIENCE_S
    while is_held(lock) and time.monotonic() < until:
        text = lock.read_text(encoding="ascii")
        if text.endswith("\n"):
            return int(text)
        time.sleep(_GLANCE_S)
    return None
