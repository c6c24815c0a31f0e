"""Calls that talk to the account service."""

from typing import Any

from agent.api.handlers.call import Call, Context, flag, optional_text
from agent.api.server import Request, Response
from agent.core.refusals import BadRequest
from agent.passphrase import account_password
from agent.protocol.account import SignedIn, SyncStarted
from config.screen import screen_of


async def login(context: Context, request: Request, _id: str) -> Response:
    """Sign in, or bring the one-time code to the sign-in that waits for it."""
    body = request.json()
    password, otp = optional_text(body, "password"), optional_text(body, "otp")
    await context.agent.errands.login(
        optional_text(body, "nir"), (account_password(password) or None) if password else password, otp and otp.strip(),
        remember=flag(body, "remember", True), keep_password=flag(body, "keep_password", True), screen=_screen(body),
    )
    told: SignedIn = {"state": "signed_in"}
    return Response.of(told)


async def logout(context: Context, _request: Request, _id: str) -> Response:
    """Sign out and forget the credentials; the data stays."""
    await context.agent.errands.logout()
    return Response.of({})


async def sync(context: Context, request: Request, _id: str) -> Response:
    """Sync now. With ``wait`` the answer is the result, else it says that the run has started."""
    body = request.json()
    full, wait = flag(body, "full", False), flag(body, "wait", False)
    result = await context.agent.errands.sync(full, wait, _screen(body))
    started: SyncStarted = {"started": True}
    return Response.of(started, 202) if result is None else Response.of(result)


async def content(context: Context, _request: Request, identifier: str) -> Response:
    """A document's bytes, fetched from the service when they are not kept yet."""
    store = context.agent.store
    media_type = store.document(identifier)["media_type"]
    data = store.document_bytes(identifier)
    if data is None:
        data = await context.agent.errands.document(identifier)
    return Response(data, media_type=media_type)


async def attestation(context: Context, request: Request, _id: str) -> Response:
    """Today's entitlement certificate."""
    data = await context.agent.errands.attestation(request.query.get("beneficiary") or None)
    return Response(data, media_type="application/pdf")


def _screen(body: dict[str, Any]) -> dict[str, str] | None:
    """Where the caller's windows go; None when nothing was said. Raises BadRequest."""
    given = body.get("screen")
    if given is None:
        return None
    if not isinstance(given, dict) or not all(isinstance(one, str) for one in given.values()):
        raise BadRequest(what="“screen” is not an object of texts")
    return screen_of(given)


CALLS = {
    ("POST", "/v1/login"): Call(login),
    ("POST", "/v1/logout"): Call(logout),
    ("POST", "/v1/sync"): Call(sync),
    ("GET", "/v1/documents/*/content"): Call(content),
    ("GET", "/v1/attestation"): Call(attestation),
}
