"""The delays that run for one request: from the day it was sent, from an answer, or from a stage."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from agent.procedures.answers import Answers
from agent.procedures.model import Clock, Procedure
from agent.protocol.requests import RunningClock
from config.tariffs import UnknownTariff, load


def running(asked: Procedure, values: Answers, record: Mapping[str, Any]) -> list[RunningClock]:
    """The delays that run, soonest first.

    ``record`` has ``sent_at`` (ISO, or None), ``stages`` (``[{"name", "on"}]``), ``needs`` (``[{"paper", "until"}]``).
    A delay whose start has not come is left out, and so is one that no table gives for that day.
    """
    found: list[RunningClock] = []
    for clock in asked.clocks:
        start = _start(clock, values, record)
        end = _end(clock.delay, start) if start is not None else None
        if end is not None:
            found.append({"name": clock.name, "label_fr": clock.label.fr, "label_en": clock.label.en,
                          "on": end.isoformat(), "kind": clock.kind, "source": clock.source})
    for need in record["needs"]:
        if need["until"]:
            found.append({"name": f"paper:{need['paper']}", "label_fr": f"Pièce à envoyer : {need['label_fr']}",
                          "label_en": f"Paper to send: {need['label_en']}", "on": need["until"], "kind": "duty",
                          "source": "the service"})
    return sorted(found, key=lambda one: (one["on"], one["name"]))


def after(start: date, number: int, unit: str) -> date:
    """The day so many ``days``, ``months`` or ``years`` after ``start`` (before it when negative).

    The last of the month where it has no such day. Raises ValueError for a unit that counts no days.
    """
    if unit == "days":
        return start + timedelta(days=number)
    if unit not in ("months", "years"):
        raise ValueError(f"{unit}: no days are counted so")
    year, month = divmod(start.year * 12 + start.month - 1 + number * (12 if unit == "years" else 1), 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def _start(clock: Clock, values: Answers, record: Mapping[str, Any]) -> date | None:
    what, _, name = clock.starts.partition(":")
    if what == "sent":
        return date.fromisoformat(record["sent_at"][:10]) if record["sent_at"] else None
    if what == "answer":
        value = values.get(name)
        return value if isinstance(value, date) else None
    reached = next((one["on"] for one in record["stages"] if one["name"] == name), None)
    return date.fromisoformat(reached) if reached else None


def _end(delay: str, start: date) -> date | None:
    try:
        parameter = load().parameter(delay)
        return after(start, int(parameter.on(start).value), parameter.unit)
    except (UnknownTariff, ValueError):
        # Before the first day that a table knows, or no number of days at all: better no date than a wrong one.
        return None
