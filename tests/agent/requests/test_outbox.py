"""What is asked for arrives exactly once at the real stand-in, whatever is killed and whenever."""

import contextlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from agent.errors import AmeliError
from agent.procedures.registry import procedure
from agent.requests import RequestService
from agent.requests.errors import NotNow
from agent.store import NotFound
from tests import papers
from tests.agent.bench import Bench

IBAN = "FR14 2004 1010 0505 0001 3M02 606"
PDF = papers.pdf()
MOST_STEPS = 60


class Killed(BaseException):
    """The process ends here: nobody catches it."""


def asking(bench: Bench) -> RequestService:
    return RequestService(bench.store, now=bench.clock, today=lambda: bench.today)


def queue(bench: Bench, **answers: Any) -> str:
    """Queue a change of bank account with its paper; the request's id."""
    asked, ask = procedure("bank-details"), asking(bench)
    paper = ask.take_paper(asked, "rib", "rib.pdf", PDF)
    found, checked = ask.start(asked, {"holder_is_me": True, "iban": IBAN, **answers}, [paper["id"]])
    assert found is not None, checked.errors
    assert found["status"] == "queued"
    return str(found["id"])


def desk(bench: Bench) -> Any:
    return bench.sandbox.service.desk


def acknowledgements(bench: Bench) -> int:
    """Messages that the service wrote about requests."""
    return len(desk(bench).household.messages)


