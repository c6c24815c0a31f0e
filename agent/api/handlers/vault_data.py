"""Calls that read what the vault holds."""

import asyncio
import logging

from agent.api import long_answers
from agent.api.handlers.call import Call, Context, Query, nothing
from agent.api.handlers.filters import ListQuery, as_given, checked
from agent.api.parameters import Count, Given, Nothing
from agent.api.server import Response
from agent.procedures.inbox.topics import ASKING, about
from agent.protocol.documents import DocumentWithOrigins
from agent.protocol.home import Home
from agent.protocol.messages import Message, MessageWithOrigins
from agent.protocol.payments import Facets, Month, PaymentWindow, PaymentWithOrigins
from agent.vault.errors import VaultReadOnly, VaultStopped, VaultWriteFailed

log = logging.getLogger(__name__)


class PaymentsQuery(ListQuery, frozen=True):
    """Which payments, and at most how many."""

    limit: Count | None = None


class RowsQuery(ListQuery, frozen=True):
    """A window of the list."""

    offset: Count = 0
    limit: Count = 60


class MessagesQuery(Given, frozen=True):
    """Which messages."""

    search: str = ""
    """Words that each must hold."""
    asking: bool = False
    """Only unread ones that ask for something."""


class RunsQuery(Given, frozen=True):
    """How many."""

    limit: Count = 50


async def payments(context: Context, query: PaymentsQuery, _id: str) -> Response:
    """Payments with their detail. Raises UnknownPerson, UnknownKind, DaysReversed for filters that fit nothing."""
    store = context.agent.store
    keys = store.payments.keys(checked(context, query), limit=query.limit)
    if len(keys) <= long_answers.PIECE:
        return Response.of(store.payments.several(keys))
    what = (store, store.payments.version, tuple(keys))
    return await context.long.do("payments", what, lambda: long_answers.gathered(keys, store.payments.several))


async def payment(context: Context, _nothing: Nothing, identifier: str) -> Response:
    """One payment."""
    detail: PaymentWithOrigins = context.agent.store.payments.with_origins(identifier)
    return Response.of(detail)


async def rows(context: Context, query: RowsQuery, _id: str) -> Response:
    """A window of the payment list, and sums over all that answers the filters."""
    window: PaymentWindow = context.agent.store.payments.rows(
        as_given(query), query.offset, min(query.limit, 10_000))
    return Response.of(window)


async def months(context: Context, query: ListQuery, _id: str) -> Response:
    """Sums by month."""
    sums: list[Month] = context.agent.store.payments.months(as_given(query))
    return Response.of(sums)


async def facets(context: Context, _nothing: Nothing, _id: str) -> Response:
    """What lists can be filtered by."""
    answer: Facets = context.agent.store.payments.facets()
    return Response.of(answer)


async def home(context: Context, _nothing: Nothing, _id: str) -> Response:
    """Everything the first screen shows, in one answer. Its messages are about what their subject alone tells."""
    kept = context.agent.store.home()
    shown: Home = {
        **kept,
        "needs": [*context.agent.vault_problems, *kept["needs"]],
        "messages": [{**one, "about": about(one, ())} for one in kept["messages"]],
        "status": context.agent.status(),
    }
    return Response.of(shown)


async def documents(context: Context, _nothing: Nothing, _id: str) -> Response:
    """Every document."""
    shelf = context.agent.store.documents
    offered = shelf.offered()
    return await context.long.do("documents", object(), lambda: long_answers.listed(shelf.listed(offered)))


async def document(context: Context, _nothing: Nothing, identifier: str) -> Response:
    """One document."""
    shelf = context.agent.store.documents
    kept: DocumentWithOrigins = {**shelf.get(identifier), "origins": shelf.origins(identifier)}
    return Response.of(kept)


async def messages(context: Context, query: MessagesQuery, _id: str) -> Response:
    """The inbox or a part of it, each message with what it is ``about``, see ``agent.procedures.inbox.topics``."""
    store = context.agent.store

    def find() -> Response:
        kept = store.messages.found(query.search)
        if query.asking:
            kept = [message for message in kept if not message["read"]]
        requests = store.requests.all() if kept else []
        inbox: list[Message] = [{**one, "about": about(one, requests, one["body"])} for one in kept]
        if query.asking:
            inbox = [one for one in inbox if one["about"] and one["about"]["kind"] in ASKING]
        return long_answers.listed(inbox)

    return await asyncio.to_thread(find)


async def message(context: Context, _nothing: Nothing, identifier: str) -> Response:
    """One message, which counts as read from now on, where that can be kept."""
    store = context.agent.store
    try:
        await store.write(lambda: store.messages.mark_read(identifier))
    except (VaultReadOnly, VaultWriteFailed, VaultStopped) as error:
        log.info("that a message was read could not be kept: %s", error.code)
    kept = store.messages.get(identifier)
    answer: MessageWithOrigins = {**kept, "about": about(kept, store.requests.all(), kept["body"]),
                       "origins": store.messages.origins(identifier)}
    return Response.of(answer)


async def profile(context: Context, _nothing: Nothing, _id: str) -> Response:
    """The person and the family."""
    return Response.of(context.agent.store.profile())


async def runs(context: Context, query: RunsQuery, _id: str) -> Response:
    """The newest sync runs."""
    return Response.of(context.agent.store.runs.newest(min(query.limit, 1000)))


CALLS = {
    ("GET", "/v1/payments"): Call(payments, Query(PaymentsQuery)),
    ("GET", "/v1/payments/*"): Call(payment, nothing),
    ("GET", "/v1/rows"): Call(rows, Query(RowsQuery)),
    ("GET", "/v1/months"): Call(months, Query(ListQuery)),
    ("GET", "/v1/facets"): Call(facets, nothing),
    ("GET", "/v1/home"): Call(home, nothing),
    ("GET", "/v1/documents"): Call(documents, nothing),
    ("GET", "/v1/documents/*"): Call(document, nothing),
    ("GET", "/v1/messages"): Call(messages, Query(MessagesQuery)),
    ("GET", "/v1/messages/*"): Call(message, nothing),
    ("GET", "/v1/profile"): Call(profile, nothing),
    ("GET", "/v1/runs"): Call(runs, Query(RunsQuery)),
}
