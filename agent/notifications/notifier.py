"""Tells each channel once per poll, and remembers which of them work."""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from agent.account import clean_text
from agent.notifications.channels import Channel, Command, Desktop, Failed, Notice
from agent.notifications.texts import backup_text, close_text, news_text, person_text
from agent.protocol.process import Channel as ChannelState
from config.settings import NotifySettings

_log = logging.getLogger(__name__)
REST_AFTER = 3
"""Failures in a row after which a channel is left alone for a while."""
REST_S = 3600.0


@dataclass(slots=True)
class _Health:
    failures: int = 0
    reason: str = ""
    rest_until: float = 0.0


class Notifier:
    """All channels the settings switch on. A channel that fails is a line in the status, never an error.

    ``lang`` is what they are told in; ``channels`` replaces those of the settings; ``clock`` counts seconds.
    """

    def __init__(
        self, settings: NotifySettings, lang: str, *, channels: Sequence[Channel] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._lang = lang if lang in ("fr", "en") else "fr"
        self._detail = settings.detail
        self._clock = clock
        if channels is None:
            channels = [*([Desktop()] if settings.desktop else []),
                        *([Command(settings.command)] if settings.command else [])]
        self._channels = list(channels)
        self._health = {channel.name: _Health() for channel in self._channels}

    async def tell_news(self, counts: Mapping[str, int], *, first: bool = False) -> None:
        """Tell of everything one poll brought, in one notification. The first sync of a vault is no news."""
        text = news_text(counts, self._detail, self._lang)
        if first or not text:
            return
        new = {kind: number for kind, number in counts.items() if number > 0}
        if self._detail == "count":
            new = {"count": sum(new.values())}
        await self._send(text, {"event": "news", "lang": self._lang, "new": new})

    async def tell_person_needed(self) -> None:
        """Tell that the account waits for the person (a code, a password): not why."""
        await self._send(person_text(self._lang), {"event": "person_needed", "lang": self._lang})

    async def tell_deadlines(self, count: int) -> None:
        """Tell that ``count`` deadlines came close; nothing for none."""
        if count > 0:
            await self._send(close_text(count, self._lang), {"event": "deadlines", "lang": self._lang, "count": count})

    async def tell_backup_failed(self) -> None:
        """Tell that a backup could not be made: not why."""
        await self._send(backup_text(self._lang), {"event": "backup_failed", "lang": self._lang})

    def status(self) -> list[ChannelState]:
        """``[{"name", "ok", "reason"}]`` of each channel."""
        return [{"name": name, "ok": not health.failures, "reason": health.reason}
                for name, health in self._health.items()]

    async def _send(self, text: str, notice: Notice) -> None:
        safe = clean_text(text, 300).replace("\n", " ")
        for channel in self._channels:
            health = self._health[channel.name]
            if self._clock() < health.rest_until:
                continue
            try:
                await channel.send(safe, notice)
            except Failed as failure:
                health.failures += 1
                health.reason = clean_text(str(failure), 200)
                if health.failures >= REST_AFTER:
                    health.rest_until = self._clock() + REST_S
                _log.info("notification through %s failed", channel.name)
            else:
                health.failures, health.reason = 0, ""
