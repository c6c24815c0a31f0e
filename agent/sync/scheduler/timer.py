"""APScheduler as an alarm clock: one job, one date in UTC, nothing else of it is used."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Protocol

_JOB = "next"


class Timer(Protocol):
    """Calls back once at a moment."""

    def start(self) -> None: ...
    def arm(self, at: datetime, callback: Callable[[], Awaitable[None]]) -> None: ...
    def disarm(self) -> None: ...
    def stop(self) -> None: ...


class ApTimer:
    """A Timer over APScheduler 3.11. Needs a running event loop."""

    def __init__(self) -> None:
        from apscheduler.schedulers.asyncio import AsyncIOScheduler

        # The default grace is 1 s: a job that is late after a suspend would be dropped. None means never.
        defaults = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)

    def start(self) -> None:
        """Begin; needs the event loop that will run the callbacks."""
        self._scheduler.start()

    def arm(self, at: datetime, callback: Callable[[], Awaitable[None]]) -> None:
        """Call back at ``at`` (aware), instead of any moment given before."""
        self._scheduler.add_job(callback, "date", run_date=at, id=_JOB, replace_existing=True)

    def disarm(self) -> None:
        """Forget the moment given before."""
        if self._scheduler.get_job(_JOB) is not None:
            self._scheduler.remove_job(_JOB)

    def stop(self) -> None:
        """End for good."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
