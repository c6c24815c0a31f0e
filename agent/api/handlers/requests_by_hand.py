"""Calls about requests that the person brings: what to open and copy, what was sent, which message answers it."""

from agent.api.handlers.call import Body, Call, Context, Query
from agent.api.handlers.requests import brief, changed, declared
from agent.api.parameters import Day, Given, Text
from agent.api.server import Response
from agent.procedures.by_hand import MESSAGES_PAGE, SERVICE, Copied, copied, page_of, place_of, steps
from agent.procedures.describe import text as words
from agent.procedures.model import Both, Place
from agent.protocol.requests import CopiedAnswer, HandedOver, HandOver, RequestRecord
from agent.requests.errors import NotNow
from agent.store import NotFound
from agent.store.requests import MESSAGE

_WRITE = Both("Messagerie du compte : écrire", "Inbox of the account: write")
_LINES = (("theme", Both("Thème", "Theme")), ("subject", Both("Objet", "Subject")), ("body", Both("Texte", "Text")))


class HandOverQuery(Given, frozen=True):
    """All of it, or one answer in full."""

    field: str = ""


class HandedOverBody(Given, frozen=True):
    """On which day, under which reference."""

    on: Day | None = None
    reference: str | None = None


class AnswersRequest(Given, frozen=True):
    """Whether a message is about the request."""

    message: Text
    yes: bool = True


async def shown(context: Context, query: HandOverQuery, key: str) -> Response:
    """Where to take a request, and the answers to copy in the order of the form, secrets masked; with ``field`` that
    answer alone, in full. Nothing is opened or fetched. Raises NotNow for a draft: it is not checked yet."""
    record = context.agent.store.requests.get(key)
    if record["status"] == "draft":
        raise NotNow(status="draft")
    place, answers = _place_and_answers(context, record)
    if query.field:
        value = next((copy.value for copy in answers if copy.field == query.field), None)
        if value is None:
            raise NotFound(id=query.field)
        whole: CopiedAnswer = {"field": query.field, "value": value}
        return Response.of(whole)
    answer: HandOver = {
        **brief(record), "by_hand": record["by_hand"], "sent_at": record["sent_at"],
        "place": {"kind": place.kind, "url": place.url, "name_fr": place.name.fr, "name_en": place.name.en},
        "steps": [words(one) for one in steps(place, bool(record["papers"]))],
        "copies": [one.json() for one in answers],
        "papers": [one["filename"] for one in record["papers"]],
    }
    return Response.of(answer)


def _place_and_answers(context: Context, record: RequestRecord) -> tuple[Place, list[Copied]]:
    agent = context.agent
    base = SERVICE if not agent.open_vault.may_send else agent.open_vault.portal.base_url
    if record["procedure"] == MESSAGE:
        message = record["answers"]
        return Place("page", page_of(MESSAGES_PAGE, base), _WRITE), [
            Copied(name, label, str(message[name])) for name, label in _LINES if message.get(name)]
    declaration, result, world = declared(context, record)
    return place_of(declaration, result.values, world, base), copied(declaration, result.values)


async def sent(context: Context, body: HandedOverBody, key: str) -> Response:
    """Note that the person brought the request to the fund."""
    service = context.agent.open_vault.requests
    record = await context.agent.store.write(lambda: service.by_hand.sent(key, body.on, body.reference))
    changed(context, key)
    noted: HandedOver = {**brief(record), "sent_at": record["sent_at"]}
    return Response.of(noted)


async def message(context: Context, body: AnswersRequest, key: str) -> Response:
    """The person's answer: that message is about this request, or not."""
    by_hand = context.agent.open_vault.requests.by_hand
    record = await context.agent.store.write(lambda: by_hand.settle(key, body.message, body.yes))
    changed(context, key)
    return Response.of(brief(record))


CALLS = {
    ("GET", "/v1/requests/*/hand-over"): Call(shown, Query(HandOverQuery)),
    ("POST", "/v1/requests/*/handed-over"): Call(sent, Body(HandedOverBody)),
    ("POST", "/v1/requests/*/message"): Call(message, Body(AnswersRequest)),
}
