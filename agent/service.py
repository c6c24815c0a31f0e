"""The user service: systemd (Linux) or launchd (macOS) starts the agent at login and watches over it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from hashlib import blake2b
from pathlib import Path
from xml.sax.saxutils import escape

from agent.errors import AmeliError
from config.atomic import replace_file
from config.paths import Paths, find_paths
from config.python_process import python_command

_DEADLINE_S = 20.0
_KEPT = ("AMELI_HOME", "AMELI_LANG")
Run = Callable[[Sequence[str]], str | None]
"""Runs a command; returns None when it went well, else what it said."""


class NoServiceManager(AmeliError):
    """Neither systemd nor launchd is here."""

    code = "no_service_manager"
    fr = "Ce système n'a ni systemd ni launchd : le service ne peut pas y être installé."
    en = "This system has neither systemd nor launchd: the service cannot be installed."
    hint_fr = "Rien n'est perdu : « ameli » démarre l'agent quand il en a besoin."
    hint_en = "Nothing is lost: `ameli` starts the agent when it needs it."


class ServiceFailed(AmeliError):
    """The service manager refused a step."""

    code = "service_failed"
    fr = "Le gestionnaire de services a refusé « {command} » : {reason}."
    en = "The service manager refused `{command}`: {reason}."
    hint_fr = "Ouvrez une session complète (pas « su »), puis recommencez."
    hint_en = "Log in properly (not through `su`), then try again."


class ServiceNotWritten(AmeliError):
    """The file that describes the service cannot be written."""

    code = "service_not_written"
    fr = "Le fichier du service {path} n'a pas pu être écrit : {reason}."
    en = "The service's file {path} could not be written: {reason}."
    hint_fr = "Vérifiez que ce dossier vous appartient et qu'il y reste de la place, puis recommencez."
    hint_en = "Check that this folder is yours and has room left, then try again."


def install(paths: Paths | None = None, run: Run | None = None) -> list[str]:
    """Write the user service of this home and start it; return what was done, one line each.

    An agent that runs already is ended first: two owners of one life would fight. Raises NoServiceManager,
    ServiceNotWritten, ServiceFailed.
    """
    from agent.launch import stop

    paths, run = paths or find_paths(), run or _run
    if _manager() is None:
        raise NoServiceManager
    for folder in (paths.config_dir, paths.data_dir, paths.state_dir):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = unit_file(paths)
    done = [f"stop: {stop(paths).value}"]
    try:
        replace_file(file, unit_text(paths).encode())
    except OSError as error:
        raise ServiceNotWritten(path=file, reason=error.strerror or str(error)) from error
    done.append(f"write: {file}")
    for command in _commands(file, "install"):
        _do(command, run)
        done.append(" ".join(command))
    return done


def uninstall(paths: Paths | None = None, run: Run | None = None) -> list[str]:
    """Stop and remove the user service of this home; the vault stays. Return what was done, one line each."""
    paths, run = paths or find_paths(), run or _run
    file = unit_file(paths)
    if not file.exists():
        return []
    done = []
    for command in _commands(file, "uninstall"):
        said = run(command)  # a service that is not loaded is no reason to keep its file
        done.append(" ".join(command) + (f" ({said})" if said else ""))
    file.unlink()
    done.append(f"remove: {file}")
    if _manager() == "systemd":
        run(("systemctl", "--user", "daemon-reload"))
    return done


def unit_file(paths: Paths) -> Path:
    """Where the service of this home is, or would be, written."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "LaunchAgents" / f"{_label(paths)}.plist"
    base = os.environ.get("XDG_CONFIG_HOME", "")
    config = Path(base) if base.startswith("/") else Path.home() / ".config"
    return config / "systemd" / "user" / f"{_label(paths)}.service"


def unit_installed(paths: Paths) -> bool:
    """Whether this home has a service."""
    return unit_file(paths).exists()


