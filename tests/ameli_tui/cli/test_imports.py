"""Which modules each command loads: the guard of its start-up time, alike on every machine."""

import subprocess
import sys

import pytest

from tests.commands import Home, clean_environment

_PROBE = """
import sys
from ameli_tui.__main__ import main
try:
    main(sys.argv[1:])
finally:
    sys.stderr.write("\\nMODULES " + " ".join(sys.modules))
"""
NEVER = {
    "textual", "rich", "click", "msgspec", "httpx", "httpcore", "h11", "apscheduler", "tinydb", "cryptography",
    "starlette",
    "uvicorn", "fpdf", "pypdfium2", "PIL", "selectolax", "babel", "orjson", "platformdirs",
    "asyncio", "ssl", "email", "http.client", "importlib.metadata", "pkg_resources", "urllib.request", "logging",
}
"""What no reading command loads: the agent's libraries, the screens', and the heavy half of the standard library."""
HOT = NEVER | {
    "msgspec", "tomllib", "yaml", "shtab", "decimal", "datetime", "dataclasses", "inspect", "typing", "shutil",
    "subprocess", "tempfile", "threading", "getpass", "unicodedata", "ameli_tui.cli.commands.demo",
    "ameli_tui.cli.commands.payments", "agent.account", "agent.client.control",
}
"""What ``agent status`` does not load on top: it may cost five times an empty Python, no more."""


def loaded(home: Home, *args: str) -> set[str]:
    """The modules that a fresh process has after ``ameli ARGS``."""
    done = subprocess.run(
        [sys.executable, "-c", _PROBE, *args], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL,
        env=clean_environment(AMELI_HOME=str(home.folder)))
    return set(done.stderr.rpartition("MODULES ")[2].split())


def test_an_answered_status_loads_next_to_nothing(demo_home: Home) -> None:
    modules = loaded(demo_home, "agent", "status", "--json")
    assert "ameli_tui.cli.commands.agent" in modules
    assert not modules & HOT


def test_the_version_loads_no_parser(empty_home: Home) -> None:
    assert "argparse" not in loaded(empty_home, "--version")


@pytest.mark.parametrize("args", [
    ("payments", "--limit", "3"), ("payments", "--json"), ("documents",), ("messages",), ("profile",), ("coverage",),
    ("agent", "status"), ("sync", "--json"), ("lock", "--help"), ("login", "--help"), ("doctor",), ("--help",),
    ("demo", "--help"), ("agent", "logs"),
])
def test_no_command_loads_what_belongs_to_agent_or_screens(args: tuple[str, ...], demo_home: Home) -> None:
    modules = loaded(demo_home, *args)
    assert "ameli_tui.cli.main" in modules
    assert not modules & NEVER


def test_settings_load_their_library_and_no_more(empty_home: Home) -> None:
    assert loaded(empty_home, "config", "show") & NEVER == {"msgspec"}


def test_only_completion_loads_its_library(empty_home: Home) -> None:
    assert "shtab" in loaded(empty_home, "completion", "bash")
