"""Long answers: worked out and written down in a thread, a piece at a time, so that the agent goes on answering."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import orjson

from agent.api.server import Response

PIECE = 500
"""Items written down in one go: a few milliseconds."""


def pieces(items: list[Any]) -> Iterator[list[Any]]:
    """A long list in short ones."""
    for at in range(0, len(items), PIECE):
        yield items[at : at + PIECE]


def written(lists: Iterable[list[Any]]) -> bytes:
    """Lists as one JSON list. Each is let go once it is written, so that the whole never stands in memory twice."""
    parts = [orjson.dumps(one)[1:-1] for one in lists]
    return b"[" + b",".join(part for part in parts if part) + b"]"


def document(value: Mapping[str, Any]) -> Response:
    """An object as an answer, its long lists written down a piece at a time."""
    parts = [
        orjson.dumps(name) + b":" + (written(pieces(one)) if isinstance(one, list) else orjson.dumps(one))
        for name, one in value.items()
    ]
    return Response(b"{" + b",".join(parts) + b"}")


def listed(items: list[Any]) -> Response:
    """A list as an answer."""
    return Response(written(pieces(items)))


def gathered(keys: list[str], fetch: Callable[[list[str]], list[Any]]) -> Response:
    """The items of these keys as an answer, fetched a piece at a time."""
    return Response(written(map(fetch, pieces(keys))))
