"""What a call is: who answers it, what it takes, and what it needs of the vault."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar, overload

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


class Call:
    """One call. It is answered by ``answer(context, given, id)``, where ``given`` is what it declares to take.

    ``body`` and ``query`` are the Structs that its body or its query is read into; ``upload`` is that of the query
    beside a file's bytes; ``read`` takes anything else of a request. Without any of them it takes nothing.
    """

    @overload
    def __init__(self, answer: Callable[[Context, Nothing, str], Answer], /, *, vault: bool = ..., use: bool = ...
                 ) -> None: ...
    @overload
    def __init__(self, answer: Callable[[Context, G, str], Answer], /, *, body: type[G], vault: bool = ...,
                 use: bool = ...) -> None: ...
    @overload
    def __init__(self, answer: Callable[[Context, G, str], Answer], /, *, query: type[G], vault: bool = ...,
                 use: bool = ...) -> None: ...
    @overload
    def __init__(self, answer: Callable[[Context, Upload[G], str], Answer], /, *, upload: type[G], vault: bool = ...,
                 use: bool = ...) -> None: ...
    @overload
    def __init__(self, answer: Callable[[Context, P, str], Answer], /, *, read: Callable[[Request], P],
                 vault: bool = ..., use: bool = ...) -> None: ...
    def __init__(
        self, answer: Callable[..., Answer], /, *, body: type[Given] | None = None, query: type[Given] | None = None,
        upload: type[Given] | None = None, read: Callable[[Request], object] | None = None, vault: bool = True,
        use: bool = True,
    ) -> None:
        """``vault``: it needs an open one, and is refused before anything else when there is none. ``use``: it keeps
        the vault open."""
        self._answer = answer
        self.body, self.query, self.upload = body, query, upload
        self._read = read
        self.vault, self.use = vault, use

    async def __call__(self, context: Context, request: Request, identifier: str) -> Response | Subscription:
        """Answer a request about the thing called ``identifier``. Raises BadRequest, and what the answer raises."""
        return await self._answer(context, self._given(request), identifier)

    def _given(self, request: Request) -> object:
        if self.body is not None:
            return body_of(self.body, request.body)
        if self.query is not None:
            return query_of(self.query, request.query)
        if self.upload is not None:
            return Upload(query_of(self.upload, request.query), request.body)
        return Nothing() if self._read is None else self._read(request)
