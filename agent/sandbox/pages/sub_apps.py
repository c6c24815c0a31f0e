"""The sub-applications under ``/compte``: their guard, the monthly statements with their REST, the attestation page."""

import base64
import hashlib
import re
from datetime import date
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from agent.sandbox.pages import sub_apps_markup
from agent.sandbox.pages.attestation import find_person
from agent.sandbox.pages.markup import firewall, redirect
from agent.sandbox.pages.payments import pdf_file
from agent.sandbox.pages.statements import file_name, paper
from agent.sandbox.pages.words import back, yyyymm
from agent.sandbox.server.state import Service

STATEMENTS = "/compte/aspm/releves-mensuels"
ATTESTATION = "/compte/asdo/attestation-droits"
_HEADERS = ("canal", "x-app-name", "x-app-version", "x-request-engine", "x-correlation-id")
_PERIOD = re.compile(r"[0-9]{4}(0[1-9]|1[0-2])")
_PREFIX = "SOINS_IJ#-#"
_SALT = 9
_WIDEST = 12


def authorize_address(service: Service, target: str) -> str:
    """Where the guard of ``/compte`` sends somebody without a session."""
    state = service.begin(target, sub_app=True)
    verifier = hashlib.sha256(service.token(43).encode()).digest()
    challenge = base64.urlsafe_b64encode(verifier).rstrip(b"=").decode()
    back_to = quote(f"{service.portal}/compte/redirect_uri", safe="")
    return (
        f"{service.identity}/oauth2/authorize?response_type=code&scope=openid+ameliconnect&client_id=compte_AS"
        f"&state={state}&redirect_uri={back_to}&nonce={service.token(43)}"
        f"&code_challenge={challenge}&code_challenge_method=S256"
    )


async def callback(service: Service, request: Request) -> Response:
    """``/compte/redirect_uri``: opens the session and goes to the page first asked for."""
    query = request.query_params
    handshake = service.redeem(query.get("code", ""), query.get("state", ""))
    if handshake is None or not handshake.sub_app:
        return redirect(authorize_address(service, STATEMENTS))
    response = redirect(handshake.target)
    service.open_sub_session(response)
    return response


async def statements_page(service: Service, request: Request) -> Response:
    """The application's page; its script fills it."""
    if not service.in_sub_apps(request):
        return redirect(authorize_address(service, STATEMENTS))
    return sub_apps_markup.statements(service)


async def attestation_page(service: Service, request: Request) -> Response:
    """A selector and a button, no REST: nobody has published one."""
    if not service.in_sub_apps(request):
        return redirect(authorize_address(service, ATTESTATION))
    return sub_apps_markup.attestation(service)


async def attestation_file(service: Service, request: Request) -> Response:
    """What the button downloads."""
    if not service.in_sub_apps(request):
        return redirect(authorize_address(service, ATTESTATION))
    person = find_person(service, request.query_params.get("beneficiaire", "FAMILLE"))
    paper = service.papers.attestation(service.household, person, service.today())
    return pdf_file(paper, "attestation_de_droits.pdf")


async def unknown(service: Service, request: Request) -> Response:
    """An invented address under ``/compte``."""
    return firewall(service.rng, service.options.waf_status)


def _rest_refusal(service: Service, request: Request) -> Response | None:
    if not service.in_sub_apps(request):
        if service.options.expired_rest == "401":
            return Response(status_code=401)
        return redirect(authorize_address(service, STATEMENTS))
    if any(not request.headers.get(name) for name in _HEADERS):
        return JSONResponse({}, status_code=400)
    return None


def _month(text: str) -> date | None:
    return date(int(text[:4]), int(text[4:]), 1) if _PERIOD.fullmatch(text) and int(text[:4]) else None


def _count(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month + 1


async def home(service: Service, request: Request) -> Response:
    """``home?debutPeriode=YYYYMM&finPeriode=YYYYMM``: the months of a window."""
    refusal = _rest_refusal(service, request)
    if refusal:
        return refusal
    today, options, query = service.today(), service.options, request.query_params
    first, last = _month(query.get("debutPeriode", "")), _month(query.get("finPeriode", ""))
    if (
        first is None or last is None or first > last or last >= back(today, 0)
        or first < back(today, options.retention) or _count(first, last) > _WIDEST
    ):
        return JSONResponse({}, status_code=400)
    months = [back(last, behind) for behind in reversed(range(_count(first, last)))]
    return JSONResponse({
        "rubriquesMensuelles": [
            {"moisAnnee": yyyymm(month), "releves": [
                {"objectType": "ReleveSoinsIJ", "identifiant": identifier(service, month)}
            ] if service.history.of_month(month, today) else []}
            for month in months
        ],
        "infosStatiques": [
            {"identifiant": "portailAs.relevesMensuels.rsij.retention", "contenu": str(options.retention)},
        ],
    })


def _sealed(service: Service, salt: bytes, month: bytes) -> bytes:
    """Salt, the month made unreadable, and a proof that this service wrote it."""
    key = service.household.nir.encode()
    mask = hashlib.blake2b(salt, key=key, digest_size=len(month)).digest()
    proof = hashlib.blake2b(salt + month, key=key, digest_size=15).digest()
    return salt + bytes(a ^ b for a, b in zip(month, mask, strict=True)) + proof


def identifier(service: Service, month: date) -> str:
    """``SOINS_IJ#-#`` and an opaque token; another one at each call when the options say so."""
    name = yyyymm(month).encode()
    salt = hashlib.blake2b(name, digest_size=_SALT).digest()
    if service.options.unstable_ids:
        salt = service.rng.randbytes(_SALT)
    return _PREFIX + base64.urlsafe_b64encode(_sealed(service, salt, name)).decode()


def _named(service: Service, identifiant: str) -> date | None:
    """The month of a token this service gave, else ``None``."""
    try:
        raw = base64.b64decode(identifiant.removeprefix(_PREFIX), altchars=b"-_", validate=True)
    except ValueError:
        return None
    salt, veiled = raw[:_SALT], raw[_SALT:_SALT + 6]
    mask = hashlib.blake2b(salt, key=service.household.nir.encode(), digest_size=6).digest()
    name = bytes(a ^ b for a, b in zip(veiled, mask, strict=False))
    return _month(name.decode("ascii", "replace")) if raw == _sealed(service, salt, name.ljust(6)[:6]) else None


async def document(service: Service, request: Request) -> Response:
    """``pdf/<identifiant>``: JSON that holds the PDF in base64."""
    refusal = _rest_refusal(service, request)
    if refusal:
        return refusal
    month = _named(service, request.path_params["identifiant"])
    today = service.today()
    kept = month is not None and back(today, service.options.retention) <= month < back(today, 0)
    if month is None or not kept or not service.history.of_month(month, today):
        return Response(status_code=404)
    content = paper(service, month)
    return JSONResponse({
        "nom": file_name(month), "nomAffichage": file_name(month), "taille": len(content),
        "typeMime": "application/pdf", "contenu": base64.b64encode(content).decode(),
    })
