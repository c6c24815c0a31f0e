"""What one visit to the service's desk sends, writes down and counts, call by call."""

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.portal import Portal
from agent.portal.errors import Unreachable
from agent.portal.pages.desk import Need, Progress, Refusal, Taken
from agent.requests.outbox import Outbox, Round, Visit
from agent.store import Store
from tests import papers
from tests.agent.bench import Bench
from tests.agent.requests.test_outbox import asking, queue
from tests.agent.requests.test_taken_back_meanwhile import Desk, history


@dataclass
class Noted(Desk):
    """A desk that notes what it is given, and refuses the papers of some digests."""

    open: bool = True
    refused: set[str] = field(default_factory=set)
    bodies: list[Any] = field(default_factory=list)
    cut: bool = False

    async def exists(self) -> bool:
        return self.open

    async def put_paper(self, *given: Any) -> Refusal | None:
        self.asked.append("paper")
        return Refusal("rib", "unreadable", "Illisible.") if given[0] in self.refused else None

    async def put_request(self, *given: Any) -> Taken:
        if self.cut:
            raise Unreachable(reason="dropped")
        self.bodies.append(given)
        return await super().put_request(*given)

    async def put_request_paper(self, *given: Any) -> Taken:
        self.bodies.append(given)
        return await super().put_request_paper(*given)


def to(desk: Desk, bench: Bench) -> Visit:
    return Outbox(bench.store, bench.clock).visit(cast(Portal, SimpleNamespace(desk=desk)))


async def visit(bench: Bench, desk: Desk) -> Round:
    one = to(desk, bench)
    await one.run()
    return one.done


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def change(store: Store, key: str, **changes: Any) -> None:
    store.requests.save({**store.requests.record(key), **changes})


async def wanted(bench: Bench, *names: str) -> str:
    """A request that was sent, of which the service wants papers."""
    key = queue(bench)
    await visit(bench, Desk())
    sent = bench.store.requests.record(key)
    needs = tuple(Need(name, name, "2026-12-20") for name in names)
    done = await visit(bench, Desk(progress=[Progress(sent["key"], "needs_papers", "R123456", needs=needs)]))
    assert (done.needs, done.changed, done.sent) == (1, [key], 0)
    return key


def add(bench: Bench, key: str, *names: str) -> list[str]:
    """Papers are added; their digests."""
    ask = asking(bench)
    given = [ask.take_needed(key, name, f"{name}.pdf", papers.pdf() + name.encode()) for name in names]
    ask.complete(key, [paper["id"] for paper in given])
    return [paper["sha256"] for paper in bench.store.requests.record(key)["adding"]]


async def test_what_is_sent_is_counted_and_told_with_its_papers_names(bench: Bench) -> None:
    key = queue(bench)
    done = await visit(bench, desk := Noted())
    assert done == Round(sent=1, changed=[key])
    record = bench.store.requests.record(key)
    ((name, body),) = desk.bodies
    (paper,) = body["papers"]
    assert (name, body["procedure"]) == (record["key"], "bank-details")
    shown = {part: record["papers"][0][part] for part in ("sha256", "filename", "media_type")}
    assert paper == {"name": "rib", **shown}


@pytest.mark.parametrize(("at", "reason"), [
    ("paper", {"field": "rib", "message": "Illisible."}), ("request", {"field": "iban", "message": "Non."}),
])  # fmt: skip
async def test_a_no_is_written_down_as_such_with_the_field_it_is_about(
    bench: Bench, at: str, reason: dict[str, str]
) -> None:
    key = queue(bench)
    paper = bench.store.requests.record(key)["papers"][0]["sha256"]
    done = await visit(bench, Noted(refuse=at, refused={paper} if at == "paper" else set()))
    assert done == Round(refused=1, changed=[key])
    record = bench.store.requests.record(key)
    assert record["decision"] == {
        "accepted": False, "reason": None, "on": bench.clock().date().isoformat(), "reasons": [reason]}
    assert history(record)[-1] == f"Refused: {reason['field']} : {reason['message']}."


async def test_without_a_desk_only_what_never_left_becomes_the_persons_to_bring(bench: Bench) -> None:
    fresh, tried, sent = queue(bench), queue(bench), queue(bench)
    change(bench.store, tried, tried=True)
    change(bench.store, sent, status="sent", tried=True, withdraw=True)
    assert len(bench.store.requests.waiting()) == 3
    done = await visit(bench, desk := Noted(open=False))
    assert done == Round(desk=False, changed=[fresh])
    records = {key: bench.store.requests.record(key) for key in (fresh, tried, sent)}
    assert [record["status"] for record in records.values()] == ["ready", "queued", "sent"]
    assert desk.asked == []


async def test_papers_added_later_leave_one_by_one_and_count_once_all_are_there(bench: Bench) -> None:
    key = await wanted(bench, "identity", "rib")
    digests = add(bench, key, "identity", "rib")
    done = await visit(bench, desk := Noted())
    assert (done.sent, done.changed) == (1, [key])
    record = bench.store.requests.record(key)
    assert [body[1] for body in desk.bodies] == ["identity", "rib"]
    assert all("name" not in body[2] and body[2]["sha256"] in digests for body in desk.bodies)
    assert (record["adding"], len(record["papers"])) == ([], 3)
    assert history(record).count("Papers received by the service.") == 1


async def test_a_refused_paper_added_later_is_not_attached_and_the_next_one_is(bench: Bench) -> None:
    key = await wanted(bench, "identity", "rib")
    first, second = add(bench, key, "identity", "rib")
    done = await visit(bench, desk := Noted(refused={first}))
    assert [body[2]["sha256"] for body in desk.bodies] == [second]
    record = bench.store.requests.record(key)
    assert (record["adding"], [paper["sha256"] for paper in record["papers"]][1:]) == ([], [second])
    assert [text for text in history(record) if text.startswith("Refused: Illisible.")] != []
    assert done.refused == 0


async def test_two_refused_papers_are_both_told(bench: Bench) -> None:
    key = await wanted(bench, "identity", "rib")
    both = add(bench, key, "identity", "rib")
    done = await visit(bench, desk := Noted(refused=set(both)))
    record = bench.store.requests.record(key)
    assert (record["adding"], len(record["papers"]), desk.bodies, done.sent) == ([], 1, [], 0)
    assert sum(text.startswith("Refused: ") for text in history(record)) == 2


async def test_a_visit_that_is_cut_short_says_what_it_did(bench: Bench) -> None:
    both = [queue(bench), queue(bench)]
    desk = Noted()
    one = to(desk, bench)

    def cut() -> None:
        desk.cut = True

    desk.during["request"] = cut
    with pytest.raises(Unreachable):
        await one.run()
    assert one.done.sent == 1 and len(one.done.changed) == 1
    assert sorted(bench.store.requests.record(key)["status"] for key in both) == ["queued", "sent"]


async def test_where_nothing_waits_and_nothing_is_followed_the_desk_is_not_visited(bench: Bench) -> None:
    outbox = Outbox(bench.store, bench.clock)
    assert outbox.idle
    assert await visit(bench, desk := Noted(open=False)) == Round()
    assert desk.asked == []
    queue(bench)
    assert not outbox.idle
