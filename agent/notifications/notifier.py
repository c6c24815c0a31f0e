"""Tells each channel once per poll, and remembers which of them work."""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from agent.account import clean_text
from agent.notifications.channels import Channel, Command, Desktop, Notice
from agent.notifications.errors import Failed
from agent.notifications.held import Held
from agent.notifications.texts import backup_text, close_text, news_text, person_text, trial_text
from agent.protocol.process import Channel as ChannelState
from config import clock as wall_clock
from config.quiet_hours import is_quiet
from config.settings import NotifySettings

_log = logging.getLogger(__name__)
REST_AFTER = 3
"""Failures in a row after which a channel is left alone for a while."""
REST_S = 3600.0


@dataclass(slots=True)
class _Health:
    failures: int = 0
    reason: str = ""
    """In words: the error itself would keep alive all that its traceback holds, the vault among it."""
    rest_until: float = 0.0


class Notifier:
    """All channels the settings switch on. A channel that fails is a line in the status, never an error.

    ``lang`` is what they are told in; ``channels`` replaces those of the settings; ``clock`` counts seconds, ``now`` is
    the moment; ``held``: what quiet hours kept back until now. What comes in quiet hours is told when they are over.
    """

    def __init__(
        self, settings: NotifySettings, lang: str, *, channels: Sequence[Channel] | None = None,
        clock: Callable[[], float] = time.monotonic, now: Callable[[], datetime] = wall_clock.now,
        held: Held | None = None,
    ) -> None:
        self.held = held or Held()
        self.counts_only = False
        """Whatever the settings say, no more than how many: nothing else is known while the vault is locked."""
        self._settings, self._now = settings, now
        self._lang = lang if lang in ("fr", "en") else "fr"
        self._clock = clock
        if channels is None:
            channels = [*([Desktop()] if settings.desktop else []),
                        *([Command(settings.command)] if settings.command else [])]
        self._channels = list(channels)
        self._health = {channel.name: _Health() for channel in self._channels}

    async def tell_news(self, counts: Mapping[str, int], *, first: bool = False) -> None:
        """Tell of everything one poll brought, in one notification. The first sync of a vault is no news."""
        new = {kind: number for kind, number in counts.items() if number > 0}
        if first or not new:
            return
        if self._quiet:
            self.held.news(new)
            return
        detail = "count" if self.counts_only else self._settings.detail
        text = news_text(new, detail, self._lang)
        if detail == "count":
            new = {"count": sum(new.values())}
        await self._send(text, {"event": "news", "lang": self._lang, "new": new})

    async def tell_person_needed(self) -> None:
        """Tell that the account waits for the person (a code, a password): not why."""
        if self._quiet:
            self.held.person = True
            return
        await self._send(person_text(self._lang), {"event": "person_needed", "lang": self._lang})

    async def tell_deadlines(self, count: int) -> None:
        """Tell that ``count`` deadlines came close; nothing for none."""
        if self._quiet:
            self.held.deadlines += max(0, count)
        elif count > 0:
            await self._send(close_text(count, self._lang), {"event": "deadlines", "lang": self._lang, "count": count})

    async def tell_backup_failed(self) -> None:
        """Tell that a backup could not be made: not why."""
        if self._quiet:
            self.held.backup = True
            return
        await self._send(backup_text(self._lang), {"event": "backup_failed", "lang": self._lang})

    async def tell_held(self) -> None:
        """Once quiet hours are over, tell what they kept back; nothing in them, or when there is nothing."""
        if self._quiet or not self.held:
            return
        held, self.held = self.held, Held()
        await self.tell_news(held.new)
        if held.person:
            await self.tell_person_needed()
        await self.tell_deadlines(held.deadlines)
        if held.backup:
            await self.tell_backup_failed()

    async def test(self, only: str | None = None) -> dict[str, Failed | None]:
        """Send a harmless notice through every channel that is on, or through ``only`` that one, at any hour.

        By the channel's name: None when it was told, else why not.
        """
        results: dict[str, Failed | None] = {}
        for channel in self._channels:
            if only in (None, channel.name):
                results[channel.name] = await self._tell(
                    channel, trial_text(self._lang), {"event": "test", "lang": self._lang})
        return results

    def close(self) -> None:
        """Let go of what the channels hold."""
        for channel in self._channels:
            channel.close()

    def status(self) -> list[ChannelState]:
        """``[{"name", "ok", "reason"}]`` of each channel."""
        return [{"name": name, "ok": not health.failures, "reason": health.reason}
                for name, health in self._health.items()]

    @property
    def _quiet(self) -> bool:
        hour = self._now().astimezone().hour
        return is_quiet(hour, self._settings.quiet_from, self._settings.quiet_until)

    async def _send(self, text: str, notice: Notice) -> None:
        safe = clean_text(text, 300).replace("\n", " ")
        for channel in self._channels:
            if self._clock() >= self._health[channel.name].rest_until:
                await self._tell(channel, safe, notice)

    async def _tell(self, channel: Channel, text: str, notice: Notice) -> Failed | None:
        health = self._health[channel.name]
        try:
            await channel.send(text, notice)
        except Failed as failure:
            health.failures += 1
            health.reason = clean_text(failure.message(self._lang), 200)
            if health.failures >= REST_AFTER:
                health.rest_until = self._clock() + REST_S
            _log.info("notification through %s failed", channel.name)
            return failure
        self._health[channel.name] = _Health()
        return None
