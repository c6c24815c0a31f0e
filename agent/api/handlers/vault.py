"""Calls that open and close the vault."""

from agent.api.handlers.call import Call, Context, flag, optional_text, text
from agent.api.server import Request, Response
from agent.core.refusals import BadRequest
from agent.protocol.problems import Bilingual
from agent.protocol.vault import Made, NewRecoveryCode, Opened, VaultState

_KEPT_OTHERWISE: Bilingual = {
    "fr": "Lancez « ameli passphrase change » en redonnant cette même phrase secrète : une version précédente l'a "
          "gardée avec un signe qu'aucun clavier ne tape.",
    "en": "Run `ameli passphrase change` and give this same passphrase again: an earlier version kept it with a "
          "character that no keyboard types.",
}


async def setup(context: Context, request: Request, _id: str) -> Response:
    """Create the vault; the recovery code is shown this once."""
    code = await context.agent.setup(text(request.json(), "passphrase"))
    made: Made = {"recovery_code": code, "state": context.agent.state}
    return Response.of(made)


async def unlock(context: Context, request: Request, _id: str) -> Response:
    """Open the vault with the passphrase or the recovery code.

    The answer has ``notices`` (problems) when there is something to be told, and ``salvage`` when damaged files were
    passed over: ``missing``, ``of``, ``at_least``, ``days``.
    """
    body = request.json()
    passphrase, code = optional_text(body, "passphrase"), optional_text(body, "recovery_code")
    if (passphrase is None) == (code is None):
        raise BadRequest(what="give either “passphrase” or “recovery_code”")
    await context.agent.unlock(
        passphrase=passphrase, recovery_code=code, accept_older=flag(body, "accept_older", False),
        salvage=flag(body, "salvage", False),
    )
    answer: Opened = {"state": context.agent.state}
    told = context.agent.opened
    if "notices" in told:
        answer["notices"] = told["notices"]
    if "salvage" in told:
        answer["salvage"] = told["salvage"]
    if context.agent.kept_otherwise:
        answer["note"] = _KEPT_OTHERWISE
    return Response.of(answer)


async def lock(context: Context, _request: Request, _id: str) -> Response:
    """Close the vault."""
    await context.agent.lock()
    now: VaultState = {"state": context.agent.state}
    return Response.of(now)


async def passphrase(context: Context, request: Request, _id: str) -> Response:
    """Change the passphrase."""
    body = request.json()
    await context.agent.change_passphrase(text(body, "old"), text(body, "new"))
    now: VaultState = {"state": context.agent.state}
    return Response.of(now)


async def recovery(context: Context, request: Request, _id: str) -> Response:
    """Make a new recovery code; the one before opens nothing any more."""
    code = await context.agent.new_recovery_code(text(request.json(), "passphrase"))
    made: NewRecoveryCode = {"recovery_code": code}
    return Response.of(made)


CALLS = {
    ("POST", "/v1/setup"): Call(setup),
    ("POST", "/v1/unlock"): Call(unlock),
    ("POST", "/v1/lock"): Call(lock, use=False),
    ("POST", "/v1/passphrase"): Call(passphrase),
    ("POST", "/v1/recovery"): Call(recovery),
}
