"""Calls about what a person asks for: procedures, requests, papers, messages to an adviser."""

import asyncio
from base64 import b64encode
from dataclasses import replace
from datetime import date

import msgspec

from agent.api.handlers.call import Body, Call, Context, FileBody, Query, nothing
from agent.api.parameters import Given, Nothing, Text, Upload
from agent.api.server import Response
from agent.core.refusals import BadRequest
from agent.procedures.deadlines.clocks import running
from agent.procedures.describe import head, whole
from agent.procedures.describe import text as words
from agent.procedures.inbox.topics import answer_to
from agent.procedures.model import Procedure, World
from agent.procedures.registry import procedure, procedures
from agent.procedures.summary import notes, summary
from agent.procedures.validation import Checked, check
from agent.protocol.events import REQUESTS_CHANGED
from agent.protocol.procedures import Check, Mistake, Note, ProcedureHead, Submits
from agent.protocol.procedures import Procedure as ProcedureShape
from agent.protocol.requests import Done, LookedAt, Refused, RequestDetail, RequestRecord, RequestState, Written
from agent.requests import RequestService
from agent.requests.attachments import named
from agent.requests.errors import AnswersMissing
from agent.requests.letter import enclosed, write_letter
from agent.store.requests import MESSAGE
from config.json_value import JsonObject

_WAIT_S = 20.0
"""How long an answer waits for the sending; what takes longer goes on by itself."""


class AnswersBody(Given, frozen=True):
    """A form's answers by question, which the procedures' engine reads, and its papers."""

    answers: JsonObject = msgspec.field(default_factory=dict)
    papers: list[str] = msgspec.field(default_factory=list)
    """Names where answers are checked, ids of files taken before where they are kept."""
    request: str | None = None
    """The draft that they belong to."""


class StartBody(AnswersBody, frozen=True):
    """A draft to keep, or a request to queue."""

    draft: bool = False


class RequestsQuery(Given, frozen=True):
    """Which of them."""

    kind: str = ""
    """``message``: the messages written; the requests by default."""


class PaperToRemove(Given, frozen=True):
    """All files of a paper, or the one of that name."""

    paper: Text
    filename: str | None = None


class PapersBody(Given, frozen=True):
    """Ids of files taken before."""

    papers: list[str] = msgspec.field(default_factory=list)


class PaperQuery(Given, frozen=True):
    """What a file is: the paper of a ``procedure``, or of a ``request`` that waits for it, or of a message."""

    paper: str = ""
    filename: str = ""
    procedure: str = ""
    request: str = ""
    check: bool = False
    """Look at it and keep nothing."""
    photo: bool = False
    """Look at it as a portrait."""
    crop: bool = False
    """Answer the portrait's crop (base64)."""


class MessageBody(PapersBody, frozen=True, kw_only=True):
    """A message to an adviser."""

    subject: Text
    body: Text
    theme: str | None = None


def _submits(context: Context, declaration: Procedure) -> Submits:
    return declaration.submits if context.agent.open_vault.may_send else "handoff"


async def listed(context: Context, _nothing: Nothing, _id: str) -> Response:
    """Every procedure."""
    heads: list[ProcedureHead] = [head(one, _submits(context, one)) for one in procedures().values()]
    return Response.of(heads)


async def shown(context: Context, _nothing: Nothing, name: str) -> Response:
    """One procedure: its questions with type, rule and example, its papers, clocks and fall-backs."""
    world, declaration = context.agent.open_vault.requests.world(), procedure(name)
    shape: ProcedureShape = whole(declaration, _submits(context, declaration), world)
    return Response.of(shape)


async def checked(context: Context, body: AnswersBody, name: str) -> Response:
    """Everything wrong with answers, groups and papers, or what would be sent, in words; nothing is kept.

    The papers of the draft count too."""
    service, declaration = context.agent.open_vault.requests, procedure(name)
    kept = [one["name"] for one in context.agent.store.requests.get(body.request)["papers"]] if body.request else []
    result = service.examine(declaration, body.answers, [*kept, *body.papers])
    answer: Check = {
        "errors": _errors(result), "asked": list(result.asked), "ignored": list(result.ignored),
        "summary": summary(declaration, result.values),
        "notes": notes(declaration, result.values, service.world()) if result.answered else [],
    }
    return Response.of(answer)


