"""A terminal of our own: the program runs in a pseudo-terminal, pyte shows what a person would see."""

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyte

ROOT = Path(__file__).parents[2]


class Terminal:
    """A running program and its screen."""

    def __init__(self, pid: int, handle: int, cols: int, rows: int) -> None:
        self.pid = pid
        self._handle = handle
        self.screen = pyte.Screen(cols, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.received = bytearray()
        """Every byte the program has written."""
        self.status: int | None = None

    @property
    def text(self) -> str:
        """What is in sight."""
        return "\n".join(line.rstrip() for line in self.screen.display).replace("\xa0", " ")

    def read(self, seconds: float) -> bytes:
        """Take what is written within this time."""
        end, taken = time.monotonic() + seconds, bytearray()
        while (left := end - time.monotonic()) > 0:
            if not select.select([self._handle], [], [], left)[0]:
                break
            try:
                chunk = os.read(self._handle, 65536)
            except OSError:
                break
            if not chunk:
                break
            taken += chunk
            # pyte prints the letters of private sequences that it does not know.
            self._stream.feed(chunk.replace(b"\x1b[>", b"\x1b[?").replace(b"\x1b[<", b"\x1b[?"))
        self.received += taken
        return bytes(taken)

    def until(self, text: str, seconds: float = 15.0) -> None:
        """Wait until a text is in sight."""
        end = time.monotonic() + seconds
        while text not in self.text:
            assert time.monotonic() < end, f"never saw {text!r} in\n{self.text}"
            self.read(0.05)

    def rest(self, seconds: float = 15.0) -> None:
        """Wait until nothing is loaded and nothing more is written."""
        end = time.monotonic() + seconds
        while self.read(0.4) or "Chargement…" in self.text:
            assert time.monotonic() < end, f"the screen never came to rest\n{self.text}"

    def send(self, data: bytes) -> None:
        """Type."""
        os.write(self._handle, data)

    def wait(self, seconds: float = 10.0) -> int:
        """Wait for the end of the program and return its exit code."""
        end = time.monotonic() + seconds
        while self.status is None and time.monotonic() < end:
            self.read(0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
        assert self.status is not None, "the program did not end"
        while self.read(1.0):  # what it wrote last, up to the end of the terminal
            pass
        return self.status


@contextmanager
def terminal(
    home: Path, *command: str, cols: int = 80, rows: int = 24, **environ: str | None
) -> Iterator[Terminal]:
    """Run ``python -m ameli_tui`` (or ``command``) in a terminal of its own; it is ended afterwards."""
    env = {**os.environ, "AMELI_HOME": str(home), "AMELI_LANG": "fr", "TERM": "xterm-256color",
           "COLORTERM": "truecolor", "PYTHONPATH": str(ROOT)}
    env = {name: value for name, value in (env | environ).items() if value is not None}
    pid, handle = pty.fork()
    if pid == 0:
        # Set on this side: the program may ask for its size before the other side has run at all.
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
        os.execve(sys.executable, [sys.executable, *(command or ("-m", "ameli_tui"))], env)
    one = Terminal(pid, handle, cols, rows)
    try:
        yield one
    finally:
        if one.status is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        os.close(handle)
