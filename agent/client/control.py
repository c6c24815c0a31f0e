"""Start and stop the agent of a home from outside. Standard library only; imported when an agent must be started."""

from __future__ import annotations

import enum
import fcntl
import json
import os
import select
import signal
import time

from agent.client import api
from agent.client.client import Client, NotRunning, Problem
from agent.protocol import PROTOCOL
from config.paths import find_paths
from config.python_process import python_command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from config.paths import Paths

_KEPT = frozenset((
    "AMELI_HOME", "AMELI_LANG", "AMELI_TODAY", "DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS", "DISPLAY",
    "HOME", "LANG", "LANGUAGE", "LOGNAME", "PATH", "SHELL", "SSL_CERT_DIR", "SSL_CERT_FILE", "TMPDIR", "TZ", "USER",
    "WAYLAND_DISPLAY", "XAUTHORITY", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR",
    "XDG_STATE_HOME",
))
"""What an agent may know of the environment it is started from: never AMELI_PASSPHRASE_FILE, never other secrets."""


class Outcome(enum.Enum):
    """How starting went."""

    STARTED = "started"
    REPLACED = "replaced"
    ALREADY_RUNNING = "already_running"
    FAILED = "failed"


class StartResult:
    """What came of starting an agent."""

    __slots__ = ("hint", "outcome", "reason")

    def __init__(
        self, outcome: Outcome, reason: dict[str, str] | None = None, hint: dict[str, str] | None = None
    ) -> None:
        self.outcome = outcome
        self.reason = reason or {}
        """Why it failed, by language."""
        self.hint = hint or {}

    @property
    def ok(self) -> bool:
        """Whether an agent answers now, this one or another."""
        return self.outcome is not Outcome.FAILED

    @property
    def replaced(self) -> bool:
        """Whether it took the place of an older one."""
        return self.outcome is Outcome.REPLACED

    def __repr__(self) -> str:
        return f"StartResult({self.outcome.value}{': ' + self.reason['en'] if self.reason else ''})"


class StopResult(enum.Enum):
    """How stopping went."""

    STOPPED = "stopped"
    NOT_RUNNING = "not_running"
    KILLED = "killed"


def agent_environment(environ: dict[str, str]) -> dict[str, str]:
    """The environment an agent is started with: what it needs, and nothing that could hold a secret."""
    return {name: value for name, value in environ.items() if name in _KEPT or name.startswith("LC_")}


def start_agent(paths: Paths, deadline: float = 10.0) -> StartResult:
    """Start ``python -m agent`` apart from this process and terminal, and wait until it says that it answers.

    ``deadline`` in seconds. Never raises for what the new process meets: the result says it.
    """
    from agent.client.service_manager import start_unit

    end = time.monotonic() + deadline
    if start_unit(paths) and _await_answer(paths, end):
        return StartResult(Outcome.STARTED)  # one owner of its life: the service manager, where it was asked to be
    hear, say = os.pipe()
    os.set_blocking(hear, False)
    env = agent_environment(dict(os.environ))
    if env.get("AMELI_HOME") or find_paths(env).socket != paths.socket:
        env["AMELI_HOME"] = str(paths.run_dir.parent)  # absolute: the agent stands elsewhere
    command = python_command("agent", "--detach", "--ready-fd", "3")
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_DUP2, say, 3),
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
    ]
    try:
        child = os.posix_spawn(command[0], command, env, file_actions=actions)
        os.close(say)
        line = _hear(hear, end)
        _reap(child)
    finally:
        os.close(hear)
    result = _result(line)
    if result.outcome is Outcome.ALREADY_RUNNING:
        _await_answer(paths, end)  # the other one may have the lock and not yet the socket
    return result


