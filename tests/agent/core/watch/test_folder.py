"""What lands in the watched folder while the vault is locked is there after unlocking, once; the original stays."""

import asyncio
import errno
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from config.settings import ImportSettings
from tests.agent.files.formats.bank.files import Movement, ofx_old
from tests.agent.processes import NOWHERE, PASSPHRASE, Served, served
from tests.agent.store.helpers import a_payment, keep
from tests.agent.watch.helpers import spoilt

OLD = (1e9, 1e9)
D = Decimal
MOVES: list[Movement] = [(date(2026, 10, 20), D("17.50"), "VIR SEPA CPAM PARIS 262920001234")]
OTHERS: list[Movement] = [(date(2026, 10, 20 + day), D(3 + day), "VIR SEPA CPAM PARIS 26292000") for day in range(6)]
"""Transfers of the fund of which the account knows none: whose is it?"""


@dataclass
class Home:
    """An agent with an account, and the folder it watches."""

    agent: Served
    folder: Path

    @property
    def inbox(self) -> list[Path]:
        """What is sealed."""
        return sorted((self.agent.paths.vault / "inbox").glob("*"))

    def lay(self, name: str, data: bytes, times: tuple[float, float] = OLD) -> Path:
        """Put a file in the folder."""
        path = self.folder / name
        path.write_bytes(data)
        os.utime(path, times)
        return path

    async def lock(self) -> None:
        await self.agent.post("/v1/lock")

    async def beat(self, until: Callable[[], bool]) -> None:
        """Heartbeats until something is so."""
        async with asyncio.timeout(60):
            await self.agent.agent.heartbeat()
            while not until():
                await asyncio.sleep(0.02)
                await self.agent.agent.heartbeat()

    async def sealed(self, count: int) -> None:
        """Heartbeats until so many files were sealed."""
        await self.beat(lambda: self.agent.agent.status()["sealed"] == count)

    async def quiet(self) -> None:
        """Heartbeats in which nothing more is done."""
        for _ in range(4):
            await self.agent.agent.heartbeat()
            await asyncio.sleep(0.05)

    async def unlock(self) -> None:
        """Unlock, and wait until the folder was looked at."""
        await self.agent.post("/v1/unlock", {"passphrase": PASSPHRASE})
        opened = self.agent.agent.open_vault
        await self.beat(lambda: not opened.tasks.running)

    def credits(self) -> list[str]:
        """Euros of the bank lines that are kept."""
        return sorted(str(one["amount"]) for one in self.agent.agent.store.bank.credits())

    async def problems(self) -> list[Any]:
        """Codes of what is wrong."""
        return [one["code"] for one in (await self.agent.get("/v1/status"))["problems"]]


@asynccontextmanager
async def begun(tmp_path: Path, after: str = "keep") -> AsyncIterator[Home]:
    folder = tmp_path / "dropped"
    folder.mkdir(exist_ok=True)
    settings = msgspec.structs.replace(NOWHERE, imports=ImportSettings(folder=str(folder), after=after))  # type: ignore[arg-type]
    async with served(tmp_path / "home", settings) as agent:
        await agent.post("/v1/setup", {"passphrase": PASSPHRASE})
        store = agent.agent.store
        store.set_credentials("262020000000000", None)
        keep(store, a_payment("2026-10-19", "17.50"))
        yield Home(agent, folder)


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    async with begun(tmp_path) as one:
        yield one


async def test_a_file_laid_there_while_locked_is_there_once_after_unlocking(home: Home) -> None:
    await home.lock()
    path = home.lay("bank.ofx", ofx_old(MOVES))
    await home.sealed(1)
    [round_file] = home.inbox
    assert b"CPAM" not in round_file.read_bytes() and b"bank" not in round_file.read_bytes()
    await home.quiet()
    assert len(home.inbox) == 1 and path.exists()
    await home.unlock()
    assert home.credits() == ["17.50"]
    assert home.inbox == [] and home.agent.agent.store.account.watch.read() is None
    assert len(await home.agent.get("/v1/imports")) == 1 and await home.problems() == []
    assert path.exists(), "the settings keep it"


async def test_a_file_whose_original_is_gone_meanwhile_is_there_all_the_same(home: Home) -> None:
    await home.lock()
    path = home.lay("bank.ofx", ofx_old(MOVES))
    await home.sealed(1)
    path.unlink()
    await home.unlock()
    assert home.credits() == ["17.50"] and home.inbox == []


async def test_files_wait_in_turn_and_come_together(home: Home) -> None:
    await home.lock()
    for number in range(4):
        home.lay(f"{number}.ofx", ofx_old([(date(2026, 10, 1 + number), D(10 + number), "VIR CPAM PARIS"), *MOVES]))
    await home.sealed(4)
    await home.unlock()
    assert home.credits() == ["10.00", "11.00", "12.00", "13.00", "17.50"]
    assert len(await home.agent.get("/v1/imports")) == 4 and home.inbox == []


async def test_what_the_vault_knows_already_is_not_sealed_again(home: Home) -> None:
    home.lay("bank.ofx", ofx_old(MOVES))
    home.lay("other.pdf", b"%PDF-1.4 of somebody else")
    await home.beat(lambda: len(home.agent.agent.store.imports.table) == 2)
    await home.lock()
    home.lay("copy.ofx", ofx_old(MOVES))
    home.lay("letter.txt", b"Bonjour")
    home.lay("new.ofx", ofx_old([*MOVES, (date(2026, 10, 2), D(9), "VIR CPAM PARIS")]))
    await home.sealed(1)
    await home.quiet()
    assert len(home.inbox) == 1


