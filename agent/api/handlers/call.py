"""What a call is: who answers it, what it takes, and what it needs of the vault."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Generic, TypeAlias, TypeVar

from agent.api.parameters import Given, Nothing, Upload, body_of, query_of
from agent.api.server import Request, Response
from agent.concurrency.single_flight import Joint
from agent.core.agent import Agent
from agent.core.events import Subscription

G = TypeVar("G", bound=Given)
P = TypeVar("P")
Answer: TypeAlias = Awaitable[Response | Subscription]


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
        async def run(context: Context, request: Request, identifier: str) -> Response | Subscription:
            return await answer(context, read(request), identifier)

        self._run = run
        self.read: Callable[[Request], object] = read
        self.vault, self.use = vault, use

    async def __call__(self, context: Context, request: Request, identifier: str) -> Response | Subscription:
        """Answer a request about the thing called ``identifier``. Raises BadRequest, and what the answer raises."""
        return await self._run(context, request, identifier)
