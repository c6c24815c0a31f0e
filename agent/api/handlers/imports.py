"""The calls that take files in, and tell which were."""

import asyncio
from dataclasses import replace

from agent.api.handlers.call import Call, Context, number
from agent.api.server import Request, Response
from agent.core.memory import give_back
from agent.core.refusals import BadRequest
from agent.files.imports import take_file
from agent.files.imports.kept_statements import read_kept
from agent.protocol.events import IMPORTED, REQUESTS_CHANGED
from agent.protocol.files import TakenStatements

_LARGE = 4 << 20
_WORDS = {"yes": True, "no": False}
_ANSWERED_S = 0.5
"""After so long the answer is sent and nothing holds the file any more."""


async def take(context: Context, request: Request, _id: str) -> Response:
    """Take in the file of the body, called ``name``: what it was, and what of it is new.

    ``mine`` (``yes``, ``no``) is the person's answer to the question whose it is.
    """
    agent = context.agent
    desk = agent.desk
    name, word = request.query.get("name", ""), request.query.get("mine")
    if not name:
        raise BadRequest(what="“name” is missing")
    if word not in (None, *_WORDS):
        raise BadRequest(what="“mine” is yes or no")
    desk = replace(desk, mine=_WORDS[word] if word is not None else None)
    taken = await take_file(desk, name, bytes(request.body))
    if taken.new:
        agent.events.publish(IMPORTED({"file": taken.kind, "new": taken.new}))
        # a recorded session brings messages
        if changed := await agent.store.write(agent.errands.asking.by_hand.read_inbox):
            agent.events.publish(REQUESTS_CHANGED({"ids": changed, "sent": 0}))
    if len(request.body) > _LARGE:
        asyncio.get_running_loop().call_later(_ANSWERED_S, give_back)
    return Response.of(taken.shape())


async def read_statements(context: Context, _request: Request, _id: str) -> Response:
    """Read the monthly statements that are kept for the payments in them."""
    agent = context.agent
    answers = await read_kept(agent.desk)
    if new := sum(one["new"] for one in answers):
        agent.events.publish(IMPORTED({"file": "statement", "new": new}))
    found: TakenStatements = {"files": answers}
    return Response.of(found)


async def taken(context: Context, request: Request, _id: str) -> Response:
    """The files taken in, newest first."""
    return Response.of(context.agent.store.imports.newest(number(request, "limit", 50, 1000) or 0))


CALLS = {
    ("POST", "/v1/import"): Call(take),
    ("POST", "/v1/import/statements"): Call(read_statements),
    ("GET", "/v1/imports"): Call(taken),
}
