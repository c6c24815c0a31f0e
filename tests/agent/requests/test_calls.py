"""The calls about requests, on an agent that reaches nobody."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from agent.client.client import Problem
from agent.core.delivery import Delivery
from agent.notifications.texts import news_text
from config.settings import PortalSettings, Settings
from tests import papers
from tests.agent.processes import PASSPHRASE, Served, served
from tests.agent.requests.test_outbox import IBAN, PDF

GOOD = {"holder_is_me": True, "iban": IBAN}


@pytest.fixture
async def agent(tmp_path: Path) -> AsyncIterator[Served]:
    async with served(tmp_path) as one:
        await one.post("/v1/setup", {"passphrase": PASSPHRASE})
        yield one


async def upload(agent: Served, data: bytes = PDF, **query: Any) -> Any:
    given = {"procedure": "bank-details", "paper": "rib", "filename": "rib.pdf", **query}
    return await asyncio.to_thread(lambda: agent.client.upload("/v1/papers", data, **given))


async def test_without_an_account_it_waits_and_says_why(agent: Served) -> None:
    found = await agent.post("/v1/procedures/bank-details", {"answers": GOOD})
    assert (found["status"], found["problem"]["code"]) == ("queued", "no_account")
    assert (await agent.get("/v1/status"))["pending"] == 1
    done = await agent.post(f"/v1/requests/{found['request']}/cancel")
    assert done["status"] == "cancelled"
    assert (await agent.get("/v1/status"))["pending"] == 0


async def test_what_would_be_sent_is_told_without_keeping_anything(agent: Served) -> None:
    found = await agent.post("/v1/procedures/bank-details/check", {"answers": GOOD, "papers": ["rib"]})
    assert found["errors"] == [] and found["asked"] == ["holder_is_me", "iban", "bic"]
    assert {one["field"]: one["value_en"] for one in found["summary"]} == {"holder_is_me": "yes", "iban": "••••2606"}
    assert {one["name"] for one in found["notes"]} == {"fraud", "bank"}
    assert await agent.get("/v1/requests") == []


async def test_a_file_is_taken_whole_and_its_name_made_harmless(agent: Served) -> None:
    for given, kept in (("../../etc/passwd", "passwd"), ("C:\\Windows\\x.pdf", "x.pdf"), ("", "piece"),
                        ("a\x1b[31m\n.pdf", "a31m.pdf"), ("..", "piece"), ("x" * 300 + ".pdf", "x" * 96 + ".pdf")):
        assert (await upload(agent, filename=given))["filename"] == kept
    paper = await upload(agent, PDF + b"x" * (9 << 20))
    assert (paper["size"], paper["media_type"]) == (len(PDF) + (9 << 20), "application/pdf")
    assert "blob" not in paper


async def test_files_that_will_not_do_are_refused(agent: Served) -> None:
    for data, code in ((b"", "bad_paper"), (b"GIF89a", "bad_paper"), (PDF + b"x" * (10 << 20), "bad_paper")):
        with pytest.raises(Problem) as caught:
            await upload(agent, data)
        assert caught.value.code == code
    with pytest.raises(Problem) as caught:
        await upload(agent, paper="photo")
    assert caught.value.code == "no_such_paper" and "rib" in caught.value.message("en")
    with pytest.raises(Problem) as caught:
        await upload(agent, PDF + b"x" * (13 << 20))
    assert caught.value.http == 413


async def test_only_files_may_be_large(agent: Served) -> None:
    with pytest.raises(Problem) as caught:
        await asyncio.to_thread(agent.client.upload, "/v1/procedures/bank-details", b"x" * (2 << 20))
    assert caught.value.http == 413


async def test_a_paper_that_is_not_there_is_told_before_anything_is_kept(agent: Served) -> None:
    refused = await agent.refused("/v1/procedures/bank-details", {"answers": GOOD, "papers": ["f0"]})
    assert refused.code == "not_found"
    assert await agent.get("/v1/requests") == []


async def test_loose_papers_are_swept_when_nobody_came_back(agent: Served) -> None:
    first = await upload(agent)
    book = agent.agent.store.requests
    book.sweep("2000-01-01")
    assert book.peek_loose([first["id"]])
    book.sweep("2999-01-01")
    refused = await agent.refused("/v1/procedures/bank-details", {"answers": GOOD, "papers": [first["id"]]})
    assert refused.code == "not_found"


@pytest.mark.parametrize("body", [{"answers": []}, {"answers": "x"}, {"papers": "x"}, {"papers": [1]}, {"draft": 1}])
async def test_a_body_that_makes_no_sense_is_refused(agent: Served, body: dict[str, Any]) -> None:
    assert (await agent.refused("/v1/procedures/bank-details", body)).code == "bad_request"


async def test_a_request_that_is_no_draft_cannot_be_sent_completed_or_handed_over(agent: Served) -> None:
    key = (await agent.post("/v1/procedures/bank-details", {"answers": GOOD}))["request"]
    for action, body in (("send", {}), ("complete", {"papers": []}), ("handed-over", {})):
        assert (await agent.refused(f"/v1/requests/{key}/{action}", body)).code == "not_now"


async def test_on_the_real_service_everything_is_handed_over_and_nothing_is_asked_of_it(tmp_path: Path) -> None:
    async with served(tmp_path, Settings(portal=PortalSettings())) as agent:
        await agent.post("/v1/setup", {"passphrase": PASSPHRASE})
        assert {one["submits"] for one in await agent.get("/v1/procedures")} == {"handoff"}
        found = await agent.post("/v1/procedures/bank-details", {"answers": GOOD})
        assert (found["status"], found["page"]) == ("ready", "as_info_perso_page")
        assert not agent.agent.open_vault.connected
        assert (await agent.get("/v1/status"))["pending"] == 0
        done = await agent.post(f"/v1/requests/{found['request']}/handed-over")
        assert done["status"] == "handed_over"
        shown = await agent.get(f"/v1/requests/{found['request']}")
        assert [one["name"] for one in shown["deadlines"]] == ["taken-in"]
        message = await agent.post("/v1/messages", {"subject": "Bonjour", "body": "Une question."})
        assert message["status"] == "ready"
        assert [one["status"] for one in await agent.get("/v1/requests", kind="message")] == ["ready"]


def test_progress_is_told_in_both_languages() -> None:
    assert news_text({"requests": 1}, "kind", "fr") == "Une démarche qui avance"
    assert news_text({"requests": 2}, "kind", "en") == "Progress on 2 requests"


async def test_what_waits_is_tried_again_by_itself_now_and_then(agent: Served) -> None:
    await agent.post("/v1/procedures/bank-details", {"answers": GOOD})
    agent.agent.store.set_credentials("2550699999999", "x")
    tried, now = [], [0.0]

    class Line:
        async def deliver(self, *, person: bool) -> None:
            tried.append(person)

    async def connection() -> Line:
        return Line()

    of = agent.agent
    delivery = Delivery(of.store, connection, of.open_vault.tasks, of.events, lambda: of.notifier, lambda: now[0])
    for moment in (0.0, 299.0, 301.0, 302.0, 600.0, 602.0):
        now[0] = moment
        before = asyncio.all_tasks()
        delivery.retry_when_due()
        await asyncio.gather(*(asyncio.all_tasks() - before))
    assert tried == [False, False]


async def test_a_paper_is_taken_off_a_draft_and_off_nothing_else(agent: Served) -> None:
    papers_ = [(await upload(agent, PDF, paper="identity", procedure="carte-vitale-order", filename=name))["id"]
               for name in ("front.pdf", "back.pdf")]
    draft = await agent.post("/v1/procedures/carte-vitale-order", {"answers": {}, "draft": True, "papers": papers_})
    key = draft["request"]
    path = f"/v1/requests/{key}/remove-paper"
    assert (await agent.refused(path, {"paper": "photo"})).code == "not_attached"
    assert (await agent.refused(path, {"paper": "identity", "filename": "x"})).code == "not_attached"
    left = await agent.post(path, {"paper": "identity", "filename": "back.pdf"})
    assert [one["filename"] for one in left["papers"]] == ["front.pdf"]
    assert (await agent.post(path, {"paper": "identity"}))["papers"] == []
    sent = await agent.post("/v1/procedures/bank-details", {"answers": GOOD})
    assert (await agent.refused(f"/v1/requests/{sent['request']}/remove-paper", {"paper": "rib"})).code == "not_now"


async def test_the_check_tells_papers_and_groups_at_once_and_counts_those_of_the_draft(agent: Served) -> None:
    paper = await upload(agent, PDF, paper="identity", procedure="carte-vitale-order", filename="card.pdf")
    draft = await agent.post("/v1/procedures/carte-vitale-order", {
        "answers": {}, "draft": True, "papers": [paper["id"]]})
    found = await agent.post("/v1/procedures/carte-vitale-order/check", {
        "answers": {}, "request": draft["request"]})
    assert [one["field"] for one in found["errors"]] == ["person", "photo"]
    children = [{"first_names": "L3a"} for _ in range(7)]
    found = await agent.post("/v1/procedures/birth/check", {"answers": {"children": children}, "papers": ["x"]})
    fields = [one["field"] for one in found["errors"]]
    assert "children" in fields and "children[6].first_names" in fields and "x" in fields


async def test_a_portrait_is_kept_as_its_crop_and_looked_at_before(agent: Served) -> None:
    raw = papers.picture(size=(900, 900), orientation=6)
    look = await asyncio.to_thread(lambda: agent.client.upload(
        "/v1/papers", raw, check=1, photo=1, crop=1, filename="me.jpg"))
    assert (look["photo"]["width"], look["photo"]["height"], look["photo"]["cut"]) == (700, 900, 22)
    assert look["crop"] and look["notes"]
    kept = await upload(agent, raw, procedure="carte-vitale-order", paper="photo", filename="me.jpg")
    assert (kept["size"], kept["media_type"]) == (look["size"], "image/jpeg")
    assert kept["size"] != len(raw) and "crop" not in kept
