"""Calls that talk to the account service."""

from agent.api.handlers.call import Body, Call, Context, Query, nothing
from agent.api.parameters import Given, Nothing
from agent.api.server import Response
from agent.core.document_bytes import document_bytes
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
    password, otp, vault = body.password, body.otp, context.agent.open_vault
    connection = await vault.connection(writable=True)
    if body.screen is not None:
        connection.on_screen(screen_of(body.screen), watched=True)
    await vault.tasks.run(connection.login(
        body.nir, (account_password(password) or None) if password else password, otp and otp.strip(),
        remember=body.remember, keep_password=body.keep_password))
    vault.signed_in()
    answer: SignedIn = {"state": "signed_in"}
    return Response.of(answer)


async def logout(context: Context, _nothing: Nothing, _id: str) -> Response:
    """Sign out and forget the credentials; the data stays."""
    vault = context.agent.open_vault
    connection = await vault.connection()
    await vault.syncs.stop()
    try:
        await vault.tasks.run(connection.logout())
    finally:
        vault.signed_out()
    return Response.of({})


async def sync(context: Context, body: SyncBody, _id: str) -> Response:
    """Sync now. With ``wait`` the answer is the result, else it says that the run has started.

    While the vault is locked and the account is watched: one round, which is sealed and waited for.
    """
    if context.agent.state == "locked" and (sealed := await context.agent.watch.run_now()) is not None:
        return Response.of(sealed)
    screen = None if body.screen is None else screen_of(body.screen)
    result = await context.agent.open_vault.syncs.run_now(full=body.full, wait=body.wait, screen=screen)
    started: SyncStarted = {"started": True}
    return Response.of(started, 202) if result is None else Response.of(result)


async def content(context: Context, _nothing: Nothing, identifier: str) -> Response:
    """A document's bytes, fetched from the service when they are not kept yet, or are damaged."""
    vault = context.agent.open_vault
    media_type = vault.store.documents.get(identifier)["media_type"]
    data = await document_bytes(vault, identifier)
    return Response(data, media_type=media_type)


async def attestation(context: Context, query: AttestationQuery, _id: str) -> Response:
    """Today's entitlement certificate."""
    return Response(await certified(context, query.beneficiary or None), media_type="application/pdf")


async def certified(context: Context, beneficiary: str | None) -> bytes:
    """Today's entitlement certificate of somebody, of the insured person by default, as PDF."""
    vault = context.agent.open_vault
    connection = await vault.connection(writable=True)  # the session goes on from one request to the next
    return await vault.tasks.run(connection.attestation(beneficiary))


CALLS = {
    ("POST", "/v1/login"): Call(login, Body(LoginBody)),
    ("POST", "/v1/logout"): Call(logout, nothing),
    ("POST", "/v1/sync"): Call(sync, Body(SyncBody), vault=False),
    ("GET", "/v1/documents/*/content"): Call(content, nothing),
    ("GET", "/v1/attestation"): Call(attestation, Query(AttestationQuery)),
}
