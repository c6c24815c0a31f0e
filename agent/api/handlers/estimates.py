"""The call that prices care by the rules: pure computation, so it answers whatever the state of the vault."""

import asyncio
from typing import Any

from agent.api.handlers.call import Call, Context
from agent.api.server import Request, Response
from agent.core.refusals import BadRequest
from agent.protocol.money import Estimate


async def estimate(_context: Context, request: Request, _id: str) -> Response:
    """Price ``care``, one object or a list; the answer has the same shape."""
    body = request.json()
    if "care" not in body:
        raise BadRequest(what="“care” is missing", fr="« care » manque")
    return Response.of(await asyncio.to_thread(_price, body["care"]))


def _price(care: Any) -> Estimate | list[Estimate]:
    from agent.rules import estimate_json  # the tables cost memory that most agents never need

    return estimate_json(care)


CALLS = {("POST", "/v1/estimate"): Call(estimate, use=False)}
