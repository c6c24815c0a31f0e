"""A program in a pseudo-terminal, with the time at which its screen holds a text. Measures; asserts nothing."""

import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Sequence
from pathlib import Path

import pyte

_UNKNOWN_TO_PYTE = re.compile(r"\x1b(?:\[[<>=?][0-?]*[ -/]*[@-gi-km-z]|\[[0-?]*[ -/]+[@-~]|[P_^][^\x1b]*\x1b\\)")
_ANSWERS = ((b"\x1b[c", b"\x1b[?62;22c"), (b"\x1b[6n", b"\x1b[1;1R"), (b"\x1b[?2026$p", b"\x1b[?2026;2$y"))


class Session:
    """One run of ``argv``. Bytes are stamped on arrival and rendered afterwards, so rendering is not in the figure."""

    def __init__(self, argv: Sequence[str], env: dict[str, str], columns: int = 120, rows: int = 40) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self.screen)
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self.written = 0
        self.started = time.perf_counter()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            # A user's shell has neither of these, and the first makes every run compile its imports anew.
            kept = {k: v for k, v in env.items() if k not in ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")}
            os.execvpe(argv[0], list(argv), {**kept, "TERM": "xterm-256color", "COLORTERM": "truecolor"})

    def wait_for(self, text: str, patience: float = 30.0) -> float | None:
        """The moment (``perf_counter``) at which the screen held ``text``; None when it did not come."""
        until = time.perf_counter() + patience
        while time.perf_counter() < until:
            if (arrived := self.read(0.05)) is None:
                return None
            if arrived and text in "\n".join(self.screen.display):
                return arrived
        return None

    def read(self, patience: float) -> float | None:
        """Render what comes within ``patience``; its moment, 0.0 when nothing came, None when the program has ended."""
        if not select.select([self._fd], [], [], patience)[0]:
            return 0.0
        try:
            chunk = os.read(self._fd, 1 << 16)
        except OSError:
            return None
        arrived = time.perf_counter()
        if not chunk:
            return None
        self.written += len(chunk)
        for query, answer in _ANSWERS:
            if query in chunk:
                os.write(self._fd, answer)
        self._stream.feed(_UNKNOWN_TO_PYTE.sub("", self._decode(chunk)))
        return arrived

    def settle(self, quiet: float = 0.3) -> None:
        """Read until nothing has come for ``quiet`` seconds."""
        while self.read(quiet):
            pass

    def idle_bytes(self, seconds: float) -> int:
        """What it writes while nobody does anything."""
        before, until = self.written, time.perf_counter() + seconds
        while time.perf_counter() < until:
            self.read(0.1)
        return self.written - before

    def press(self, keys: str) -> float:
        """Send keys and return the moment."""
        os.write(self._fd, keys.encode())
        return time.perf_counter()

    def close(self) -> None:
        """End the program."""
        for sign in (signal.SIGTERM, signal.SIGKILL):
            os.kill(self.pid, sign)
            until = time.perf_counter() + 2
            while time.perf_counter() < until:
                self.read(0.05)
                if os.waitpid(self.pid, os.WNOHANG)[0]:
                    os.close(self._fd)
                    return


def peak_rss_mib(pid: int) -> float:
    """The most memory a process has had so far, in MiB; 0 where the system does not say."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    return int(status.split("VmHWM:")[1].split()[0]) / 1024
