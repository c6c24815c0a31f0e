"""Calls about last days: the list, and the calendar made of it."""

from dataclasses import replace
from datetime import date
from typing import Any, Literal

from agent.api.calls import Call, Context
from agent.procedures.clocks import running
from agent.procedures.deadlines import Known, deadlines
from agent.procedures.errors import NoSuchProcedure
from agent.procedures.model import World
from agent.procedures.registry import procedure
from agent.procedures.summary import reread
from agent.server import Request, Response
from config import clock


async def _list(context: Context) -> list[dict[str, Any]]:
    store, world = context.agent.store, context.agent.errands.asking.world()
    trusted = store.account.read("trusted")
    owed = await context.agent.money.owed()
    return deadlines(Known(
        requests=[_with_delays(one, world) for one in store.requests.all()], messages=store.messages(),
        situations=world.situations, trusted_since=date.fromisoformat(trusted["since"]) if trusted else None,
        care=owed.get("missing") or ()), world.today)


def _with_delays(record: dict[str, Any], world: World) -> dict[str, Any]:
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


async def listed(context: Context, _request: Request, _id: str) -> Response:
    """Every deadline, soonest first."""
    return Response.of(await _list(context))


async def calendar(context: Context, request: Request, _id: str) -> Response:
    """The same as a calendar file, in the language of ``lang`` (``fr`` by default)."""
    from agent.exchange import calendar as made

    lang: Literal["fr", "en"] = "en" if request.query.get("lang") == "en" else "fr"
    return Response(made.calendar(await _list(context), clock.now(), lang), media_type="text/calendar")


CALLS = {
    ("GET", "/v1/deadlines"): Call(listed),
    ("GET", "/v1/deadlines/calendar"): Call(calendar),
}
