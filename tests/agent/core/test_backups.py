"""Backups by themselves, asked for and brought back, through a running agent."""

import asyncio
import errno
import gc
import weakref
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from agent.core import backups
from agent.core.backups import AGAIN_S, SETTLE_S
from agent.protocol.events import LOCKED, PROBLEM, STATE
from agent.vault.fs import RealFs
from config import clock
from config.settings import BackupSettings, PortalSettings, Settings
from tests.agent.processes import PASSPHRASE, Served, served, wait_until

NOWHERE = PortalSettings(base_url="http://127.0.0.1:9", identity_url="http://127.0.0.1:9")


class Clocks:
    """A moment that only moves when told, and seconds with it."""

    def __init__(self) -> None:
        self.passed = 0.0
        self.start = clock.now().replace(hour=9, minute=0)

    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.passed)

    def seconds(self) -> float:
        return 5000.0 + self.passed


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    clocks = Clocks()
    made = backups.BackupKeeper.__init__

    def init(self: Any, *given: Any) -> None:
        made(self, *given, now=clocks.now, seconds=clocks.seconds)

    monkeypatch.setattr(backups.BackupKeeper, "__init__", init)
    return clocks


@pytest.fixture
async def agent(tmp_path: Path, time: Clocks) -> AsyncIterator[Served]:
    async with served(tmp_path / "home") as one:
        await one.post("/v1/setup", {"passphrase": PASSPHRASE})
        note(one, "first")
        yield one


def note(agent: Served, text: str) -> None:
    """Change something in the vault."""
    agent.agent.store.account.table.put("note", {"text": text})


def folder(agent: Served) -> Path:
    return agent.paths.data_dir / "backups"


def kept(agent: Served) -> list[str]:
    return sorted(one.name for one in folder(agent).iterdir()) if folder(agent).exists() else []


async def beat(agent: Served, time: Clocks, seconds: float) -> None:
    """Let time pass, and the agent look after its things."""
    time.passed += seconds
    await agent.agent.heartbeat()
    while agent.agent.open_vault.tasks.running:
        await asyncio.sleep(0.001)


async def test_one_a_day_is_made_while_the_vault_is_open(agent: Served, time: Clocks) -> None:
    await beat(agent, time, SETTLE_S - 1)
    assert kept(agent) == [], "the first sync is let bring its news"
    await beat(agent, time, 1)
    assert len(kept(agent)) == 1
    note(agent, "second")
    await beat(agent, time, AGAIN_S)
    assert len(kept(agent)) == 1, "once a day"
    await beat(agent, time, 86400)
    assert len(kept(agent)) == 2
    status = (await agent.get("/v1/status"))["backup"]
    assert status["failed"] is None and Path(status["path"]).name == kept(agent)[-1]
    assert status["last"][:10] == f"{time.now():%Y-%m-%d}"
    for file in folder(agent).iterdir():
        assert file.stat().st_mode & 0o777 == 0o600
    assert folder(agent).stat().st_mode & 0o777 == 0o700


async def test_what_has_not_changed_is_not_made_again(agent: Served, time: Clocks) -> None:
    await beat(agent, time, SETTLE_S)
    for _ in range(3):
        await beat(agent, time, 86400)
    assert len(kept(agent)) == 1
    made = await agent.post("/v1/backups")
    assert made["unchanged"] and Path(made["path"]).name == kept(agent)[0]
    (folder(agent) / kept(agent)[0]).unlink()
    await beat(agent, time, 86400)
    assert len(kept(agent)) == 1, "one that is gone is made again"
    agent.paths.settings.parent.mkdir(exist_ok=True)
    agent.paths.settings.write_text('lang = "fr"\n', encoding="utf-8")
    assert not (await agent.post("/v1/backups"))["unchanged"], "the settings are in it too"


