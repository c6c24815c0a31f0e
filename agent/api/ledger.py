"""The calls that sum a year up: participations and franchises with their origin, and what care cost."""

import asyncio
from datetime import date
from typing import Any

from agent.api.calls import Call, Context, number
from agent.server import Request, Response
from config.clock import today


async def ledger(context: Context, request: Request, _id: str) -> Response:
    """The ledger of ``year`` (the current one by default), of one ``beneficiary`` or of all."""
    store = context.agent.store
    year = number(request, "year", None, 9999) or today().year
    payments, profile = store.payments(), store.profile()
    return Response.of(await asyncio.to_thread(_build, payments, profile, year, request.query.get("beneficiary")))


def _build(payments: list[dict[str, Any]], profile: dict[str, Any], year: int, beneficiary: str | None) -> Any:
    from agent.reimbursement.ledger import Person, build_ledger  # the tables cost memory that most agents never need

    persons = [
        Person(one["name"], date.fromisoformat(one["birth_date"]) if one.get("birth_date") else None)
        for one in profile.get("beneficiaries") or ()
    ]
    return build_ledger(payments, persons).shape(year, beneficiary)


async def yearly(context: Context, request: Request, _id: str) -> Response:
    """What was spent and given back in ``year`` (the current one by default), for one ``beneficiary`` or all."""
    year = number(request, "year", None, 9999) or today().year
    payments = context.agent.store.payments()
    return Response.of(await asyncio.to_thread(_view, payments, year, request.query.get("beneficiary")))


def _view(payments: list[dict[str, Any]], year: int, beneficiary: str | None) -> Any:
    from agent.reimbursement.yearly import year_view  # as above

    return year_view(payments, year, beneficiary)


CALLS = {("GET", "/v1/ledger"): Call(ledger), ("GET", "/v1/year"): Call(yearly)}
