"""Calls about what a person asks for: procedures, requests, papers, messages to an adviser."""

import asyncio
from base64 import b64encode
from dataclasses import replace
from datetime import date
from typing import Any

from agent.api.handlers.call import Call, Context, flag, optional_text, text
from agent.api.server import Request, Response
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
from agent.protocol.procedures import Check, Mistake, ProcedureHead, Submits
from agent.protocol.procedures import Procedure as Told
from agent.protocol.requests import Done, LookedAt, Refused, RequestDetail, RequestRecord, RequestState, Written
from agent.requests import Asking
from agent.requests.attachments import named
from agent.requests.letter import enclosed, write_letter
from agent.store.requests import MESSAGE

_WAIT_S = 20.0
"""How long an answer waits for the sending; what takes longer goes on by itself."""
_Found = tuple[RequestRecord | None, Checked]


def _submits(context: Context, asked: Procedure) -> Submits:
    return asked.submits if context.agent.errands.may_send else "handoff"


async def listed(context: Context, _request: Request, _id: str) -> Response:
    """Every procedure."""
    found: list[ProcedureHead] = [head(one, _submits(context, one)) for one in procedures().values()]
    return Response.of(found)


async def shown(context: Context, _request: Request, name: str) -> Response:
    """One procedure: its questions with type, rule and example, its papers, clocks and fall-backs."""
    world, asked = context.agent.errands.asking.world(), procedure(name)
    found: Told = whole(asked, _submits(context, asked), world)
    return Response.of(found)


async def checked(context: Context, request: Request, name: str) -> Response:
    """Everything wrong with answers, groups and papers, or what would be sent, in words; nothing is kept.

    ``papers`` are names; those of the draft ``request`` count too."""
    asking, asked, body = context.agent.errands.asking, procedure(name), request.json()
    draft = optional_text(body, "request")
    kept = [one["name"] for one in context.agent.store.requests.get(draft)["papers"]] if draft else []
    found = asking.examine(asked, _answers(body), [*kept, *_names(body, "papers")])
    told: Check = {
        "errors": _errors(found), "asked": list(found.asked), "ignored": list(found.ignored),
        "summary": summary(asked, found.values),
        "notes": notes(asked, found.values, asking.world()) if found.ok else [],
    }
    return Response.of(told)


async def start(context: Context, request: Request, name: str) -> Response:
    """Keep a draft, or queue a request and send it if the service answers; with mistakes, all of them and no more."""
    errands, body = context.agent.errands, request.json()
    draft = flag(body, "draft", False)
    asked, answers, papers = procedure(name), _answers(body), _names(body, "papers")
    before = optional_text(body, "request")
    found = await context.agent.store.write(
        lambda: errands.asking.start(asked, answers, papers, draft=draft, request=before))
    if draft and found[0] is not None:
        changed(context, found[0]["id"])
        kept = _done(found[0])
        kept["to_correct"] = _errors(found[1])
        return Response.of(kept)
    return await _queued(context, found)


async def send(context: Context, _request: Request, key: str) -> Response:
    """Queue a draft."""
    asking = context.agent.errands.asking
    return await _queued(context, await context.agent.store.write(lambda: asking.send_draft(key)))


async def _queued(context: Context, found: _Found) -> Response:
    record, wrong = found
    if record is None:
        refused: Refused = {"errors": _errors(wrong)}
        return Response.of(refused)
    told = notes(procedure(record["procedure"]), wrong.values, context.agent.errands.asking.world())
    done = await _sent(context, record["id"])
    done["ignored"], done["notes"] = list(wrong.ignored), told
    return Response.of(done)


def changed(context: Context, key: str) -> None:
    """Tell every open screen that a request is another one now."""
    context.agent.events.publish(REQUESTS_CHANGED({"ids": [key], "sent": 0}))


async def _sent(context: Context, key: str) -> Done:
    changed(context, key)  # what is sent below is told once more, by whoever sends it
    problem = await context.agent.errands.deliver(_WAIT_S)
    record = context.agent.store.requests.get(key)
    done = _done(record)
    done["problem"] = problem if _waits(record) else None
    return done


async def requests(context: Context, request: Request, _id: str) -> Response:
    """Every request, newest first; ``kind=message``: the messages written, with the one that ``answered`` each."""
    store = context.agent.store
    if request.query.get("kind") != MESSAGE:
        return Response.of(store.requests.all())
    written = store.requests.all(messages=True)
    inbox = store.messages() if written else []
    told: list[Written] = [{**one, "answered": answer_to(one, inbox)} for one in written]
    return Response.of(told)


async def one_request(context: Context, _request: Request, key: str) -> Response:
    """One request with its history, and what was declared in words."""
    record = context.agent.store.requests.get(key)
    if record["procedure"] == MESSAGE:
        return Response.of(record)
    asked, found, world = declared(context, record)
    told: RequestDetail = {
        **record, "title_fr": asked.title.fr, "title_en": asked.title.en, "page": asked.page,
        "summary": summary(asked, found.values), "deadlines": running(asked, found.values, record),
        "notes": notes(asked, found.values, world) if found.ok else [],
        "next_steps": [words(one) for one in asked.next_steps], "fallbacks": [words(one) for one in asked.fallbacks],
    }
    return Response.of(told)


