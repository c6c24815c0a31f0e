"""Calls about requests that the person brings: what to open and copy, what was sent, which message answers it."""

from datetime import date
from typing import Any

from agent.api.handlers.call import Call, Context, flag, optional_text, text
from agent.api.handlers.requests import brief, changed, declared
from agent.api.server import Request, Response
from agent.core.refusals import BadRequest
from agent.procedures.by_hand import MESSAGES_PAGE, SERVICE, Copied, copied, page_of, place_of, steps
from agent.procedures.describe import text as words
from agent.procedures.model import Both, Place
from agent.protocol.requests import CopiedAnswer, HandedOver, HandOver, RequestRecord
from agent.requests.errors import NotNow
from agent.store import NotFound
from agent.store.requests import MESSAGE

_WRITE = Both("Messagerie du compte : écrire", "Inbox of the account: write")
_LINES = (("theme", Both("Thème", "Theme")), ("subject", Both("Objet", "Subject")), ("body", Both("Texte", "Text")))


async def shown(context: Context, request: Request, key: str) -> Response:
    """Where to take a request, and the answers to copy in the order of the form, secrets masked; with ``field`` that
    answer alone, in full. Nothing is opened or fetched. Raises NotNow for a draft: it is not checked yet."""
    record = context.agent.store.requests.get(key)
    if record["status"] == "draft":
        raise NotNow(status="draft")
    place, answers = _found(context, record)
    wanted = request.query.get("field", "")
    if wanted:
        value = next((one.value for one in answers if one.field == wanted), None)
        if value is None:
            raise NotFound(id=wanted)
        answer: CopiedAnswer = {"field": wanted, "value": value}
        return Response.of(answer)
    told: HandOver = {
        **brief(record), "by_hand": record["by_hand"], "sent_at": record["sent_at"],
        "place": {"kind": place.kind, "url": place.url, "name_fr": place.name.fr, "name_en": place.name.en},
        "steps": [words(one) for one in steps(place, bool(record["papers"]))],
        "copies": [one.json() for one in answers],
        "papers": [one["filename"] for one in record["papers"]],
    }
    return Response.of(told)


def _found(context: Context, record: RequestRecord) -> tuple[Place, list[Copied]]:
    agent = context.agent
    base = SERVICE if not agent.errands.may_send else agent.errands.portal
    if record["procedure"] == MESSAGE:
        said = record["answers"]
        return Place("page", page_of(MESSAGES_PAGE, base), _WRITE), [
            Copied(name, label, str(said[name])) for name, label in _LINES if said.get(name)]
    asked, found, world = declared(context, record)
    return place_of(asked, found.values, world, base), copied(asked, found.values)


async def sent(context: Context, request: Request, key: str) -> Response:
    """Note that the person brought the request to the fund, ``on`` a day, under a ``reference``."""
    body = request.json() if request.body else {}
    asking = context.agent.errands.asking
    on, reference = _day(body), optional_text(body, "reference")
    record = await context.agent.store.write(lambda: asking.handed_over(key, on, reference))
    changed(context, key)
    noted: HandedOver = {**brief(record), "sent_at": record["sent_at"]}
    return Response.of(noted)


def _day(body: dict[str, Any]) -> date | None:
    given = optional_text(body, "on")
    if not given:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise BadRequest(what="“on” is not a day such as 2026-11-23",
                         fr="« on » n'est pas un jour comme 2026-11-23") from None


async def message(context: Context, request: Request, key: str) -> Response:
    """The person's answer: the message ``message`` is about this request, or not (``yes``)."""
    body = request.json()
    by_hand, message, yes = context.agent.errands.asking.by_hand, text(body, "message"), flag(body, "yes", True)
    record = await context.agent.store.write(lambda: by_hand.settle(key, message, yes))
    changed(context, key)
    return Response.of(brief(record))


CALLS = {
    ("GET", "/v1/requests/*/hand-over"): Call(shown),
    ("POST", "/v1/requests/*/handed-over"): Call(sent),
    ("POST", "/v1/requests/*/message"): Call(message),
}
