"""Calls that talk to the account service."""

from agent.api.handlers.call import Call, Context
from agent.api.parameters import Given, Nothing
from agent.api.server import Response
from agent.passphrase import account_password
from agent.protocol.account import SignedIn, SyncStarted
from config.screen import screen_of


class LoginBody(Given, frozen=True):
    """Number and password, or the one-time code; nothing of them: the kept ones."""

    nir: str | None = None
    password: str | None = None
    otp: str | None = None
    remember: bool = True
    """Have the service trust this device."""
    keep_password: bool = True
    screen: dict[str, str] | None = None
    """Where the caller's windows go, see ``config.screen``; None: not said."""


class SyncBody(Given, frozen=True):
    """What kind of sync."""

    full: bool = False
    """Read everything again."""
    wait: bool = False
    """Answer when it is over."""
    screen: dict[str, str] | None = None


class AttestationQuery(Given, frozen=True):
    """For whom."""

    beneficiary: str = ""


async def login(context: Context, body: LoginBody, _id: str) -> Response:
    """Sign in, or bring the one-time code to the sign-in that waits for it."""
    password, otp = body.password, body.otp
    await context.agent.errands.login(
        body.nir, (account_password(password) or None) if password else password, otp and otp.strip(),
        remember=body.remember, keep_password=body.keep_password, screen=_screen(body.screen),
    )
    told: SignedIn = {"state": "signed_in"}
    return Response.of(told)


async def logout(context: Context, _nothing: Nothing, _id: str) -> Response:
    """Sign out and forget the credentials; the data stays."""
    await context.agent.errands.logout()
    return Response.of({})


async def sync(context: Context, body: SyncBody, _id: str) -> Response:
    """Sync now. With ``wait`` the answer is the result, else it says that the run has started."""
    result = await context.agent.errands.sync(body.full, body.wait, _screen(body.screen))
    started: SyncStarted = {"started": True}
    return Response.of(started, 202) if result is None else Response.of(result)


async def content(context: Context, _nothing: Nothing, identifier: str) -> Response:
    """A document's bytes, fetched from the service when they are not kept yet."""
    store = context.agent.store
    media_type = store.document(identifier)["media_type"]
    data = store.document_bytes(identifier)
    if data is None:
        data = await context.agent.errands.document(identifier)
    return Response(data, media_type=media_type)


async def attestation(context: Context, query: AttestationQuery, _id: str) -> Response:
    """Today's entitlement certificate."""
    data = await context.agent.errands.attestation(query.beneficiary or None)
    return Response(data, media_type="application/pdf")


def _screen(given: dict[str, str] | None) -> dict[str, str] | None:
    return None if given is None else screen_of(given)


CALLS = {
    ("POST", "/v1/login"): Call(login, body=LoginBody),
    ("POST", "/v1/logout"): Call(logout),
    ("POST", "/v1/sync"): Call(sync, body=SyncBody),
    ("GET", "/v1/documents/*/content"): Call(content),
    ("GET", "/v1/attestation"): Call(attestation, query=AttestationQuery),
}
