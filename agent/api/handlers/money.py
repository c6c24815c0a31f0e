"""Calls about money: payments explained, the ledger, what is owed, the year, the top-up contract."""

import asyncio

from agent.api import long_answers
from agent.api.handlers.call import Body, Call, Context, Query, nothing
from agent.api.handlers.filters import person, several
from agent.api.parameters import Count, Given, Nothing, Text, object_of
from agent.api.server import Response
from agent.protocol.money import Bank, BankForgotten
from agent.protocol.payments import Explanation
from agent.store.bank_credits import shape
from config.json_value import JsonObject

_LAST_YEAR = 9999


class YearQuery(Given, frozen=True):
    """Of which year (the current one by default), of one person or of all."""

    year: Count | None = None
    beneficiary: str = ""


class ReceivedBody(Given, frozen=True):
    """The top-up's share of a payment: the expected euros today by default."""

    payment: Text
    amount: str | None = None
    on: str | None = None
    undo: bool = False
    """Take the mark back."""


class ArrivedBody(Given, frozen=True):
    """A payment that arrived, whatever the bank files show."""

    payment: Text
    undo: bool = False
    """Take the word back."""


class DismissBody(Given, frozen=True):
    """An anomaly to hide, or to show again."""

    anomaly: Text
    undo: bool = False


class MatchBody(Given, frozen=True):
    """Which payment a bank credit is: ``none`` for none of them, None to take the word back."""

    credit: Text
    payment: str | None = None


async def ledger(context: Context, query: YearQuery, _id: str) -> Response:
    """The ledger of a year, of one person or of all."""
    return Response.of(await context.agent.money.ledger(_year(query), _one(context, query)))


async def yearly(context: Context, query: YearQuery, _id: str) -> Response:
    """What was spent and given back in a year, for one person or all."""
    return Response.of(await context.agent.money.year(_year(query), _one(context, query)))


def _year(query: YearQuery) -> int | None:
    return None if query.year is None else min(query.year, _LAST_YEAR)


def _one(context: Context, query: YearQuery) -> str | None:
    """The person asked for. Raises UnknownPerson, unless nobody is known at all."""
    name = query.beneficiary
    several(context, name)
    return person(context, name) if context.agent.store.payments.facets()["beneficiaries"] else name or None


async def explain(context: Context, _nothing: Nothing, identifier: str) -> Response:
    """One payment explained."""
    explanation: Explanation = await context.agent.money.explain(identifier)
    return Response.of(explanation)


async def owed(context: Context, _nothing: Nothing, _id: str) -> Response:
    """What is still to come and worth asking about."""
    return await asyncio.to_thread(long_answers.document, await context.agent.money.owed())


async def received(context: Context, body: ReceivedBody, _id: str) -> Response:
    """Mark the top-up's share of a payment as received, or take the mark back."""
    money = context.agent.money
    if body.undo:
        await context.agent.store.write(lambda: money.forget_received(body.payment))
    else:
        await money.record_received(body.payment, body.amount, body.on)
    return await asyncio.to_thread(long_answers.document, await money.owed())


async def arrived(context: Context, body: ArrivedBody, _id: str) -> Response:
    """Note that a payment arrived, or take that back."""
    money = context.agent.money
    await context.agent.store.write(lambda: money.say_arrived(body.payment, body.undo))
    return await asyncio.to_thread(long_answers.document, await money.owed())


async def dismiss(context: Context, body: DismissBody, _id: str) -> Response:
    """Hide an anomaly, or show it again."""
    await context.agent.money.dismiss(body.anomaly, body.undo)
    return await asyncio.to_thread(long_answers.document, await context.agent.money.owed())


async def match(context: Context, body: MatchBody, _id: str) -> Response:
    """Note which payment a bank credit is."""
    money = context.agent.money
    await context.agent.store.write(lambda: money.say_of_credit(body.credit, body.payment))
    return await asyncio.to_thread(long_answers.document, await money.owed())


async def bank(context: Context, _nothing: Nothing, _id: str) -> Response:
    """The credits kept of bank files, and the days those cover by account."""
    store = context.agent.store
    answer: Bank = {"credits": [shape(one) for one in store.bank.credits()], "ranges": store.bank.ranges()}
    return Response.of(answer)


async def forget_bank(context: Context, _nothing: Nothing, _id: str) -> Response:
    """Drop everything read from bank files."""
    store = context.agent.store

    def forget() -> int:
        store.bank_forms.forget()
        return store.bank.forget()

    answer: BankForgotten = {"forgotten": await store.write(forget)}
    return Response.of(answer)


async def coverage(context: Context, _nothing: Nothing, _id: str) -> Response:
    """The complementary cover: as the service names it, and as the person told it."""
    return Response.of(context.agent.money.coverage())


async def set_coverage(context: Context, body: JsonObject, _id: str) -> Response:
    """Change what the person tells of contract, situations and treating doctors, which money's reader checks."""
    money = context.agent.money
    return Response.of(await context.agent.store.write(lambda: money.set_coverage(body)))


CALLS = {
    ("GET", "/v1/ledger"): Call(ledger, Query(YearQuery)),
    ("GET", "/v1/year"): Call(yearly, Query(YearQuery)),
    ("GET", "/v1/explain/*"): Call(explain, nothing),
    ("GET", "/v1/owed"): Call(owed, nothing),
    ("POST", "/v1/owed/received"): Call(received, Body(ReceivedBody)),
    ("POST", "/v1/owed/arrived"): Call(arrived, Body(ArrivedBody)),
    ("POST", "/v1/owed/dismiss"): Call(dismiss, Body(DismissBody)),
    ("POST", "/v1/owed/match"): Call(match, Body(MatchBody)),
    ("GET", "/v1/bank"): Call(bank, nothing),
    ("POST", "/v1/bank/forget"): Call(forget_bank, nothing),
    ("GET", "/v1/coverage"): Call(coverage, nothing),
    ("POST", "/v1/coverage"): Call(set_coverage, lambda request: object_of(request.body)),
}
