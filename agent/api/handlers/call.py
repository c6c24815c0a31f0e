"""What a call is, and how its parameters are read."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from agent.api.server import Request, Response
from agent.concurrency.single_flight import Joint
from agent.core.agent import Agent
from agent.core.events import Subscription
from agent.core.refusals import BadRequest


@dataclass(frozen=True, slots=True)
class Context:
    """What calls work on."""

    agent: Agent
    stop: Callable[[], None]
    long: Joint = field(default_factory=Joint)
    """Answers that take long."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call: ``answer(context, request, id)``; ``use`` tells whether it keeps the vault open."""

    answer: Callable[[Context, Request, str], Awaitable[Response | Subscription]]
    use: bool = True


def text(body: dict[str, Any], name: str) -> str:
    """A text that must be there and not empty. Raises BadRequest, which names the field only."""
    value = optional_text(body, name)
    if not value:
        raise BadRequest(what=f"“{name}” is missing", fr=f"« {name} » manque")
    return value


def optional_text(body: dict[str, Any], name: str) -> str | None:
    """A text, or None when it is not given. Raises BadRequest."""
    value = body.get(name)
    if value is not None and not isinstance(value, str):
        raise BadRequest(what=f"“{name}” is not a text", fr=f"« {name} » n'est pas un texte")
    return value


def flag(body: dict[str, Any], name: str, default: bool) -> bool:
    """True or false, ``default`` when it is not given. Raises BadRequest."""
    value = body.get(name, default)
    if not isinstance(value, bool):
        raise BadRequest(what=f"“{name}” is neither true nor false", fr=f"« {name} » n'est ni vrai ni faux")
    return value


def number(request: Request, name: str, default: int | None, most: int = 1_000_000) -> int | None:
    """A count of the query, not negative and at most ``most``; ``default`` when it is not given. Raises BadRequest."""
    given = request.query.get(name, "")
    if not given:
        return default
    if not given.isascii() or not given.isdigit() or len(given) > 9:
        raise BadRequest(what=f"“{name}” is not a number", fr=f"« {name} » n'est pas un nombre")
    return min(int(given), most)


def day(request: Request, name: str) -> str | None:
    """An ISO day of the query, or None. Raises BadRequest."""
    given = request.query.get(name, "")
    if not given:
        return None
    try:
        return date.fromisoformat(given).isoformat()
    except ValueError:
        raise BadRequest(what=f"“{name}” is not a day such as 2026-11-23",
                         fr=f"« {name} » n'est pas un jour comme 2026-11-23") from None
