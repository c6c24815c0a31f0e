"""From a request to the call that answers it."""

from collections.abc import Callable
from contextlib import nullcontext
from urllib.parse import unquote

from agent.api.handlers import (
    account,
    assistant,
    certificates,
    deadlines,
    estimates,
    exports,
    imports,
    money,
    newcomer,
    page_changes,
    process,
    requests,
    requests_by_hand,
    vault,
    vault_data,
)
from agent.api.handlers.call import Call, Context
from agent.api.server import Request, Response
from agent.core.agent import Agent
from agent.core.events import Subscription
from agent.core.refusals import AgentOutdated, BadRequest, ClientOutdated, NoSuchCall
from agent.protocol import BACKGROUND_HEADER, PROTOCOL, PROTOCOL_HEADER

CALLS: dict[tuple[str, str], Call] = {
    **process.CALLS, **vault.CALLS, **assistant.CALLS, **account.CALLS, **certificates.CALLS, **vault_data.CALLS,
    **estimates.CALLS, **money.CALLS, **requests.CALLS, **deadlines.CALLS, **imports.CALLS, **newcomer.CALLS,
    **page_changes.CALLS, **exports.CALLS, **requests_by_hand.CALLS,
}
"""Every call by method and path; ``*`` stands for an id."""
_OF_ANY_PROTOCOL = ("/v1/health", "/v1/stop")
"""Calls that mean the same in every version, so that one can tell another apart and take its place."""


class Api:
    """Answers the requests of one agent's socket."""

    def __init__(self, agent: Agent, stop: Callable[[], None]) -> None:
        """``stop`` begins the end of the process."""
        self._context = Context(agent, stop)

    async def handle(self, request: Request) -> Response | Subscription:
        """Answer one request. Raises AmeliError, which the server tells."""
        call, identifier = _find(request)
        if request.path not in _OF_ANY_PROTOCOL:
            _check_protocol(request)
        agent = self._context.agent
        await agent.lock_if_due()
        if call.use and BACKGROUND_HEADER not in request.headers:
            agent.autolock.touch()
        if call.vault:
            _ = agent.store  # raises where no vault is open
        with agent.open_vault.tasks.answering() if call.vault and call.use else nullcontext():
            return await call(self._context, request, identifier)


def _find(request: Request) -> tuple[Call, str]:
    call = CALLS.get((request.method, request.path))
    if call is not None:
        return call, ""
    parts = request.path.split("/")  # "", "v1", name, id[, rest]
    if len(parts) > 3:
        pattern = "/".join([*parts[:3], "*", *parts[4:]])
        call = CALLS.get((request.method, pattern))
        if call is not None:
            return call, unquote(parts[3])
    raise NoSuchCall


def _check_protocol(request: Request) -> None:
    spoken = request.headers.get(PROTOCOL_HEADER)
    if spoken is None:
        return  # curl, for a person who looks
    if not spoken.isascii() or not spoken.isdigit():
        raise BadRequest(what="the protocol number is not a number")
    if int(spoken) > PROTOCOL:
        raise AgentOutdated
    if int(spoken) < PROTOCOL and request.method != "GET":
        raise ClientOutdated