async def test_locking_makes_the_days_backup_that_was_not_made_yet(agent: Served, time: Clocks) -> None:
    heard = agent.agent.events.subscribe(None)
    await agent.post("/v1/lock")
    assert len(kept(agent)) == 1
    told = [await asyncio.wait_for(heard.next(), 5) for _ in range(2)]
    assert [(one.kind, one.data) for one in told if one is not None] == [
        (LOCKED.name, {"reason": "asked"}), (STATE.name, {"state": "locked"})], "nobody is told that it is open"
    await agent.post("/v1/unlock", {"passphrase": PASSPHRASE})
    note(agent, "later")
    await agent.post("/v1/lock")
    assert len(kept(agent)) == 1, "once a day"


async def test_a_vault_with_nothing_in_it_makes_none(tmp_path: Path) -> None:
    async with served(tmp_path / "home") as one:
        await one.post("/v1/setup", {"passphrase": PASSPHRASE})
        await one.post("/v1/lock")
        assert kept(one) == []


async def test_none_is_made_where_none_is_wanted_but_one_that_is_asked_for(tmp_path: Path, time: Clocks) -> None:
    async with served(tmp_path / "home", Settings(portal=NOWHERE, backup=BackupSettings(automatic=False))) as one:
        await one.post("/v1/setup", {"passphrase": PASSPHRASE})
        note(one, "first")
        await beat(one, time, SETTLE_S * 10)
        assert kept(one) == []
        await one.post("/v1/backups")
        assert len(kept(one)) == 1
        note(one, "second")
        await one.post("/v1/lock")
        assert len(kept(one)) == 1


async def test_those_that_are_too_old_go_and_what_is_not_ours_stays(agent: Served, time: Clocks) -> None:
    for day in range(20):
        note(agent, f"day {day}")
        await beat(agent, time, 86400)
    names = kept(agent)
    assert 8 <= len(names) <= 12
    (folder(agent) / "letter.txt").write_text("mine", encoding="utf-8")
    note(agent, "again")
    await beat(agent, time, 86400)
    assert "letter.txt" in kept(agent)


async def test_they_fit_the_size_and_one_that_never_does_is_told(tmp_path: Path, time: Clocks) -> None:
    settings = Settings(portal=NOWHERE, backup=BackupSettings(max_mib=1))
    async with served(tmp_path / "home", settings) as one:
        await one.post("/v1/setup", {"passphrase": PASSPHRASE})
        vault = one.agent.store.vault
        vault.put_blob(bytes(600 * 1024))
        for day in range(3):
            note(one, f"day {day}")
            await beat(one, time, 86400)
        assert len(kept(one)) == 1, "two would take more than 1 MiB"
        assert (await one.get("/v1/status"))["problems"] == []
        vault.put_blob(bytes(600 * 1024))
        await beat(one, time, 86400)
        assert len(kept(one)) == 1, "the newest always stays"
        problems = (await one.get("/v1/status"))["problems"]
        assert [problem["code"] for problem in problems] == ["backup_too_large"]
        found = {finding["name"]: finding for finding in await one.get("/v1/doctor", offline=1)}
        assert not found["backup_too_large"]["ok"]


# -- what goes wrong ---------------------------------------------------------------------------------------------------


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bool]]:
    """A disk that takes no backup while the list says so."""
    refusing = [True]
    create = RealFs.create

    def refuse(self: RealFs, path: Path) -> Any:
        if refusing and path.name.endswith(".new"):
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        return create(self, path)

    monkeypatch.setattr(RealFs, "create", refuse)
    yield refusing


