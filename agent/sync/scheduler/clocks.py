"""The three clocks whose differences tell a suspend from a clock set by hand."""

import time
from datetime import UTC, datetime
from typing import NamedTuple, Protocol


class Reading(NamedTuple):
    """One look at all clocks."""

    wall: datetime
    """UTC; jumps when somebody sets it."""
    awake: float
    """Seconds; stands still during suspend (``CLOCK_MONOTONIC``)."""
    passed: float
    """Seconds; goes on during suspend (``CLOCK_BOOTTIME``)."""


class Clocks(Protocol):
    """Something that can be asked for the time."""

    def read(self) -> Reading: ...


class SystemClocks:
    """The machine's clocks."""

    def read(self) -> Reading:
        """Now. Where there is no ``CLOCK_BOOTTIME`` (macOS), suspend shows as a jump of the wall clock."""
        boot = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
        return Reading(datetime.now(UTC), time.monotonic(), time.clock_gettime(boot))
