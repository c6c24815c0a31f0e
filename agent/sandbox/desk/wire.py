"""The addresses under ``/PortailAS/demarches/v1``: who may call, what is refused, what is answered."""

import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import date

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from agent.sandbox.desk.bodies import Mistake
from agent.sandbox.desk.catalogue import MATTERS
from agent.sandbox.desk.delays import published
from agent.sandbox.desk.model import Filed, Joined, Paper, Question, Submission
from agent.sandbox.desk.validation import mistake, mistakes, summed
from agent.sandbox.pages.markup import page_link, redirect
from agent.sandbox.server.state import Service
from config.json_value import JsonObject, JsonValue

ROOT = "/PortailAS/demarches/v1"
_MOST_JSON = 1_000_000
_MOST_PAPERS = 20
_LONGEST_MESSAGE, _LONGEST_SUBJECT = 5_000, 150
_KEY = re.compile(r"[A-Za-z0-9-]{8,64}")
_HASH = re.compile(r"[0-9a-f]{64}")
_SIGNATURES = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
_STANDING = {
    "mail": "as_saisie_mail_connexionencours_page",
    "newpassword": "as_modif_code_perso_ameli_apres_reinit_page",
    "cgu": "as_conditions_generales_page",
}
"""What must be dealt with before anything can be asked for."""
Handler = Callable[[Service, Request], Awaitable[Response]]


def guarded(handler: Handler) -> Handler:
    """The handler behind the checks of the session, as every page has them."""
    async def answer(service: Service, request: Request) -> Response:
        if not service.options.procedures:
            return Response(status_code=404)
        if service.logged_in(request) is None:
            return redirect(page_link("as_messages_recus_page"))
        if service.options.interstitial in _STANDING:
            return redirect(page_link(_STANDING[service.options.interstitial]))
        given = await handler(service, request)
        if request.method in ("PUT", "DELETE"):
            what = request.url.path.removeprefix(f"{ROOT}/")
            service.desk.note(what, f"{request.method} {given.status_code}")
        return given

    return answer


async def root(service: Service, request: Request) -> Response:
    """``GET /``: what this is."""
    return JSONResponse({"service": "demarches", "version": 1})


async def put_paper(service: Service, request: Request) -> Response:
    """``PUT papers/{sha256}``: bytes, known by their hash. The same bytes again answer 200."""
    sha256 = request.path_params["sha256"]
    content = await _body(request, published("upload_most", service.today()))
    if content is None:
        return _refusal(413, "body", "too_large", "Le fichier est trop volumineux : 10 Mo au plus.")
    if not _HASH.fullmatch(sha256) or hashlib.sha256(content).hexdigest() != sha256:
        return _refusal(400, "body", "hash", "Le fichier reçu n'est pas celui qui était annoncé.")
    kind = next((name for mark, name in _SIGNATURES.items() if content.startswith(mark)), None)
    said = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind is None or said != kind:
        return _refusal(415, "body", "format", "Le fichier a une extension invalide. Formats acceptés : pdf, jpeg, "
                                               "png.")
    again = service.desk.drawer.paper(sha256) is not None
    if not again:
        service.desk.drawer.deposit(Paper(sha256, kind, content))
    return JSONResponse({"sha256": sha256}, 200 if again else 201)


async def one_request(service: Service, request: Request) -> Response:
    """``PUT``, ``GET`` and ``DELETE requests/{key}``."""
    key, desk = request.path_params["key"], service.desk
    if request.method == "PUT":
        return await _file(service, request)
    filed = desk.requests.get(key)
    if filed is None:
        if request.method == "DELETE" and _KEY.fullmatch(key):
            desk.void(key)
        return _refusal(404, "key", "unknown", "Aucune demande de ce numéro.")
    if request.method == "GET":
        return JSONResponse(filed.shown())
    if filed.status != "received" or len(filed.stages) > 1:
        return _refusal(409, "key", "under_way", "Cette demande est déjà en cours de traitement.")
    desk.cancel(filed, service.today())
    return Response(status_code=204)


async def all_requests(service: Service, request: Request) -> Response:
    """``GET requests``: all of them, newest first."""
    return JSONResponse({"requests": [one.shown() for one in reversed(service.desk.requests.values())]})


async def _file(service: Service, request: Request) -> Response:
    key, desk = request.path_params["key"], service.desk
    body = await _first(request, desk.requests, "Une autre demande a déjà été reçue sous cette clé.")
    if isinstance(body, Response):
        return body
    if key in desk.cancelled:
        return _refusal(409, "key", "cancelled", "Cette demande a été annulée.")
    name, answers = body.get("procedure"), body.get("answers")
    matter = MATTERS.get(name) if isinstance(name, str) else None
    if matter is None:
        return _refusal(404, "procedure", "unknown_procedure", "Cette démarche n'existe pas ici.")
    if not isinstance(answers, dict):
        return _refusal(422, "answers", "invalid", "Les réponses manquent.")
    declared_on = _declared_on(body.get("declared_on"), service.today())
    papers, wrong_papers = _joined(service, body.get("papers"))
    wrong = mistakes(matter, answers, service.household, service.today()) + wrong_papers
    have = {paper.name for paper in papers}
    wrong += [mistake(f"papers.{piece.name}", "required", f"Pièce obligatoire : {piece.label}.")
              for piece in matter.wanted(answers, "sending") if piece.name not in have]
    if declared_on is None:
        wrong.append(mistake("declared_on", "invalid", "Une date est attendue, comme 2026-11-23."))
    if declared_on is None or wrong:
        return JSONResponse(summed(wrong), 422)
    sent = Submission(str(name), declared_on, answers, papers, body)
    return JSONResponse(desk.file(key, sent, service.today()).answer, 201)


