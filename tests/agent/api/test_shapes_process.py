"""The answers about account, vault and process are as the protocol says: no key forgotten, none extra."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from agent.core.doctor import examine
from agent.errors import AmeliError
from agent.protocol.account import Profile, SignedIn, SyncFound, SyncRun, SyncStarted
from agent.protocol.problems import Problem
from agent.protocol.process import Finding, Health, LogLines, NoticeTried, NotRunning, PageChange, Reloaded, Status
from agent.protocol.vault import AfterLock, Made, NewRecoveryCode, Opened, ToldAtOpening, VaultState
from agent.sandbox.generator import make_household
from agent.store.page_changes import Bad
from config import clock
from config.settings import PortalSettings, Settings
from tests.agent.api.shapes import check_shape
from tests.agent.processes import PASSPHRASE, Served, served

HERE = Settings(portal=PortalSettings(
    base_url="http://127.0.0.1:9", identity_url="http://127.0.0.1:8", transport="sandbox", pause_s=0))
BAD = Bad("Mes paiements", "payments", "My payments", "tableau", ("table.paiements",), 200, frozenset({"div"}),
          ("html", b"<div></div>"))


@pytest.fixture
async def agent(tmp_path: Path) -> AsyncIterator[Served]:
    async with served(tmp_path, HERE) as one:
        yield one


async def _with_account(agent: Served) -> Any:
    """Sign in and sync once; what the sync answered."""
    await agent.post("/v1/setup", {"passphrase": PASSPHRASE})
    house = make_household(seed=HERE.portal.seed, today=clock.today(), years=2)
    check_shape(await agent.post("/v1/login", {"nir": house.nir, "password": house.password}), SignedIn)
    return await agent.post("/v1/sync", {"wait": True})


async def test_a_vault_that_is_made_locked_and_opened_answers_in_the_agreed_shapes(agent: Served) -> None:
    check_shape(await agent.get("/v1/health"), Health)
    check_shape(await agent.get("/v1/status"), Status)
    made = await agent.post("/v1/setup", {"passphrase": PASSPHRASE})
    check_shape(made, Made)
    check_shape(await agent.post("/v1/lock"), AfterLock)
    check_shape(await agent.get("/v1/status"), Status)
    check_shape(await agent.post("/v1/unlock", {"recovery_code": made["recovery_code"]}), Opened)
    check_shape(await agent.post("/v1/passphrase", {"old": PASSPHRASE, "new": "other words for it"}), VaultState)
    check_shape(await agent.post("/v1/recovery", {"passphrase": "other words for it"}), NewRecoveryCode)


async def test_an_account_that_was_synced_answers_in_the_agreed_shapes(agent: Served) -> None:
    check_shape(await _with_account(agent), SyncFound)
    runs = await agent.get("/v1/runs")
    assert runs
    check_shape(runs, list[SyncRun])
    profile = await agent.get("/v1/profile")
    assert profile["beneficiaries"]
    check_shape(profile, Profile)
    status = await agent.get("/v1/status")
    assert status["account"]
    assert status["last_sync"]
    check_shape(status, Status)
    check_shape(await agent.post("/v1/sync", {"full": True}), SyncStarted)


async def test_a_profile_of_which_nothing_was_read_is_in_the_agreed_shape(agent: Served) -> None:
    await agent.post("/v1/setup", {"passphrase": PASSPHRASE})
    check_shape(await agent.get("/v1/profile"), Profile)


async def test_pages_that_changed_are_told_in_the_agreed_shapes(agent: Served) -> None:
    await agent.post("/v1/setup", {"passphrase": PASSPHRASE})
    agent.agent.store.changes.note_bad(BAD, datetime.now(UTC) - timedelta(days=1))
    changes = await agent.get("/v1/changes")
    assert [one["name"] for one in changes] == ["payments"]
    check_shape(changes, list[PageChange])
    status = await agent.get("/v1/status")
    assert status["changed"] == [{"fr": "Mes paiements", "en": "My payments"}]
    check_shape(status, Status)
    found = await agent.get("/v1/doctor", offline=1)
    assert [one["change"]["name"] for one in found if "change" in one] == ["payments"]
    check_shape(found, list[Finding])


async def test_findings_without_a_vault_are_in_the_agreed_shape(agent: Served) -> None:
    check_shape(await examine(agent.agent, offline=True), list[Finding])


async def test_what_is_told_of_the_log_and_the_settings_is_in_the_agreed_shapes(agent: Served) -> None:
    check_shape(await agent.get("/v1/logs", lines=5), LogLines)
    check_shape(await agent.post("/v1/reload"), Reloaded)
    check_shape(await agent.post("/v1/notify/test", {"channel": "terminal"}), list[NoticeTried])


async def test_a_refusal_is_a_problem_and_nothing_more(agent: Served) -> None:
    refused = await agent.refused("/v1/profile", method="GET")
    assert (refused.code, refused.exit_code) == ("no_vault", 3)
    told = AmeliError().problem()
    check_shape(told, Problem)
    assert set(told) == Problem.__required_keys__


def test_no_agent_is_told_with_keys_that_the_status_has_too() -> None:
    assert set(NotRunning.__annotations__) < set(Status.__annotations__)


@pytest.mark.parametrize(("answer", "said"), [
    ({"state": "locked", "more": 1}, r"\$\.more"),
    ({"state": "unlocked", "salvage": {"missing": 1, "of": 2, "at_least": False, "days": [], "lost": 1}},
     r"\$\.salvage\.lost"),
])
def test_an_extra_key_is_noticed_where_it_stands(answer: dict[str, Any], said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        check_shape(answer, Opened)


def test_a_forgotten_key_and_a_wrong_kind_are_noticed() -> None:
    with pytest.raises(msgspec.ValidationError, match="state"):
        check_shape({}, VaultState)
    with pytest.raises(msgspec.ValidationError, match=r"\$\.notices"):
        check_shape({"notices": [1]}, ToldAtOpening)
