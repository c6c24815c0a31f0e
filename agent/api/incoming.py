"""The call that takes a file in."""

from agent.api.calls import Call, Context
from agent.incoming import Desk, take_file
from agent.refusals import BadRequest
from agent.server import Request, Response
from config import clock


async def take(context: Context, request: Request, _id: str) -> Response:
    """Take in the file of the body, called ``name``: what it was, and what of it is new."""
    agent = context.agent
    desk = Desk(agent.store, agent.money, clock.now, agent.settings.portal.base_url)
    name = request.query.get("name", "")
    if not name:
        raise BadRequest(what="“name” is missing")
    taken = await take_file(desk, name, bytes(request.body))
    if taken.new:
        agent.events.publish("imported", file=taken.kind, new=taken.new)
    return Response.of(taken.shape())


CALLS = {("POST", "/v1/import"): Call(take)}
