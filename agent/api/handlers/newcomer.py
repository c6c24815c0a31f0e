"""Calls about a newcomer's way from arrival to card: where it stands, and what the person tells of it."""

from agent.api.handlers.call import Body, Call, Context, nothing
from agent.api.parameters import Given, Nothing
from agent.api.server import Response
from agent.procedures.describe import question
from agent.procedures.newcomer.questions import EVERYBODY, QUESTIONS, SITUATION, read_answers, the_way
from agent.protocol.newcomer import AnswersKept, AnswersRefused, Newcomer
from agent.protocol.procedures import KeptAnswers
from config import clock
from config.json_value import JsonObject


class NewcomerBody(Given, frozen=True):
    """Answers by question, in place of what was told before; the procedures' engine reads them."""

    told: JsonObject


async def shown(context: Context, _nothing: Nothing, _id: str) -> Response:
    """The path as it stands: ``told``, ``questions``, ``path``, ``everybody`` (subjects of the guide), ``lines``."""
    kept = context.agent.store.account.newcomer.read()
    return Response.of(_answer(context, kept["told"] if kept else {}))


async def told(context: Context, body: NewcomerBody, _id: str) -> Response:
    """Keep what ``told`` says in place of what was; with mistakes nothing is kept, and ``errors`` names them all."""
    world = context.agent.open_vault.requests.world()
    answers, wrong = read_answers(body.told, world)
    if wrong:
        refused: AnswersRefused = {"errors": wrong}
        return Response.of(refused)
    store = context.agent.store
    await store.write(lambda: store.account.newcomer.write({"told": answers} if answers else None))
    kept: AnswersKept = {"errors": [], **_answer(context, answers)}
    return Response.of(kept)


def _answer(context: Context, kept: KeptAnswers) -> Newcomer:
    from agent.assistant.referrals import call_shape

    world = context.agent.open_vault.requests.world()
    fields = [SITUATION, *(one for stage in QUESTIONS.values() for one in stage)]
    now = clock.now()
    return {
        "told": kept, "questions": [question(field, world) for field in fields], "path": the_way(kept, world),
        "everybody": list(EVERYBODY),
        "lines": [call_shape(name, now) for name in ("english", "fund")],
    }


CALLS = {
    ("GET", "/v1/newcomer"): Call(shown, nothing),
    ("POST", "/v1/newcomer"): Call(told, Body(NewcomerBody)),
}