async def start(context: Context, body: StartBody, name: str) -> Response:
    """Keep a draft, or queue a request and send it if the service answers; with mistakes, all of them and no more."""
    service, declaration = context.agent.open_vault.requests, procedure(name)
    record, result = await context.agent.store.write(
        lambda: service.start(declaration, body.answers, body.papers, draft=body.draft, request=body.request))
    if body.draft and record is not None:
        changed(context, record["id"])
        kept = _done(record)
        kept["to_correct"] = _errors(result)
        kept["notes"] = _notes(context, name, result)
        return Response.of(kept)
    return await _queued(context, name, record, result)


async def send(context: Context, _nothing: Nothing, key: str) -> Response:
    """Queue a draft."""
    service = context.agent.open_vault.requests
    name = context.agent.store.requests.get(key)["procedure"]
    return await _queued(context, name, *await context.agent.store.write(lambda: service.send_draft(key)))


async def _queued(context: Context, name: str, record: RequestRecord | None, result: Checked) -> Response:
    verdict = _notes(context, name, result)
    if record is None:
        refused: Refused = {"errors": _errors(result), "notes": verdict}
        return Response.of(refused)
    done = await _sent(context, record["id"])
    done["ignored"] = list(result.ignored)
    done["notes"] = verdict
    return Response.of(done)


def _notes(context: Context, name: str, result: Checked) -> list[Note]:
    """What the answers come to, as soon as they are complete: papers may still be missing."""
    return notes(procedure(name), result.values, context.agent.open_vault.requests.world()) if result.answered else []


def changed(context: Context, key: str) -> None:
    """Tell every open screen that a request is another one now."""
    context.agent.events.publish(REQUESTS_CHANGED({"ids": [key], "sent": 0}))


async def _sent(context: Context, key: str) -> Done:
    changed(context, key)  # what is sent below is told once more, by whoever sends it
    problem = await context.agent.open_vault.delivery.deliver(_WAIT_S)
    record = context.agent.store.requests.get(key)
    done = _done(record)
    done["problem"] = problem if _waits(record) else None
    return done


async def requests(context: Context, query: RequestsQuery, _id: str) -> Response:
    """Every request, newest first, or the messages written, with the one that ``answered`` each."""
    store = context.agent.store
    if query.kind != MESSAGE:
        return Response.of(store.requests.all())
    written = store.requests.all(messages=True)
    inbox = store.messages.all() if written else []
    answer: list[Written] = [{**one, "answered": answer_to(one, inbox)} for one in written]
    return Response.of(answer)


async def one_request(context: Context, _nothing: Nothing, key: str) -> Response:
    """One request with its history, and what was declared in words."""
    record = context.agent.store.requests.get(key)
    if record["procedure"] == MESSAGE:
        return Response.of(record)
    declaration, result, world = declared(context, record)
    answer: RequestDetail = {
        **record, "title_fr": declaration.title.fr, "title_en": declaration.title.en, "page": declaration.page,
        "summary": summary(declaration, result.values), "deadlines": running(declaration, result.values, record),
        "notes": notes(declaration, result.values, world) if result.answered else [],
        "next_steps": [words(one) for one in declaration.next_steps],
        "fallbacks": [words(one) for one in declaration.fallbacks],
    }
    return Response.of(answer)


def declared(context: Context, record: RequestRecord) -> tuple[Procedure, Checked, World]:
    """A request's procedure, its answers checked, and the world of the day it was declared on."""
    declaration, world = procedure(record["procedure"]), context.agent.open_vault.requests.world()
    if record["declared_on"]:  # what was to come on that day may be past now
        world = replace(world, today=date.fromisoformat(record["declared_on"]))
    return declaration, check(declaration, record["answers"], [one["name"] for one in record["papers"]], world), world


async def cancel(context: Context, _nothing: Nothing, key: str) -> Response:
    """Take a request back; a draft is gone."""
    service = context.agent.open_vault.requests
    record = await context.agent.store.write(lambda: service.cancel(key))
    if not record["withdrawing"]:
        changed(context, key)
        return Response.of(brief(record))
    return Response.of(await _sent(context, key))


async def remove_paper(context: Context, body: PaperToRemove, key: str) -> Response:
    """Take a paper off a draft."""
    service = context.agent.open_vault.requests
    record = await context.agent.store.write(lambda: service.remove_paper(key, body.paper, body.filename))
    changed(context, key)
    done = _done(record)
    done["papers"] = record["papers"]
    return Response.of(done)


