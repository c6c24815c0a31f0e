"""The agent and the stand-in for the account service, over real sockets: sign in, sync, fetch, lock in between."""

import asyncio
import json
import weakref
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from agent.api.handlers.call import Call, Context, nothing
from agent.api.parameters import Nothing
from agent.api.routes import CALLS
from agent.api.server import Response
from agent.client.client import Problem
from config.settings import NotifySettings, save_settings
from tests.agent.processes import PASSPHRASE, Served, agent_process, environment, home_paths, served, wait_until
from tests.agent.sandbox.household import NIR, PASSWORD, TODAY
from tests.agent.stand_in import Portal
from tests.raw_client import RawClient


async def sign_in(agent: Served, portal: Portal) -> None:
    """Sign in with a one-time code, as a person does."""
    refused = await agent.refused("/v1/login", {"nir": NIR, "password": PASSWORD})
    assert (refused.code, refused.exit_code) == ("code_needed", 5)
    assert (await agent.get("/v1/status"))["code_awaited"] and (await agent.get("/v1/health"))["busy"]
    assert await agent.post("/v1/login", {"otp": await asyncio.to_thread(portal.newest_code)}) == {"state": "signed_in"}


async def test_from_nothing_to_everything_at_hand(agent: Served, portal: Portal) -> None:
    await sign_in(agent, portal)
    subscription = agent.agent.events.subscribe()
    result = await agent.post("/v1/sync", {"wait": True})
    assert result["new"]["payments"] == 6 and result["problems"] == []
    kinds = []
    while not kinds or kinds[-1] != "sync_done":
        event = await subscription.next()
        assert event is not None
        kinds.append(event.kind)
    assert kinds[0] == "sync_started" and "sync_progress" in kinds
    status = await agent.get("/v1/status")
    assert status["account"] and status["last_sync"] and status["next_sync"] and not status["syncing"]
    payments = await agent.get("/v1/payments")
    assert len(payments) == 6
    assert (await agent.get(f"/v1/payments/{payments[0]['id']}"))["amount"] == payments[0]["amount"]
    home = await agent.get("/v1/home")
    assert home["status"]["state"] == "unlocked" and len(home["payments"]) == 6
    assert (await agent.get("/v1/runs"))[0]["trigger"] == "person"
    message = (await agent.get("/v1/messages"))[0]["id"]
    assert (await agent.get(f"/v1/messages/{message}"))["read"] is True
    last = next(one for one in await agent.get("/v1/doctor") if one["name"] == "last_sync")
    assert last["ok"], last


async def test_a_document_is_fetched_once_and_kept(agent: Served, portal: Portal) -> None:
    await sign_in(agent, portal)
    await agent.post("/v1/sync", {"wait": True})
    document = next(one for one in await agent.get("/v1/documents") if one["kind"] == "decompte")
    first = await asyncio.to_thread(agent.client.bytes, f"/v1/documents/{document['id']}/content")
    assert first.startswith(b"%PDF")
    portal.break_with("500=1")
    assert await asyncio.to_thread(agent.client.bytes, f"/v1/documents/{document['id']}/content") == first


async def test_what_was_fetched_survives_lock_and_unlock_and_the_session_too(agent: Served, portal: Portal) -> None:
    await sign_in(agent, portal)
    await agent.post("/v1/sync", {"wait": True})
    before = await agent.get("/v1/payments")
    await agent.post("/v1/lock")
    await agent.post("/v1/unlock", {"passphrase": PASSPHRASE})
    assert await agent.get("/v1/payments") == before
    again = await agent.post("/v1/sync", {"wait": True})
    assert again["new"]["payments"] == 0 and again["requests"] < 12


async def test_two_who_sync_at_once_share_one_run(agent: Served, portal: Portal) -> None:
    await sign_in(agent, portal)
    first, second = await asyncio.gather(*(agent.post("/v1/sync", {"wait": True}) for _ in range(2)))
    assert first == second
    assert len(await agent.get("/v1/runs")) == 1


async def test_a_sync_may_go_on_without_who_asked_for_it(agent: Served, portal: Portal) -> None:
    await sign_in(agent, portal)
    subscription = agent.agent.events.subscribe()
    async with asyncio.timeout(10):
        while (await agent.get("/v1/health"))["busy"]:  # the plan is being written down
            await asyncio.sleep(0.01)
    assert await agent.post("/v1/sync", {}) == {"started": True}
    assert (await agent.get("/v1/health"))["busy"] is True
    while (event := await subscription.next()) is not None and event.kind != "sync_done":
        pass
    assert event is not None and event.data["failed"] is False and event.data["new"]["payments"] == 6


async def test_locking_ends_a_sync_and_keeps_what_it_had(agent: Served, portal: Portal) -> None:
    await sign_in(agent, portal)
    portal.break_with("latency=0.05")
    subscription = agent.agent.events.subscribe()
    running = asyncio.ensure_future(agent.refused("/v1/sync", {"wait": True}))
    async with asyncio.timeout(30):
        while (event := await subscription.next()) is not None and event.kind != "sync_progress":
            pass
    await agent.post("/v1/lock")
    assert (await running).code == "locked"
    assert (await agent.refused("/v1/payments", method="GET")).code == "locked"
    portal.break_with("")
    await agent.post("/v1/unlock", {"passphrase": PASSPHRASE})
    await agent.post("/v1/sync", {"wait": True})
    assert len(await agent.get("/v1/payments")) == 6


