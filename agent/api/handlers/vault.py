"""Calls that open and close the vault."""

from datetime import datetime

from agent.api.handlers.call import Body, Call, Context
from agent.api.parameters import Given, Text
from agent.api.server import Response
from agent.core.refusals import BadRequest
from agent.protocol.problems import Bilingual
from agent.protocol.vault import AfterLock, Made, NewRecoveryCode, Opened, VaultState

_KEPT_OTHERWISE: Bilingual = {
    "fr": "Lancez « ameli passphrase change » en redonnant cette même phrase secrète : une version précédente l'a "
          "gardée avec un signe qu'aucun clavier ne tape.",
    "en": "Run `ameli passphrase change` and give this same passphrase again: an earlier version kept it with a "
          "character that no keyboard types.",
}


class SetupBody(Given, frozen=True):
    """What will open the vault."""

    passphrase: Text


class UnlockBody(Given, frozen=True):
    """One of the two keys, and the person's word after a refusal."""

    passphrase: str | None = None
    recovery_code: str | None = None
    accept_older: bool = False
    """Take a restored, older copy of the vault as it is."""
    salvage: bool = False
    """Open all that can still be read of a damaged vault."""


class LockBody(Given, frozen=True):
    """What is to be forgotten."""

    all: bool = False
    """What watching needs, too."""


class PassphraseBody(Given, frozen=True):
    """The passphrase that opens it, and the one that will."""

    old: Text
    new: Text


class RecoveryBody(Given, frozen=True):
    """Who asks."""

    passphrase: Text


async def setup(context: Context, body: SetupBody, _id: str) -> Response:
    """Create the vault; the recovery code is shown this once."""
    code = await context.agent.setup(body.passphrase)
    made: Made = {"recovery_code": code, "state": context.agent.state}
    return Response.of(made)


async def unlock(context: Context, body: UnlockBody, _id: str) -> Response:
    """Open the vault with the passphrase or the recovery code.

    The answer has ``notices`` (problems) when there is something to be told, and ``salvage`` when damaged files were
    passed over: ``missing``, ``of``, ``at_least``, ``days``.
    """
    if (body.passphrase is None) == (body.recovery_code is None):
        raise BadRequest(what="give either “passphrase” or “recovery_code”",
                         fr="donnez soit « passphrase », soit « recovery_code »")
    await context.agent.unlock(
        passphrase=body.passphrase, recovery_code=body.recovery_code, accept_older=body.accept_older,
        salvage=body.salvage,
    )
    answer: Opened = {"state": context.agent.state}
    opening = context.agent.opening_notices
    if "notices" in opening:
        answer["notices"] = opening["notices"]
    if "salvage" in opening:
        answer["salvage"] = opening["salvage"]
    if context.agent.kept_otherwise:
        answer["note"] = _KEPT_OTHERWISE
    return Response.of(answer)


async def lock(context: Context, body: LockBody, _id: str) -> Response:
    """Close the vault; with ``all``, forget what watching needs, too."""
    ticket = await context.agent.lock(everything=body.all)
    planned = ticket.plan.get("next_run") if ticket is not None and ticket.plan is not None else None
    watching = planned is not None and ticket is not None and ticket.access != "none"
    following = datetime.fromisoformat(planned).isoformat(timespec="seconds") if planned else None
    now: AfterLock = {"state": context.agent.state, "watching": watching, "next_sync": following,
                   "access": ticket.access if ticket is not None else "none"}
    return Response.of(now)


async def passphrase(context: Context, body: PassphraseBody, _id: str) -> Response:
    """Change the passphrase."""
    await context.agent.change_passphrase(body.old, body.new)
    now: VaultState = {"state": context.agent.state}
    return Response.of(now)


async def recovery(context: Context, body: RecoveryBody, _id: str) -> Response:
    """Make a new recovery code; the one before opens nothing any more."""
    code = await context.agent.new_recovery_code(body.passphrase)
    made: NewRecoveryCode = {"recovery_code": code}
    return Response.of(made)


CALLS = {
    ("POST", "/v1/setup"): Call(setup, Body(SetupBody), vault=False),
    ("POST", "/v1/unlock"): Call(unlock, Body(UnlockBody), vault=False),
    ("POST", "/v1/lock"): Call(lock, Body(LockBody), vault=False, use=False),
    ("POST", "/v1/passphrase"): Call(passphrase, Body(PassphraseBody)),
    ("POST", "/v1/recovery"): Call(recovery, Body(RecoveryBody)),
}
