"""What the agent's own examination says of the tables of the law."""

from datetime import date
from pathlib import Path

import pytest

from agent.core.doctor import channels, tables
from tests.commands import Home


def test_tables_within_their_review_day_are_fine() -> None:
    found = tables(date(2026, 11, 23))
    assert found["ok"]
    assert found["cure"] == {"fr": "", "en": ""}


def test_a_table_past_its_review_day_is_named_with_the_cure() -> None:
    found = tables(date(2031, 1, 1))
    assert not found["ok"]
    assert "franchise" in found["text"]["fr"]
    assert "Update" in found["cure"]["en"]


def test_the_doctor_of_a_running_agent_looks_at_the_tables(demo_home: Home) -> None:
    assert "up to date" in demo_home.run("doctor").out


def test_the_tables_are_looked_at_without_an_agent(tmp_path: Path) -> None:
    told = Home(tmp_path).json("doctor", AMELI_TODAY="2031-01-01")
    found = next(check for check in told["checks"] if check["name"] == "tables")
    assert not found["ok"]
    assert found["cure"]


def test_each_channel_that_fails_has_a_cure_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":1")
    desktop, command = channels([{"name": "desktop", "ok": False, "reason": "no bus"},
                                 {"name": "command", "ok": False, "reason": "exit 3"}])
    assert "notify-send" in desktop["cure"]["en"]
    assert "notify-send" not in command["cure"]["en"]
    assert "notify.command" in command["cure"]["fr"] and "notify.command" in command["cure"]["en"]
    [fine] = channels([{"name": "command", "ok": True, "reason": ""}])
    assert fine["ok"] and fine["cure"] == {"fr": "", "en": ""}
