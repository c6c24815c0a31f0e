"""When an open vault closes by itself: after a time without use, and after a time whatever happens."""

import math
import time
from collections.abc import Callable
from typing import Literal

from config.settings import AgentSettings

MOST_S = 7 * 24 * 3600.0
"""No deadline that is set lies further ahead."""


def boottime() -> float:
    """Seconds that also pass while the machine sleeps: a closed lid must not keep the vault open."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def deadlines(settings: AgentSettings) -> tuple[float | None, float | None]:
    """Seconds without use and seconds altogether until the vault is locked; None for never."""
    minutes, hours = settings.lock_after_min, settings.lock_at_most_h
    return (None if minutes == "never" else minutes * 60), (None if hours == "never" else hours * 3600)


class AutoLock:
    """Two deadlines, on a clock that counts sleep."""

    def __init__(
        self, idle_s: float | None, most_s: float | None, clock: Callable[[], float] = boottime
    ) -> None:
        """``idle_s``: seconds without use; ``most_s``: seconds since opening. None alone means never: what is no
        length of time (zero, less, not a number) has passed at once, since nobody chose an open vault by it."""
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
        if _over(now - self._opened, self.most_s):
            return "limit"
        if _over(now - self._used, self.idle_s):
            return "idle"
        return None


def _over(passed: float, deadline_s: float | None) -> bool:
    if deadline_s is None:
        return False
    return math.isnan(deadline_s) or passed >= min(deadline_s, MOST_S)
