"""The states of the agent, through its calls."""

import asyncio
import json
import shutil
import weakref
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import pytest

from agent.api.routes import CALLS
from agent.client.client import Problem
from agent.core.agent import Agent
from agent.protocol import PROTOCOL
from tests.agent.processes import CHEAP, NOWHERE, PASSPHRASE, Served, home_paths, served

CONTRACT = {"running", "pid", "version", "locked", "last_sync", "next_sync", "portal", "pending", "problems"}


@pytest.fixture
async def agent(tmp_path: Path) -> AsyncIterator[Served]:
    async with served(tmp_path) as one:
        yield one


async def test_a_home_goes_from_setup_to_open_to_locked_and_back(agent: Served) -> None:
    assert (await agent.get("/v1/health"))["state"] == "setup"
    assert (await agent.refused("/v1/home", method="GET")).code == "no_vault"
    assert (await agent.refused("/v1/unlock", {"passphrase": PASSPHRASE})).code == "no_vault"
    made = await agent.post("/v1/setup", {"passphrase": PASSPHRASE})
    assert made["state"] == "unlocked" and len(made["recovery_code"]) > 20
    assert (await agent.refused("/v1/setup", {"passphrase": PASSPHRASE})).http == 409
    assert (await agent.post("/v1/lock"))["state"] == "locked"
    assert (await agent.post("/v1/lock"))["state"] == "locked"
    assert (await agent.refused("/v1/home", method="GET")).exit_code == 3
    assert (await agent.post("/v1/unlock", {"passphrase": PASSPHRASE}))["state"] == "unlocked"
    assert (await agent.get("/v1/home"))["payments"] == []
    await agent.post("/v1/lock")
    assert (await agent.post("/v1/unlock", {"recovery_code": made["recovery_code"]}))["state"] == "unlocked"


async def test_the_status_keeps_the_contract_in_every_state(agent: Served) -> None:
    for path, body in ((None, None), ("/v1/setup", {"passphrase": PASSPHRASE}), ("/v1/lock", None)):
        if path:
            await agent.post(path, body)
        status = await agent.get("/v1/status")
        assert status.keys() >= CONTRACT
        assert status["locked"] == (status["state"] != "unlocked")
        assert status["running"] is True and status["problems"] == []


async def test_each_wrong_passphrase_is_answered_later_than_the_one_before(agent: Served) -> None:
    await agent.post("/v1/setup", {"passphrase": PASSPHRASE})
    await agent.post("/v1/lock")
    for _ in range(3):
        refused = await agent.refused("/v1/unlock", {"passphrase": "something else"})
        assert (refused.code, refused.exit_code) == ("wrong_passphrase", 3)
    assert agent.time.slept == pytest.approx([0.1, 0.2, 0.3])
    await agent.post("/v1/unlock", {"passphrase": PASSPHRASE})
    await agent.refused("/v1/unlock", {"passphrase": "something else"})
    assert agent.time.slept[-1] == pytest.approx(0.1)


async def test_the_delay_stops_growing_at_ten_seconds(agent: Served) -> None:
    await agent.post("/v1/setup", {"passphrase": PASSPHRASE})
    await agent.post("/v1/lock")
    agent.agent.attempts.failures = 500
    await agent.refused("/v1/unlock", {"passphrase": "something else"})
    assert agent.time.slept == [10.0]


async def test_guesses_sent_together_are_taken_one_at_a_time(agent: Served) -> None:
    await agent.post("/v1/setup", {"passphrase": PASSPHRASE})
    await agent.post("/v1/lock")
    await asyncio.gather(*(agent.refused("/v1/unlock", {"passphrase": f"guess number {n}"}) for n in range(4)))
    assert agent.time.slept == pytest.approx([0.1, 0.2, 0.3, 0.4])


async def test_unlocking_an_open_vault_still_checks_the_passphrase(agent: Served) -> None:
    await agent.post("/v1/setup", {"passphrase": PASSPHRASE})
    assert (await agent.refused("/v1/unlock", {"passphrase": "something else"})).code == "wrong_passphrase"
    assert (await agent.post("/v1/unlock", {"passphrase": PASSPHRASE}))["state"] == "unlocked"


async def test_the_passphrase_changes_only_for_who_knows_the_old_one(agent: Served) -> None:
    await agent.post("/v1/setup", {"passphrase": PASSPHRASE})
    new = "another good phrase"
    assert (await agent.refused("/v1/passphrase", {"old": "wrong one", "new": new})).code == "wrong_passphrase"
    assert (await agent.refused("/v1/passphrase", {"old": PASSPHRASE, "new": "short"})).code == "weak_passphrase"
    await agent.post("/v1/passphrase", {"old": PASSPHRASE, "new": new})
    await agent.post("/v1/lock")
    await agent.refused("/v1/unlock", {"passphrase": PASSPHRASE})
    await agent.post("/v1/unlock", {"passphrase": new})


