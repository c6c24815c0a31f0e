"""Calls that read what the vault holds."""

import asyncio
import logging
from typing import TypedDict

from agent.api import long_answers
from agent.api.handlers.call import Call, Context, day, number
from agent.api.handlers.filters import checked
from agent.api.server import Request, Response
from agent.procedures.inbox.topics import ASKING, about
from agent.protocol.home import Home
from agent.protocol.messages import Message
from agent.protocol.payments import Facets, Month, PaymentDetail, PaymentWindow
from agent.vault.errors import VaultReadOnly, VaultStopped, VaultWriteFailed

log = logging.getLogger(__name__)


class _Filters(TypedDict):
    search: str
    since: str | None
    until: str | None
    beneficiary: str | None
    kind: str | None


def _filters(request: Request) -> _Filters:
    """The filters that every list of payments takes."""
    return {
        "search": request.query.get("search", ""),
        "since": day(request, "since"),
        "until": day(request, "until"),
        "beneficiary": request.query.get("beneficiary") or None,
        "kind": request.query.get("kind") or None,
    }


async def payments(context: Context, request: Request, _id: str) -> Response:
    """Payments with their detail. Raises UnknownPerson, UnknownKind, DaysReversed for filters that fit nothing."""
    store, limit = context.agent.store, number(request, "limit", None)
    keys = store.payment_keys(**checked(context, request), limit=limit)
    if len(keys) <= long_answers.PIECE:
        return Response.of(store.book.several(keys))
    what = (store, store.book.version, tuple(keys))
    return await context.long.do("payments", what, lambda: long_answers.gathered(keys, store.book.several))


async def payment(context: Context, _request: Request, identifier: str) -> Response:
    """One payment."""
    detail: PaymentDetail = context.agent.store.payment(identifier)
    return Response.of(detail)


async def rows(context: Context, request: Request, _id: str) -> Response:
    """A window of the payment list, and sums over all that answers the filters."""
    offset, limit = number(request, "offset", 0), number(request, "limit", 60, 10_000)
    window: PaymentWindow = context.agent.store.rows(**_filters(request), offset=offset or 0, limit=limit or 0)
    return Response.of(window)


async def months(context: Context, request: Request, _id: str) -> Response:
    """Sums by month."""
    sums: list[Month] = context.agent.store.months(**_filters(request))
    return Response.of(sums)


async def facets(context: Context, _request: Request, _id: str) -> Response:
    """What lists can be filtered by."""
    known: Facets = context.agent.store.facets()
    return Response.of(known)


async def home(context: Context, _request: Request, _id: str) -> Response:
    """Everything the first screen shows, in one answer. Its messages are about what their subject alone tells."""
    kept = context.agent.store.home()
    shown: Home = {
        **kept,
        "needs": [*context.agent.vault_problems, *kept["needs"]],
        "messages": [{**one, "about": about(one, ())} for one in kept["messages"]],
        "status": context.agent.status(),
    }
    return Response.of(shown)


async def documents(context: Context, _request: Request, _id: str) -> Response:
    """Every document."""
    shelf = context.agent.store.shelf
    offered = shelf.offered()
    return await context.long.do("documents", object(), lambda: long_answers.listed(shelf.listed(offered)))


async def document(context: Context, _request: Request, identifier: str) -> Response:
    """One document."""
    return Response.of(context.agent.store.document(identifier))


async def messages(context: Context, request: Request, _id: str) -> Response:
    """The inbox, or the messages that hold every word of ``search``; ``asking=1``: unread ones that ask for something.

    Each with what it is ``about``, see ``agent.procedures.inbox.topics``.
    """
    store, search, asking = context.agent.store, request.query.get("search", ""), bool(request.query.get("asking"))

    def find() -> Response:
        found = store.messages(search)
        if asking:
            found = [one for one in found if not one["read"]]
        known = store.requests.all() if found else []
        told: list[Message] = [{**one, "about": about(one, known)} for one in found]
        if asking:
            told = [one for one in told if one["about"] and one["about"]["kind"] in ASKING]
        return long_answers.listed(told)

    return await asyncio.to_thread(find)


async def message(context: Context, _request: Request, identifier: str) -> Response:
    """One message, which counts as read from now on, where that can be kept."""
    store = context.agent.store
    try:
        await store.write(lambda: store.mark_read(identifier))
    except (VaultReadOnly, VaultWriteFailed, VaultStopped) as error:
        log.info("that a message was read could not be kept: %s", error.code)
    found = store.message(identifier)
    told: Message = {**found, "about": about(found, store.requests.all())}
    return Response.of(told)


async def profile(context: Context, _request: Request, _id: str) -> Response:
    """The person and the family."""
    return Response.of(context.agent.store.profile())


async def runs(context: Context, request: Request, _id: str) -> Response:
    """The newest sync runs."""
    return Response.of(context.agent.store.runs(number(request, "limit", 50, 1000) or 0))


CALLS = {
    ("GET", "/v1/payments"): Call(payments),
    ("GET", "/v1/payments/*"): Call(payment),
    ("GET", "/v1/rows"): Call(rows),
    ("GET", "/v1/months"): Call(months),
    ("GET", "/v1/facets"): Call(facets),
    ("GET", "/v1/home"): Call(home),
    ("GET", "/v1/documents"): Call(documents),
    ("GET", "/v1/documents/*"): Call(document),
    ("GET", "/v1/messages"): Call(messages),
    ("GET", "/v1/messages/*"): Call(message),
    ("GET", "/v1/profile"): Call(profile),
    ("GET", "/v1/runs"): Call(runs),
}