def start_unit(paths: Paths, run: Run | None = None) -> bool:
    """Have the service manager start this home's service, when there is one; False when somebody else must."""
    if not unit_installed(paths) or _manager() is None:
        return False
    name = unit_file(paths).name
    command = (("systemctl", "--user", "start", name) if _manager() == "systemd"
               else ("launchctl", "kickstart", f"gui/{os.getuid()}/{_label(paths)}"))
    return (run or _run)(command) is None


def lingering(user: str | None = None) -> bool:
    """Whether systemd keeps this user's services without a session."""
    import pwd

    name = user or pwd.getpwuid(os.geteuid()).pw_name
    return (Path("/var/lib/systemd/linger") / name).exists()


def unit_text(paths: Paths) -> str:
    """The service file of this home."""
    from agent.launch import agent_environment

    environ = agent_environment(dict(os.environ))
    kept = {name: environ[name] for name in _KEPT if name in environ}
    command = python_command("agent")
    if "AMELI_HOME" in kept:
        kept["AMELI_HOME"] = str(paths.run_dir.parent)  # absolute
    if sys.platform == "darwin":
        pairs = "".join(f"<key>{escape(n)}</key><string>{escape(v)}</string>" for n, v in kept.items())
        text = _template("fr.ameli-tui.agent.plist")
        return _fill(text, label=_label(paths), command=_strings(command), environment=pairs)
    text = _template("ameli-agent.service")
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR", "/nowhere"))
    return _fill(
        text,
        command=" ".join(_quoted(word).replace("$", "$$") for word in command),  # only commands know variables
        environment="\n".join(f"Environment={_quoted(f'{name}={value}')}" for name, value in kept.items()),
        runtime=paths.run_dir.name if paths.run_dir.parent == runtime else _label(paths),
        writable=" ".join(_quoted(str(folder)) for folder in _writable(paths)),
    )


def _strings(words: Sequence[str]) -> str:
    return "".join(f"<string>{escape(word)}</string>" for word in words)


def _template(name: str) -> str:
    from importlib.resources import files

    return files("config.services").joinpath(name).read_text(encoding="utf-8")


def _writable(paths: Paths) -> list[Path]:
    home = paths.run_dir.parent
    if paths.data_dir.parent == home:
        return [home]  # AMELI_HOME: everything under one folder
    return [paths.data_dir, paths.state_dir]


def _fill(text: str, **values: str) -> str:
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    return text


def _quoted(text: str) -> str:
    """A word as systemd reads it: quoted, with its specifiers and escapes made plain."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"'


def _label(paths: Paths) -> str:
    """The service's name: one for the person's own home, another for each other home."""
    environ = {name: value for name, value in os.environ.items() if name != "AMELI_HOME"}
    if find_paths(environ).socket == paths.socket:
        return "fr.ameli-tui.agent" if sys.platform == "darwin" else "ameli-agent"
    mark = blake2b(os.fsencode(paths.socket), digest_size=4).hexdigest()
    return f"fr.ameli-tui.agent.{mark}" if sys.platform == "darwin" else f"ameli-agent-{mark}"


def _manager() -> str | None:
    if sys.platform == "darwin":
        return "launchd"
    return "systemd" if shutil.which("systemctl") and Path("/run/systemd/system").is_dir() else None


def _commands(file: Path, step: str) -> list[tuple[str, ...]]:
    if sys.platform == "darwin":
        domain = f"gui/{os.getuid()}"
        return [("launchctl", "bootstrap" if step == "install" else "bootout", domain, str(file))]
    if step == "install":
        return [("systemctl", "--user", "daemon-reload"), ("systemctl", "--user", "enable", "--now", file.name)]
    return [("systemctl", "--user", "disable", "--now", file.name)]


def _do(command: Sequence[str], run: Run) -> None:
    said = run(command)
    if said is not None:
        raise ServiceFailed(command=" ".join(command), reason=said)


def _run(command: Sequence[str]) -> str | None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_DEADLINE_S, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        return f"no answer within {_DEADLINE_S:.0f} s"
    except OSError as error:
        return error.strerror or "it cannot be run"
    if done.returncode == 0:
        return None
    from agent.account.text import clean_text

    return clean_text(" ".join(done.stderr.split()) or f"exit code {done.returncode}", 300)