async def test_a_failure_is_told_once_and_tried_again_and_holds_up_nothing(
    agent: Served, time: Clocks, full: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    async def tell(_self: Any) -> None:
        told.append("told")

    monkeypatch.setattr(type(agent.agent.notifier), "tell_backup_failed", tell)
    heard = agent.agent.events.subscribe(None)
    await beat(agent, time, SETTLE_S)
    for _ in range(2):
        await beat(agent, time, AGAIN_S)
    assert told == ["told"], "not every hour"
    status = await agent.get("/v1/status")
    assert [problem["code"] for problem in status["problems"]] == ["backup_failed"]
    assert status["backup"]["failed"]["message"]["fr"].startswith(f"Pas de sauvegarde dans {folder(agent)}")
    found = {finding["name"]: finding for finding in await agent.get("/v1/doctor", offline=1)}
    assert not found["backup_failed"]["ok"] and "backup.folder" in found["backup_failed"]["cure"]["en"]
    events = []
    while (event := await asyncio.wait_for(heard.next(), 5)) is not None:
        events.append(event.kind)
        if event.kind == PROBLEM.name:
            break
    assert (await agent.refused("/v1/backups")).code == "backup_failed"
    await agent.post("/v1/lock")
    assert (await agent.get("/v1/status"))["backup"] is None
    await agent.post("/v1/unlock", {"passphrase": PASSPHRASE})
    full.clear()
    await beat(agent, time, AGAIN_S)
    assert len(kept(agent)) == 1
    assert (await agent.get("/v1/status"))["problems"] == []


async def test_a_chosen_folder_that_is_gone_is_told_and_not_made_in_its_place(
    tmp_path: Path, time: Clocks
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir(mode=0o755)
    async with served(tmp_path / "home", Settings(portal=NOWHERE, backup=BackupSettings(folder=str(stick)))) as one:
        await one.post("/v1/setup", {"passphrase": PASSPHRASE})
        note(one, "first")
        await beat(one, time, SETTLE_S)
        assert len(list(stick.iterdir())) == 1 and kept(one) == []
        assert stick.stat().st_mode & 0o777 == 0o755, "the person's own folder is left as it is"
        stick.rename(tmp_path / "elsewhere")
        note(one, "second")
        await beat(one, time, 86400)
        assert [problem["code"] for problem in (await one.get("/v1/status"))["problems"]] == ["backup_failed"]
        assert not stick.exists()


async def test_another_folder_is_taken_up_at_once(agent: Served, time: Clocks, tmp_path: Path) -> None:
    await beat(agent, time, SETTLE_S)
    other = tmp_path / "other"
    other.mkdir()
    agent.paths.settings.parent.mkdir(exist_ok=True)
    agent.paths.settings.write_text(
        f'[portal]\nbase_url = "http://127.0.0.1:9"\n[backup]\nfolder = "{other}"\n', encoding="utf-8")
    await agent.post("/v1/reload")
    await beat(agent, time, 1)
    assert len(list(other.iterdir())) == 1


async def test_what_a_cut_left_is_cleared_away(agent: Served, time: Clocks) -> None:
    await beat(agent, time, SETTLE_S)
    left = folder(agent) / f".{kept(agent)[0]}-00.new"
    left.write_bytes(b"half")
    note(agent, "second")
    await beat(agent, time, 86400)
    assert not left.exists() and len(kept(agent)) == 2


async def test_a_vault_is_let_go_of_after_a_failed_backup(agent: Served, time: Clocks, full: list[bool]) -> None:
    await beat(agent, time, SETTLE_S)
    gone = [weakref.ref(agent.agent.store.vault), weakref.ref(agent.agent.open_vault)]
    await agent.post("/v1/lock")

    def let_go() -> bool:
        gc.collect()  # the thread that closed it may have held it while the agent collected
        return [one() for one in gone] == [None, None]

    await asyncio.to_thread(wait_until, let_go)


# -- for a file of the person's own, and back --------------------------------------------------------------------------


async def fetched(agent: Served, path: Path) -> dict[str, Any]:
    """Make a backup in a file, as the command does."""
    made: dict[str, Any] = await agent.post("/v1/backups/outgoing")
    data = b""
    while piece := await asyncio.to_thread(agent.client.bytes, "/v1/backups/outgoing", offset=len(data)):
        data += piece
    assert (sha256(data).hexdigest(), len(data)) == (made["sha256"], made["bytes"])
    path.write_bytes(data)
    await agent.post("/v1/backups/fetched", {"path": str(path)})
    return made


async def test_a_backup_is_handed_over_and_forgotten(agent: Served, tmp_path: Path) -> None:
    assert (await agent.refused("/v1/backups/outgoing", method="GET")).code == "no_such_backup"
    await fetched(agent, tmp_path / "my.backup")
    assert (await agent.get("/v1/status"))["backup"]["path"] == str(tmp_path / "my.backup")
    assert (await agent.refused("/v1/backups/fetched", {"path": None})).code == "no_such_backup"
    assert not list(agent.paths.data_dir.glob("*.backup"))
    await agent.post("/v1/backups/outgoing")
    await agent.post("/v1/lock")
    assert not list(agent.paths.data_dir.glob("*.backup")), "one that nobody fetched goes with the vault"


async def test_a_backup_comes_back_and_sends_nothing_before_the_persons_word(agent: Served, tmp_path: Path) -> None:
    file = tmp_path / "my.backup"
    agent.paths.settings.parent.mkdir(exist_ok=True)
    agent.paths.settings.write_text('lang = "en"\n', encoding="utf-8")
    made = await fetched(agent, file)
    async with served(tmp_path / "new") as new:
        back = await new.post("/v1/restore", {"file": str(file), "passphrase": PASSPHRASE})
        assert (back["state"], back["made"], back["settings"]) == ("unlocked", made["made"], "restored")
        assert [notice["code"] for notice in back["notices"]] == ["restored_copy"]
        assert new.agent.store.account.table.fetch("note") == {"text": "first"}
        assert new.agent.settings.lang == "en"
        await new.post("/v1/lock")
        opened = await new.post("/v1/unlock", {"passphrase": PASSPHRASE})
        assert "--accept-older" in opened["notices"][0]["hint"]["en"]
        found = {finding["name"]: finding for finding in await new.get("/v1/doctor", offline=1)}
        assert not found["restored_copy"]["ok"]
        assert [one["code"] for one in (await new.get("/v1/status"))["problems"]] == ["restored_copy"]
        opened = await new.post("/v1/unlock", {"passphrase": PASSPHRASE, "accept_older": True})
        assert "notices" not in opened
        assert (await new.get("/v1/status"))["problems"] == []
        await new.post("/v1/lock")
        assert "notices" not in await new.post("/v1/unlock", {"passphrase": PASSPHRASE})


async def test_a_home_with_a_vault_takes_none(agent: Served, tmp_path: Path) -> None:
    file = tmp_path / "my.backup"
    await fetched(agent, file)
    refused = await agent.refused("/v1/restore", {"file": str(file), "passphrase": PASSPHRASE})
    assert refused.code == "vault_exists" and "AMELI_HOME" in refused.hint("en")
    note(agent, "still there")
    assert agent.agent.store.account.table.fetch("note") == {"text": "still there"}


@pytest.mark.parametrize("body", [
    {"file": "my.backup", "passphrase": "x"}, {"file": "/x"}, {"file": "/x", "passphrase": "x", "recovery_code": "y"}])
async def test_a_restoring_that_makes_no_sense_is_refused(tmp_path: Path, body: dict[str, str]) -> None:
    async with served(tmp_path) as one:
        assert (await one.refused("/v1/restore", body)).code == "bad_request"


async def test_wrong_passphrases_are_answered_later_each_time(agent: Served, tmp_path: Path) -> None:
    file = tmp_path / "my.backup"
    await fetched(agent, file)
    async with served(tmp_path / "new") as new:
        for _ in range(3):
            refused = await new.refused("/v1/restore", {"file": str(file), "passphrase": "something else"})
            assert (refused.code, refused.exit_code) == ("wrong_passphrase", 3)
        assert new.time.slept == pytest.approx([0.1, 0.2, 0.3])
        assert (await new.get("/v1/health"))["state"] == "setup"
        file.write_bytes(file.read_bytes()[:-1])
        refused = await new.refused("/v1/restore", {"file": str(file), "passphrase": PASSPHRASE})
        assert refused.code == "backup_damaged"
        assert (await new.post("/v1/setup", {"passphrase": PASSPHRASE}))["state"] == "unlocked", "nothing is left"