async def test_an_unreachable_service_is_told_and_nothing_is_lost(agent: Served, portal: Portal) -> None:
    await sign_in(agent, portal)
    await agent.post("/v1/sync", {"wait": True})
    portal.break_with("drop=1")
    refused = await agent.refused("/v1/sync", {"wait": True})
    assert refused.exit_code == 4
    assert len(await agent.get("/v1/payments")) == 6
    status = await agent.get("/v1/status")
    assert status["problems"] and status["next_sync"]


async def test_a_wrong_password_is_told_and_not_tried_again_by_the_agent(agent: Served, portal: Portal) -> None:
    refused = await agent.refused("/v1/login", {"nir": NIR, "password": "not the password"})
    assert refused.exit_code == 5
    assert (await agent.refused("/v1/sync", {"wait": True})).exit_code == 5
    assert not (await agent.get("/v1/status"))["account"]


async def test_a_code_without_a_sign_in_is_refused(agent: Served) -> None:
    assert (await agent.refused("/v1/login", {"otp": "123456"})).code == "no_sign_in_pending"


async def test_signing_out_forgets_the_account_and_keeps_the_data(agent: Served, portal: Portal) -> None:
    await sign_in(agent, portal)
    await agent.post("/v1/sync", {"wait": True})
    await agent.post("/v1/logout")
    status = await agent.get("/v1/status")
    assert not status["account"] and status["next_sync"] is None
    assert len(await agent.get("/v1/payments")) == 6
    with pytest.raises(Problem) as caught:
        await agent.post("/v1/sync", {"wait": True})
    assert caught.value.exit_code == 5


async def test_what_a_run_by_itself_finds_is_told_without_saying_what(tmp_path: Path, portal: Portal) -> None:
    note = tmp_path / "note"
    tell = NotifySettings(desktop=False, command=("/bin/sh", "-c", f"cat >> {note}"))
    async with served(tmp_path / "home", msgspec.structs.replace(portal.settings, notify=tell, lang="en")) as agent:
        await agent.post("/v1/setup", {"passphrase": PASSPHRASE})
        await sign_in(agent, portal)
        by_itself = agent.agent.open_vault.syncs.run_scheduled
        await by_itself()
        assert not note.exists(), "the first sync is no news"
        house = portal.sandbox.service.household
        house.payments.append(replace(house.payments[-1], paid_on=TODAY, amount=Decimal("4321.00"), lines=[]))
        history = portal.sandbox.service.history
        portal.sandbox.service.history = type(history)(house.payments, house.nir)
        subscription = agent.agent.events.subscribe()
        await by_itself()
        kinds = set()
        while (event := await subscription.next()) is not None and event.kind != "payment_new":
            kinds.add(event.kind)
        assert event is not None and event.data == {"count": 1}
        told = json.loads(note.read_text())
        assert told["event"] == "news" and told["new"]["payments"] == 1
        assert "4321" not in note.read_text()
        assert (await agent.get("/v1/runs"))[0]["trigger"] == "schedule"


async def test_locking_lets_go_of_everything_a_sync_had_in_hand(agent: Served, portal: Portal) -> None:
    await sign_in(agent, portal)
    await agent.post("/v1/sync", {"wait": True})
    opened = agent.agent.open_vault
    gone = [weakref.ref(agent.agent.store), weakref.ref(opened), weakref.ref(await opened.connection())]
    del opened
    await agent.post("/v1/lock")
    assert [one() for one in gone] == [None, None, None]


def test_an_agent_killed_in_the_middle_of_a_sync_keeps_what_it_had(tmp_path: Path, portal: Portal) -> None:
    paths = home_paths(tmp_path / "home")
    save_settings(paths.settings, portal.settings)
    client = RawClient(paths)
    environ = environment(tmp_path / "home", AMELI_TODAY=TODAY.isoformat())
    with agent_process(tmp_path / "home", env=environ) as process:
        client.post("/v1/setup", {"passphrase": PASSPHRASE})
        with pytest.raises(Problem):
            client.post("/v1/login", {"nir": NIR, "password": PASSWORD})
        client.post("/v1/login", {"otp": portal.newest_code()})
        portal.break_with("latency=0.03")
        client.post("/v1/sync", {"wait": False})
        wait_until(lambda: len(client.get("/v1/payments")) > 0)
        process.kill()
        process.wait(10)
    portal.break_with("")
    with agent_process(tmp_path / "home", env=environ) as process:
        client.post("/v1/unlock", {"passphrase": PASSPHRASE})
        kept = {payment["id"] for payment in client.get("/v1/payments")}
        assert kept
        client.post("/v1/sync", {"wait": True})
        before = client.get("/v1/payments")
        assert kept <= {payment["id"] for payment in before} and len(before) == 6
        process.kill()
        process.wait(10)
    with agent_process(tmp_path / "home", env=environ):
        client.post("/v1/unlock", {"passphrase": PASSPHRASE})
        assert client.get("/v1/payments") == before


async def test_an_agent_that_answers_at_length_is_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def long_answer(_context: Context, _given: Nothing, _id: str) -> Response:
        begun.set()
        await go_on.wait()
        return Response.of({})

    monkeypatch.setitem(CALLS, ("GET", "/v1/long"), Call(long_answer, nothing))
    async with served(tmp_path) as one:
        await one.post("/v1/setup", {"passphrase": PASSPHRASE})
        assert not (await one.get("/v1/health"))["busy"]
        answering = asyncio.ensure_future(one.get("/v1/long"))
        await begun.wait()
        assert (await one.get("/v1/health"))["busy"]
        go_on.set()
        await answering
        assert not (await one.get("/v1/health"))["busy"]
