"""What one conversation saw of the service's pages: which still read, and what of the others was not as expected."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Protocol, TypeVar

import msgspec

from agent.concurrency.reader_threads import aside
from agent.portal.changes.page_outline import outline
from agent.portal.errors import PortalChanged, ServerFault
from agent.portal.pages.selectors import MOVED, expected

if TYPE_CHECKING:
    from agent.portal.http.client import Reply

MOST_RAW = 256 << 10
"""Bytes of a page that are handed on for a sample."""


class Changed(msgspec.Struct, frozen=True):
    """A page that was not as expected."""

    page: str
    """The service's name of it, as in errors."""
    missing: str
    expected: tuple[str, ...]
    """Selectors or keys by which the missing part is looked for."""
    status: int | None
    """Of the answer; None when there was none to look at."""
    outline: frozenset[str]
    raw: bytes
    """The page itself, as the service sent it. It is somebody's data: it is neither kept nor logged as it is."""

    def __repr__(self) -> str:
        return f"Changed({self.page!r}, {self.missing!r}, {len(self.raw)} bytes)"


class Watch:
    """Filled by the methods of ``Portal`` as they go."""

    def __init__(self) -> None:
        self.changed: dict[str, Changed] = {}
        """By page, as first met."""
        self._read: dict[str, frozenset[str]] = {}

    @property
    def read(self) -> dict[str, frozenset[str]]:
        """The outline of each page that was read, and never failed, in this conversation."""
        return {page: seen for page, seen in self._read.items() if page not in self.changed}

    async def good(self, page: str, reply: Reply | None) -> None:
        """A page was read."""
        if page not in self._read:
            of = reply is not None and reply.status == 200
            self._read[page] = await aside(outline, reply) if of and reply is not None else frozenset()

    async def bad(self, error: PortalChanged | ServerFault, reply: Reply | None) -> None:
        """A page was not understood."""
        if isinstance(error, ServerFault):
            page, missing = str(error.facts["page"]), MOVED
        else:
            page, missing = error.page, error.missing
        if page not in self.changed:
            self.changed[page] = Changed(
                page=page, missing=missing, expected=expected(page, missing),
                status=reply.status if reply is not None else None,
                outline=await aside(outline, reply) if reply is not None else frozenset(),
                raw=reply.body[:MOST_RAW] if reply is not None else b"",
            )


class Watched(Protocol):
    """Whatever reads pages: ``Portal`` is one."""

    watch: Watch

    @property
    def last(self) -> Reply | None:
        """The last answer."""


P = ParamSpec("P")
T = TypeVar("T")
W = TypeVar("W", bound=Watched)


def reads(
    *pages: str,
) -> Callable[[Callable[Concatenate[W, P], Awaitable[T]]], Callable[Concatenate[W, P], Coroutine[object, None, T]]]:
    """Mark a method of ``Portal`` that reads these pages: what becomes of them is noted, errors go on as they are."""

    def wrap(
        method: Callable[Concatenate[W, P], Awaitable[T]],
    ) -> Callable[Concatenate[W, P], Coroutine[object, None, T]]:
        @functools.wraps(method)
        async def watched(portal: W, /, *args: P.args, **kwargs: P.kwargs) -> T:
            try:
                answer = await method(portal, *args, **kwargs)
            except PortalChanged as error:
                await portal.watch.bad(error, portal.last)
                raise
            except ServerFault as error:
                if error.moved:
                    await portal.watch.bad(error, portal.last)
                raise
            for page in pages:
                await portal.watch.good(page, portal.last if page == pages[0] else None)
            return answer

        return watched

    return wrap