async def test_a_new_recovery_code_replaces_the_old_one(agent: Served) -> None:
    first = (await agent.post("/v1/setup", {"passphrase": PASSPHRASE}))["recovery_code"]
    await agent.refused("/v1/recovery", {"passphrase": "wrong one"})
    second = (await agent.post("/v1/recovery", {"passphrase": PASSPHRASE}))["recovery_code"]
    await agent.post("/v1/lock")
    assert (await agent.refused("/v1/unlock", {"recovery_code": first})).code == "wrong_recovery_code"
    await agent.post("/v1/unlock", {"recovery_code": second})


async def test_the_process_is_handed_over_once_the_vault_is_closed_and_not_when_it_stops(tmp_path: Path) -> None:
    states: list[tuple[str, bytes | None]] = []

    def hand_over(ticket: bytes | None) -> None:
        states.append((agent.state, ticket))

    agent = Agent(home_paths(tmp_path), NOWHERE, kdf_cost=CHEAP, hand_over=hand_over)
    await agent.setup(PASSPHRASE)
    await agent.lock("idle")
    await agent.lock()
    assert states == [("locked", None)]
    await agent.unlock(passphrase=PASSPHRASE)
    await agent.close()
    assert len(states) == 1


async def test_every_call_for_data_is_refused_while_locked(agent: Served) -> None:
    await agent.post("/v1/setup", {"passphrase": PASSPHRASE})
    await agent.post("/v1/lock")
    open_to_all = {
        "health", "status", "events", "logs", "doctor", "stop", "reload", "setup", "unlock", "lock", "estimate",
        "notify", "ask", "guide", "glossary", "restore", "tariffs"}
    for method, path in CALLS:
        if path.split("/")[2] in open_to_all:
            continue
        body = {"old": "x", "new": "y", "passphrase": "z"}
        refused = await agent.refused(path.replace("*", "some-id"), body, method=method)
        assert (refused.code, refused.http) == ("locked", 423), path


async def test_every_call_that_reads_answers_on_an_empty_vault(agent: Served) -> None:
    await agent.post("/v1/setup", {"passphrase": PASSPHRASE})
    for path in ("payments", "rows", "months", "facets", "home", "documents", "messages", "profile", "coverage", "runs",
                 "doctor", "logs", "status"):
        assert await agent.get(f"/v1/{path}") is not None
    for path in ("payments/x", "documents/x", "documents/x/content", "messages/x"):
        assert (await agent.refused(f"/v1/{path}", method="GET")).code == "not_found"


@pytest.mark.parametrize("query", [{"since": "yesterday"}, {"until": "2026-13-01"}, {"limit": "-1"}, {"limit": "many"}])
async def test_a_filter_that_makes_no_sense_is_wrong_usage(agent: Served, query: dict[str, str]) -> None:
    await agent.post("/v1/setup", {"passphrase": PASSPHRASE})
    with pytest.raises(Problem) as caught:
        await agent.get("/v1/payments", **query)
    assert (caught.value.code, caught.value.exit_code) == ("bad_request", 2)


async def test_settings_are_read_again_on_demand(agent: Served) -> None:
    file = agent.paths.settings
    file.parent.mkdir(parents=True)
    file.write_text('lang = "en"\n[agent]\nlock_after_min = 3\n')
    await agent.post("/v1/reload")
    assert (await agent.get("/v1/status"))["lang"] == "en"
    assert agent.agent.autolock.idle_s == 180
    file.write_text("nonsense = 1")
    assert (await agent.refused("/v1/reload")).code == "settings"
    assert agent.agent.autolock.idle_s == 180


async def test_the_doctor_speaks_both_languages_and_gives_cures(agent: Served) -> None:
    findings = await agent.get("/v1/doctor")
    assert {"vault", "socket_folder", "agent_settings", "agent_disk", "portal", "clock", "last_sync", "memory",
            "service"} <= {finding["name"] for finding in findings}
    for finding in findings:
        assert finding["text"]["fr"] and finding["text"]["en"]
        assert finding["ok"] or (finding["cure"]["fr"] and finding["cure"]["en"]), finding


