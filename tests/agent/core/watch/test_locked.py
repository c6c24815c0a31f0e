"""A whole agent that is locked: what its calls answer, what it forgets, and what it says after a restart."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from agent.core.agent import Agent
from agent.errors import AmeliError
from agent.sandbox.model import SandboxMessage, SandboxPayment
from agent.sync.scheduler import RefreshTooSoon
from agent.watch.note import NoteFile, SignInBegun, WatchNote
from agent.watch.ticket import unpack
from config.paths import Paths
from config.settings import AgentSettings, NotifySettings, Settings, save_settings
from tests.agent.processes import CHEAP, PASSPHRASE, Served, served
from tests.agent.sandbox.household import NIR, PASSWORD, TODAY
from tests.agent.stand_in import Portal


@pytest.fixture
def portal() -> Iterator[Portal]:
    with Portal() as one:
        one.sandbox.service.options.otp = False
        yield one


def settings_of(portal: Portal, **agent: object) -> Settings:
    return msgspec.structs.replace(
        portal.settings, notify=NotifySettings(desktop=False),
        agent=msgspec.convert(agent, AgentSettings))


async def signed_in(agent: Served) -> None:
    await agent.post("/v1/setup", {"passphrase": PASSPHRASE})
    await agent.post("/v1/login", {"nir": NIR, "password": PASSWORD})
    await agent.post("/v1/sync", {"wait": True})


@pytest.fixture
async def agent(tmp_path: Path, portal: Portal) -> AsyncIterator[Served]:
    async with served(tmp_path, settings_of(portal)) as one:
        await signed_in(one)
        yield one


def happens(portal: Portal) -> None:
    """A payment and a message arrive."""
    portal.sandbox.service.history.append(
        SandboxPayment(TODAY, "REMBOURSEMENT_SOINS", "Remboursement de soins", Decimal("18.00")))
    portal.sandbox.service.household.messages.append(SandboxMessage("W-1", TODAY, "CPAM", "Votre carte", "Bonjour"))


async def test_a_locked_agent_says_that_it_watches_and_when_it_looks_next(agent: Served) -> None:
    assert (await agent.get("/v1/status"))["watching"]
    await agent.post("/v1/lock")
    status = await agent.get("/v1/status")
    assert (status["locked"], status["watching"], status["sealed"], status["polls_while_locked"]) == (True, True, 0, 0)
    assert status["next_sync"] and status["last_sync"] and status["account"]
    assert (status["needs"], status["problems"]) == (None, [])
    assert status["watch"] == {"allowed": "always", "sign_in": "never", "asked": False, "access": "session",
                               "since": status["watch"]["since"], "reminders": False}


async def test_a_look_while_locked_is_sealed_counted_and_shown_after_unlocking(agent: Served, portal: Portal) -> None:
    payments = len(agent.agent.store.payments)
    await agent.post("/v1/lock")
    happens(portal)
    result = await agent.post("/v1/sync", {"wait": True})
    assert (result["new"], result["sealed"]) == ({"payments": 1, "documents": 0, "messages": 1}, 2)
    status = await agent.get("/v1/status")
    assert (status["locked"], status["sealed"], status["polls_while_locked"]) == (True, 2, 1)
    assert (await agent.refused("/v1/home", method="GET")).exit_code == 3
    await agent.post("/v1/unlock", {"passphrase": PASSPHRASE})
    assert len(agent.agent.store.payments) == payments + 1
    status = await agent.get("/v1/status")
    assert (status["sealed"], status["polls_while_locked"], status["locked"]) == (0, 1, False)
    assert list((agent.paths.vault / "inbox").iterdir()) == []


async def test_a_wrong_passphrase_does_not_disturb_the_watching(agent: Served, portal: Portal) -> None:
    await agent.post("/v1/lock")
    await agent.refused("/v1/unlock", {"passphrase": "something else"})
    assert (await agent.get("/v1/status"))["watching"]
    happens(portal)
    assert (await agent.post("/v1/sync", {"wait": True}))["sealed"] == 2


async def test_locking_everything_forgets_the_ticket_also_when_it_was_locked_before(agent: Served) -> None:
    for before in (None, "/v1/lock"):
        if before:
            await agent.post("/v1/unlock", {"passphrase": PASSPHRASE})
            await agent.post(before)
            assert (await agent.get("/v1/status"))["watching"]
        await agent.post("/v1/lock", {"all": True})
        status = await agent.get("/v1/status")
        assert (status["watching"], status["next_sync"], status["watch"]["access"]) == (False, None, "none")
        assert agent.agent.watch.ticket is None
        assert (await agent.refused("/v1/sync", {"wait": True})).exit_code == 3
        assert not NoteFile(agent.paths.watch_note).read().watching


async def test_watching_only_while_unlocked_is_what_the_setting_says(tmp_path: Path, portal: Portal) -> None:
    async with served(tmp_path, settings_of(portal, watch="unlocked")) as agent:
        await signed_in(agent)
        assert (await agent.get("/v1/status"))["watching"]
        await agent.post("/v1/lock")
        status = await agent.get("/v1/status")
        assert (status["watching"], status["needs"], status["next_sync"]) == (False, None, None)
        assert not list((agent.paths.vault).glob("inbox/*"))


async def test_the_setting_changed_while_locked_counts_at_once(tmp_path: Path, portal: Portal) -> None:
    given = settings_of(portal, sign_in="locked")
    async with served(tmp_path, given) as agent:
        await signed_in(agent)
        await agent.post("/v1/lock")
        assert (await agent.get("/v1/status"))["watch"]["access"] == "sign_in"
        save_settings(agent.paths.settings, settings_of(portal, sign_in="never"))
        await agent.post("/v1/reload")
        assert (await agent.get("/v1/status"))["watch"]["access"] == "session"
        assert agent.agent.watch.ticket is not None and agent.agent.watch.ticket.password == ""
        save_settings(agent.paths.settings, settings_of(portal, watch="unlocked"))
        await agent.post("/v1/reload")
        await asyncio.sleep(0)
        assert not (await agent.get("/v1/status"))["watching"]
        assert agent.agent.watch.ticket is None


async def test_what_a_person_must_do_is_said_while_locked(agent: Served, portal: Portal) -> None:
    await agent.post("/v1/lock")
    portal.sandbox.service.end_sessions()
    refused = await agent.refused("/v1/sync", {"wait": True})
    assert (refused.code, refused.exit_code) == ("sign_in_not_allowed", 5)
    status = await agent.get("/v1/status")
    assert (status["needs"], status["watching"], status["watch"]["access"]) == ("sign_in_not_allowed", False, "none")
    assert [problem["code"] for problem in status["problems"]] == ["sign_in_not_allowed"]
    await agent.post("/v1/unlock", {"passphrase": PASSPHRASE})
    status = await agent.get("/v1/status")
    assert (status["needs"], status["problems"]) == (None, []), "unlocking was what it took"
    assert status["next_sync"], "and it goes on by itself"
    assert (await agent.post("/v1/sync", {"wait": True}))["problems"] == []


async def test_without_an_account_nothing_is_watched(tmp_path: Path, portal: Portal) -> None:
    async with served(tmp_path, settings_of(portal)) as agent:
        await agent.post("/v1/setup", {"passphrase": PASSPHRASE})
        await agent.post("/v1/lock")
        assert not (await agent.get("/v1/status"))["watching"]
        assert not NoteFile(agent.paths.watch_note).read().watching


async def test_after_a_restart_it_says_once_that_watching_waits_for_one_unlock(
    tmp_path: Path, portal: Portal,
) -> None:
    told = tmp_path / "told"
    given = msgspec.structs.replace(settings_of(portal), notify=NotifySettings(
        desktop=False, command=("/bin/sh", "-c", f"cat >> {told}")))
    async with served(tmp_path, given) as agent:
        await signed_in(agent)
        await agent.post("/v1/lock")
    for _ in range(2):
        async with served(tmp_path, given) as agent:
            await agent.agent.begin()
            status = await agent.get("/v1/status")
            assert (status["watching"], status["needs"]) == (False, "watching_waits")
            assert [problem["code"] for problem in status["problems"]] == ["watching_waits"]
            for _ in range(200):
                if told.exists() and told.read_text():
                    break
                await asyncio.sleep(0.02)
    assert told.read_text().count("person_needed") == 1
    async with served(tmp_path, given) as agent:
        await agent.agent.begin()
        await agent.post("/v1/unlock", {"passphrase": PASSPHRASE})
        assert (await agent.get("/v1/status"))["needs"] is None
        await agent.post("/v1/lock")
        assert (await agent.get("/v1/status"))["watching"]


async def left_by_a_process(folder: Path, portal: Portal) -> tuple[Paths, bytes]:
    """A home whose agent was locked and has ended, and the ticket that it left."""
    async with served(folder, settings_of(portal)) as agent:
        await signed_in(agent)
        await agent.post("/v1/lock")
        assert agent.agent.watch.ticket is not None
        return agent.paths, agent.agent.watch.ticket.pack()


async def test_the_next_process_goes_on_with_the_ticket_and_never_with_a_spoilt_one(
    tmp_path: Path, portal: Portal,
) -> None:
    paths, left = await left_by_a_process(tmp_path, portal)
    for given, watching in ((left, True), (left[:-1], False), (b"", False)):
        after = Agent(paths, settings_of(portal), kdf_cost=CHEAP, ticket=given)
        await after.begin()
        assert after.status()["watching"] is watching
        await after.close()


async def test_a_sign_in_cut_short_by_a_crash_is_known_after_unlocking_too(agent: Served, portal: Portal) -> None:
    await agent.post("/v1/lock")
    NoteFile(agent.paths.watch_note).write(WatchNote(
        watching=True, sign_in=SignInBegun(at="2026-11-23T09:00:00+00:00", refused="wrong_password")))
    await agent.post("/v1/unlock", {"passphrase": PASSPHRASE})
    assert NoteFile(agent.paths.watch_note).read() == WatchNote(watching=True)
    codes = [problem["code"] for problem in (await agent.get("/v1/home"))["needs"]]
    assert codes == ["refused_while_locked"]
    portal.sandbox.service.end_sessions()
    with pytest.raises(AmeliError) as refused:
        await agent.agent.open_vault.syncs.run_scheduled()
    assert refused.value.problem()["code"] == "refused_while_locked"
    assert not portal.sandbox.service.sessions, "nobody signed in"


async def test_the_examination_says_whether_watching_goes_on(agent: Served, portal: Portal) -> None:
    async def watching() -> list[tuple[bool, str, bool]]:
        checks = await agent.get("/v1/doctor", offline=True)
        return [(check["ok"], check["text"]["en"], bool(check["cure"]["en"])) for check in checks
                if check["name"] == "watching"]

    assert await watching() == [(True, "the account stays watched when the vault is locked", False)]
    await agent.post("/v1/lock")
    assert await watching() == [(True, "the account is watched while the vault is locked", False)]
    portal.sandbox.service.end_sessions()
    await agent.refused("/v1/sync", {"wait": True})
    [(ok, said, cured)] = await watching()
    assert (ok, "may not sign in" in said, cured) == (False, True, True)
    await agent.post("/v1/lock", {"all": True})
    assert (await watching())[0][:2] == (True, "nothing is watched: locked with everything forgotten, "
                                               "or without an account")


async def test_until_another_process_takes_its_place_a_locked_agent_says_what_that_one_will_watch(
    tmp_path: Path, portal: Portal
) -> None:
    settings = settings_of(portal)
    async with served(tmp_path, settings) as one:
        await signed_in(one)
        paths = one.paths
    left: list[bytes | None] = []
    agent = Agent(paths, settings, kdf_cost=CHEAP, hand_over=left.append)
    await agent.unlock(passphrase=PASSPHRASE)
    await agent.lock()
    status = agent.status()
    assert (status["watching"], status["watch"]["access"], status["account"]) == (True, "session", True)
    assert status["next_sync"] and status["watch"]["since"]
    await agent.lock(everything=True)
    assert (agent.status()["watching"], agent.status()["account"]) == (False, False)
    assert [ticket is not None for ticket in left] == [True, False]
    await agent.close()


async def test_whoever_asks_while_the_vault_is_being_locked_is_told_what_is_watched_then(agent: Served) -> None:
    locking = asyncio.ensure_future(agent.agent.lock())
    await asyncio.sleep(0)
    assert agent.agent.state == "locked"
    status = await agent.get("/v1/status")
    assert (status["watching"], status["watch"]["access"]) == (True, "session")
    await locking


async def test_no_round_begins_once_another_process_takes_over_with_the_ticket(
    tmp_path: Path, portal: Portal,
) -> None:
    paths, left = await left_by_a_process(tmp_path, portal)
    handed = list[bytes | None]()
    after = Agent(paths, settings_of(portal), kdf_cost=CHEAP, ticket=left, hand_over=handed.append)
    await after.begin()
    assert await after.watch.run_now() is not None
    [packed] = handed
    ticket = unpack(packed or b"")
    assert ticket is not None and (ticket.number, ticket.polls) == (2, 1)
    with pytest.raises(RefreshTooSoon):
        await after.watch.run_now()
    assert len(list((paths.vault / "inbox").iterdir())) == 1
    await after.close()
