"""Long answers: worked out and written down in a thread, a piece at a time, so that the agent goes on answering."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

import orjson

from agent.api.server import Response

if TYPE_CHECKING:
    from agent.protocol.documents import NamedDocuments
    from agent.protocol.money import Owed

T = TypeVar("T")

PIECE = 500
"""Items written down in one go: a few milliseconds."""


def pieces(items: list[T]) -> Iterator[list[T]]:
    """A long list in short ones."""
    for at in range(0, len(items), PIECE):
        yield items[at : at + PIECE]


def written(lists: Iterable[Sequence[object]]) -> bytes:
    """Lists as one JSON list. Each is let go once it is written, so that the whole never stands in memory twice."""
    parts = [orjson.dumps(items)[1:-1] for items in lists]
    return b"[" + b",".join(part for part in parts if part) + b"]"


def document(value: Owed | NamedDocuments) -> Response:
    """An object as an answer, its long lists written down a piece at a time."""
    parts = [
        orjson.dumps(name) + b":" + (written(pieces(field)) if isinstance(field, list) else orjson.dumps(field))
        for name, field in value.items()
    ]
    return Response(b"{" + b",".join(parts) + b"}")


def listed(items: list[T]) -> Response:
    """A list as an answer."""
    parts = pieces(items)
    return Response(written(parts))


def gathered(keys: list[str], fetch: Callable[[list[str]], list[T]]) -> Response:
    """The items of these keys as an answer, fetched a piece at a time."""
    return Response(written(map(fetch, pieces(keys))))
