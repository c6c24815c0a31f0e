"""``ameli notify test``: a harmless notice through each channel, and what became of it in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.notifications.errors import ChannelOff, Failed, NoScreen
from agent.protocol.events import NOTICE_TEST

if TYPE_CHECKING:
    from agent.core.events import Events
    from agent.notifications import Notifier
    from agent.protocol.problems import Bilingual
    from agent.protocol.process import NoticeTried
    from config.settings import Settings

_ON = {"desktop": "notify.desktop true", "command": "notify.command …", "terminal": "notify.terminal bell"}
"""By the name of a channel, what ``ameli config set`` is given to switch it on."""
_SAID: dict[str, Bilingual] = {
    "desktop": {"fr": "Le bureau a pris l'avis.", "en": "The desktop took the notice."},
    "command": {"fr": "Le programme a pris l'avis.", "en": "The program took the notice."},
    "terminal": {"fr": "L'avis est passé aux écrans ouverts.", "en": "The notice was passed on to the open screens."},
}


async def try_notices(notifier: Notifier, settings: Settings, events: Events, only: str | None) -> list[NoticeTried]:
    """What became of a test notice, for every channel that is on, or for ``only`` that one, be it on or off."""
    results = await notifier.test(only)
    if settings.bell and settings.notify.terminal != "off" and only in (None, "terminal"):
        results["terminal"] = None if events.listeners else NoScreen()
        events.publish(NOTICE_TEST({}))
    if only is not None and only not in results:
        setting = "bell true" if only == "terminal" and not settings.bell else _ON[only]
        results[only] = ChannelOff(setting=setting)
    return [_tried(name, failure) for name, failure in results.items()]


def _tried(name: str, failure: Failed | None) -> NoticeTried:
    if failure is None:
        return {"name": name, "ok": True, "said": _SAID[name], "cure": {"fr": "", "en": ""}}
    problem = failure.problem()
    return {"name": name, "ok": False, "said": problem["message"], "cure": problem["hint"]}
