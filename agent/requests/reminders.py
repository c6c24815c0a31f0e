"""Deadlines of an open vault: gathered, and those that came close since the last reminder."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from agent.procedures.deadlines.clocks import running
from agent.procedures.deadlines.deadlines import (
    SOON_DAYS,
    DeadlineFacts,
    RunningRequest,
    deadlines,
    matters,
    soon,
)
from agent.procedures.errors import NoSuchProcedure
from agent.procedures.model import Both, World
from agent.procedures.newcomer.questions import the_way
from agent.procedures.registry import procedure
from agent.procedures.summary import reread
from agent.protocol.deadlines import Deadline
from agent.protocol.requests import RequestRecord, RunningClock
from agent.store import Store


def gather(store: Store, world: World) -> list[Deadline]:
    """Every deadline, soonest first."""
    trusted = store.account.trusted.read()
    newcomer = store.account.newcomer.read()
    return deadlines(DeadlineFacts(
        requests=[_with_delays(record, world) for record in store.requests.all()], messages=store.messages.all(),
        situations=world.situations, trusted_since=date.fromisoformat(trusted["since"]) if trusted else None,
        newcomer=the_way(newcomer["told"], world) if newcomer else None), world.today)


def newly_close(store: Store, world: World) -> int:
    """How many deadlines came close since this was last asked; each counts once."""
    close = [f"{day['id']}|{day['due']}" for day in soon(gather(store, world))]
    reminded = store.account.reminded.read()
    before = reminded["ids"] if reminded else []
    if close != before:
        with store.step():
            store.account.reminded.write({"ids": close} if close else None)
    return len(set(close) - set(before))


def close_on(store: Store, world: World) -> list[str]:
    """ISO days to come on which a deadline comes close, one for each: no titles."""
    near = (date.fromisoformat(day["due"]) - timedelta(days=SOON_DAYS)
            for day in gather(store, world) if matters(day) and day["days_left"] > SOON_DAYS)
    return sorted(day.isoformat() for day in near)


def _with_delays(record: RequestRecord, world: World) -> RunningRequest:
    """A request with its title and the delays that run for it."""
    try:
        declared = procedure(record["procedure"])
    except NoSuchProcedure:  # kept by a newer version of the program
        return _running(record, Both(record["procedure"], record["procedure"]), [])
    if record["declared_on"]:  # what was to come on that day may be past now
        world = replace(world, today=date.fromisoformat(record["declared_on"]))
    return _running(record, declared.title, running(declared, reread(declared, record["answers"], world), record))


def _running(record: RequestRecord, title: Both, clocks: list[RunningClock]) -> RunningRequest:
    return {"id": record["id"], "procedure": record["procedure"], "status": record["status"],
            "reference": record["reference"], "decision": record["decision"], "sent_at": record["sent_at"],
            "moved_by": record["moved_by"], "title_fr": title.fr, "title_en": title.en, "deadlines": clocks}
