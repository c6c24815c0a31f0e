"""Calls that give the account away in other programs' formats."""

import asyncio
from datetime import date
from typing import Any

from agent.api import long_answers
from agent.api.handlers.call import Call, Context, number
from agent.api.handlers.deadlines import running
from agent.api.handlers.filters import person, span
from agent.api.server import Request, Response
from agent.core.refusals import BadRequest
from agent.files.exports import FORMATS, Account, Lang, make
from agent.protocol.documents import Document, NamedDocuments
from agent.protocol.payments import PaymentDetail
from agent.store import Store
from agent.store.bank_credits import shape
from config import clock
from config.fold import fold


async def export(context: Context, request: Request, _id: str) -> Response:
    """The account as one file: ``format``, and ``since``, ``until``, ``year``, ``beneficiary``, ``lang``."""
    name = request.query.get("format", "")
    account = await _account(context, request)
    data = await context.long.do("export", object(), lambda: make(name, account))
    return Response(data, media_type=FORMATS[name].media_type)


async def documents(context: Context, request: Request, _id: str) -> Response:
    """The documents with the name that each gets after ``naming``; the bytes are asked for one by one."""
    from agent.files.exports.file_names import names

    filters, lang = _filters(context, request), _lang(request)
    naming = request.query.get("naming") or context.agent.settings.export.naming
    store = context.agent.store
    keys, offered = store.payment_keys(**filters) if filters["beneficiary"] else [], store.shelf.offered()

    def find() -> Response:
        known = store.shelf.listed(offered)
        asked = _documents(known, filters, {one["id"] for one in _payments(store, keys, filters)})
        # Named among all of them: a document keeps its name whatever part of the account is asked for.
        named = names(known, naming, lang)
        answer: NamedDocuments = {"documents": [{**one, "name": named[one["id"]]} for one in asked]}
        return long_answers.document(answer)

    return await asyncio.to_thread(find)


async def _account(context: Context, request: Request) -> Account:
    agent, filters = context.agent, _filters(context, request)
    store, money = agent.store, agent.money
    keys, offered = store.payment_keys(**filters), store.shelf.offered()
    payments = await asyncio.to_thread(_payments, store, keys, filters)
    years = sorted({int(one["paid_on"][:4]) for one in payments}, reverse=True)
    who, coverage, made_at, lang = filters["beneficiary"], money.coverage(), clock.now(), _lang(request)
    ledger = [await money.ledger(one, who) for one in years]
    yearly = [await money.year(one, who) for one in years]
    owed, deadlines = await money.owed(), await running(context.agent)

    def gather() -> Account:
        return Account(
            payments=payments, made_at=made_at, lang=lang, profile=store.profile(), coverage=coverage, ledger=ledger,
            years=yearly, owed=owed,
            bank=[shape(one) for one in reversed(store.bank.credits()) if _asked(one["on"], filters)],
            documents=_documents(store.shelf.listed(offered), filters, {one["id"] for one in payments}),
            messages=[one for one in store.messages() if _asked(one["received_on"], filters)],
            requests=[one for one in store.requests.all() if _asked(one["created_at"][:10], filters)],
            deadlines=deadlines, filters=filters,
        )

    return await asyncio.to_thread(gather)


def _filters(context: Context, request: Request) -> dict[str, Any]:
    """``year`` stands for its first and last day."""
    year = number(request, "year", None, 9999)
    since, until = span(request)
    if year is not None:
        if since or until:
            raise BadRequest(what="“year” goes without “since” and “until”",
                             fr="« year » ne va pas avec « since » ni « until »")
        since, until = date(max(year, 1), 1, 1).isoformat(), date(max(year, 1), 12, 31).isoformat()
    return {"since": since, "until": until, "beneficiary": person(context, request.query.get("beneficiary", ""))}


def _lang(request: Request) -> Lang:
    return "en" if request.query.get("lang") == "en" else "fr"


def _payments(store: Store, keys: list[str], filters: dict[str, Any]) -> list[PaymentDetail]:
    """The payments asked for; of that very person, where the list also takes a name for part of a longer one."""
    who = filters["beneficiary"]
    return [one for one in store.book.several(keys)
            if who is None or any(fold(name) == fold(who) for name in one["beneficiaries"])]


def _documents(known: list[Document], filters: dict[str, Any], payments: set[str]) -> list[Document]:
    """The documents of the days asked for; of a person's payments and everybody's others when one was named."""
    return [one for one in known if _asked(one["date"], filters)
            and (not filters["beneficiary"] or one["payment"] is None or one["payment"] in payments)]


def _asked(when: str, filters: dict[str, Any]) -> bool:
    since, until = filters["since"], filters["until"]
    return (since is None or when >= since) and (until is None or when <= until)


CALLS = {
    ("GET", "/v1/export"): Call(export),
    ("GET", "/v1/export/documents"): Call(documents),
}
