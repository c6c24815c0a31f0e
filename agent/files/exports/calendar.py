"""Deadlines as a calendar (RFC 5545) that any agenda takes in, again and again without doubling an entry."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Literal

from agent.protocol.deadlines import Deadline, DeadlineKind

_DOMAIN = "ameli-tui"
_ALARMS = (7, 1)
"""Days before a deadline on which the agenda reminds."""
_REMINDED = ("duty", "window")


def calendar(listed: Iterable[Deadline], now: datetime, lang: Literal["fr", "en"] = "fr") -> bytes:
    """The file of ``agent.procedures.deadlines.deadlines``' list: all-day events, each with the same UID every time.

    ``now`` (with its time zone) is written as the day of making. Duties and windows remind 7 days and 1 day before.
    """
    from icalendar import Alarm, Calendar, Event

    diary = Calendar()
    diary.add("prodid", f"-//{_DOMAIN}//deadlines//{lang.upper()}")
    diary.add("version", "2.0")
    diary.add("method", "PUBLISH")
    diary.add("x-wr-calname", "ameli")
    for deadline in listed:
        title, day = deadline["title_fr"] if lang == "fr" else deadline["title_en"], date.fromisoformat(deadline["due"])
        event = Event()
        event.add("uid", f"{deadline['id']}@{_DOMAIN}")
        event.add("dtstamp", now)
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        event.add("summary", title)
        event.add("description", _description(deadline, lang))
        event.add("transp", "TRANSPARENT")
        event.add("categories", [deadline["kind"]])
        if deadline["kind"] in _REMINDED:
            for before in _ALARMS:
                alarm = Alarm()
                alarm.add("action", "DISPLAY")
                alarm.add("description", title)
                alarm.add("trigger", timedelta(days=-before))
                event.add_component(alarm)
        diary.add_component(event)
    return bytes(diary.to_ical())


def _description(deadline: Deadline, lang: Literal["fr", "en"]) -> str:
    kinds: dict[DeadlineKind, tuple[str, str]] = {
        "duty": ("À faire au plus tard ce jour.", "To be done by this day."),
        "right": ("Délai de la caisse.", "The fund's own limit."),
        "window": ("Une période s'ouvre ou se ferme.", "A period opens or closes."),
        "estimate": ("Estimation.", "An estimate."),
    }
    return f"{kinds[deadline['kind']][lang == 'en']} ({deadline['source']})"
