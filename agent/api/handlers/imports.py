"""The calls that take files in, and tell which were."""

import asyncio
from dataclasses import replace
from typing import Literal

from agent.account.batch import utc
from agent.api.handlers.call import Body, Call, Context, FileBody, Query, nothing
from agent.api.parameters import Count, Given, Nothing, Text, Upload
from agent.api.server import Response
from agent.core.memory import give_back
from agent.files.imports import Desk, take_file
from agent.files.imports.kept_statements import read_kept
from agent.files.imports.preview import preview_file
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
    agent = context.agent
    desk = _desk(context, file.query)
    taken = await take_file(desk, file.query.name, bytes(file.data))
    if taken.new:
        agent.events.publish(IMPORTED({"file": taken.kind, "new": taken.new}))
        # a recorded session brings messages
        if changed := await agent.store.write(agent.open_vault.requests.by_hand.read_inbox):
            agent.events.publish(REQUESTS_CHANGED({"ids": changed, "sent": 0}))
    _give_back(file)
    return Response.of(taken.shape())


async def preview(context: Context, file: Upload[ImportQuery], _id: str) -> Response:
    """What the file of the body would bring; nothing of it is kept."""
    shown = await preview_file(_desk(context, file.query), file.query.name, bytes(file.data))
    _give_back(file)
    return Response.of(shown)


def _desk(context: Context, query: ImportQuery) -> Desk:
    """Where a file is taken in, with what the person said of it. Raises BadColumns."""
    if query.columns:
        from agent.files.formats.bank import columns_said

        columns_said(query.columns)
    mine = None if query.mine is None else query.mine == "yes"
    return replace(context.agent.desk, mine=mine, columns=query.columns)


def _give_back(file: Upload[ImportQuery]) -> None:
    if len(file.data) > _LARGE:
        asyncio.get_running_loop().call_later(_ANSWERED_S, give_back)


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
    ("POST", "/v1/import/preview"): Call(preview, FileBody(ImportQuery)),
    ("POST", "/v1/import/statements"): Call(read_statements, nothing),
    ("GET", "/v1/imports"): Call(taken, Query(ImportsQuery)),
    ("POST", "/v1/imports/undo"): Call(take_back, Body(Undo)),
}
