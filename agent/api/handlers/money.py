"""Calls about money: payments explained, the ledger, what is owed, the year, the top-up contract."""

import asyncio

from agent.api import long_answers
from agent.api.handlers.call import Call, Context, flag, number, optional_text, text
from agent.api.handlers.filters import person, several
from agent.api.server import Request, Response
from agent.protocol.money import Bank, BankForgotten
from agent.protocol.payments import Explanation
from agent.store.bank_credits import shape


async def ledger(context: Context, request: Request, _id: str) -> Response:
    """The ledger of ``year`` (the current one by default), of one ``beneficiary`` or of all."""
    year = number(request, "year", None, 9999)
    return Response.of(await context.agent.money.ledger(year, _one(context, request)))


async def yearly(context: Context, request: Request, _id: str) -> Response:
    """What was spent and given back in ``year`` (the current one by default), for one ``beneficiary`` or all."""
    year = number(request, "year", None, 9999)
    return Response.of(await context.agent.money.year(year, _one(context, request)))


def _one(context: Context, request: Request) -> str | None:
    """The person asked for. Raises UnknownPerson, unless nobody is known at all."""
    asked = request.query.get("beneficiary", "")
    several(context, asked)
    return person(context, asked) if context.agent.store.facets()["beneficiaries"] else asked or None


async def explain(context: Context, _request: Request, identifier: str) -> Response:
    """One payment explained."""
    explanation: Explanation = await context.agent.money.explain(identifier)
    return Response.of(explanation)


async def owed(context: Context, _request: Request, _id: str) -> Response:
    """What is still to come and worth asking about."""
    return await asyncio.to_thread(long_answers.document, await context.agent.money.owed())


async def received(context: Context, request: Request, _id: str) -> Response:
    """Mark the top-up's share of a payment as received, or take the mark back."""
    body, money = request.json(), context.agent.money
    payment = text(body, "payment")
    if flag(body, "undo", False):
        await context.agent.store.write(lambda: money.forget_received(payment))
    else:
        await money.record_received(payment, optional_text(body, "amount"), optional_text(body, "on"))
    return await asyncio.to_thread(long_answers.document, await money.owed())


async def dismiss(context: Context, request: Request, _id: str) -> Response:
    """Hide an anomaly, or show it again."""
    body = request.json()
    await context.agent.money.dismiss(text(body, "anomaly"), flag(body, "undo", False))
    return await asyncio.to_thread(long_answers.document, await context.agent.money.owed())


async def match(context: Context, request: Request, _id: str) -> Response:
    """Note which payment a bank credit is; ``none`` for none of them, no payment to take the word back."""
    body, money = request.json(), context.agent.money
    credit, payment = text(body, "credit"), optional_text(body, "payment")
    await context.agent.store.write(lambda: money.say_of_credit(credit, payment))
    return await asyncio.to_thread(long_answers.document, await money.owed())


async def bank(context: Context, _request: Request, _id: str) -> Response:
    """The credits kept of bank files, and the days those cover by account."""
    store = context.agent.store
    found: Bank = {"credits": [shape(one) for one in store.bank.credits()], "ranges": store.bank.ranges()}
    return Response.of(found)


async def forget_bank(context: Context, _request: Request, _id: str) -> Response:
    """Drop everything read from bank files."""
    found: BankForgotten = {"forgotten": await context.agent.store.write(context.agent.store.bank.forget)}
    return Response.of(found)


async def coverage(context: Context, _request: Request, _id: str) -> Response:
    """The complementary cover: as the service names it, and as the person told it."""
    return Response.of(context.agent.money.coverage())


async def set_coverage(context: Context, request: Request, _id: str) -> Response:
    """Change what the person tells of contract, situations and treating doctors."""
    money, body = context.agent.money, request.json()
    return Response.of(await context.agent.store.write(lambda: money.set_coverage(body)))


CALLS = {
    ("GET", "/v1/ledger"): Call(ledger),
    ("GET", "/v1/year"): Call(yearly),
    ("GET", "/v1/explain/*"): Call(explain),
    ("GET", "/v1/owed"): Call(owed),
    ("POST", "/v1/owed/received"): Call(received),
    ("POST", "/v1/owed/dismiss"): Call(dismiss),
    ("POST", "/v1/owed/match"): Call(match),
    ("GET", "/v1/bank"): Call(bank),
    ("POST", "/v1/bank/forget"): Call(forget_bank),
    ("GET", "/v1/coverage"): Call(coverage),
    ("POST", "/v1/coverage"): Call(set_coverage),
}
