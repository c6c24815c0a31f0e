"""ameliBot's calls: a question, the guide's subjects, the glossary. A locked vault answers from the guide alone."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Literal, TypeVar

from agent.account import clean_text
from agent.api.handlers import deadlines
from agent.api.handlers.call import Body, Call, Context, Query
from agent.api.parameters import Given, Text
from agent.api.server import Response
from agent.core.agent import Agent
from agent.protocol.account import Profile
from agent.protocol.assistant import Answer, SubjectText
from agent.protocol.deadlines import Deadline
from agent.protocol.messages import KeptMessage
from agent.protocol.money import Coverage, Ledger, Owed, Year
from agent.protocol.payments import Explanation, PaymentDetail
from agent.protocol.requests import RequestRecord
from config import clock

T = TypeVar("T")


class OwnData:
    """The person's data for the assistant, which asks from a thread; reading stays on the agent's loop."""

    def __init__(self, agent: Agent, loop: asyncio.AbstractEventLoop) -> None:
        self._agent = agent
        self._loop = loop

    def payments(self) -> list[PaymentDetail]:
        """Every payment, newest first."""
        store = self._read(lambda: self._agent.store)
        return store.payments.several(self._read(store.payments.keys))  # parsed here, in the thread that asks

    def explain(self, payment: str) -> Explanation:
        """One payment explained."""
        return self._wait(self._agent.money.explain(payment))

    def ledger(self, year: int) -> Ledger:
        """Participations and franchises of a year."""
        return self._wait(self._agent.money.ledger(year, None))

    def owed(self) -> Owed:
        """What is still to come."""
        return self._wait(self._agent.money.owed())

    def year(self, year: int) -> Year:
        """A year in sums."""
        return self._wait(self._agent.money.year(year, None))

    def messages(self) -> list[KeptMessage]:
        """The inbox."""
        return self._read(lambda: self._agent.store.messages.all())

    def profile(self) -> Profile:
        """The person and the family."""
        return self._read(lambda: self._agent.store.profile())

    def coverage(self) -> Coverage:
        """The top-up contract."""
        return self._read(lambda: self._agent.money.coverage())

    def requests(self) -> list[RequestRecord]:
        """What was asked for."""
        return self._read(lambda: self._agent.store.requests.all())

    def deadlines(self) -> list[Deadline]:
        """What has a date, nearest first."""
        return self._wait(deadlines.running(self._agent))

    def _wait(self, answer: Coroutine[object, None, T]) -> T:
        return asyncio.run_coroutine_threadsafe(answer, self._loop).result()

    def _read(self, read: Callable[[], T]) -> T:
        async def on_the_loop() -> T:
            return read()

        return self._wait(on_the_loop())


class AskBody(Given, frozen=True):
    """A question in plain words."""

    question: Text
    lang: Literal["fr", "en"] | None = None
    """Of the answer; None: that of the question."""


class GuideQuery(Given, frozen=True):
    """Which subject, in which language."""

    subject: str = ""
    """None for the list of all."""
    lang: str = "fr"


class GlossaryQuery(Given, frozen=True, rename={"text": "in"}):
    """Which terms: all by default."""

    q: str = ""
    """How they begin, or a text that names them."""
    text: str = ""
    """The terms that stand in it."""


async def ask(context: Context, body: AskBody, _id: str) -> Response:
    """Answer ``question`` in ``lang`` (that of the question by default)."""
    agent = context.agent
    data = OwnData(agent, asyncio.get_running_loop()) if agent.state == "unlocked" else None

    def find() -> Answer:
        from agent.assistant import ask as answer  # the guide is read at the first question

        return answer(body.question, data, clock.now(), body.lang).shape()

    return Response.of(await asyncio.to_thread(find))


async def guide(_context: Context, query: GuideQuery, _id: str) -> Response:
    """The guide's subjects, or the text of one: ``?subject=c2s&lang=fr``."""
    from agent.assistant.answer import read, subjects

    lang: Literal["fr", "en"] = "en" if query.lang == "en" else "fr"
    if query.subject:
        answer: SubjectText = {
            "intent": clean_text(query.subject)[:80], "text": read(query.subject, lang, clock.today())}
        return Response.of(answer)
    return Response.of(subjects(lang))


async def glossary(_context: Context, query: GlossaryQuery, _id: str) -> Response:
    """The terms that ``q`` names, all of them without it; ``in`` is a text whose terms are wanted."""
    from agent.assistant.glossary import look_up, terms_in

    terms = terms_in(query.text) if query.text else look_up(query.q)
    return Response.of([term.shape() for term in terms])


CALLS = {
    ("POST", "/v1/ask"): Call(ask, Body(AskBody), vault=False),
    ("GET", "/v1/guide"): Call(guide, Query(GuideQuery), vault=False, use=False),
    ("GET", "/v1/glossary"): Call(glossary, Query(GlossaryQuery), vault=False, use=False),
}
