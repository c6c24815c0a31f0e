"""Deadlines of an open vault: gathered, and those that came close since the person was last told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from agent.procedures.deadlines.clocks import running
from agent.procedures.deadlines.deadlines import Known, deadlines, soon
from agent.procedures.errors import NoSuchProcedure
from agent.procedures.model import World
from agent.procedures.newcomer.questions import the_way
from agent.procedures.registry import procedure
from agent.procedures.summary import reread
from agent.protocol.deadlines import Deadline
from agent.protocol.requests import RequestRecord
from agent.store import Store

NEWCOMER = "newcomer"
"""The record of what a newcomer told of the way from arrival to card."""
_TOLD = "reminded"
"""The record of deadlines already told, by id and day."""


def gather(store: Store, world: World, care: Sequence[Mapping[str, Any]] = ()) -> list[Deadline]:
    """Every deadline, soonest first. ``care``: care never paid back, see ``Known``."""
    trusted = store.account.read("trusted")
    told = (store.account.read(NEWCOMER) or {}).get("told")
    return deadlines(Known(
        requests=[_with_delays(one, world) for one in store.requests.all()], messages=store.messages(),
        situations=world.situations, trusted_since=date.fromisoformat(trusted["since"]) if trusted else None,
        care=care, newcomer=the_way(told, world) if told else None), world.today)


def newly_close(store: Store, world: World) -> int:
    """How many deadlines came close since this was last asked; each counts once."""
    close = [f"{one['id']}|{one['due']}" for one in soon(gather(store, world))]
    told = (store.account.read(_TOLD) or {}).get("ids") or []
    if close != told:
        with store.step():
            store.account.write(_TOLD, {"ids": close} if close else None)
    return len(set(close) - set(told))


def _with_delays(record: RequestRecord, world: World) -> Mapping[str, Any]:
    """A request with its title and the delays that run for it."""
    try:
        asked = procedure(record["procedure"])
    except NoSuchProcedure:  # kept by a newer version of the program
        return {**record, "title_fr": record["procedure"], "title_en": record["procedure"], "deadlines": []}
    if record["declared_on"]:  # what was to come on that day may be past now
        world = replace(world, today=date.fromisoformat(record["declared_on"]))
    values = reread(asked, record["answers"], world)
    return {**record, "title_fr": asked.title.fr, "title_en": asked.title.en,
            "deadlines": running(asked, values, record)}
