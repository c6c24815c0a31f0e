"""Whatever is given with a call, it is answered, or refused with its field named: no fault of ours, no value told."""

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlencode

import msgspec
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.api import gate
from agent.api.handlers.call import Body, FileBody, Query
from agent.api.parameters import Count, Day, Given, JsonObject, Text, body_of, query_of
from agent.api.routes import CALLS
from agent.api.server import Request, Response
from agent.core.agent import Agent
from agent.core.refusals import BadRequest
from agent.errors import AmeliError
from tests.agent.processes import CHEAP, NOWHERE, PASSPHRASE, FakeTime, home_paths
from tests.agent.store.helpers import a_payment, keep_all
from tests.thoroughness import examples

SECRET = "Zq7-hunter-2-XY"
"""What a person might have typed into the wrong field."""
NAMES_WHAT_IS_NOT_THERE = ("no_such_paper", "no_such_procedure", "not_found")
"""Refusals that say which id or name of a paper or procedure there is none of, as it stands on the command line."""


class Kinds(Given, frozen=True):
    """A field of each kind."""

    text: Text
    more: str | None = None
    flag: bool = False
    count: Count = 7
    day: Day | None = None
    words: list[str] = msgspec.field(default_factory=list)
    names: dict[str, str] | None = None
    answers: JsonObject = msgspec.field(default_factory=dict)
    lang: Literal["fr", "en"] | None = None


def refusal_of(body: dict[str, Any]) -> BadRequest:
    """Why a body is not taken."""
    with pytest.raises(BadRequest) as caught:
        body_of(Kinds, orjson.dumps({"text": "x", **body}))
    assert SECRET not in str(caught.value.problem()) and caught.value.__cause__ is None
    return caught.value


@pytest.mark.parametrize(("body", "en", "fr"), [
    ({"text": ""}, "“text” is missing", "« text » manque"),
    ({"text": None}, "“text” is missing", "« text » manque"),
    ({"text": 3}, "“text” is not a text", "« text » n'est pas un texte"),
    ({"more": [SECRET]}, "“more” is not a text", "« more » n'est pas un texte"),
    ({"flag": SECRET}, "“flag” is neither true nor false", "« flag » n'est ni vrai ni faux"),
    ({"flag": None}, "“flag” is neither true nor false", "« flag » n'est ni vrai ni faux"),
    ({"count": SECRET}, "“count” is not a number", "« count » n'est pas un nombre"),
    ({"count": -1}, "“count” is not a number", "« count » n'est pas un nombre"),
    ({"day": SECRET}, "“day” is not a day such as 2026-11-23", "« day » n'est pas un jour comme 2026-11-23"),
    ({"words": [SECRET, 1]}, "“words” is not a list of texts", "« words » n'est pas une liste de textes"),
    ({"names": {SECRET: 1}}, "“names” is not an object of texts", "« names » n'est pas un objet de textes"),
    ({"answers": [SECRET]}, "“answers” is not an object", "« answers » n'est pas un objet"),
    ({"lang": SECRET}, "“lang” is none of these words: en, fr", "« lang » n'est pas l'un de ces mots : en, fr"),
])
def test_a_refusal_names_the_field_and_what_it_should_be(body: dict[str, Any], en: str, fr: str) -> None:
    refused = refusal_of(body)
    assert refused.message("en") == f"Malformed request: {en}."
    assert refused.message("fr") == f"Demande mal formée : {fr}."


def test_what_is_no_object_of_json_is_refused_in_both_languages() -> None:
    for body in (b"{", b"[]", b'"x"', b"nonsense " + SECRET.encode()):
        with pytest.raises(BadRequest) as caught:
            body_of(Kinds, body)
        assert SECRET not in str(caught.value.problem())
        assert "n'est pas" in caught.value.message("fr") and "is not" in caught.value.message("en")


def test_what_a_client_of_another_version_gives_besides_is_passed_over() -> None:
    assert body_of(Kinds, b'{"text": "x", "newer": {"a": 1}}') == Kinds(text="x")
    assert query_of(Kinds, {"text": "x", "newer": "1"}) == Kinds(text="x")


