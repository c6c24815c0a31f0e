"""A call of the agent as a value, before it is made: where it goes, what it brings, and how its answer is read."""

from __future__ import annotations

import json

TYPE_CHECKING = False  # importing typing costs a twentieth of a command's start
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO, Generic, TypeVar

    T = TypeVar("T")
    Value = str | int | None

    class Answered(Generic[T]):
        """By a ``T``: there for the type checker."""
else:
    T = None

    class Answered:
        """While it runs, the shape of an answer is nobody's concern."""

        def __class_getitem__(cls, _shape):
            return cls


class Call(Answered[T]):
    """What ``Client.ask`` sends, and answers with a ``T``. Shapes: ``agent.protocol``."""

    def __init__(
        self, method: str, path: str, query: dict[str, Value], read: Callable[[bytes], T], *, body: object = None,
        data: bytes | BinaryIO | None = None, deadline: float | None = None,
    ) -> None:
        self.method = method
        self.path = path
        self.query = query
        """What is None is left out."""
        self.read = read
        """Makes the answer of the bytes that come back."""
        self.body = body
        """Said as JSON."""
        self.data = data
        """A file's bytes, or an open file, brought in place of a body."""
        self.deadline = deadline
        """Seconds after which it is given up whatever the agent does; None: an agent that is at work is waited for."""

    @property
    def target(self) -> str:
        """The path with its query."""
        given = {name: value for name, value in self.query.items() if value is not None}
        if not given:
            return self.path
        from urllib.parse import urlencode

        return f"{self.path}?{urlencode(given)}"

    @property
    def carries_file(self) -> bool:
        """A file's bytes are brought, or are the answer."""
        return self.data is not None or self.read is bytes


def get(path: str, /, *, deadline: float | None = None, **query: Value) -> Call[T]:
    """Read something."""
    return Call("GET", path, query, json.loads, deadline=deadline)


def get_file(path: str, /, **query: Value) -> Call[bytes]:
    """Read a file's bytes."""
    return Call("GET", path, query, bytes)


def post(path: str, body: object = None, /, *, deadline: float | None = None) -> Call[T]:
    """Ask for something to be done."""
    return Call("POST", path, {}, json.loads, body={} if body is None else body, deadline=deadline)


def upload(path: str, data: bytes | BinaryIO, /, **query: Value) -> Call[T]:
    """Bring a file's bytes, or an open file part by part; ``query`` says what they are."""
    return Call("POST", path, query, json.loads, data=data)


def quoted(part: str) -> str:
    """A part of a path."""
    from urllib.parse import quote

    return quote(part, safe="")