async def test_locking_tells_listeners_why(agent: Served) -> None:
    await agent.post("/v1/setup", {"passphrase": PASSPHRASE})
    subscription = agent.agent.events.subscribe()
    await agent.post("/v1/lock")
    event = await subscription.next()
    assert event is not None and (event.kind, event.data) == ("locked", {"reason": "asked"})


async def test_locking_while_an_unlocking_is_under_way_wins(agent: Served) -> None:
    await agent.post("/v1/setup", {"passphrase": PASSPHRASE})
    await agent.post("/v1/lock")
    unlocking = asyncio.ensure_future(agent.agent.unlock(passphrase=PASSPHRASE))
    await asyncio.sleep(0)
    await agent.agent.lock()
    await unlocking
    assert agent.agent.state == "locked"


async def test_a_guess_that_waits_does_not_keep_others_from_locking(agent: Served) -> None:
    await agent.post("/v1/setup", {"passphrase": PASSPHRASE})
    asleep = asyncio.Event()

    async def sleep(_seconds: float) -> None:
        asleep.set()
        await asyncio.Event().wait()

    agent.agent.attempts.sleep = sleep
    guess = asyncio.ensure_future(agent.agent.unlock(passphrase="something else"))
    await asleep.wait()
    await asyncio.wait_for(agent.agent.lock(), 2)
    assert agent.agent.state == "locked"
    guess.cancel()


async def test_a_vault_that_stays_open_is_folded_now_and_then(
    agent: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    await agent.post("/v1/setup", {"passphrase": PASSPHRASE})
    agent.agent.store.set_needs([{"code": "x" * 500}])
    monkeypatch.setattr("agent.vault.vault._JOURNAL_MIN", 0)
    before = {file.name for file in agent.paths.vault.iterdir()}
    await agent.agent.heartbeat()
    after = {file.name for file in agent.paths.vault.iterdir()}
    assert any(name.startswith("snap") for name in after - before)
    assert agent.agent.store.needs()


async def test_locking_lets_go_of_the_data(agent: Served) -> None:
    await agent.post("/v1/setup", {"passphrase": PASSPHRASE})
    await agent.get("/v1/home")
    gone = [weakref.ref(agent.agent.store), weakref.ref(agent.agent.store.vault), weakref.ref(agent.agent.open_vault)]
    await agent.post("/v1/lock")
    assert [one() for one in gone] == [None, None, None]


async def test_stopping_is_answered_before_it_happens(agent: Served) -> None:
    assert await agent.post("/v1/stop") == {}
    assert agent.stopped.is_set()


async def test_a_restored_older_copy_is_opened_only_on_the_persons_word(agent: Served, tmp_path: Path) -> None:
    vault = agent.paths.vault
    await agent.post("/v1/setup", {"passphrase": PASSPHRASE})
    await agent.post("/v1/lock")
    shutil.copytree(vault, tmp_path / "copy")
    await agent.post("/v1/unlock", {"passphrase": PASSPHRASE})
    agent.agent.store.account.table.put("note", {"later": True})
    await agent.post("/v1/lock")
    shutil.rmtree(vault)
    shutil.copytree(tmp_path / "copy", vault)
    assert (await agent.refused("/v1/unlock", {"passphrase": PASSPHRASE})).code == "vault_older"
    assert (await agent.post("/v1/unlock", {"passphrase": PASSPHRASE, "accept_older": True}))["state"] == "unlocked"
    await agent.post("/v1/lock")
    assert (await agent.post("/v1/unlock", {"passphrase": PASSPHRASE}))["state"] == "unlocked"


async def test_a_damaged_vault_is_salvaged_only_on_the_persons_word(agent: Served) -> None:
    await agent.post("/v1/setup", {"passphrase": PASSPHRASE})
    agent.agent.store.account.table.put("note", {"kept": True})
    await agent.post("/v1/lock")
    header = agent.paths.vault / "header"
    header.write_bytes(header.read_bytes()[:-9])
    assert (await agent.refused("/v1/unlock", {"passphrase": PASSPHRASE})).code == "vault_damaged"
    assert (await agent.post("/v1/unlock", {"passphrase": PASSPHRASE, "salvage": True}))["state"] == "unlocked"
    assert agent.agent.store.account.table.fetch("note") == {"kept": True}


def test_the_protocol_number_moves_with_the_calls() -> None:
    """A call added, removed or renamed changes this digest: decide whether PROTOCOL must move, then write it here."""
    digest = sha256(json.dumps(sorted(map(list, CALLS))).encode()).hexdigest()[:16]
    assert (PROTOCOL, digest) == (1, "169ae6e1a76d6bdb")