def test_a_query_gives_numbers_days_and_yes_or_no_as_texts() -> None:
    read = query_of(Kinds, {"text": "x", "flag": "1", "count": "12", "day": "20261123", "more": ""})
    assert (read.flag, read.count, read.day, read.more) == (True, 12, Day(2026, 11, 23), "")
    assert query_of(Kinds, {"text": "x", "flag": "", "count": "", "day": ""}) == Kinds(text="x")
    assert body_of(Kinds, b'{"text": "x", "day": ""}').day is None


def test_what_was_given_does_not_show_by_accident() -> None:
    assert SECRET not in f"{Kinds(text=SECRET)!r} {Kinds(text=SECRET)}"


# -- every call --------------------------------------------------------------------------------------------------------


class Bench:
    """An open vault behind its calls, in a loop of its own."""

    def __init__(self, folder: Path) -> None:
        self.loop = asyncio.new_event_loop()
        self._folder = folder
        self.loop.run_until_complete(self._open())

    async def _open(self) -> None:
        self.agent = Agent(home_paths(self._folder), NOWHERE, sleep=FakeTime().sleep, kdf_cost=CHEAP)
        self.gate = gate(self.agent, lambda: None)
        await self.agent.setup(PASSPHRASE)
        store = self.agent.store
        with store.step():
            keep_all(store, [a_payment()])

    def ask(self, method: str, target: str, body: bytes) -> AmeliError | None:
        """The refusal of a call, None when it is answered. Raises what would be told as a fault of ours."""
        return self.loop.run_until_complete(self._ask(Request(method, target, {}, bytearray(body))))

    async def _ask(self, request: Request) -> AmeliError | None:
        if self.agent.state == "locked":
            await self.agent.unlock(passphrase=PASSPHRASE)
        try:
            admitted = await self.gate.admit(request)
            with admitted.meanwhile:
                answer = await admitted.answer
        except AmeliError as refused:
            return refused
        if not isinstance(answer, Response):
            answer.close()
        return None

    def close(self) -> None:
        """Lock it and end the loop."""
        self.loop.run_until_complete(self.agent.close())
        self.loop.close()


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    one = Bench(tmp_path_factory.mktemp("home"))
    yield one
    one.close()


PLAIN = st.sampled_from([
    "", "0", "1", "-1", "12", "9" * 30, "1e999", "nan", "true", "2026-02-29", "2026-11-23",
    "0001-01-01", "9999-12-31", "12,50", "fr", "yes", "bank-details", "ij", "\0", "é" * 300,
]) | st.text(max_size=8)
TEXTS = st.sampled_from([SECRET, f"{SECRET}\n"]) | PLAIN
VALUES = st.recursive(
    TEXTS | st.none() | st.booleans() | st.integers(-2**63, 2**63) | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(PLAIN, inner, max_size=3), max_leaves=6)


def named(reads: Body[Any] | Query[Any] | FileBody[Any] | None) -> st.SearchStrategy[str]:
    """Names of fields: those the call knows, and any others."""
    known = [] if reads is None else [field.encode_name for field in msgspec.structs.fields(reads.kind)]
    return st.sampled_from(known) | PLAIN if known else PLAIN


@pytest.mark.parametrize(("method", "path"), sorted(CALLS))
def test_any_call_given_anything_answers_or_refuses_and_repeats_no_value(
    method: str, path: str, bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    call = CALLS[method, path]

    @settings(max_examples=examples(10), deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(
        st.dictionaries(named(call.read if isinstance(call.read, Body) else None), VALUES, max_size=4),
        st.dictionaries(named(call.read if isinstance(call.read, Query | FileBody) else None), TEXTS, max_size=4),
        st.sampled_from(["x", "fiscal", "ij", "bank-details", "payments"]), st.booleans(),
    )
    def try_it(body: dict[str, Any], query: dict[str, str], identifier: str, as_json: bool) -> None:
        target = path.replace("*", identifier) + (f"?{urlencode(query)}" if query else "")
        data = orjson.dumps(body)[: None if as_json else -1]
        refused = bench.ask(method, target, b"" if method == "GET" else data)
        if refused is not None and refused.code not in NAMES_WHAT_IS_NOT_THERE:
            assert SECRET not in orjson.dumps(refused.problem()).decode(), (refused.code, body, query)

    with caplog.at_level(logging.DEBUG):
        try_it()
    assert SECRET not in caplog.text
