"""The stand-in put together: two origins, a firewall, faults, and the control side, in one ASGI application."""

import re
import time
from collections.abc import Awaitable, Callable
from datetime import date
from functools import partial
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent.sandbox.desk import control as procedures_control
from agent.sandbox.desk.desk import Desk
from agent.sandbox.desk.persistence import Drawer
from agent.sandbox.desk.routes import ROUTES as PROCEDURES
from agent.sandbox.model import Household
from agent.sandbox.pages import attestation, identity, inbox, payments, portal, statements, sub_apps
from agent.sandbox.pages.markup import firewall, outage_page, redirect
from agent.sandbox.pdf.lazy import PdfPapers
from agent.sandbox.server import control
from agent.sandbox.server.faults import FaultLayer, Faults
from agent.sandbox.server.options import SandboxOptions
from agent.sandbox.server.payment_history import PaymentHistory
from agent.sandbox.server.state import Papers, Service

_OUTAGE = "/vu/INDISPO_COMPTE_ASSURES.html"
_CONTROL = "/_sandbox/"
_BROWSER = re.compile(r"Mozilla/5\.0 \(.+\) .*(?:Firefox|Chrome|Safari|Edg)/\d")
Handler = Callable[[Service, Request], Awaitable[Response]]


class Sandbox:
    """The account service of one household.

    ``today`` is a day or a function that gives one; ``clock`` counts seconds (sessions, codes); ``seed`` makes tokens
    and faults repeatable. ``asgi`` answers for both origins, told apart by the ``Host`` header. ``state`` is a
    folder in which requests, messages and papers sent to it outlive it; without one they end with it.
    """

    def __init__(
        self,
        household: Household,
        options: SandboxOptions | None = None,
        today: date | Callable[[], date] = date.today,
        *,
        base_url: str = "http://127.0.0.1:8080",
        identity_url: str = "http://localhost:8081",
        faults: Faults | None = None,
        papers: Papers | None = None,
        clock: Callable[[], float] = time.time,
        seed: int | None = None,
        state: Path | None = None,
    ) -> None:
        self.faults = faults or Faults()
        self.service = Service(
            household=household,
            options=options or SandboxOptions(),
            today=today if callable(today) else lambda: today,
            base_url=base_url.rstrip("/"),
            identity_url=identity_url.rstrip("/"),
            papers=papers or PdfPapers(),
            clock=clock,
            rng=Random(seed),  # noqa: S311 - invented tokens of an invented account, repeatable on purpose
            history=PaymentHistory(household.payments, household.nir),
            desk=Desk(household, Drawer(state, household.nir)),
        )
        self.layer = FaultLayer(_Origins(self.service), self.faults)
        self._control = _control_app(self.service, self.faults)

    @property
    def options(self) -> SandboxOptions:
        return self.service.options

    @property
    def base_url(self) -> str:
        return self.service.base_url

    @property
    def identity_url(self) -> str:
        return self.service.identity_url

    @property
    def mailbox_url(self) -> str:
        """Where the mails "sent" are listed."""
        return f"{self.service.base_url}{_CONTROL}mailbox"

    async def asgi(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI application."""
        if scope["type"] == "http":
            self.service.desk.advance(self.service.today())
        if scope["type"] == "http" and scope["path"].startswith(_CONTROL):
            await self._control(scope, receive, send)
        elif scope["type"] == "http":
            await self.layer(scope, receive, send)


_BROWSERS_OWN = {b"sec-fetch-mode", b"sec-fetch-site", b"sec-fetch-dest", b"accept-language"}
"""Headers that no page and few programs set: every browser of today sends them to a trustworthy address."""


class _Origins:
    """Sends a request to the portal or to the identity host."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._portal, self._identity = _portal_app(service), _identity_app(service)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._identity if self._for_identity(scope) else self._guarded(scope)
        await app(scope, receive, self._with_balancer(scope, send))

    def _for_identity(self, scope: Scope) -> bool:
        host = dict(scope["headers"]).get(b"host", b"").decode("latin-1").lower()
        ours, theirs = urlsplit(self._service.base_url), urlsplit(self._service.identity_url)
        if host == theirs.netloc.lower() or _named(host, theirs.hostname, theirs.port):
            return True
        server = scope.get("server")
        return bool(server and theirs.port != ours.port and host != ours.netloc.lower() and server[1] == theirs.port)

    def _guarded(self, scope: Scope) -> ASGIApp:
        options = self._service.options
        headers = dict(scope["headers"])
        agent = headers.get(b"user-agent", b"").decode("latin-1")
        refused = (options.waf in ("no-browser", "on", "strict") and not _BROWSER.search(agent)) or (
            options.waf in ("headless", "on", "strict") and "HeadlessChrome" in agent
        ) or (options.waf == "strict" and not headers.keys() >= _BROWSERS_OWN)
        if refused:
            return firewall(self._service.rng, options.waf_status)
        if options.outage and scope["path"] != _OUTAGE:
            return redirect(_OUTAGE)
        return self._portal

    def _with_balancer(self, scope: Scope, send: Send) -> Send:
        if b"BIGipServer" in dict(scope["headers"]).get(b"cookie", b""):
            return send
        mark = self._service.rng.getrandbits(64)

        async def marked(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    *message["headers"],
                    (b"set-cookie", f"BIGipServerpool_ameli={mark % 10**10}.20480.0000; Path=/".encode()),
                    (b"set-cookie", f"TS01{mark % 0xFFFFFF:06x}={mark:016x}; Path=/".encode()),
                ]
            await send(message)

        return marked


def _named(host: str, name: str | None, port: int | None) -> bool:
    """Whether ``host`` names that host, whatever it says of a default port."""
    return bool(name) and host in (f"{name}:{port or 80}", f"{name}:{port or 443}")


def _routes(service: Service, table: dict[str, Handler], methods: tuple[str, ...] = ("GET", "POST")) -> list[Route]:
    def endpoint(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            return await handler(service, request)

        return answer

    return [Route(path, endpoint(handler), methods=list(methods)) for path, handler in table.items()]


async def _outage(service: Service, request: Request) -> Response:
    return outage_page()


async def _error(service: Service, request: Request) -> Response:
    return PlainTextResponse("Une erreur est survenue.", status_code=500)


def _portal_app(service: Service) -> ASGIApp:
    desk = [route for path, handler, methods in PROCEDURES for route in _routes(service, {path: handler}, methods)]
    return Starlette(routes=[*desk, *_routes(service, {
        "/": portal.front_door,
        "/PortailAS/appmanager/PortailAS/assure": portal.assure,
        "/PortailAS/JavaScriptServlet": portal.token,
        "/PortailAS/paiements.do": payments.do,
        "/PortailAS/PDFServletDetailPaiementRS.dopdf": payments.pdf,
        "/PortailAS/PDFServletDetailPaiementPT.dopdf": payments.pdf,
        "/PortailAS/PDFServletDetailPaiementIJ.dopdf": payments.pdf,
        "/PortailAS/PDFServletReleveMensuel.dopdf": statements.pdf,
        "/PortailAS/PDFServletAttestationDroits.dopdf": attestation.pdf,
        "/PortailAS/portlets/relevemensuelpaiement/relevemensuelpaiement.do": statements.more,
        "/PortailAS/messagerie/telechargerMessage.do": inbox.message_pdf,
        "/PortailAS/messagerie/pieceJointe/{message}/{rank:int}": inbox.attachment,
        "/PortailAS/error.jsp": _error,
        _OUTAGE: _outage,
        "/compte/redirect_uri": sub_apps.callback,
        sub_apps.STATEMENTS: sub_apps.statements_page,
        sub_apps.ATTESTATION: sub_apps.attestation_page,
        f"{sub_apps.ATTESTATION}/fichier": sub_apps.attestation_file,
        "/compte/aspmm/rest/releves-mensuels/home": sub_apps.home,
        "/compte/aspmm/rest/releves-mensuels/pdf/{identifiant:path}": sub_apps.document,
        "/compte/{rest:path}": sub_apps.unknown,
    })])


def _identity_app(service: Service) -> ASGIApp:
    return Starlette(routes=_routes(service, {"/oauth2/authorize": identity.authorize}))


def _control_app(service: Service, faults: Faults) -> ASGIApp:
    return Starlette(routes=[
        *_routes(service, {f"{_CONTROL}mailbox": control.mails}, ("GET", "DELETE")),
        *_routes(service, {f"{_CONTROL}requests": procedures_control.requests}),
        Route(f"{_CONTROL}options", partial(control.options, service, faults), methods=["GET", "POST"]),
        *_routes(service, {
            f"{_CONTROL}payments": control.pay,
            f"{_CONTROL}messages": control.write,
            f"{_CONTROL}news": control.news,
            f"{_CONTROL}expire": control.expire,
            f"{_CONTROL}unlock": control.unlock,
            f"{_CONTROL}today": control.move_day,
        }, ("POST",)),
    ])
