"""Running the real ``ameli`` command, as a person or a script would."""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agent.vault import Vault
from agent.vault.keys import FLOOR
from config.paths import find_paths

TODAY = "2026-11-23"
"""The day the tests live on."""

_NOT_INHERITED = ("AMELI_", "LC_", "LANG", "XDG_", "SSH_", "TMUX")


def clean_environment(**more: str) -> dict[str, str]:
    """This process's environment without what would steer the commands, plus ``more``."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_INHERITED)}
    return {**kept, "AMELI_TODAY": TODAY, "AMELI_LANG": "en", **more}


@dataclass(frozen=True)
class Done:
    """What a command left: its exit code and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def complaints(self) -> str:
        """Standard error but for what a busy machine adds: that the agent is still at work."""
        return re.sub(r"The agent is still working \(\d+ s\)…\n?", "", self.err)

    @property
    def json(self) -> Any:
        """Standard output, which must be one JSON document and nothing else."""
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, str]:
        """The ``error`` object of a failed ``--json`` command."""
        return self.json["error"]


@dataclass(frozen=True)
class Home:
    """One installation under a folder of its own."""

    folder: Path
    details: dict[str, Any] = field(default_factory=dict)
    """What ``ameli demo --json`` said of it."""

    def run(self, *args: str, timeout: float = 60, stdin: str | None = None, **env: str) -> Done:
        """Run ``ameli ARGS`` without a terminal; ``env`` adds to the environment."""
        done = subprocess.run(
            [sys.executable, "-m", "ameli_tui", *args], capture_output=True, text=True, timeout=timeout, input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None, check=False,
            env=clean_environment(AMELI_HOME=str(self.folder), **env))
        return Done(done.returncode, done.stdout, done.stderr)

    def json(self, *args: str, **options: Any) -> Any:
        """The answer of ``ameli ARGS --json``, which must succeed."""
        done = self.run(*args, "--json", **options)
        assert done.code == 0, f"ameli {' '.join(args)}: exit {done.code}: {done.err or done.out}"
        return done.json


def make_vault(home: Home, passphrase: str) -> str:
    """Make a locked vault as ``ameli setup`` and ``ameli lock`` leave it; its recovery code.

    For tests of what comes after. Its key has the least cost that is allowed, where ``setup`` takes what the machine
    bears, and each unlocking takes it again.
    """
    paths = find_paths({"AMELI_HOME": str(home.folder), "HOME": "/nowhere"})
    for folder in (home.folder, paths.data_dir, paths.state_dir):
        folder.mkdir(mode=0o700, exist_ok=True)
    vault, code = Vault.create(paths.vault, passphrase, kdf_cost=FLOOR, high_water=paths.high_water)
    vault.lock()
    return code
