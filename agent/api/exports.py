"""Calls that give the account away in other programs' formats."""

import asyncio
from datetime import date
from typing import Any

from agent.api.calls import Call, Context, number
from agent.api.deadlines import running
from agent.api.filters import person, span
from agent.exchange.exports import FORMATS, Account, Lang, make
from agent.refusals import BadRequest
from agent.server import Request, Response
from agent.store.bank import shape
from agent.store.fold import fold
from config import clock


async def export(context: Context, request: Request, _id: str) -> Response:
    """The account as one file: ``format``, and ``since``, ``until``, ``year``, ``beneficiary``, ``lang``."""
    name = request.query.get("format", "")
    account = await _account(context, request)
    data = await asyncio.to_thread(make, name, account)
    return Response(data, media_type=FORMATS[name].media_type)


async def documents(context: Context, request: Request, _id: str) -> Response:
    """The documents with the name that each gets after ``naming``; the bytes are asked for one by one."""
    from agent.exchange.exports.naming import names

    filters = _filters(context, request)
    asked = _documents(context, filters, _kept(context, filters))
    naming = request.query.get("naming") or context.agent.settings.export.naming
    # Named among all of them: a document keeps its name whatever part of the account is asked for.
    named = names(context.agent.store.documents(), naming, _lang(request))
    return Response.of({"documents": [{**one, "name": named[one["id"]]} for one in asked]})


async def _account(context: Context, request: Request) -> Account:
    agent, filters = context.agent, _filters(context, request)
    store, money = agent.store, agent.money
    payments = _payments(context, filters)
    years = sorted({int(one["paid_on"][:4]) for one in payments}, reverse=True)
    who = filters["beneficiary"]
    return Account(
        payments=payments,
        made_at=clock.now(),
        lang=_lang(request),
        profile=store.profile(),
        coverage=money.coverage(),
        ledger=[await money.ledger(one, who) for one in years],
        years=[await money.year(one, who) for one in years],
        owed=await money.owed(),
        bank=[shape(one) for one in reversed(store.bank.credits()) if _asked(one["on"], filters)],
        documents=_documents(context, filters, {one["id"] for one in payments}),
        messages=[one for one in store.messages() if _asked(one["received_on"], filters)],
        requests=[one for one in store.requests.all() if _asked(one["created_at"][:10], filters)],
        deadlines=await running(context),
        filters=filters,
    )


def _filters(context: Context, request: Request) -> dict[str, Any]:
    """``year`` stands for its first and last day."""
    year = number(request, "year", None, 9999)
    since, until = span(request)
    if year is not None:
        if since or until:
            raise BadRequest(what="“year” goes without “since” and “until”")
        since, until = date(max(year, 1), 1, 1).isoformat(), date(max(year, 1), 12, 31).isoformat()
    return {"since": since, "until": until, "beneficiary": person(context, request.query.get("beneficiary", ""))}


def _lang(request: Request) -> Lang:
    return "en" if request.query.get("lang") == "en" else "fr"


def _payments(context: Context, filters: dict[str, Any]) -> list[dict[str, Any]]:
    """The payments asked for; of that very person, where the list also takes a name for part of a longer one."""
    found: list[dict[str, Any]] = context.agent.store.payments(**filters)
    who = filters["beneficiary"]
    return [one for one in found if who is None or any(fold(name) == fold(who) for name in one["beneficiaries"])]


def _kept(context: Context, filters: dict[str, Any]) -> set[str]:
    return {one["id"] for one in _payments(context, filters)} if filters["beneficiary"] else set()


def _documents(context: Context, filters: dict[str, Any], payments: set[str]) -> list[dict[str, Any]]:
    """The documents of the days asked for; of a person's payments and everybody's others when one was named."""
    return [one for one in context.agent.store.documents() if _asked(one["date"], filters)
            and (not filters["beneficiary"] or one["payment"] is None or one["payment"] in payments)]


def _asked(when: str, filters: dict[str, Any]) -> bool:
    since, until = filters["since"], filters["until"]
    return (since is None or when >= since) and (until is None or when <= until)


CALLS = {
    ("GET", "/v1/export"): Call(export),
    ("GET", "/v1/export/documents"): Call(documents),
}