async def test_the_original_is_deleted_after_it_was_taken_in_and_never_before(tmp_path: Path) -> None:
    async with begun(tmp_path, after="delete") as home:
        await home.lock()
        path = home.lay("bank.ofx", ofx_old(MOVES))
        await home.sealed(1)
        await home.quiet()
        assert path.exists()
        await home.unlock()
        await home.beat(lambda: not path.exists())
        assert home.credits() == ["17.50"]


async def test_a_file_that_grows_links_and_what_is_unfinished_are_left(home: Home, tmp_path: Path) -> None:
    await home.lock()
    now = 4e9  # the clock is behind: it may still grow
    home.lay("growing.ofx", ofx_old(MOVES)[:200], (now, now))
    home.lay("later.ofx.part", ofx_old(MOVES))
    (tmp_path / "outside.ofx").write_bytes(ofx_old(MOVES))
    (home.folder / "link.ofx").symlink_to(tmp_path / "outside.ofx")
    await home.agent.agent.heartbeat()
    path = home.lay("growing.ofx", ofx_old(MOVES))
    await home.sealed(1)
    await home.quiet()
    assert len(home.inbox) == 1 and path.exists()
    await home.unlock()
    assert home.credits() == ["17.50"]


async def test_a_file_over_the_limit_waits_and_is_told_by_count_alone(home: Home) -> None:
    await home.lock()
    path = home.lay("secret name.ofx", ofx_old(MOVES))
    os.truncate(path, (128 << 20) + 1)
    os.utime(path, OLD)
    await home.beat(lambda: "files_wait" in [one["code"] for one in home.agent.agent.watch_problems])
    status = await home.agent.get("/v1/status")
    waits = next(one for one in status["problems"] if one["code"] == "files_wait")
    assert "(1)" in waits["message"]["fr"] and "(1)" in waits["message"]["en"] and "secret" not in str(status)
    assert home.inbox == []
    path.unlink()
    await home.beat(lambda: "files_wait" not in [one["code"] for one in home.agent.agent.watch_problems])


async def test_a_full_disk_seals_nothing_waits_and_loses_nothing(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    await home.lock()
    path, tries = home.lay("bank.ofx", ofx_old(MOVES)), list[int]()

    def no_space(*_: object) -> int:
        tries.append(1)
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("agent.vault.fs._RealFile.write", no_space)
        await home.beat(lambda: "files_wait" in [one["code"] for one in home.agent.agent.watch_problems])
        await home.quiet()
    assert len(tries) == 1, "not at every heartbeat"
    ticket = home.agent.agent.watch.ticket
    assert ticket is not None and ticket.folder is not None and ticket.sealed == 0
    assert home.inbox == [] and path.exists()
    ticket.folder.pause_s = 0  # the time is over
    await home.sealed(1)
    assert "files_wait" not in await home.problems()
    await home.unlock()
    assert home.credits() == ["17.50"]


async def test_a_damaged_sealed_file_is_put_aside_told_and_taken_in_from_the_folder(home: Home) -> None:
    await home.lock()
    home.lay("bank.ofx", ofx_old(MOVES))
    await home.sealed(1)
    [path] = home.inbox
    path.write_bytes(spoilt(path.read_bytes()))
    await home.unlock()
    assert [one.name for one in home.inbox] == [f"bad-{path.name}"]
    assert "rounds_damaged" in await home.problems()
    await home.beat(lambda: home.credits() == ["17.50"])


async def test_a_sealed_file_in_doubt_is_left_to_the_folder_where_it_still_lies(home: Home) -> None:
    await home.lock()
    path = home.lay("whose.ofx", ofx_old(OTHERS))
    await home.sealed(1)
    await home.unlock()
    await home.beat(lambda: home.inbox == [])
    questions = [one for one in home.agent.agent.watch_problems if one["code"] == "whose_is_it"]
    assert [one.get("path") for one in questions] == [str(path)]
    assert home.credits() == []


async def test_a_sealed_file_in_doubt_without_original_waits_over_lockings_for_the_answer(home: Home) -> None:
    await home.lock()
    data = ofx_old(OTHERS)
    path = home.lay("whose.ofx", data)
    await home.sealed(1)
    path.unlink()
    for _ in range(2):
        await home.unlock()
        assert len(home.inbox) == 1
        [question] = [one for one in home.agent.agent.watch_problems if one["code"] == "whose_is_it"]
        assert question["file"] == "whose.ofx" and "ameli import --mine" in question["hint"]["fr"]
        await home.lock()
    await home.unlock()
    answer = await asyncio.to_thread(home.agent.client.upload, "/v1/import", data, name="whose.ofx", mine="yes")
    assert answer["problem"] is None
    await home.beat(lambda: home.inbox == [])
    assert len(home.credits()) == len(OTHERS) and "whose_is_it" not in await home.problems()


async def test_an_agent_that_was_killed_after_sealing_seals_again_and_it_comes_once(home: Home) -> None:
    await home.lock()
    home.lay("bank.ofx", ofx_old(MOVES))
    ticket = home.agent.agent.watch.ticket
    assert ticket is not None and ticket.folder is not None
    await home.sealed(1)
    ticket.folder.states.clear()  # what was noted after sealing never came to rest
    ticket.folder.digests.clear()
    os.utime(home.folder)
    await home.sealed(2)
    await home.unlock()
    assert home.credits() == ["17.50"] and home.inbox == []
    assert len(await home.agent.get("/v1/imports")) == 1


async def test_a_folder_that_is_gone_is_told_while_locked(home: Home) -> None:
    await home.lock()
    home.folder.rmdir()
    await home.beat(lambda: "import_folder_gone" in [one["code"] for one in home.agent.agent.watch_problems])
    home.folder.mkdir()
    home.lay("bank.ofx", ofx_old(MOVES))
    await home.sealed(1)
    assert "import_folder_gone" not in await home.problems()
