"""An agent that unlocks shows what was sealed meanwhile, from its first answer on."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.store import Store
from agent.vault import Vault
from agent.vault.fs import RealFs
from agent.vault.inbox import Inbox
from agent.watch.sealing import Sealer, begin_epoch
from tests.agent.processes import CHEAP, PASSPHRASE, Served, served
from tests.agent.watch.helpers import rounds, sealed


@pytest.fixture
async def agent(tmp_path: Path) -> AsyncIterator[Served]:
    async with served(tmp_path / "home") as one:
        await one.post("/v1/setup", {"passphrase": PASSPHRASE})
        yield one


async def locked(agent: Served) -> Path:
    """Lock, with all rounds sealed since; the folder they wait in."""
    epoch = begin_epoch(agent.agent.vault, agent.agent.store)
    await agent.post("/v1/lock")
    sealed(Sealer(epoch, Inbox(RealFs(), agent.paths.vault)), rounds())
    return agent.paths.vault / "inbox"


async def test_the_first_answer_after_unlocking_shows_it(agent: Served) -> None:
    inbox = await locked(agent)
    assert len(list(inbox.iterdir())) == 5
    await agent.post("/v1/unlock", {"passphrase": PASSPHRASE})
    home = await agent.get("/v1/home")
    assert (len(home["payments"]), len(home["messages"]), home["needs"]) == (2, 1, [])
    assert list(inbox.iterdir()) == []


async def test_what_was_put_aside_is_told_in_both_languages_and_named_by_verify(agent: Served) -> None:
    inbox = await locked(agent)
    bad = min(inbox.iterdir(), key=lambda path: path.read_bytes()[8:32])
    bad.write_bytes(bad.read_bytes()[:-1])
    await agent.post("/v1/unlock", {"passphrase": PASSPHRASE})
    needs = {problem["code"]: problem for problem in (await agent.get("/v1/home"))["needs"]}
    assert needs.keys() == {"rounds_damaged", "rounds_missing"}
    for problem in needs.values():
        assert "ameli sync" in problem["hint"]["fr"] and "ameli sync" in problem["hint"]["en"]
    verified = await agent.post("/v1/verify")
    assert (verified["damaged"], verified["leftovers"]) == ([], [f"inbox/bad-{bad.name}"])


async def test_a_backup_made_after_unlocking_holds_what_had_waited(agent: Served, tmp_path: Path) -> None:
    await locked(agent)
    await agent.post("/v1/unlock", {"passphrase": PASSPHRASE})
    made = await agent.post("/v1/backups")
    from agent.vault.restore import restore_vault
    from config import clock

    restore_vault(Path(made["path"]), tmp_path / "other", clock.now(), passphrase=PASSPHRASE, kdf_floor=CHEAP)
    vault = Vault.unlock(tmp_path / "other", passphrase=PASSPHRASE, kdf_floor=CHEAP, accept_older=True)
    store = Store(vault)
    assert (len(store.payments), len(store.messages.all())) == (2, 1)
    assert store.account.watch.read() is None, "what opened the rounds is no part of it any more"
    vault.lock()


async def test_what_a_disk_refused_to_take_in_comes_once_it_takes_writes(
    agent: Served, monkeypatch: pytest.MonkeyPatch,
) -> None:
    inbox = await locked(agent)

    def no_space(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("agent.vault.fs._RealFile.write", no_space)
        await agent.post("/v1/unlock", {"passphrase": PASSPHRASE})
        assert (await agent.get("/v1/home"))["payments"] == []
        assert len(list(inbox.iterdir())) == 5
    await agent.agent.heartbeat()
    assert len((await agent.get("/v1/home"))["payments"]) == 2
    assert list(inbox.iterdir()) == []