def kill_at(bench: Bench, step: int) -> Callable[[], bool]:
    """Kill at that step: before or after each exchange with the service, before or after each write. Tells whether it
    came to that."""
    count = 0

    def point() -> None:
        nonlocal count
        count += 1
        if count == step:
            raise Killed

    inner, book = bench.wire._inner, bench.store.requests
    save, handle = book.save, inner.handle_async_request

    class Cut(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            point()
            response = await handle(request)
            point()
            return response

    def cut_save(record: Any) -> None:
        point()
        save(record)
        point()

    bench.wire._inner = Cut()
    book.save = cut_save
    bench.revive = inner
    return lambda: count >= step


def revive(bench: Bench) -> None:
    """The agent starts again."""
    bench.wire._inner = bench.revive
    bench.restart()


async def at_every_step(
    folder: Path, prepare: Callable[[Bench], Awaitable[str]], check: Callable[[Bench, str], None]
) -> int:
    """Prepare, kill the sending at step 1, 2, 3… until it is through; each time start again, send, and check."""
    for step in range(1, MOST_STEPS):
        bench = await Bench(folder / str(step)).signed_in()
        key = await prepare(bench)
        reached = kill_at(bench, step)
        with contextlib.suppress(Killed):
            await bench.connection.deliver()
        killed = reached()
        revive(bench)
        await bench.connection.deliver()
        await bench.connection.deliver()
        check(bench, key)
        if not killed:
            return step
    raise AssertionError("it never ends")


async def test_killed_at_every_step_of_sending_it_arrives_exactly_once(tmp_path: Path) -> None:
    async def prepare(bench: Bench) -> str:
        bench.before = acknowledgements(bench)
        return queue(bench)

    def check(bench: Bench, key: str) -> None:
        record = bench.store.requests.get(key)
        assert [one.reference for one in desk(bench).requests.values()] == [record["reference"]]
        assert record["status"] == "sent"
        assert acknowledgements(bench) == bench.before + 1
        (filed,) = desk(bench).requests.values()
        assert filed.answers["iban"] == IBAN.replace(" ", "")
        assert [one.name for one in filed.papers] == ["rib"]
        assert bench.store.requests.waiting() == []

    assert await at_every_step(tmp_path, prepare, check) > 8


async def test_killed_at_every_step_of_taking_back_it_is_gone(tmp_path: Path) -> None:
    async def prepare(bench: Bench) -> str:
        key = queue(bench)
        await bench.connection.deliver()
        asking(bench).cancel(key)
        return key

    def check(bench: Bench, key: str) -> None:
        assert bench.store.requests.get(key)["status"] == "cancelled"
        assert desk(bench).requests == {}
        assert bench.store.requests.get(key)["papers"] == []

    assert await at_every_step(tmp_path, prepare, check) > 5


async def test_killed_at_every_step_of_completing_the_paper_arrives_once(tmp_path: Path) -> None:
    async def prepare(bench: Bench) -> str:
        key = await wanting(bench)
        paper = asking(bench).take_needed(key, "identity", "card.pdf", PDF + b"%2")
        asking(bench).complete(key, [paper["id"]])
        return key

    def check(bench: Bench, key: str) -> None:
        record = bench.store.requests.get(key)
        (filed,) = desk(bench).requests.values()
        assert [one.name for one in filed.papers] == ["rib", "identity"]
        assert (record["status"], record["needs"], record["adding"]) == ("sent", [], [])
        assert [one["name"] for one in record["papers"]] == ["rib", "identity"]

    assert await at_every_step(tmp_path, prepare, check) > 5


async def wanting(bench: Bench) -> str:
    """A request for which the service asks an identity paper."""
    key = queue(bench)
    await bench.connection.deliver()
    (filed,) = desk(bench).requests.values()
    desk(bench).want(filed, ["identity"], bench.today)
    await bench.connection.deliver()
    return key


async def test_killed_while_a_message_is_sent_it_arrives_exactly_once(tmp_path: Path) -> None:
    async def prepare(bench: Bench) -> str:
        paper = asking(bench).take_paper(None, "attachment", "../../letter.pdf", PDF)
        assert paper["filename"] == "letter.pdf"
        return str(asking(bench).write("My refund", "Where is it?\n", [paper["id"]])["id"])

    def check(bench: Bench, key: str) -> None:
        (question,) = desk(bench).questions.values()
        assert question.body["body"] == "Where is it?"
        assert bench.store.requests.get(key)["reference"] == question.reference
        assert bench.store.requests.all() == []
        assert [one["id"] for one in bench.store.requests.all(messages=True)] == [key]

    assert await at_every_step(tmp_path, prepare, check) > 5


async def test_offline_it_waits_and_leaves_with_the_next_sync(tmp_path: Path) -> None:
    bench = await Bench(tmp_path).signed_in()
    key = queue(bench)
    bench.wire.rewrite = _offline
    with pytest.raises(AmeliError):
        await bench.connection.deliver()
    assert bench.store.requests.get(key)["status"] == "queued"
    assert len(bench.store.requests.waiting()) == 1
    bench.wire.rewrite = lambda request: None
    bench.restart()
    result = await bench.connection.sync()
    assert result.problems == []
    assert bench.store.requests.get(key)["status"] == "sent"
    subjects = [one["subject"] for one in bench.store.messages.all()]
    assert any(bench.store.requests.get(key)["reference"] in text for text in subjects + [
        one["body"] for one in bench.store.messages.all()]), "the acknowledgement was read in the same sync"


def _offline(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("offline")


async def test_a_refusal_comes_back_with_each_of_its_reasons(tmp_path: Path) -> None:
    bench = await Bench(tmp_path).signed_in()
    key = queue(bench)
    kept = bench.store.requests.record(key)
    bench.store.requests.save({**kept, "answers": {"iban": "FR00"}})  # as if the two sides read the rules differently
    await bench.connection.deliver()
    found = bench.store.requests.get(key)
    assert found["status"] == "refused"
    assert {one["field"] for one in found["decision"]["reasons"]} == {"holder_is_me", "iban"}
    assert found["history"][-1]["text_fr"].startswith("Refusée : ")
    assert bench.store.requests.waiting() == []


async def test_stages_needs_and_the_decision_are_followed(tmp_path: Path) -> None:
    bench = await Bench(tmp_path).signed_in()
    rounds = bench.rounds
    key = await wanting(bench)
    found = bench.store.requests.get(key)
    assert found["status"] == "needs_papers"
    assert [(one["paper"], one["until"]) for one in found["needs"]] == [
        ("identity", (bench.today + timedelta(days=21)).isoformat())]
    assert rounds[-1].needs == 1
    paper = asking(bench).take_needed(key, "identity", "card.pdf", PDF + b"%2")
    asking(bench).complete(key, [paper["id"]])
    await bench.connection.deliver()
    bench.today += timedelta(days=30)
    await bench.connection.sync()
    found = bench.store.requests.get(key)
    assert (found["status"], found["decision"]["accepted"]) == ("accepted", True)
    assert [one["name"] for one in found["stages"]] == ["received", "checked", "done"]
    assert rounds[-1].accepted == 1
    bench.wire.requests.clear()
    await bench.connection.deliver()
    assert bench.wire.requests == []  # nothing to do: not one request


async def test_a_refusal_after_examination_says_why(tmp_path: Path) -> None:
    bench = await Bench(tmp_path).signed_in()
    key = queue(bench)
    await bench.connection.deliver()
    (filed,) = desk(bench).requests.values()
    desk(bench).refuse(filed, "Le RIB n'est pas lisible.", bench.today)
    await bench.connection.sync()
    found = bench.store.requests.get(key)
    assert (found["status"], found["decision"]["reason"]) == ("refused", "Le RIB n'est pas lisible.")
    with pytest.raises(NotNow):
        asking(bench).cancel(key)


async def test_a_portal_without_the_service_hands_the_request_to_the_person(tmp_path: Path) -> None:
    bench = await Bench(tmp_path).signed_in()
    bench.options.procedures = False
    key = queue(bench)
    await bench.connection.deliver()
    assert bench.store.requests.get(key)["status"] == "ready"
    assert bench.store.requests.get(key)["sent_at"] is None
    done = asking(bench).by_hand.sent(key)
    assert (done["status"], done["sent_at"] is not None) == ("handed_over", True)
    with pytest.raises(NotNow):
        asking(bench).by_hand.sent(key)


async def test_a_draft_that_is_cancelled_leaves_nothing_behind(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    asked, ask = procedure("bank-details"), asking(bench)
    blobs = tmp_path / "vault" / "blob"
    before = set(blobs.iterdir())
    paper = ask.take_paper(asked, "rib", "rib.pdf", PDF)
    found, _checked = ask.start(asked, {"iban": "FR"}, [paper["id"]], draft=True)
    assert found is not None and found["status"] == "draft"
    assert set(blobs.iterdir()) != before
    ask.cancel(found["id"])
    assert set(blobs.iterdir()) == before
    with pytest.raises(NotFound):
        bench.store.requests.get(found["id"])


async def test_a_draft_is_gone_on_with_and_sent(tmp_path: Path) -> None:
    bench = await Bench(tmp_path).signed_in()
    asked, ask = procedure("bank-details"), asking(bench)
    paper = ask.take_paper(asked, "rib", "rib.pdf", PDF)
    draft, checked = ask.start(asked, {"iban": "FR"}, [paper["id"]], draft=True)
    assert draft is not None and not checked.ok
    nothing, wrong = ask.send_draft(draft["id"])
    assert nothing is None and {one.field for one in wrong.errors} == {"holder_is_me", "iban"}
    again = ask.take_paper(asked, "rib", "other.pdf", PDF + b"%3")
    found, _ = ask.start(asked, {"holder_is_me": True, "iban": IBAN}, [again["id"]], request=draft["id"])
    assert found is not None and found["id"] == draft["id"]
    assert [one["filename"] for one in found["papers"]] == ["other.pdf"]
    await bench.connection.deliver()
    assert len(desk(bench).requests) == 1


async def test_what_was_never_tried_is_taken_back_without_the_service(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    key = queue(bench)
    assert asking(bench).cancel(key)["status"] == "cancelled"
    assert bench.store.requests.waiting() == []


async def test_it_is_too_late_to_take_back_what_is_being_handled(tmp_path: Path) -> None:
    bench = await Bench(tmp_path).signed_in()
    key = queue(bench)
    await bench.connection.deliver()
    (filed,) = desk(bench).requests.values()
    desk(bench).bring_to(filed, "checked", bench.today)
    asking(bench).cancel(key)
    await bench.connection.deliver()
    found = bench.store.requests.get(key)
    assert found["status"] == "sent" and not found["withdrawing"]
    assert any("Too late" in line["text_en"] for line in found["history"])


async def test_taken_back_while_it_is_being_sent_it_is_taken_back_at_the_service(tmp_path: Path) -> None:
    bench = await Bench(tmp_path).signed_in()
    key, other = queue(bench), queue(bench)

    def second_thoughts(request: httpx.Request) -> None:
        if request.method == "PUT" and "/requests/" in request.url.path:
            for one in (key, other):
                if bench.store.requests.get(one)["status"] == "queued" and not bench.store.requests.get(one)[
                        "withdrawing"]:
                    asking(bench).cancel(one)

    bench.wire.rewrite = second_thoughts
    await bench.connection.deliver()
    bench.wire.rewrite = lambda request: None
    await bench.connection.deliver()
    assert [bench.store.requests.get(one)["status"] for one in (key, other)] == ["cancelled", "cancelled"]
    assert desk(bench).requests == {}


async def test_a_service_that_answers_nonsense_loses_nothing(tmp_path: Path) -> None:
    bench = await Bench(tmp_path).signed_in()
    key = queue(bench)
    for body in (b"", b"[]", b"{", b'{"errors": 3}', b"<html></html>", b'{"requests": [{"key": 1}]}'):
        for status in (200, 201, 500):
            def nonsense(request: httpx.Request, status: int = status, body: bytes = body) -> httpx.Response | None:
                told = request.method != "GET" or not request.url.path.endswith("/v1/")
                return httpx.Response(status, content=body) if told and "demarches" in request.url.path else None

            bench.wire.rewrite = nonsense
            with contextlib.suppress(AmeliError):
                await bench.connection.deliver()
    bench.wire.rewrite = lambda request: None
    await bench.connection.deliver()
    found = bench.store.requests.get(key)
    assert found["status"] == "sent"
    assert {one.reference for one in desk(bench).requests.values()} == {found["reference"]}
