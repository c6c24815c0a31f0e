"""Cleans up after a demo whatever becomes of it: waits for its parent to go, ends the processes, removes the folder.

It is a process of its own because a killed program cleans nothing up: when the parent dies, however it dies, the pipe
on this process's standard input closes.
"""

from __future__ import annotations

import contextlib
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType, TracebackType

from ameli_tui.cli.errors import NothingToStop

_KEEP = "--keep"


class Janitor:
    """Holds a demo's home for the length of a ``with`` block; afterwards nothing of it runs, or is left."""

    def __init__(self, home: Path, keep: bool) -> None:
        """``keep``: the folder stays, only the processes end."""
        command = [sys.executable, "-m", "ameli_tui.cli.janitor", str(home), *([_KEEP] if keep else [])]
        # A session of its own: Ctrl-C and a closed terminal reach the parent only.
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            command, stdin=subprocess.PIPE, start_new_session=True)

    def __enter__(self) -> Janitor:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def clean(home: Path, keep: bool) -> None:
    """End what runs in the home and, unless ``keep``, remove it."""
    from ameli_tui.cli.demo_home import stop

    with contextlib.suppress(NothingToStop):  # killed before the demo was made: the folder is all there is
        stop(home)
    if not keep:
        shutil.rmtree(home, ignore_errors=True)


def main(argv: list[str]) -> None:
    """Wait for the end of standard input, then clean."""

    def leave(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit

    signal.signal(signal.SIGTERM, leave)
    try:
        sys.stdin.buffer.read()
    finally:
        clean(Path(argv[0]), _KEEP in argv)


if __name__ == "__main__":
    main(sys.argv[1:])
