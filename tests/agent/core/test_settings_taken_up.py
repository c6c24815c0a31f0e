"""Changed settings reach the vault that is open, and what does not is named."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from agent.sync.scheduler import Schedule
from config.settings import NotifySettings, Settings, save_settings
from tests.agent.core.test_open_vault import sign_in
from tests.agent.processes import PASSPHRASE, Served, served
from tests.agent.sandbox.household import TODAY
from tests.agent.stand_in import Portal


@pytest.fixture
def portal() -> Any:
    with Portal() as one:
        yield one


@pytest.fixture
async def agent(tmp_path: Path, portal: Portal) -> AsyncIterator[Served]:
    async with served(tmp_path / "home", portal.settings) as one:
        await one.post("/v1/setup", {"passphrase": PASSPHRASE})
        yield one


async def change(agent: Served, settings: Settings) -> list[str]:
    """Write the settings and have the agent read them; what waits for the next unlocking."""
    save_settings(agent.paths.settings, settings)
    later: list[str] = (await agent.post("/v1/reload"))["later"]
    return later


def portal_of(settings: Settings, **changed: Any) -> Settings:
    """The same with other settings of the portal."""
    return msgspec.structs.replace(settings, portal=msgspec.structs.replace(settings.portal, **changed))


def schedule_of(agent: Served) -> Schedule:
    """The schedule of the open vault."""
    found = agent.agent.open_vault.syncs.schedule
    assert found is not None
    return found


def pay(portal: Portal, euros: str) -> None:
    """One more payment at the service."""
    house = portal.sandbox.service.household
    house.payments.append(replace(house.payments[-1], paid_on=TODAY, amount=Decimal(euros), lines=[]))
    history = portal.sandbox.service.history
    portal.sandbox.service.history = type(history)(house.payments, house.nir)


async def test_a_changed_notification_is_the_one_that_is_told(agent: Served, portal: Portal, tmp_path: Path) -> None:
    await sign_in(agent, portal)
    look = agent.agent.open_vault.syncs.run_scheduled
    await look()
    note = tmp_path / "note"
    tell = NotifySettings(desktop=False, command=("/bin/sh", "-c", f"cat >> {note}"))
    assert await change(agent, msgspec.structs.replace(portal.settings, notify=tell, lang="en")) == []
    pay(portal, "4321.00")
    await look()
    told = json.loads(note.read_text())
    assert told["new"]["payments"] == 1 and told["lang"] == "en" and "new payment" in told["text"]
    note.unlink()
    await change(agent, msgspec.structs.replace(portal.settings, notify=tell, lang="fr"))
    pay(portal, "4322.00")
    await look()
    assert "nouveau paiement" in json.loads(note.read_text())["text"]
    note.unlink()
    await change(agent, msgspec.structs.replace(portal.settings, notify=NotifySettings(desktop=False)))
    pay(portal, "4323.00")
    await look()
    assert not note.exists(), "nothing more is told"


async def test_a_changed_interval_plans_the_next_run_anew(agent: Served, portal: Portal) -> None:
    await sign_in(agent, portal)
    schedule = schedule_of(agent)
    schedule.succeeded()
    for hours in (100.0, 1.0, 48.0):
        sync = msgspec.structs.replace(portal.settings.sync, every_h=hours, jitter=0.0, quiet_from=0, quiet_until=0)
        assert await change(agent, msgspec.structs.replace(portal.settings, sync=sync)) == []
        planned = datetime.fromisoformat((await agent.get("/v1/status"))["next_sync"])
        assert abs(planned - datetime.now(UTC) - timedelta(hours=hours)) < timedelta(minutes=1)
    off = msgspec.structs.replace(portal.settings, sync=msgspec.structs.replace(portal.settings.sync, automatic=False))
    await change(agent, off)
    assert (await agent.get("/v1/status"))["next_sync"] is None
    await change(agent, portal.settings)
    assert (await agent.get("/v1/status"))["next_sync"] is not None


async def test_a_changed_pause_counts_at_once_and_a_changed_address_later(agent: Served, portal: Portal) -> None:
    connection = await agent.agent.open_vault.connection()
    assert await change(agent, portal_of(portal.settings, pause_s=0.5, timeout_s=9.0)) == []
    assert (connection._settings.pause_s, connection._settings.timeout_s) == (0.5, 9.0)
    moved = portal_of(portal.settings, base_url="http://127.0.0.1:9", pause_s=0.0, transport="recorded")
    assert set(await change(agent, moved)) == {
        "portal.base_url", "portal.pause_s", "portal.timeout_s", "portal.transport"}
    assert connection._settings.pause_s == 0.5, "the pause of one address is not another's"
    assert (await agent.get("/v1/status"))["portal"] == portal.settings.portal.base_url
    await agent.post("/v1/lock")
    await agent.post("/v1/unlock", {"passphrase": PASSPHRASE})
    assert (await agent.get("/v1/status"))["portal"] == "http://127.0.0.1:9"


async def test_a_stand_ins_pause_never_reaches_the_service_in_use(tmp_path: Path) -> None:
    """Nothing is asked of the network here: the address is only compared."""
    async with served(tmp_path / "home", portal_of(Settings(), transport="recorded")) as agent:
        await agent.post("/v1/setup", {"passphrase": PASSPHRASE})
        here = portal_of(Settings(), base_url="http://127.0.0.1:9", pause_s=0.0, transport="recorded")
        assert "portal.pause_s" in await change(agent, here)
        assert agent.agent.open_vault.portal.pause_s == 1.0


async def test_a_file_that_cannot_be_used_changes_nothing(agent: Served, portal: Portal) -> None:
    before = agent.agent.settings
    agent.paths.settings.parent.mkdir(parents=True, exist_ok=True)
    for text in ("[sync]\nevery_h = 0\n", "[agent]\nlock_after_min = nan\n", "nonsense = 1\n"):
        agent.paths.settings.write_text(text)
        refused = await agent.refused("/v1/reload")
        assert refused.code == "settings" and "line" in refused.message("en") and "ligne" in refused.message("fr")
        assert "ameli config" in refused.message("fr")
        assert agent.agent.settings is before and agent.agent.autolock.idle_s == 900
    told = next(one for one in await agent.get("/v1/doctor") if one["name"] == "agent_settings")
    assert not told["ok"] and "ligne 1" in told["text"]["fr"] and "ameli config unset" in told["cure"]["fr"]
