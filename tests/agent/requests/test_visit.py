"""What one visit to the service's desk sends, writes down and counts, call by call."""

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.portal import Portal
from agent.portal.errors import Unreachable
from agent.portal.pages.desk import Decision, Need, Progress, Refusal, Stage, Taken
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
    answer: Taken | None = None
    """To every request and message."""

    async def exists(self) -> bool:
        return self.open

    async def put_paper(self, *given: Any) -> Refusal | None:
        self.asked.append("paper")
        return Refusal("rib", "unreadable", "Illisible.") if given[0] in self.refused else None

    async def put_request(self, *given: Any) -> Taken:
        if self.cut:
            raise Unreachable(reason="dropped")
        self.bodies.append(given)
        taken = await super().put_request(*given)
        return taken if self.answer is None else self.answer

    async def put_message(self, *given: Any) -> Taken:
        self.asked.append("message")
        return await self.put_request(*given)

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


def queued(bench: Bench, count: int) -> list[str]:
    """So many requests, in the order in which they leave."""
    for _ in range(count):
        queue(bench)
    return [record["id"] for record in bench.store.requests.waiting()]


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
    change(bench.store, sent, status="sent", withdraw=True)  # as an older version kept it, without `tried`
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


async def test_what_is_gone_when_its_turn_comes_is_passed_over(bench: Bench) -> None:
    first, gone, last = queued(bench, 3)
    done = await visit(bench, Noted(during={"request": lambda: bench.store.requests.remove(gone)}))
    assert done == Round(sent=2, changed=[first, last])


async def test_what_is_taken_back_before_its_turn_is_not_sent(bench: Bench) -> None:
    first, back, last = queued(bench, 3)
    done = await visit(bench, Noted(during={"request": lambda: asking(bench).cancel(back)}))
    assert done == Round(sent=2, changed=[first, last])
    assert bench.store.requests.record(back)["status"] == "cancelled"


async def test_what_was_sent_keeps_reference_moment_and_history(bench: Bench) -> None:
    key = queue(bench)
    await visit(bench, Noted())
    record = bench.store.requests.record(key)
    assert (record["status"], record["reference"], record["tried"]) == ("sent", "R123456", True)
    assert record["sent_at"] == bench.clock().isoformat(timespec="seconds")
    assert history(record)[-1] == "Received by the service, reference R123456."


async def test_a_service_that_gives_no_reference_leaves_none(bench: Bench) -> None:
    key = queue(bench)
    await visit(bench, Noted(answer=Taken("", ())))
    record = bench.store.requests.record(key)
    assert (record["status"], record["reference"]) == ("sent", None)


async def test_a_reason_without_words_is_its_code(bench: Bench) -> None:
    key = queue(bench)
    await visit(bench, Noted(answer=Taken("", (Refusal("iban", "bad_key", ""), Refusal("", "late", "Trop tard.")))))
    record = bench.store.requests.record(key)
    assert record["decision"] is not None
    assert record["decision"]["reasons"] == [
        {"field": "iban", "message": "bad_key"}, {"field": "", "message": "Trop tard."}]
    assert history(record)[-1] == "Refused: iban : bad_key ; Trop tard.."


async def test_a_message_travels_as_one_with_its_words_and_papers(bench: Bench) -> None:
    ask = asking(bench)
    paper = ask.take_paper(None, "attachment", "letter.pdf", papers.pdf())
    key = ask.write("My refund", "Where is it?", [paper["id"]])["id"]
    done = await visit(bench, desk := Noted())
    assert done == Round(sent=1, changed=[key])
    assert "message" in desk.asked
    ((name, body),) = desk.bodies
    assert name == bench.store.requests.record(key)["key"]
    assert (body["subject"], body["body"]) == ("My refund", "Where is it?")
    assert [paper["filename"] for paper in body["papers"]] == ["letter.pdf"]
    assert "procedure" not in body


async def test_papers_that_a_request_refuses_later_are_gone_and_the_reason_is_kept(bench: Bench) -> None:
    key = await wanted(bench, "identity")
    add(bench, key, "identity")
    (paper,) = bench.store.requests.record(key)["adding"]
    done = await visit(bench, Noted(refuse="adding"))
    record = bench.store.requests.record(key)
    assert (record["adding"], len(record["papers"]), record["status"]) == ([], 1, "needs_papers")
    assert history(record)[-1] == "Refused: Non.."
    assert not bench.vault.has_blob(paper["blob"])
    assert (done.sent, done.changed) == (0, [key])


async def test_what_is_taken_back_leaves_no_file_behind(bench: Bench) -> None:
    key = await wanted(bench, "identity")
    add(bench, key, "identity")
    record = bench.store.requests.record(key)
    blobs = [paper["blob"] for paper in (*record["papers"], *record["adding"])]
    asking(bench).cancel(key)
    done = await visit(bench, desk := Noted())
    assert "adding" not in desk.asked
    record = bench.store.requests.record(key)
    assert (record["status"], record["papers"], record["adding"], record["needs"]) == ("cancelled", [], [], [])
    assert not record["withdraw"]
    assert history(record)[-1] == "Withdrawn."
    assert len(blobs) == 2 and not any(bench.vault.has_blob(blob) for blob in blobs)
    assert done == Round(changed=[key])