def declared(context: Context, record: RequestRecord) -> tuple[Procedure, Checked, World]:
    """A request's procedure, its answers checked, and the world of the day it was declared on."""
    asked, world = procedure(record["procedure"]), context.agent.errands.asking.world()
    if record["declared_on"]:  # what was to come on that day may be past now
        world = replace(world, today=date.fromisoformat(record["declared_on"]))
    return asked, check(asked, record["answers"], [one["name"] for one in record["papers"]], world), world


async def cancel(context: Context, _request: Request, key: str) -> Response:
    """Take a request back; a draft is gone."""
    asking = context.agent.errands.asking
    record = await context.agent.store.write(lambda: asking.cancel(key))
    if not record["withdrawing"]:
        changed(context, key)
        return Response.of(brief(record))
    return Response.of(await _sent(context, key))


async def remove_paper(context: Context, request: Request, key: str) -> Response:
    """Take a paper off a draft: all files of ``paper``, or the one called ``filename``."""
    body = request.json()
    asking, name, filename = context.agent.errands.asking, text(body, "paper"), optional_text(body, "filename")
    record = await context.agent.store.write(lambda: asking.remove_paper(key, name, filename))
    changed(context, key)
    done = _done(record)
    done["papers"] = record["papers"]
    return Response.of(done)


async def complete(context: Context, request: Request, key: str) -> Response:
    """Add papers that the service asks for, and send them."""
    asking, papers = context.agent.errands.asking, _names(request.json(), "papers")
    await context.agent.store.write(lambda: asking.complete(key, papers))
    return Response.of(await _sent(context, key))


async def dossier(context: Context, _request: Request, key: str) -> Response:
    """The request as one PDF: letter and papers, to post or upload."""
    store = context.agent.store
    record = store.requests.get(key)
    if record["procedure"] == MESSAGE:
        raise BadRequest(what="a message has no dossier", fr="un message n'a pas de dossier")
    asked, found, world = declared(context, record)
    letter = write_letter(asked, found.values, world, store.profile(), world.today)
    papers = enclosed(asked, store.requests.record(key)["papers"], store.requests.paper)

    def make() -> bytes:
        from agent.files.exports.dossier import make_dossier

        return make_dossier(letter, papers)

    return Response(await asyncio.to_thread(make), media_type="application/pdf")


async def paper(context: Context, request: Request, _id: str) -> Response:
    """A file's bytes, for ``procedure`` and ``paper``, or for a ``request`` that waits for it, or for a message."""
    query, asking, data = request.query, context.agent.errands.asking, bytes(request.body)
    if query.get("check"):
        return Response.of(await asyncio.to_thread(_looked_at, asking, query, data))
    name, filename = named(query.get("paper", ""), query.get("filename", ""))
    if query.get("request"):
        return Response.of(asking.take_needed(query["request"], name, filename, data), 201)
    asked = procedure(query["procedure"]) if query.get("procedure") else None
    return Response.of(asking.take_paper(asked, name, filename, data), 201)


def _looked_at(asking: Asking, query: dict[str, str], data: bytes) -> LookedAt:
    """A file checked and not kept; ``photo=1`` as a portrait, ``crop=1`` with the crop (base64)."""
    found = asking.look_at(query.get("filename", "") or "piece", data, photo=bool(query.get("photo")))
    crop = b64encode(found.data).decode() if found.portrait and query.get("crop") else None
    return {"media_type": found.media_type, "size": len(found.data), "crop": crop, **found.told()}


async def write(context: Context, request: Request, _id: str) -> Response:
    """A message to an adviser, sent like a request: exactly once."""
    body = request.json()
    asking, theme = context.agent.errands.asking, optional_text(body, "theme")
    subject, words, papers = text(body, "subject"), text(body, "body"), _names(body, "papers")
    record = await context.agent.store.write(lambda: asking.write(subject, words, papers, theme))
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


def _errors(found: Checked) -> list[Mistake]:
    return [one.json() for one in found.errors]


def _answers(body: dict[str, Any]) -> dict[str, Any]:
    answers = body.get("answers", {})
    if not isinstance(answers, dict):
        raise BadRequest(what="“answers” is not an object", fr="« answers » n'est pas un objet")
    return answers


def _names(body: dict[str, Any], name: str) -> list[str]:
    names = body.get(name, [])
    if not isinstance(names, list) or not all(isinstance(one, str) for one in names):
        raise BadRequest(what=f"“{name}” is not a list of texts", fr=f"« {name} » n'est pas une liste de textes")
    return names


CALLS = {
    ("GET", "/v1/procedures"): Call(listed),
    ("GET", "/v1/procedures/*"): Call(shown),
    ("POST", "/v1/procedures/*"): Call(start),
    ("POST", "/v1/procedures/*/check"): Call(checked),
    ("POST", "/v1/papers"): Call(paper),
    ("GET", "/v1/requests"): Call(requests),
    ("GET", "/v1/requests/*"): Call(one_request),
    ("GET", "/v1/requests/*/dossier"): Call(dossier),
    ("POST", "/v1/requests/*/send"): Call(send),
    ("POST", "/v1/requests/*/cancel"): Call(cancel),
    ("POST", "/v1/requests/*/complete"): Call(complete),
    ("POST", "/v1/requests/*/remove-paper"): Call(remove_paper),
    ("POST", "/v1/messages"): Call(write),
}
