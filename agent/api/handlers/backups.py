"""Calls that make backups, hand one over, and bring one back."""

from pathlib import Path

from agent.api.handlers.call import Body, Call, Context, Query, nothing
from agent.api.parameters import Count, Given, Nothing, Text
from agent.api.server import Response
from agent.core.refusals import BadRequest
from agent.protocol.backups import BackFromBackup


class PieceQuery(Given, frozen=True):
    """From which byte on."""

    offset: Count = 0


class FetchedBody(Given, frozen=True):
    """Where it lies now; null when it was not wanted."""

    path: str | None = None


class RestoreBody(Given, frozen=True):
    """The file, and one of the two keys of the vault that is in it."""

    file: Text
    passphrase: str | None = None
    recovery_code: str | None = None


async def listed(context: Context, _nothing: Nothing, _id: str) -> Response:
    """What is in the folder of backups."""
    return Response.of(await context.agent.open_vault.backups.listed())


async def make(context: Context, _nothing: Nothing, _id: str) -> Response:
    """Make one now, in the folder."""
    return Response.of(await context.agent.open_vault.backups.make())


async def prepare(context: Context, _nothing: Nothing, _id: str) -> Response:
    """Make one for a file of the person's own, which the caller writes: an agent that is a service cannot."""
    return Response.of(await context.agent.open_vault.backups.prepare())


async def piece(context: Context, query: PieceQuery, _id: str) -> Response:
    """Bytes of the prepared one; none at its end."""
    data = await context.agent.open_vault.backups.piece(query.offset)
    return Response(data, media_type="application/octet-stream")


async def fetched(context: Context, body: FetchedBody, _id: str) -> Response:
    """The prepared one lies where it belongs, or is not wanted."""
    await context.agent.open_vault.backups.fetched(body.path)
    return Response.of({})


async def restore(context: Context, body: RestoreBody, _id: str) -> Response:
    """Make the vault of a backup, in a home that has none, and open it."""
    if (body.passphrase is None) == (body.recovery_code is None):
        raise BadRequest(what="give either “passphrase” or “recovery_code”",
                         fr="donnez soit « passphrase », soit « recovery_code »")
    file = Path(body.file)
    if not file.is_absolute():
        raise BadRequest(what="“file” is a whole path", fr="« file » est un chemin entier")
    restored, settings = await context.agent.restore(
        file, passphrase=body.passphrase, recovery_code=body.recovery_code)
    answer: BackFromBackup = {
        "state": context.agent.state, "made": restored.made, "documents": restored.documents,
        "missing": restored.missing, "settings": settings,
        "notices": context.agent.opening_notices.get("notices", []),
    }
    return Response.of(answer)


CALLS = {
    ("GET", "/v1/backups"): Call(listed, nothing),
    ("POST", "/v1/backups"): Call(make, nothing),
    ("POST", "/v1/backups/outgoing"): Call(prepare, nothing),
    ("GET", "/v1/backups/outgoing"): Call(piece, Query(PieceQuery)),
    ("POST", "/v1/backups/fetched"): Call(fetched, Body(FetchedBody)),
    ("POST", "/v1/restore"): Call(restore, Body(RestoreBody), vault=False),
}
