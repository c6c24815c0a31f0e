"""Cleans up after a demo whatever becomes of it: waits for its parent to go, ends the processes, removes the folder.

It is a process of its own because a killed program cleans nothing up: when the parent dies, however it dies, the pipe
on this process's standard input closes.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType, TracebackType

from config.python_process import python_command, python_environment

_KEEP = "--keep"
_DONE = b"done"
"""What a parent says that ends in good order."""
_LOOKS = 6
"""Times in a row that nothing may be found: a process on its way holds its lock within three seconds, or never will."""
_PAUSE_S = 0.5


class Janitor:
    """Holds a demo's home for the length of a ``with`` block; afterwards nothing of it runs, or is left."""

    def __init__(self, home: Path, keep: bool) -> None:
        """``keep``: the folder stays, only the processes end."""
        command = python_command("ameli_tui.cli.demo.janitor", str(home), *([_KEEP] if keep else []))
        # A session of its own: Ctrl-C and a closed terminal reach the parent only.
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            command, stdin=subprocess.PIPE, start_new_session=True, env=python_environment(os.environ))

    def __enter__(self) -> Janitor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate(_DONE)


def clean(home: Path, keep: bool) -> None:
    """End what runs in the home and, unless ``keep``, remove it."""
    from ameli_tui.cli.demo.home import end_all

    end_all(home)
    if not keep:
        shutil.rmtree(home, ignore_errors=True)


def main(argv: list[str]) -> None:
    """Wait for the end of standard input, then clean."""

    def leave(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit

    signal.signal(signal.SIGTERM, leave)
    home, keep = Path(argv[0]), _KEEP in argv
    try:
        if sys.stdin.buffer.read() != _DONE:
            _outlast(home)
    finally:
        clean(home, keep)


def _outlast(home: Path) -> None:
    """End what a killed parent was about to start. The folder stays meanwhile: it holds the locks that tell of it."""
    from ameli_tui.cli.demo.home import end_all

    quiet = 0
    while quiet < _LOOKS:
        quiet = 0 if end_all(home) else quiet + 1
        time.sleep(_PAUSE_S)


if __name__ == "__main__":
    main(sys.argv[1:])
