"""The calls about the rules' tables: what they know from when, and the fund's files taken in. They need no vault."""

import asyncio

from agent.api.handlers.call import Call, Context, FileBody, Query
from agent.api.parameters import Given, Text, Upload
from agent.api.server import Response
from agent.concurrency.reader_threads import aside
from agent.protocol.tariffs import TakenTariffs, TariffsStatus
from config import clock


class TariffsQuery(Given, frozen=True):
    """Which table is told value by value."""

    table: Text | None = None


class TableQuery(Given, frozen=True):
    """Nothing: the bytes say what they are."""


async def tariffs(_context: Context, query: TariffsQuery, _id: str) -> Response:
    """What is known today."""
    return Response.of(await asyncio.to_thread(_status, query.table))


async def take_in(context: Context, file: Upload[TableQuery], _id: str) -> Response:
    """Keep a version of the fund's table, as the command read it from the fund's files."""
    return Response.of(await aside(_take_in, context, bytes(file.data)))


def _status(table: str | None) -> TariffsStatus:
    from agent.core import tariff_tables  # the tables cost memory that most agents never need

    return tariff_tables.status(clock.today(), table)


def _take_in(context: Context, packed: bytes) -> TakenTariffs:
    from agent.core import tariff_tables

    return tariff_tables.take_in(context.agent.paths, packed)


CALLS = {
    ("GET", "/v1/tariffs"): Call(tariffs, Query(TariffsQuery), vault=False, use=False),
    ("POST", "/v1/tariffs"): Call(take_in, FileBody(TableQuery), vault=False, use=False),
}
