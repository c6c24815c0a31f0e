"""Watching that goes on over a restart: the ticket rests, its key is elsewhere, and what was seen is never forged."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from agent.core.watch import resting_ticket
from agent.watch.resting import resting
from agent.watch.resting.errors import KeyringLocked
from agent.watch.resting.ticket_file import TicketFile
from agent.watch.ticket import unpack
from config.settings import Settings, save_settings
from tests.agent.core.watch.test_locked import happens, settings_of, signed_in
from tests.agent.processes import PASSPHRASE, Served, served
from tests.agent.stand_in import Portal


class Keeper:
    """A keyring in memory, of the person's session."""

    name = "keyring"
    key: bytes | None = None
    locked = False

    def store(self, key: bytes) -> None:
        Keeper.key = key

    def load(self) -> bytes | None:
        if Keeper.locked:
            raise KeyringLocked
        return Keeper.key

    def forget(self) -> None:
        Keeper.key = None


@pytest.fixture
def portal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Portal]:
    Keeper.key, Keeper.locked = None, False
    monkeypatch.setattr(resting, "keeper_of", lambda paths, agent: Keeper() if agent.survive == "keyring" else None)
    with Portal() as one:
        one.sandbox.service.options.otp = False
        yield one


def surviving(portal: Portal) -> Settings:
    return settings_of(portal, survive="keyring", sign_in="locked")


async def until(done: Callable[[], bool]) -> None:
    """Wait for what is done in the background."""
    for _ in range(200):
        if done():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never happened")


async def watches(agent: Served) -> bool:
    """Whether it comes to watch; what rests is taken up in the background."""
    for _ in range(100):
        if (await agent.get("/v1/status"))["watching"]:
            return True
        await asyncio.sleep(0.02)
    return False


async def test_an_agent_that_starts_goes_on_where_the_one_before_stopped(tmp_path: Path, portal: Portal) -> None:
    async with served(tmp_path, surviving(portal)) as agent:
        await signed_in(agent)
        await agent.post("/v1/lock")
        happens(portal)
        assert (await agent.post("/v1/sync", {"wait": True}))["sealed"] == 2
        looked = (await agent.get("/v1/status"))["last_sync"]
    async with served(tmp_path, surviving(portal)) as agent:
        await agent.agent.begin()
        assert await watches(agent)
        status = await agent.get("/v1/status")
        assert (status["sealed"], status["last_sync"], status["problems"]) == (2, looked, [])
        payments = portal.sandbox.service.history
        await agent.post("/v1/unlock", {"passphrase": PASSPHRASE})
        assert len(agent.agent.store.payments) == len(payments)
        assert not agent.paths.watch_ticket.exists(), "an older ticket must not seal for rounds that nobody can open"


async def test_one_that_was_open_when_the_machine_went_down_goes_on_too(tmp_path: Path, portal: Portal) -> None:
    async with served(tmp_path, surviving(portal)) as agent:
        await signed_in(agent)
    async with served(tmp_path, surviving(portal)) as agent:
        await agent.agent.begin()
        assert await watches(agent)
        happens(portal)
        assert (await agent.post("/v1/sync", {"wait": True}))["sealed"] == 2
        await agent.post("/v1/unlock", {"passphrase": PASSPHRASE})
        assert (await agent.get("/v1/home"))["needs"] == []


async def test_a_stop_that_a_person_asked_for_and_locking_everything_leave_nothing(
    tmp_path: Path, portal: Portal,
) -> None:
    for path, body in (("/v1/stop", None), ("/v1/lock", {"all": True})):
        async with served(tmp_path / path[4:], surviving(portal)) as agent:
            await signed_in(agent)
            await agent.post("/v1/lock")
            assert agent.paths.watch_ticket.exists() and Keeper.key is not None
            await agent.post(path, body)
        assert not agent.paths.watch_ticket.exists() and Keeper.key is None


async def test_a_keyring_that_is_locked_at_the_start_is_asked_again(
    tmp_path: Path, portal: Portal, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(resting_ticket, "_AGAIN", 1)
    async with served(tmp_path, surviving(portal)) as agent:
        await signed_in(agent)
        await agent.post("/v1/lock")
    Keeper.locked = True
    async with served(tmp_path, surviving(portal)) as agent:
        await agent.agent.begin()
        for _ in range(100):
            codes = [problem["code"] for problem in (await agent.get("/v1/status"))["problems"]]
            if "keyring_locked" in codes:
                break
            await asyncio.sleep(0.02)
        assert codes == ["watching_waits", "keyring_locked"]
        Keeper.locked = False
        await agent.agent.heartbeat()
        assert await watches(agent)
        assert (await agent.get("/v1/status"))["problems"] == []


@pytest.mark.parametrize("choice", ["no", "other vault"])
async def test_nothing_rests_for_who_did_not_choose_it_and_for_no_other_vault(
    tmp_path: Path, portal: Portal, choice: str,
) -> None:
    given = surviving(portal) if choice != "no" else settings_of(portal)
    async with served(tmp_path, given) as agent:
        await signed_in(agent)
        await agent.post("/v1/lock")
        assert agent.paths.watch_ticket.exists() is (choice != "no")
    if choice == "no":
        return
    other = msgspec.structs.replace(given)
    async with served(tmp_path / "other", other) as second:
        await signed_in(second)
        await second.post("/v1/lock")
        payments = len(portal.sandbox.service.history)
    (tmp_path / "other" / "state" / "watch").write_bytes(agent.paths.watch_ticket.read_bytes())
    async with served(tmp_path / "other", other) as second:
        await second.agent.begin()
        await second.post("/v1/unlock", {"passphrase": PASSPHRASE})
        assert len(second.agent.store.payments) == payments


async def test_what_the_settings_no_longer_allow_does_not_rest_either(tmp_path: Path, portal: Portal) -> None:
    async with served(tmp_path, surviving(portal)) as agent:
        await signed_in(agent)
        await agent.post("/v1/lock")
        before = agent.paths.watch_ticket.read_bytes()
        save_settings(agent.paths.settings, settings_of(portal, survive="keyring", sign_in="never"))
        await agent.post("/v1/reload")
        await until(lambda: agent.paths.watch_ticket.read_bytes() != before)
        assert Keeper.key is not None
        left = resting.Resting(TicketFile(agent.paths.watch_ticket), Keeper()).load()
        ticket = unpack(left or b"")
        assert ticket is not None and (ticket.password, ticket.access) == ("", "session")
        save_settings(agent.paths.settings, settings_of(portal))
        await agent.post("/v1/reload")
        await until(lambda: not agent.paths.watch_ticket.exists() and Keeper.key is None)