async def _first(
    request: Request, earlier: Mapping[str, Filed] | Mapping[str, Question], other: str,
) -> JsonObject | Response:
    """What comes under a key for the first time; else the answer to it, which is the first one's when it is the same.

    ``other`` tells that something else came under that key.
    """
    body = await _json(request)
    if isinstance(body, Response):
        return body
    key = request.path_params["key"]
    if not _KEY.fullmatch(key):
        return _refusal(400, "key", "invalid", "Cette clé n'est pas valide.")
    before = earlier.get(key)
    if before is None:
        return body
    return JSONResponse(before.answer) if before.body == body else _refusal(409, "key", "other_request", other)


def _declared_on(given: JsonValue, today: date) -> date | None:
    """The day on which the person asked, today when it is not said; None when it is no day."""
    try:
        return msgspec.convert(given, date) if given else today
    except msgspec.ValidationError:
        return None


def _joined(service: Service, given: JsonValue) -> tuple[list[Joined], list[Mistake]]:
    """The papers of a request, each deposited before it; else what is wrong with them."""
    if given is None:
        return [], []
    if not isinstance(given, list) or len(given) > _MOST_PAPERS:
        return [], [mistake("papers", "invalid", f"Une liste de {_MOST_PAPERS} pièces au plus est attendue.")]
    papers: list[Joined] = []
    refused: list[Mistake] = []
    for rank, item in enumerate(given):
        paper, wrong = _paper(service, item)
        if paper is None:
            refused.append(mistake(f"papers[{rank}]", *wrong))
        else:
            papers.append(paper)
    return papers, refused


def _paper(service: Service, given: JsonValue, name: str | None = None) -> tuple[Joined | None, tuple[str, str]]:
    named = given if isinstance(given, dict) else {}
    sha256, name = str(named.get("sha256", "")), name or str(named.get("name", ""))
    kept = service.desk.drawer.paper(sha256) if _HASH.fullmatch(sha256) else None
    if kept is None:
        return None, ("unknown_paper", "Ce fichier n'a pas été déposé.")
    if not name or named.get("media_type") != kept.media_type:
        return None, ("invalid", "Le nom ou le format de cette pièce n'est pas bon.")
    filename = re.sub(r"[\x00-\x1f/\\]", "", str(named.get("filename", "")))[:120] or name
    return Joined(name, sha256, filename, kept.media_type), ("", "")


async def put_missing(service: Service, request: Request) -> Response:
    """``PUT requests/{key}/papers/{name}``: a paper that was missing, or one more while the file is open."""
    filed = service.desk.requests.get(request.path_params["key"])
    if filed is None:
        return _refusal(404, "key", "unknown", "Aucune demande de ce numéro.")
    body = await _json(request)
    if isinstance(body, Response):
        return body
    joined, wrong = _paper(service, body, request.path_params["name"])
    if joined is None:
        return JSONResponse(summed([mistake("paper", *wrong)]), 422)
    if joined in filed.papers:
        return _completed(filed, 200)
    if filed.status not in ("received", "needs_papers"):
        return _refusal(409, "key", "closed", "Ce dossier n'attend plus de pièce.")
    service.desk.complete(filed, joined, service.today())
    return _completed(filed, 201)


def _completed(filed: Filed, status: int) -> Response:
    return JSONResponse(filed.shown(), status)


async def put_message(service: Service, request: Request) -> Response:
    """``PUT messages/{key}``: a message to an adviser."""
    key, desk = request.path_params["key"], service.desk
    body = await _first(request, desk.questions, "Un autre message a déjà été reçu sous cette clé.")
    if isinstance(body, Response):
        return body
    _papers, wrong = _joined(service, body.get("papers"))
    for name, longest in (("subject", _LONGEST_SUBJECT), ("body", _LONGEST_MESSAGE)):
        text = body.get(name)
        if not isinstance(text, str) or not text.strip():
            wrong.append(mistake(name, "required", "Cette information est obligatoire."))
        elif len(text) > longest:
            wrong.append(mistake(name, "too_long", f"{longest} caractères au plus."))
    if wrong:
        return JSONResponse(summed(wrong), 422)
    return JSONResponse(desk.ask(key, body, service.today()).answer, 201)


def _refusal(status: int, field: str, code: str, message: str) -> JSONResponse:
    return JSONResponse(summed([mistake(field, code, message)]), status)


async def _body(request: Request, most: int) -> bytes | None:
    """The body, or None when it is larger than that."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            return None
    return bytes(body)


async def _json(request: Request) -> JsonObject | Response:
    """The body as a JSON object, else the answer that refuses it."""
    content = await _body(request, _MOST_JSON)
    if content is None:
        return _refusal(413, "body", "too_large", "La demande est trop volumineuse.")
    try:
        return msgspec.json.decode(content, type=JsonObject)
    except (msgspec.DecodeError, RecursionError):
        return _refusal(400, "body", "invalid", "Un objet JSON est attendu.")
