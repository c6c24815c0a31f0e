"""Programs that must not run inside the service's sandbox: the service manager starts them as units of their own.

A browser needs what the sandbox forbids (memory for its compiled scripts, namespaces for its own cage, files of the
person's), and so may a program of the person's own. A child of the service would inherit all of that.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path

SERVICE = "AMELI_SERVICE"
"""Set by the unit, to its own name."""
_OURS = re.compile(r"/(ameli-agent(?:-[0-9a-f]+)?\.service)(?:/|$)")
_CGROUP = Path("/proc/self/cgroup")
_numbers = count(1)


def own_service(environ: Mapping[str, str] = os.environ, cgroup: Path = _CGROUP) -> str | None:
    """The systemd unit that this process is the agent of; None when nobody put it into a sandbox."""
    if name := environ.get(SERVICE):
        return name
    try:
        unit = _OURS.search(cgroup.read_text(encoding="utf-8", errors="replace"))
    except OSError:
        return None
    return unit[1] if unit else None  # of a unit that an earlier version wrote


def can_leave(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether a program can be started outside the sandbox at all."""
    return shutil.which("systemd-run", path=environ.get("PATH")) is not None


def new_unit(service: str, what: str) -> str:
    """A name for a unit of ours that no other has."""
    return f"{service.removesuffix('.service')}-{what}-{os.getpid()}-{next(_numbers)}.service"


def outside(
    argv: Sequence[str], unit: str, service: str, given: Mapping[str, str], *, pipe: bool = False, most_s: int = 0,
    bound: bool = True,
) -> list[str]:
    """The command that runs ``argv`` as ``unit`` outside the sandbox and ends when it ends.

    ``given`` is added to the environment that the manager itself gives; the unit is stopped with ``service`` when it is
    ``bound`` to it. ``pipe``: standard input is passed on. ``most_s``: seconds after which the manager ends it, 0 for
    never.
    """
    return [
        "systemd-run", "--user", "--quiet", "--collect", "--wait", f"--unit={unit}", "--service-type=exec",
        *([f"--property=BindsTo={service}", f"--property=After={service}"] if bound else []),
        "--property=TimeoutStopSec=5",
        *([f"--property=RuntimeMaxSec={most_s}"] if most_s else []), *(["--pipe"] if pipe else []),
        *(f"--setenv={name}={value}" for name, value in given.items()), "--", *argv,
    ]


def end(unit: str) -> list[str]:
    """The command that ends a unit with all its processes."""
    return ["systemctl", "--user", "stop", unit]