def ready_agent(paths: Paths, deadline: float = 10.0) -> StartResult:
    """Have an agent that understands this program: start one when none runs, and put one in the place of an older one
    that has nothing under way. Never raises for what the new process meets: the result says it."""
    try:
        health = Client(paths).ask(api.health())
    except Problem:  # none, or one that says nothing, which starting tells as well
        return start_agent(paths, deadline)
    if health["protocol"] >= PROTOCOL:
        return StartResult(Outcome.ALREADY_RUNNING)
    if health.get("busy", True):
        return StartResult(Outcome.FAILED, {
            "fr": "un agent d'une version plus ancienne est au travail ; attendez qu'il ait fini, ou lancez « ameli "
                  "agent restart »",
            "en": "an agent of an older version is at work; wait until it is done, or run `ameli agent restart`"})
    stop_agent(paths)
    result = start_agent(paths, deadline)
    if not result.ok:
        return result
    if Client(paths).ask(api.health())["protocol"] < PROTOCOL:
        return StartResult(Outcome.FAILED, {
            "fr": "le service en lance un d'une version plus ancienne ; lancez « ameli agent install »",
            "en": "the service starts one of an older version; run `ameli agent install`"})
    return StartResult(Outcome.REPLACED)


def _await_answer(paths: Paths, end: float) -> bool:
    while (left := end - time.monotonic()) > 0:
        try:
            Client(paths).ask(api.health(deadline=left))
            return True
        except Problem:
            time.sleep(0.02)
    return False


def _reap(child: int) -> None:
    """Take leave of the child: it forked at once and ended, and the agent itself is nobody's child."""
    if os.waitpid(child, os.WNOHANG) == (0, 0):
        time.sleep(0.05)
        if os.waitpid(child, os.WNOHANG) == (0, 0):
            os.kill(child, signal.SIGKILL)  # it hangs before it became an agent
            os.waitpid(child, 0)


def _hear(pipe: int, end: float) -> bytes | None:
    line = b""
    while (left := end - time.monotonic()) > 0:
        if not select.select([pipe], [], [], left)[0]:
            break
        more = os.read(pipe, 65536)
        line += more
        if not more or line.endswith(b"\n"):
            return line
    return None


def _result(line: bytes | None) -> StartResult:
    if line is None:
        return StartResult(Outcome.FAILED, {"fr": "il n'a pas répondu à temps", "en": "it did not answer in time"})
    if not line.endswith(b"\n"):
        return StartResult(Outcome.FAILED, {"fr": "il s'est arrêté sans un mot", "en": "it ended without a word"})
    outcome = json.loads(line)
    return StartResult(Outcome(outcome["outcome"]), outcome.get("message"), outcome.get("hint"))


def stop_agent(paths: Paths, deadline: float = 10.0) -> StopResult:
    """Ask the agent to end and wait for it; after ``deadline`` seconds it is killed."""
    try:
        pid = Client(paths).ask(api.health())["pid"]
        Client(paths).ask(api.stop(deadline=5.0))
    except NotRunning:
        return StopResult.NOT_RUNNING
    except Problem:
        pid = _holder(paths)
        if pid:
            os.kill(pid, signal.SIGTERM)
    if _wait_free(paths, time.monotonic() + deadline):
        return StopResult.STOPPED
    if pid := _holder(paths):
        os.kill(pid, signal.SIGKILL)
        _wait_free(paths, time.monotonic() + 5.0)
    return StopResult.KILLED


def _free(paths: Paths) -> bool:
    return _held_lock(paths) is None


def _held_lock(paths: Paths) -> Path | None:
    """The lock that an agent of this home holds: the home's, or that beside a home that cannot be written."""
    for path in (paths.lock, paths.spare_run_dir / paths.lock.name):
        try:
            lock = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        except FileNotFoundError:
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return path
        finally:
            os.close(lock)
    return None


def _wait_free(paths: Paths, end: float) -> bool:
    while not (free := _free(paths)) and time.monotonic() < end:
        time.sleep(0.02)
    return free


def _holder(paths: Paths) -> int:
    """The process that holds the lock, as it wrote it there; 0 when nobody does, or it could not write."""
    lock = _held_lock(paths)
    text = lock.read_text(encoding="ascii", errors="replace").strip() if lock is not None else ""
    return int(text) if text.isdigit() else 0
