"""Calls that give the account away in other programs' formats."""

import asyncio
from datetime import date
from typing import Any

from agent.api.calls import Call, Context, day, number
from agent.api.deadlines import running
from agent.exchange.exports import FORMATS, Account, Lang, make
from agent.refusals import BadRequest
from agent.server import Request, Response
from config import clock


async def export(context: Context, request: Request, _id: str) -> Response:
    """The account as one file: ``format``, and ``since``, ``until``, ``year``, ``beneficiary``, ``lang``."""
    name = request.query.get("format", "")
    account = await _account(context, request)
    data = await asyncio.to_thread(make, name, account)
    return Response(data, media_type=FORMATS[name].media_type)


async def _account(context: Context, request: Request) -> Account:
    agent, filters = context.agent, _filters(request)
    lang: Lang = "en" if request.query.get("lang") == "en" else "fr"
    store, money = agent.store, agent.money
    payments = store.payments(**filters)
    years = sorted({int(one["paid_on"][:4]) for one in payments}, reverse=True)
    who = filters["beneficiary"]
    kept = {one["id"] for one in payments}
    return Account(
        payments=payments,
        made_at=clock.now(),
        lang=lang,
        profile=store.profile(),
        coverage=money.coverage(),
        ledger=[await money.ledger(one, who) for one in years],
        years=[await money.year(one, who) for one in years],
        owed=await money.owed(),
        documents=[one for one in store.documents() if _asked(one["date"], filters)
                   and (who is None or one["payment"] is None or one["payment"] in kept)],
        messages=[one for one in store.messages() if _asked(one["received_on"], filters)],
        requests=[one for one in store.requests.all() if _asked(one["created_at"][:10], filters)],
        deadlines=await running(context),
        filters=filters,
    )


def _filters(request: Request) -> dict[str, Any]:
    """``year`` stands for its first and last day."""
    year = number(request, "year", None, 9999)
    since, until = day(request, "since"), day(request, "until")
    if year is not None:
        if since or until:
            raise BadRequest(what="“year” goes without “since” and “until”")
        since, until = date(max(year, 1), 1, 1).isoformat(), date(max(year, 1), 12, 31).isoformat()
    return {"since": since, "until": until, "beneficiary": request.query.get("beneficiary") or None}


def _asked(when: str, filters: dict[str, Any]) -> bool:
    since, until = filters["since"], filters["until"]
    return (since is None or when >= since) and (until is None or when <= until)


CALLS = {
    ("GET", "/v1/export"): Call(export),
}
