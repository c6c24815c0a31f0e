"""Calls about the soundness of the vault's files, and of documents that are damaged."""

from functools import partial

from agent.api.handlers.call import Call, Context, nothing
from agent.api.parameters import Nothing
from agent.api.server import Response
from agent.core.verify import verify as verify_vault


async def verify(context: Context, _nothing: Nothing, _id: str) -> Response:
    """Read every byte of the vault and its documents; mend what can be, and tell the rest."""
    return Response.of(await verify_vault(context.agent.vault, context.agent.store))


async def forget(context: Context, _nothing: Nothing, identifier: str) -> Response:
    """Give a damaged document up. Raises NotFound for one that is not damaged."""
    store = context.agent.store
    await store.write(partial(store.damaged.forget, identifier))
    return Response.of({})


CALLS = {
    ("POST", "/v1/verify"): Call(verify, nothing),
    ("POST", "/v1/documents/*/forget"): Call(forget, nothing),
}
