"""What a call is: who answers it, what it takes, what it needs of the vault; and the gate that sees to it."""

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from agent.api.parameters import Given, Nothing, Upload, body_of, query_of
from agent.api.server import Admitted, Answer, Request
from agent.concurrency.single_flight import Joint
from agent.core.agent import Agent
from agent.core.refusals import AgentOutdated, BadRequest, ClientOutdated
from agent.protocol import BACKGROUND_HEADER, PROTOCOL, PROTOCOL_HEADER

G = TypeVar("G", bound=Given)
P = TypeVar("P")
_OF_ANY_PROTOCOL = ("/v1/health", "/v1/stop")
"""Calls that mean the same in every version, so that one can tell another apart and take its place."""


@dataclass(frozen=True, slots=True)
class Context:
    """What calls work on."""

    agent: Agent
    stop: Callable[[], None]
    long: Joint = field(default_factory=Joint)
    """Answers that take long."""


class Body(Generic[G]):
    """Reads the body, a JSON object."""

    def __init__(self, kind: type[G]) -> None:
        self.kind = kind

    def __call__(self, request: Request) -> G:
        """Raises BadRequest."""
        return body_of(self.kind, request.body)


class Query(Generic[G]):
    """Reads the query."""

    def __init__(self, kind: type[G]) -> None:
        self.kind = kind

    def __call__(self, request: Request) -> G:
        """Raises BadRequest."""
        return query_of(self.kind, request.query)


class FileBody(Generic[G]):
    """Takes the body as a file's bytes, and reads the query that says what they are."""

    def __init__(self, kind: type[G]) -> None:
        self.kind = kind

    def __call__(self, request: Request) -> Upload[G]:
        """Raises BadRequest."""
        return Upload(query_of(self.kind, request.query), request.body)


def nothing(_request: Request) -> Nothing:
    """Of a call that takes nothing; what is given all the same is passed over."""
    return Nothing()


class Call:
    """One call. It is answered by ``answer(context, given, id)``, where ``given`` is what ``read`` makes of a request:
    ``Body(LoginBody)``, ``Query(RowsQuery)``, ``FileBody(PaperQuery)`` or ``nothing``."""

    def __init__(
        self, answer: Callable[[Context, P, str], Answer], read: Callable[[Request], P], *, vault: bool = True,
        use: bool = True,
    ) -> None:
        """``vault``: it needs an open one, and is refused before anything else when there is none. ``use``: it keeps
        the vault open."""
        def begin(context: Context, request: Request, identifier: str) -> Answer:
            return answer(context, read(request), identifier)

        self.begin = begin
        """The answer to a request about the thing called ``identifier``, to be awaited. Raises BadRequest."""
        self.read: Callable[[Request], object] = read
        self.vault, self.use = vault, use


class Gate:
    """Lets in what one agent's socket is asked."""

    def __init__(self, context: Context, find: Callable[[str, str], tuple[Call, str]]) -> None:
        """``find`` gives the call of a method and a path, and the id in the path."""
        self._context = context
        self._find = find

    async def admit(self, request: Request) -> Admitted:
        """Begin to answer one request. Raises AmeliError, which the server tells."""
        call, identifier = self._find(request.method, request.path)
        if request.path not in _OF_ANY_PROTOCOL:
            _check_protocol(request)
        agent = self._context.agent
        await agent.lock_if_due()
        if call.use and BACKGROUND_HEADER not in request.headers:
            agent.autolock.touch()
        if call.vault:
            _ = agent.store  # raises where no vault is open
        meanwhile = agent.open_vault.tasks.answering() if call.vault and call.use else nullcontext()
        return Admitted(call.begin(self._context, request, identifier), meanwhile)


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