async def complete(context: Context, body: PapersBody, key: str) -> Response:
    """Add papers that the service asks for, and send them."""
    service = context.agent.open_vault.requests
    await context.agent.store.write(lambda: service.complete(key, body.papers))
    return Response.of(await _sent(context, key))


async def dossier(context: Context, _nothing: Nothing, key: str) -> Response:
    """The request as one PDF: letter and papers, to post or upload."""
    store = context.agent.store
    record = store.requests.get(key)
    if record["procedure"] == MESSAGE:
        raise BadRequest(what="a message has no dossier", fr="un message n'a pas de dossier")
    declaration, result, world = declared(context, record)
    papers_asked = {paper.name for paper in declaration.papers}
    wrong = [mistake.field for mistake in result.errors if mistake.field not in papers_asked]
    if wrong and record["status"] == "draft":
        raise AnswersMissing(fields=", ".join(dict.fromkeys(wrong)))
    letter = write_letter(declaration, result.values, world, store.profile(), world.today)
    papers = enclosed(declaration, store.requests.record(key)["papers"], store.requests.paper)

    def make() -> bytes:
        from agent.files.exports.dossier import make_dossier

        return make_dossier(letter, papers)

    return Response(await asyncio.to_thread(make), media_type="application/pdf")


async def paper(context: Context, file: Upload[PaperQuery], _id: str) -> Response:
    """A file, kept for a request or a message, or only looked at."""
    query, service, data = file.query, context.agent.open_vault.requests, bytes(file.data)
    if query.check:
        return Response.of(await asyncio.to_thread(_looked_at, service, query, data))
    name, filename = named(query.paper, query.filename)
    if query.request:
        return Response.of(service.take_needed(query.request, name, filename, data), 201)
    declaration = procedure(query.procedure) if query.procedure else None
    return Response.of(service.take_paper(declaration, name, filename, data), 201)


def _looked_at(service: RequestService, query: PaperQuery, data: bytes) -> LookedAt:
    accepted = service.look_at(query.filename or "piece", data, photo=query.photo)
    crop = b64encode(accepted.data).decode() if accepted.portrait and query.crop else None
    return {"media_type": accepted.media_type, "size": len(accepted.data), "crop": crop, **accepted.facts()}


async def write(context: Context, body: MessageBody, _id: str) -> Response:
    """A message to an adviser, sent like a request: exactly once."""
    service = context.agent.open_vault.requests
    record = await context.agent.store.write(lambda: service.write(body.subject, body.body, body.papers, body.theme))
    return Response.of(await _sent(context, record["id"]))


def _waits(record: RequestRecord) -> bool:
    return bool(record["status"] == "queued" or record["adding"] or record["withdrawing"])


def brief(record: RequestRecord) -> RequestState:
    """The contract's answer."""
    page = None if record["procedure"] == MESSAGE else procedure(record["procedure"]).page
    return {"request": record["id"], "status": record["status"], "reference": record["reference"], "page": page,
            "waiting": _waits(record), "decision": record["decision"]}


def _done(record: RequestRecord) -> Done:
    state = brief(record)
    return {"request": state["request"], "status": state["status"], "reference": state["reference"],
            "page": state["page"], "waiting": state["waiting"], "decision": state["decision"]}


def _errors(result: Checked) -> list[Mistake]:
    return [one.json() for one in result.errors]


CALLS = {
    ("GET", "/v1/procedures"): Call(listed, nothing),
    ("GET", "/v1/procedures/*"): Call(shown, nothing),
    ("POST", "/v1/procedures/*"): Call(start, Body(StartBody)),
    ("POST", "/v1/procedures/*/check"): Call(checked, Body(AnswersBody)),
    ("POST", "/v1/papers"): Call(paper, FileBody(PaperQuery)),
    ("GET", "/v1/requests"): Call(requests, Query(RequestsQuery)),
    ("GET", "/v1/requests/*"): Call(one_request, nothing),
    ("GET", "/v1/requests/*/dossier"): Call(dossier, nothing),
    ("POST", "/v1/requests/*/send"): Call(send, nothing),
    ("POST", "/v1/requests/*/cancel"): Call(cancel, nothing),
    ("POST", "/v1/requests/*/complete"): Call(complete, Body(PapersBody)),
    ("POST", "/v1/requests/*/remove-paper"): Call(remove_paper, Body(PaperToRemove)),
    ("POST", "/v1/messages"): Call(write, Body(MessageBody)),
}
