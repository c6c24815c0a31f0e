"""Calls about last days: the list, and the calendar made of it."""

import asyncio
from typing import Literal

from agent.api.handlers.call import Call, Context, Query, nothing
from agent.api.parameters import Given, Nothing
from agent.api.server import Response
from agent.core.agent import Agent
from agent.protocol.deadlines import Deadline
from agent.requests.reminders import gather
from config import clock


class CalendarQuery(Given, frozen=True):
    """In which language."""

    lang: str = "fr"


async def running(agent: Agent) -> list[Deadline]:
    """Every deadline, soonest first."""
    store, world = agent.store, agent.open_vault.requests.world()
    return await asyncio.to_thread(gather, store, world)


async def listed(context: Context, _nothing: Nothing, _id: str) -> Response:
    """Every deadline, soonest first."""
    return Response.of(await running(context.agent))


async def calendar(context: Context, query: CalendarQuery, _id: str) -> Response:
    """The same as a calendar file, in the language of ``lang`` (``fr`` by default)."""
    from agent.files.exports import calendar as made

    lang: Literal["fr", "en"] = "en" if query.lang == "en" else "fr"
    return Response(made.calendar(await running(context.agent), clock.now(), lang), media_type="text/calendar")


CALLS = {
    ("GET", "/v1/deadlines"): Call(listed, nothing),
    ("GET", "/v1/deadlines/calendar"): Call(calendar, Query(CalendarQuery)),
}
