"""One day, one time zone, one language and a calm terminal for all tests of the screens."""

import time

import pytest


@pytest.fixture(autouse=True)
def steady(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the developer's environment says, the screens look the same."""
    for name in ("AMELI_HOME", "NO_COLOR", "SSH_CONNECTION", "TMUX", "COLORFGBG", "PAGER"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"AMELI_TODAY": "2026-11-23", "TZ": "UTC", "TEXTUAL_ANIMATIONS": "none",
                        "TERM": "xterm-256color", "COLORTERM": "truecolor"}.items():
        monkeypatch.setenv(name, value)
    time.tzset()
