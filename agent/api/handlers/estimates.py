"""The call that prices care by the rules: pure computation, so it answers whatever the state of the vault."""

import asyncio

from agent.api.handlers.call import Body, Call, Context
from agent.api.parameters import Given
from agent.api.server import Response
from agent.protocol.prices import Estimate
from config.json_value import JsonValue


class EstimateBody(Given, frozen=True):
    """Care to price: one object or a list of them, which the rules read."""

    care: JsonValue


async def estimate(_context: Context, body: EstimateBody, _id: str) -> Response:
    """Price ``care``, one object or a list; the answer has the same shape."""
    return Response.of(await asyncio.to_thread(_price, body.care))


def _price(care: JsonValue) -> Estimate | list[Estimate]:
    from agent.rules import estimate_json  # the tables cost memory that most agents never need

    return estimate_json(care)


CALLS = {("POST", "/v1/estimate"): Call(estimate, Body(EstimateBody), vault=False, use=False)}
