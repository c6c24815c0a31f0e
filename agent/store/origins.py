"""Where records came from: every record keeps what each source said of it, and what is shown is worked out from that.

So the order in which sources come does not matter, a better one completes or corrects a poorer one, and what one file
alone brought can be taken back.
"""

from collections.abc import Callable, Hashable, Iterable
from typing import NotRequired, TypedDict, TypeVar

from agent.protocol.origins import RecordOrigin, Way

C = TypeVar("C", bound="Claim")

QUALITY: tuple[Way, ...] = ("sync", "recording", "statement", "file", "hand")
"""The best source first: what the service answers here and now, what it answered earlier, what its papers print."""


class Claim(TypedDict):
    """That a source said something."""

    way: Way
    source: str
    """Id of the import; empty for a sync, and where an older version did not keep it."""
    at: str
    """When it was read, an ISO moment in UTC; empty where an older version did not keep it."""
    number: NotRequired[int]
    """Its place among those things of the source that bear no id of their own, from 0."""


def imported_by(source: str, imported: str) -> bool:
    """Whether a source is an import, or a part of it: ``ID/2`` is the third paper inside the recording ``ID``."""
    return source == imported or source.startswith(f"{imported}/")


def quality(way: Way) -> int:
    """The place of a way among all: 0 is the best."""
    return QUALITY.index(way)


def newest_first(moment: str) -> tuple[int, ...]:
    """A sort key that puts later ISO moments first."""
    return tuple(-ord(sign) for sign in moment) or (1,)


def origin(claim: Claim) -> RecordOrigin:
    """A source as it is told of."""
    return {"way": claim["way"], "import": claim["source"], "at": claim["at"]}


def with_claim(claims: Iterable[C], said: C, name: Callable[[C], Hashable]) -> list[C]:
    """Claims with one more, or with that source's word replaced: what it said first is when it came."""
    others = []
    for claim in claims:
        if name(claim) != name(said):
            others.append(claim)
        elif claim["at"] < said["at"]:
            said["at"] = claim["at"]
    return [*others, said]
