"""The calls that take files in, and tell which were."""

import asyncio
from dataclasses import replace
from typing import Literal

from agent.account.batch import utc
from agent.api.handlers.call import Body, Call, Context, FileBody, Query, nothing
from agent.api.parameters import Count, Given, Nothing, Text, Upload
from agent.api.server import Response
from agent.core.memory import give_back
from agent.files.imports import take_file
from agent.files.imports.kept_statements import read_kept
from agent.protocol.events import IMPORTED, REQUESTS_CHANGED
from agent.protocol.files import TakenStatements
from agent.store.undo import undo

_LARGE = 4 << 20
_ANSWERED_S = 0.5
"""After so long the answer is sent and nothing holds the file any more."""


class ImportQuery(Given, frozen=True):
    """What the file is."""

    name: Text
    mine: Literal["yes", "no"] | None = None
    """The person's answer to the question whose it is; None: not asked."""
    columns: str = ""
    """The columns of a bank's file as the person says them."""


class ImportsQuery(Given, frozen=True):
    """How many."""

    limit: Count = 50


class Undo(Given, frozen=True):
    """Which file."""

    id: Text


async def take(context: Context, file: Upload[ImportQuery], _id: str) -> Response:
    """Take in the file of the body: what it was, and what of it is new."""
    agent, mine = context.agent, file.query.mine
    columns = file.query.columns
    if columns:
        from agent.files.formats.bank import columns_said

        columns_said(columns)
    desk = replace(agent.desk, mine=None if mine is None else mine == "yes", columns=columns)
    taken = await take_file(desk, file.query.name, bytes(file.data))
    if taken.new:
        agent.events.publish(IMPORTED({"file": taken.kind, "new": taken.new}))
        # a recorded session brings messages
        if changed := await agent.store.write(agent.open_vault.requests.by_hand.read_inbox):
            agent.events.publish(REQUESTS_CHANGED({"ids": changed, "sent": 0}))
    if len(file.data) > _LARGE:
        asyncio.get_running_loop().call_later(_ANSWERED_S, give_back)
    return Response.of(taken.shape())


async def read_statements(context: Context, _nothing: Nothing, _id: str) -> Response:
    """Read the monthly statements that are kept for the payments in them."""
    agent = context.agent
    answers = await read_kept(agent.desk)
    if new := sum(one["new"] for one in answers):
        agent.events.publish(IMPORTED({"file": "statement", "new": new}))
    answer: TakenStatements = {"files": answers}
    return Response.of(answer)


async def taken(context: Context, query: ImportsQuery, _id: str) -> Response:
    """The files taken in, newest first."""
    return Response.of(context.agent.store.imports.newest(min(query.limit, 1000)))


async def take_back(context: Context, body: Undo, _id: str) -> Response:
    """Take back what a file alone brought."""
    agent = context.agent
    at = utc(agent.desk.now())
    undone = await agent.store.write(lambda: undo(agent.store, body.id, at))
    agent.events.publish(IMPORTED({"file": "undone", "new": 0}))
    if changed := await agent.store.write(agent.open_vault.requests.by_hand.read_inbox):
        agent.events.publish(REQUESTS_CHANGED({"ids": changed, "sent": 0}))
    return Response.of(undone)


CALLS = {
    ("POST", "/v1/import"): Call(take, FileBody(ImportQuery)),
    ("POST", "/v1/import/statements"): Call(read_statements, nothing),
    ("GET", "/v1/imports"): Call(taken, Query(ImportsQuery)),
    ("POST", "/v1/imports/undo"): Call(take_back, Body(Undo)),
}
