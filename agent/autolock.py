"""When an open vault closes by itself: after a time without use, and after a time whatever happens."""

import time
from collections.abc import Callable
from typing import Literal


def boottime() -> float:
    """Seconds that also pass while the machine sleeps: a closed lid must not keep the vault open."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


class AutoLock:
    """Two deadlines, on a clock that counts sleep."""

    def __init__(self, idle_s: float, most_s: float, clock: Callable[[], float] = boottime) -> None:
        """``idle_s``: seconds without use; ``most_s``: seconds since opening. Zero or less switches one off."""
        self.idle_s = idle_s
        self.most_s = most_s
        self._clock = clock
        self._opened: float | None = None
        self._used = 0.0

    def opened(self) -> None:
        """The vault was opened: both deadlines start."""
        self._opened = self._used = self._clock()

    def closed(self) -> None:
        """The vault was locked: no deadline runs."""
        self._opened = None

    def touch(self) -> None:
        """The vault was used by a person."""
        self._used = self._clock()

    def due(self) -> Literal["idle", "limit"] | None:
        """Why the vault must be locked now, or None."""
        if self._opened is None:
            return None
        now = self._clock()
        if self.most_s > 0 and now - self._opened >= self.most_s:
            return "limit"
        if self.idle_s > 0 and now - self._used >= self.idle_s:
            return "idle"
        return None
