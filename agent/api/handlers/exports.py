"""Calls that give the account away in other programs' formats."""

import asyncio
from datetime import date

from agent.api import long_answers
from agent.api.handlers.call import Call, Context, Query
from agent.api.handlers.deadlines import running
from agent.api.handlers.filters import SpanQuery, person, span
from agent.api.parameters import Count
from agent.api.server import Response
from agent.core.refusals import BadRequest
from agent.files.exports import FORMATS, Account, Filters, Lang, make
from agent.protocol.documents import Document, NamedDocuments
from agent.protocol.payments import PaymentDetail
from agent.store import Query as PaymentQuery
from agent.store import Store
from agent.store.bank_credits import shape
from config import clock
from config.fold import fold


class AccountQuery(SpanQuery, frozen=True):
    """Which part of the account, in which language."""

    year: Count | None = None
    """Stands for its first and last day."""
    lang: str = "fr"


class ExportQuery(AccountQuery, frozen=True):
    """What to write, as a file of which program."""

    format: str = ""


class NamesQuery(AccountQuery, frozen=True):
    """Which documents, named how."""

    naming: str = ""
    """The settings' template by default."""


async def export(context: Context, query: ExportQuery, _id: str) -> Response:
    """The account as one file."""
    name = query.format
    account = await _account(context, query)
    data = await context.long.do("export", object(), lambda: make(name, account))
    return Response(data, media_type=FORMATS[name].media_type)


async def documents(context: Context, query: NamesQuery, _id: str) -> Response:
    """The documents with the name that each gets after ``naming``; the bytes are asked for one by one."""
    from agent.files.exports.file_names import names

    filters, lang = _filters(context, query), _lang(query)
    naming = query.naming or context.agent.settings.export.naming
    store = context.agent.store
    keys = store.payments.keys(PaymentQuery(**filters)) if filters["beneficiary"] else []
    offered = store.documents.offered()

    def find() -> Response:
        everything = store.documents.listed(offered)
        chosen = _documents(everything, filters, {one["id"] for one in _payments(store, keys, filters)})
        # Named among all of them: a document keeps its name whatever part of the account is asked for.
        named = names(everything, naming, lang)
        answer: NamedDocuments = {"documents": [{**one, "name": named[one["id"]]} for one in chosen]}
        return long_answers.document(answer)

    return await asyncio.to_thread(find)


async def _account(context: Context, query: AccountQuery) -> Account:
    agent, filters = context.agent, _filters(context, query)
    store, money = agent.store, agent.money
    keys, offered = store.payments.keys(PaymentQuery(**filters)), store.documents.offered()
    payments = await asyncio.to_thread(_payments, store, keys, filters)
    years = sorted({int(one["paid_on"][:4]) for one in payments}, reverse=True)
    who, coverage, made_at, lang = filters["beneficiary"], money.coverage(), clock.now(), _lang(query)
    ledger = [await money.ledger(one, who) for one in years]
    yearly = [await money.year(one, who) for one in years]
    owed, deadlines = await money.owed(), await running(context.agent)

    def gather() -> Account:
        return Account(
            payments=payments, made_at=made_at, lang=lang, profile=store.profile(), coverage=coverage, ledger=ledger,
            years=yearly, owed=owed,
            bank=[shape(one) for one in reversed(store.bank.credits()) if _asked(one["on"], filters)],
            documents=_documents(store.documents.listed(offered), filters, {one["id"] for one in payments}),
            messages=[one for one in store.messages.all() if _asked(one["received_on"], filters)],
            requests=[one for one in store.requests.all() if _asked(one["created_at"][:10], filters)],
            deadlines=deadlines, filters=filters,
        )

    return await asyncio.to_thread(gather)


def _filters(context: Context, query: AccountQuery) -> Filters:
    since, until = span(query)
    if query.year is not None:
        if since or until:
            raise BadRequest(what="“year” goes without “since” and “until”",
                             fr="« year » ne va pas avec « since » ni « until »")
        year = max(date.min.year, min(query.year, date.max.year))
        since, until = date(year, 1, 1).isoformat(), date(year, 12, 31).isoformat()
    return {"since": since, "until": until, "beneficiary": person(context, query.beneficiary)}


def _lang(query: AccountQuery) -> Lang:
    return "en" if query.lang == "en" else "fr"


def _payments(store: Store, keys: list[str], filters: Filters) -> list[PaymentDetail]:
    """The payments asked for; of that very person, where the list also takes a name for part of a longer one."""
    who = filters["beneficiary"]
    return [one for one in store.payments.several(keys)
            if who is None or any(fold(name) == fold(who) for name in one["beneficiaries"])]


def _documents(documents: list[Document], filters: Filters, payments: set[str]) -> list[Document]:
    """The documents of the days asked for; of a person's payments and everybody's others when one was named."""
    return [one for one in documents if _asked(one["date"], filters)
            and (not filters["beneficiary"] or one["payment"] is None or one["payment"] in payments)]


def _asked(when: str, filters: Filters) -> bool:
    since, until = filters["since"], filters["until"]
    return (since is None or when >= since) and (until is None or when <= until)


CALLS = {
    ("GET", "/v1/export"): Call(export, Query(ExportQuery)),
    ("GET", "/v1/export/documents"): Call(documents, Query(NamesQuery)),
}
