"""The arithmetic of the schedule: pure, with time, chance and place handed in."""

import math
from datetime import UTC, datetime, timedelta, tzinfo
from random import Random

import msgspec
from msgspec.structs import replace

from agent.store.account_records import PlanRecord
from config.bounds import LEAST_HOURS, LEAST_LOCAL_S, MOST_HOURS, MOST_JITTER
from config.settings import SyncSettings

BACKOFF_FROM_S, BACKOFF_TO_S = 5 * 60.0, 6 * 3600.0
GIVE_UP_AFTER = 5
"""Failures in a row after which only one try a day is made."""
REST_S = 24 * 3600.0
GRACE_S = (30.0, 120.0)
"""After a start or resume the network needs a moment."""
SETTLE_S = 30 * 60.0
"""Runs held back by the night are spread over this time in the morning."""


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """Where the schedule stands; JSON-able, kept in the vault."""

    next_run: datetime | None = None
    last_success: datetime | None = None
    failures: int = 0
    """In a row."""
    delay_s: float = 0.0
    """The last back-off."""
    waiting_for: str | None = None
    """Code of the problem only the person can clear; no automatic run while it is set."""

    @property
    def paused(self) -> bool:
        """The breaker is open: too many failures in a row."""
        return self.failures >= GIVE_UP_AFTER

    def to_json(self) -> PlanRecord:
        """As the vault keeps it."""
        record: PlanRecord = msgspec.to_builtins(self)
        return record

    @classmethod
    def from_json(cls, record: PlanRecord | None) -> "Plan":
        """Read what ``to_json`` wrote; None means a fresh plan."""
        return msgspec.convert(record, cls) if record else cls()


class Planner:
    """Chooses moments. ``zone`` is where the person sleeps; None asks the system at each call.

    Settings are checked where they are read; here whatever they say is held within the same bounds once more, so that
    no mistake elsewhere ever makes the service answer every second.
    """

    def __init__(
        self, settings: SyncSettings, rng: Random, zone: tzinfo | None = None, *, local: bool = False
    ) -> None:
        """``local``: the service is a stand-in on this machine, which may be asked every few seconds."""
        self._settings = settings
        self._rng = rng
        self._zone = zone
        self._least_s = LEAST_LOCAL_S if local else LEAST_HOURS * 3600

    @property
    def usual(self) -> timedelta:
        """The time between two runs."""
        return timedelta(seconds=_within(self._settings.every_h * 3600, self._least_s, MOST_HOURS * 3600))

    @property
    def longest(self) -> timedelta:
        """No plan lies further ahead than this: anything later is a clock error."""
        usual = self.usual.total_seconds() * (1 + self._jitter)
        return timedelta(seconds=max(usual, REST_S * 1.2) + SETTLE_S, hours=24)

    @property
    def _jitter(self) -> float:
        return _within(self._settings.jitter, 0.0, MOST_JITTER)

    def after_success(self, now: datetime) -> datetime:
        """The next regular run."""
        spread = self._rng.uniform(-self._jitter, self._jitter)
        wait = max(self._least_s, self.usual.total_seconds() * (1 + spread))
        return self.awake(now + timedelta(seconds=wait))

    def overdue(self, plan: Plan, kept: datetime) -> bool:
        """Whether ``kept``, the next regular run, lies later than any that would be planned now."""
        if plan.last_success is None or plan.failures:
            return False
        latest = self.usual * (1 + self._jitter)
        return kept > self.awake(plan.last_success + latest) + timedelta(seconds=SETTLE_S)

    def after_failure(self, plan: Plan, now: datetime, retry_after: float | None) -> Plan:
        """``plan``, which already counts this failure, with its next try and the back-off that the next one grows from.

        ``retry_after``: seconds that the service asks to be left alone.
        """
        if plan.paused:
            delay_s = REST_S * self._rng.uniform(0.9, 1.1)
        else:
            previous = plan.delay_s or BACKOFF_FROM_S
            delay_s = min(BACKOFF_TO_S, self._rng.uniform(BACKOFF_FROM_S, 3 * previous))
        wait = max(delay_s, min(retry_after or 0.0, REST_S))
        return replace(plan, delay_s=delay_s, next_run=self.awake(now + timedelta(seconds=wait)))

    def soon(self, now: datetime) -> datetime:
        """A moment for the network, then now."""
        return self.awake(now + timedelta(seconds=self._rng.uniform(*GRACE_S)))

    def awake(self, moment: datetime) -> datetime:
        """``moment``, or the morning after when it falls into the quiet hours."""
        start, end = (int(_within(hour, 0, 23)) for hour in (self._settings.quiet_from, self._settings.quiet_until))
        if start == end:
            return moment
        local = moment.astimezone(self._zone)
        hour = local.hour
        quiet = start <= hour < end if start < end else hour >= start or hour < end
        if not quiet:
            return moment
        day = local.date() + timedelta(days=1 if start > end and hour >= start else 0)
        naive = datetime(day.year, day.month, day.day, end)
        morning = naive.replace(tzinfo=self._zone) if self._zone else naive.astimezone()
        return morning.astimezone(UTC) + timedelta(seconds=self._rng.uniform(0, SETTLE_S))


def _within(value: float, least: float, most: float) -> float:
    """``value`` held within bounds; what is not a number at all is the most: the kindest."""
    return most if math.isnan(value) else max(least, min(value, most))