@pytest.mark.parametrize(("status", "after"), [("queued", "sent"), ("needs_papers", "needs_papers")])
async def test_too_late_to_take_back_it_stays_where_it_was(bench: Bench, status: str, after: str) -> None:
    key = await wanted(bench, "identity")
    change(bench.store, key, status=status, tried=True)
    asking(bench).cancel(key)
    done = await visit(bench, Noted(refuse="withdraw"))
    record = bench.store.requests.record(key)
    assert (record["status"], record["withdraw"], len(record["papers"])) == (after, False, 1)
    assert history(record)[-1] == "Too late to withdraw it: it is being handled."
    assert done == Round(changed=[key])


async def test_files_that_wait_for_a_refused_request_are_gone(bench: Bench) -> None:
    key = await wanted(bench, "identity")
    sent = bench.store.requests.record(key)

    def complete() -> None:
        add(bench, key, "identity")
        blobs.extend(paper["blob"] for paper in bench.store.requests.record(key)["adding"])

    blobs: list[str] = []
    over = Progress(sent["key"], "refused", "R123456", decision=Decision(False, "Non.", "2026-11-20"))
    done = await visit(bench, Noted(progress=[over], during={"list": complete}))
    assert done == Round(refused=1, changed=[key])
    record = bench.store.requests.record(key)
    assert (record["status"], record["adding"], record["closed"]) == ("refused", [], True)
    assert blobs and not any(bench.vault.has_blob(blob) for blob in blobs)


async def test_each_kind_of_progress_is_counted_once_and_strangers_are_passed_over(bench: Bench) -> None:
    keys = [queue(bench) for _ in range(4)]
    await visit(bench, Noted())
    names = [bench.store.requests.record(key)["key"] for key in keys]
    need = Need("identity", "Pièce", "2026-12-20")
    listed = [
        Progress("somebody else's", "accepted"),
        Progress(names[0], "received", "R123456"),
        Progress(names[1], "accepted", "R123456", decision=Decision(True, None, "2026-11-20")),
        Progress(names[2], "refused", "R123456", decision=Decision(False, "Non.", "2026-11-20")),
        Progress(names[3], "needs_papers", "R123456", needs=(need,)),
    ]
    done = await visit(bench, Noted(progress=listed))
    assert done == Round(accepted=1, refused=1, needs=1, changed=keys[1:])
    again = await visit(bench, Noted(progress=listed))
    assert again == Round()
    another = Progress(names[3], "needs_papers", "R123456", needs=(need, Need("rib", "RIB", "2026-12-21")))
    moved = Progress(names[1], "accepted", "R123456", stage="checked", stages=(Stage("checked", "", "2026-11-21"),))
    assert await visit(bench, Noted(progress=[another, moved])) == Round(needs=1, moved=1, changed=[keys[3], keys[1]])


async def test_only_a_stage_after_an_acceptance_counts_as_a_move(bench: Bench) -> None:
    keys = [queue(bench) for _ in range(2)]
    await visit(bench, Noted())
    names = [bench.store.requests.record(key)["key"] for key in keys]
    yes = Decision(True, None, "2026-11-20")
    await visit(bench, Noted(progress=[Progress(names[1], "accepted", "R123456", decision=yes)]))
    checked = Progress(names[0], "received", "R123456", stage="checked", stages=(Stage("checked", "", "2026-11-21"),))
    renamed = Progress(names[1], "accepted", "R654321", decision=yes)
    assert await visit(bench, Noted(progress=[checked, renamed])) == Round(changed=keys)
    assert [bench.store.requests.record(key)["reference"] for key in keys] == ["R123456", "R654321"]


async def test_a_request_that_is_given_up_is_closed_and_the_list_is_not_asked_for_it(bench: Bench) -> None:
    key = queue(bench)
    await visit(bench, Noted())
    change(bench.store, key, status="accepted", decision={"accepted": True, "reason": None, "on": "2020-01-01"})
    done = await visit(bench, desk := Noted())
    assert (done, desk.asked) == (Round(), [])
    assert bench.store.requests.record(key)["closed"]


async def test_one_that_is_given_up_keeps_no_other_from_being_followed(bench: Bench) -> None:
    old, new = queue(bench), queue(bench)
    await visit(bench, Noted())
    change(bench.store, old, status="accepted", decision={"accepted": True, "reason": None, "on": "2020-01-01"})
    done = await visit(bench, desk := Noted(progress=[Progress(
        bench.store.requests.record(new)["key"], "accepted", "R123456", decision=Decision(True, None, "2026-11-20"))]))
    assert (done, desk.asked) == (Round(accepted=1, changed=[new]), ["list"])


async def test_an_outbox_is_idle_only_when_nothing_waits_and_nothing_is_followed(bench: Bench) -> None:
    outbox = Outbox(bench.store, bench.clock)
    key = queue(bench)
    assert not outbox.idle
    await visit(bench, Noted())
    assert not outbox.idle
    change(bench.store, key, status="refused")
    assert outbox.idle
