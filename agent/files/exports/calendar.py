"""Deadlines as a calendar (RFC 5545) that any agenda takes in, again and again without doubling an entry."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Literal

_DOMAIN = "ameli-tui"
_ALARMS = (7, 1)
"""Days before a deadline on which the agenda reminds."""
_REMINDED = ("duty", "window")


def calendar(listed: Iterable[Mapping[str, Any]], now: datetime, lang: Literal["fr", "en"] = "fr") -> bytes:
    """The file of ``agent.procedures.deadlines.deadlines``' list: all-day events, each with the same UID every time.

    ``now`` (with its time zone) is written as the day of making. Duties and windows remind 7 days and 1 day before.
    """
    from icalendar import Alarm, Calendar, Event

    found = Calendar()
    found.add("prodid", f"-//{_DOMAIN}//deadlines//{lang.upper()}")
    found.add("version", "2.0")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", "ameli")
    for one in listed:
        title, day = str(one[f"title_{lang}"]), date.fromisoformat(one["due"])
        event = Event()
        event.add("uid", f"{one['id']}@{_DOMAIN}")
        event.add("dtstamp", now)
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        event.add("summary", title)
        event.add("description", _description(one, lang))
        event.add("transp", "TRANSPARENT")
        event.add("categories", [str(one["kind"])])
        if one["kind"] in _REMINDED:
            for before in _ALARMS:
                alarm = Alarm()
                alarm.add("action", "DISPLAY")
                alarm.add("description", title)
                alarm.add("trigger", timedelta(days=-before))
                event.add_component(alarm)
        found.add_component(event)
    return bytes(found.to_ical())


def _description(one: Mapping[str, Any], lang: str) -> str:
    kinds = {
        "duty": ("À faire au plus tard ce jour.", "To be done by this day."),
        "right": ("Délai de la caisse.", "The fund's own limit."),
        "window": ("Une période s'ouvre ou se ferme.", "A period opens or closes."),
        "estimate": ("Estimation.", "An estimate."),
    }
    return f"{kinds[one['kind']][lang == 'en']} ({one['source']})"
