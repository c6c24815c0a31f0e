"""The service manager: which one is here, which of its services is this home's, and what it says."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from hashlib import blake2b
from pathlib import Path

from config.paths import Paths, find_paths

_DEADLINE_S = 20.0
LONGEST_REASON = 2000
"""Signs of a reason: never cut in the middle of the cause."""
Run = Callable[[Sequence[str]], str | None]
"""Runs a command; returns None when it went well, else what it said."""
Ask = Callable[[Sequence[str]], str | None]
"""Runs a command; returns what it printed, None when it did not go well."""


def manager() -> str | None:
    """``systemd``, ``launchd``, or None when neither is here."""
    return _manager()


def _manager() -> str | None:
    if sys.platform == "darwin":
        return "launchd"
    return "systemd" if shutil.which("systemctl") and Path("/run/systemd/system").is_dir() else None


def agent_label(paths: Paths) -> str:
    """The service's name: one for the person's own home, another for each other home."""
    environ = {name: value for name, value in os.environ.items() if name != "AMELI_HOME"}
    if find_paths(environ).socket == paths.socket:
        return "fr.ameli-tui.agent" if sys.platform == "darwin" else "ameli-agent"
    mark = blake2b(os.fsencode(paths.socket), digest_size=4).hexdigest()
    return f"fr.ameli-tui.agent.{mark}" if sys.platform == "darwin" else f"ameli-agent-{mark}"


def unit_file(paths: Paths) -> Path:
    """Where the service of this home is, or would be, written."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "LaunchAgents" / f"{agent_label(paths)}.plist"
    base = os.environ.get("XDG_CONFIG_HOME", "")
    config = Path(base) if base.startswith("/") else Path.home() / ".config"
    return config / "systemd" / "user" / f"{agent_label(paths)}.service"


def unit_installed(paths: Paths) -> bool:
    """Whether this home has a service."""
    return unit_file(paths).exists()


def start_unit(paths: Paths, run: Run | None = None) -> bool:
    """Have the service manager start this home's service, when there is one; False when somebody else must."""
    if not unit_installed(paths) or manager() is None:
        return False
    name = unit_file(paths).name
    command = (("systemctl", "--user", "start", name) if manager() == "systemd"
               else ("launchctl", "kickstart", f"gui/{os.getuid()}/{agent_label(paths)}"))
    return (run or run_command)(command) is None


def lingering(user: str | None = None) -> bool:
    """Whether systemd keeps this user's services without a session."""
    import pwd

    name = user or pwd.getpwuid(os.geteuid()).pw_name
    return (Path("/var/lib/systemd/linger") / name).exists()


def run_command(command: Sequence[str]) -> str | None:
    """Run a command of the service manager; None when it went well, else what it said."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_DEADLINE_S, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        return f"no answer within {_DEADLINE_S:.0f} s"
    except OSError as error:
        return error.strerror or "it cannot be run"
    if done.returncode == 0:
        return None
    from agent.account.clean_text import clean_text

    return clean_text(" ".join(done.stderr.split()) or f"exit code {done.returncode}", LONGEST_REASON)


def ask_manager(command: Sequence[str]) -> str | None:
    """What a command of the service manager prints; None when it cannot be asked."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_DEADLINE_S, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None
