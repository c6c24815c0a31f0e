"""The delays that run for one request: from the day it was sent, from an answer, or from a stage."""

from calendar import monthrange
from datetime import date, timedelta
from typing import TypedDict

from agent.procedures.answers import Answers
from agent.procedures.model import Clock, Procedure
from agent.protocol.requests import Need, RunningClock, StageReached
from config.tariffs import UnknownTariff, load


class Starts(TypedDict):
    """What delays of a request start from, beside its answers."""

    sent_at: str | None
    """Moment, ISO."""
    stages: list[StageReached]
    needs: list[Need]


def running(declared: Procedure, values: Answers, record: Starts) -> list[RunningClock]:
    """The delays that run for a request, soonest first.

    A delay whose start has not come is left out, and so is one that no table gives for that day.
    """
    clocks: list[RunningClock] = []
    for clock in declared.clocks:
        start = _start(clock, values, record)
        end = _end(clock.delay, start) if start is not None else None
        if end is not None:
            clocks.append({"name": clock.name, "label_fr": clock.label.fr, "label_en": clock.label.en,
                           "on": end.isoformat(), "kind": clock.kind, "source": clock.source})
    for need in record["needs"]:
        if need["until"]:
            clocks.append({"name": f"paper:{need['paper']}", "label_fr": f"Pièce à envoyer : {need['label_fr']}",
                           "label_en": f"Paper to send: {need['label_en']}", "on": need["until"], "kind": "duty",
                           "source": "the service"})
    return sorted(clocks, key=lambda clock: (clock["on"], clock["name"]))


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


def _start(clock: Clock, values: Answers, record: Starts) -> date | None:
    what, _, name = clock.starts.partition(":")
    if what == "sent":
        return date.fromisoformat(record["sent_at"][:10]) if record["sent_at"] else None
    if what == "answer":
        value = values.get(name)
        return value if isinstance(value, date) else None
    reached = next((stage["on"] for stage in record["stages"] if stage["name"] == name), None)
    return date.fromisoformat(reached) if reached else None


def _end(delay: str, start: date) -> date | None:
    try:
        parameter = load().parameter(delay)
        return after(start, int(parameter.on(start).value), parameter.unit)
    except (UnknownTariff, ValueError):
        # Before the first day that a table knows, or no number of days at all: better no date than a wrong one.
        return None
