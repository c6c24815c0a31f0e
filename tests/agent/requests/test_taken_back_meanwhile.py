"""What the person does while the outbox waits for the service's answer is not lost, whatever the answer is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.portal import Portal
from agent.portal.pages.desk import Decision, Need, Progress, Refusal, Taken
from agent.procedures.registry import procedure
from agent.requests import history as words
from agent.requests.outbox import Outbox
from agent.requests.progress import FOLLOWED, given_up
from tests import papers
from tests.agent.bench import Bench
from tests.agent.requests.test_outbox import asking, queue


def nothing() -> None:
    """Nothing happens meanwhile."""


@dataclass
class Desk:
    """A service that refuses at one step, while which something happens."""

    refuse: str = ""
    during: dict[str, Callable[[], Any]] = field(default_factory=dict)
    progress: list[Progress] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    async def _step(self, name: str) -> bool:
        self.asked.append(name)
        self.during.pop(name, nothing)()
        return name == self.refuse

    async def exists(self) -> bool:
        return True

    async def put_paper(self, *_: Any) -> Refusal | None:
        return Refusal("rib", "unreadable", "Illisible.") if await self._step("paper") else None

    async def put_request(self, *_: Any) -> Taken:
        return await self._taken("request")

    async def put_request_paper(self, *_: Any) -> Taken:
        return await self._taken("adding")

    async def _taken(self, step: str) -> Taken:
        refused = await self._step(step)
        return Taken("", (Refusal("iban", "bad", "Non."),)) if refused else Taken("R123456", ())

    async def withdraw(self, *_: Any) -> bool:
        return not await self._step("withdraw")

    async def requests(self) -> list[Progress]:
        await self._step("list")
        return self.progress


async def visit(bench: Bench, desk: Desk) -> None:
    portal = cast(Portal, SimpleNamespace(desk=desk))
    await Outbox(bench.store, bench.clock).visit(portal).run()


def history(record: dict[str, Any]) -> list[str]:
    return [one["text_en"] for one in record["history"]]


@pytest.mark.parametrize("step", ["paper", "request"])
async def test_taken_back_while_it_is_refused_it_is_refused_and_nothing_is_left_to_do(
    tmp_path: Path, step: str
) -> None:
    bench = Bench(tmp_path)
    key = queue(bench)
    desk = Desk(refuse=step, during={step: lambda: asking(bench).cancel(key)})
    for _ in range(2):
        await visit(bench, desk)
    record = bench.store.requests.record(key)
    assert record["status"] == "refused" and record["decision"]["accepted"] is False
    assert "Withdrawal asked for." in history(record)
    assert history(record)[-1] == words.refused(["rib : Illisible." if step == "paper" else "iban : Non."]).en
    assert "withdraw" not in desk.asked
    assert not record["withdraw"] and bench.store.requests.waiting() == []
    assert record["papers"] and bench.store.requests.paper(record["papers"][0])


@pytest.mark.parametrize("step", ["paper", "request"])
async def test_taken_back_while_it_is_sent_it_is_taken_back_at_the_next_visit(tmp_path: Path, step: str) -> None:
    bench = Bench(tmp_path)
    key = queue(bench)
    desk = Desk(during={step: lambda: asking(bench).cancel(key)})
    for _ in range(2):
        await visit(bench, desk)
    record = bench.store.requests.record(key)
    assert record["status"] == "cancelled" and "withdraw" in desk.asked
    assert "Withdrawal asked for." in history(record)


async def test_taken_back_while_the_no_is_on_its_way_it_is_refused(tmp_path: Path) -> None:
    """The no comes with the list, not with the sending."""
    bench = Bench(tmp_path)
    key = queue(bench)
    await visit(bench, Desk())
    sent = bench.store.requests.record(key)
    no = Progress(sent["key"], "refused", "R123456", decision=Decision(False, "Non.", "2026-11-20"))
    desk = Desk(progress=[no], during={"list": lambda: asking(bench).cancel(key)})
    for _ in range(2):
        await visit(bench, desk)
    record = bench.store.requests.record(key)
    assert record["status"] == "refused" and "withdraw" not in desk.asked
    assert "Withdrawal asked for." in history(record)
    assert bench.store.requests.waiting() == []


async def test_papers_that_wait_to_be_added_go_with_the_no(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    key = queue(bench)
    await visit(bench, Desk())
    sent = bench.store.requests.record(key)
    wanting = Progress(sent["key"], "needs_papers", "R123456", needs=(Need("rib", "RIB", "2026-12-20"),))
    await visit(bench, Desk(progress=[wanting]))
    ask = asking(bench)

    def complete() -> None:
        paper = ask.take_paper(procedure("bank-details"), "rib", "rib.pdf", papers.pdf())
        ask.complete(key, [paper["id"]])

    no = Progress(sent["key"], "refused", "R123456", decision=Decision(False, "Non.", "2026-11-20"))
    desk = Desk(progress=[no], during={"list": complete})
    for _ in range(2):
        await visit(bench, desk)
    record = bench.store.requests.record(key)
    assert (record["status"], record["adding"]) == ("refused", [])
    assert "adding" not in desk.asked and bench.store.requests.waiting() == []


SENT = "2026-01-01T00:00:00+00:00"


@pytest.mark.parametrize(("dates", "began"), [
    ({"decision": {"on": "2026-03-01"}, "sent_at": SENT, "created_at": SENT}, "2026-03-01"),
    ({"decision": {"on": None}, "sent_at": SENT, "created_at": "2025-12-01T00:00:00"}, "2026-01-01"),
    ({"decision": None, "sent_at": SENT}, "2026-01-01"),
    ({"decision": {"on": None}, "sent_at": None, "created_at": SENT}, "2026-01-01"),
    ({"decision": {"on": "soon"}, "sent_at": SENT}, "2026-01-01"),
])
def test_what_was_accepted_is_given_up_in_the_end(dates: dict[str, Any], began: str) -> None:
    last = datetime.fromisoformat(began).replace(tzinfo=UTC) + FOLLOWED
    record = {"status": "accepted", **dates}
    assert not given_up(record, last)
    assert given_up(record, last + timedelta(days=1))
    assert given_up(record, last + timedelta(days=3650))
    assert not given_up({**record, "status": "sent"}, last + timedelta(days=3650))


def test_a_request_without_any_day_is_not_followed() -> None:
    assert given_up({"status": "accepted", "decision": None, "sent_at": None}, datetime(2026, 1, 1, tzinfo=UTC))
