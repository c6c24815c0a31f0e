"""The user service: systemd (Linux) or launchd (macOS) starts the agent at login and watches over it."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from agent.client.control import agent_environment, stop_agent
from agent.client.service_manager import (
    LONGEST_REASON,
    Ask,
    Run,
    agent_label,
    ask_manager,
    manager,
    run_command,
    unit_file,
)
from agent.errors import AmeliError
from config.atomic_file import replace_file
from config.paths import Paths, find_paths
from config.python_process import python_command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from config.settings import Settings

CREDENTIAL = "ameli-watch-key"
"""Name of the key of watching among the credentials that systemd opens for the service."""
_NO_BUS = "connect to bus"
SYSTEMD_SETUP = {"200": "CHDIR", "203": "EXEC", "217": "USER", "218": "CAPABILITIES", "226": "NAMESPACE",
                 "228": "SECCOMP", "233": "RUNTIME_DIRECTORY", "243": "CREDENTIALS"}
"""Exit statuses by which systemd says that it could not even set up the process, with their names."""
_REFUSABLE = {
    "NAMESPACE": ("ProtectKernelLogs", "ProtectProc", "ProcSubset", "PrivateDevices", "ProtectKernelTunables",
                  "ProtectKernelModules", "ProtectControlGroups", "ProtectClock", "ProtectHostname", "PrivateTmp",
                  "InaccessiblePaths"),
    "SECCOMP": ("SystemCallFilter", "MemoryDenyWriteExecute", "RestrictNamespaces", "RestrictRealtime",
                "RestrictSUIDSGID", "LockPersonality", "RestrictAddressFamilies", "SystemCallArchitectures"),
    "CAPABILITIES": ("CapabilityBoundingSet",),
    "CREDENTIALS": ("LoadCredentialEncrypted",),
}
"""Protections that some systems (containers) cannot set up, the likeliest first."""
_KEPT = ("AMELI_HOME", "AMELI_LANG")


class NoServiceManager(AmeliError):
    """Neither systemd nor launchd is here."""

    code = "no_service_manager"
    fr = "Ce système n'a ni systemd ni launchd : le service ne peut pas y être installé."
    en = "This system has neither systemd nor launchd: the service cannot be installed."
    hint_fr = "Rien n'est perdu : « ameli » démarre l'agent quand il en a besoin."
    hint_en = "Nothing is lost: `ameli` starts the agent when it needs it."


class ServiceFailed(AmeliError):
    """The service manager refused a step: mostly because it could not be reached."""

    code = "service_failed"
    fr = "Le gestionnaire de services a refusé « {command} » : {reason}."
    en = "The service manager refused `{command}`: {reason}."
    hint_fr = "Ouvrez une session complète (pas « su »), puis recommencez. Rien n'a été laissé en place."
    hint_en = "Log in properly (not through `su`), then try again. Nothing was left in place."


class ServiceNotWritten(AmeliError):
    """The file that describes the service cannot be written."""

    code = "service_not_written"
    fr = "Le fichier du service {path} n'a pas pu être écrit : {reason}."
    en = "The service's file {path} could not be written: {reason}."
    hint_fr = "Vérifiez que ce dossier vous appartient et qu'il y reste de la place, puis recommencez."
    hint_en = "Check that this folder is yours and has room left, then try again."


class ServiceNotStarted(ServiceFailed):
    """The service was written and did not start; it was taken back, so that nothing starts it again and again."""

    code = "service_not_started"
    fr = "Le service n'a pas démarré, et a été retiré : {reason}."
    en = "The service did not start, and was removed again: {reason}."
    hint_fr = ("Rien n'est perdu : sans service, « ameli » démarre l'agent quand il en a besoin. Sa protection demande "
               "peut-être ce que ce système (un conteneur ?) ne permet pas.")
    hint_en = ("Nothing is lost: without a service `ameli` starts the agent when it needs it. Its protection may ask "
               "for what this system (a container?) does not allow.")


def install(paths: Paths | None = None, run: Run | None = None, ask: Ask | None = None) -> list[str]:
    """Write the user service of this home and start it; return what was done, one line each.

    An agent that runs already is ended first: two owners of one life would fight. Where the system cannot set up one
    of the protections, the service is started without it, and that is one of the lines. ``ask`` gives what a command
    prints. Raises NoServiceManager, ServiceNotWritten; ServiceFailed, ServiceNotStarted: then no service is left.
    """
    paths, run, ask = paths or find_paths(), run or run_command, ask or ask_manager
    if manager() is None:
        raise NoServiceManager
    for folder in (paths.config_dir, paths.data_dir, paths.state_dir):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = unit_file(paths)
    done = [f"stop: {stop_agent(paths).value}"]
    _write(file, unit_text(paths))
    done.append(f"write: {file}")
    *before, last = _commands(file, "install")
    for command in before:
        if (output := run(command)) is not None:
            file.unlink()
            raise ServiceFailed(command=" ".join(command), reason=output)
        done.append(" ".join(command))
    if (output := run(last)) is not None:
        left_out = _start_without(paths, file, run, ask) if sys.platform != "darwin" else None
        if left_out is None:
            reason = _cause(file, output, ask)
            uninstall(paths, run)
            raise (ServiceFailed(command=" ".join(last), reason=reason) if _NO_BUS in output.lower()
                   else ServiceNotStarted(reason=reason))
        done += [f"left out, this system refused it: {name}" for name in left_out]
    done.append(" ".join(last))
    return done


def _write(file: Path, text: str) -> None:
    """Raises ServiceNotWritten."""
    try:
        replace_file(file, text.encode())
    except OSError as error:
        raise ServiceNotWritten(path=file, reason=error.strerror or str(error)) from error


def _start_without(paths: Paths, file: Path, run: Run, ask: Ask) -> tuple[str, ...] | None:
    """Start the service once more, then without the one protection that the system refuses, then without all of its
    kind; return what was left out, None when it does not start even so."""
    names = _REFUSABLE.get(SYSTEMD_SETUP.get(_last_end(file, ask).get("ExecMainStatus", ""), ""), ())
    tries: list[tuple[str, ...]] = [(), *((name,) for name in names), *([names] if len(names) > 1 else [])]
    for left_out in tries:
        run(("systemctl", "--user", "stop", file.name))  # it starts itself anew every few seconds
        _write(file, unit_text(paths, left_out))
        run(("systemctl", "--user", "daemon-reload"))
        run(("systemctl", "--user", "reset-failed", file.name))
        if run(("systemctl", "--user", "enable", "--now", file.name)) is None:
            return left_out
    return None


def _last_end(file: Path, ask: Ask) -> dict[str, str]:
    """How the service ended last: ``Result`` and ``ExecMainStatus``, as far as the manager says."""
    output = ask(("systemctl", "--user", "show", file.name, "--property=Result,ExecMainStatus")) or ""
    return dict(line.split("=", 1) for line in output.splitlines() if "=" in line)


def _cause(file: Path, output: str, ask: Ask) -> str:
    """What the manager said, and what its journal has of the last start."""
    if sys.platform == "darwin":
        return output
    facts = _last_end(file, ask)
    status = facts.get("ExecMainStatus", "0")
    state = f"{facts['Result']}, status {status}/{SYSTEMD_SETUP.get(status, '?')}" if "Result" in facts else ""
    lines = (ask(("journalctl", "--user", "-u", file.name, "-n", "6", "-o", "cat", "--no-pager")) or "").split("\n")
    from agent.account.clean_text import clean_text

    return clean_text(" | ".join(filter(None, [output, state, *(line.strip() for line in lines)])), LONGEST_REASON)


def uninstall(paths: Paths | None = None, run: Run | None = None) -> list[str]:
    """Stop and remove the user service of this home; the vault stays. Return what was done, one line each."""
    paths, run = paths or find_paths(), run or run_command
    file = unit_file(paths)
    if not file.exists():
        return []
    done = []
    for command in _commands(file, "uninstall"):
        output = run(command)  # a service that is not loaded is no reason to keep its file
        done.append(" ".join(command) + (f" ({output})" if output else ""))
    if manager() == "systemd":
        run(("systemctl", "--user", "reset-failed", file.name))  # else it stays in the manager's lists as failed
    file.unlink()
    done.append(f"remove: {file}")
    if manager() == "systemd":
        run(("systemctl", "--user", "daemon-reload"))
    return done


def unit_text(paths: Paths, left_out: Sequence[str] = ()) -> str:
    """The service file of this home, for the settings as they are; ``left_out``: directives that are not in it."""
    environ = agent_environment(dict(os.environ))
    kept = {name: environ[name] for name in _KEPT if name in environ}
    command = python_command("agent")
    if "AMELI_HOME" in kept:
        kept["AMELI_HOME"] = str(paths.run_dir.parent)  # absolute
    if sys.platform == "darwin":
        pairs = "".join(f"<key>{escape(n)}</key><string>{escape(v)}</string>" for n, v in kept.items())
        text = _template("fr.ameli-tui.agent.plist")
        return _fill(text, label=agent_label(paths), command=_strings(command), environment=pairs)
    text = _template("ameli-agent.service")
    runtime = Path(os.environ.get("XDG_RUNTIME_DIR", "/nowhere"))
    folder, delete = _import_folder(paths)
    writable = [_quoted(str(one)) for one in _writable(paths)]
    backups = _backup_folder(paths)
    for other in (folder if delete else None, backups):
        if other is not None:
            writable.append(_quoted(f"-{other}"))  # "-": a folder that is gone keeps no agent from starting
    shared = [*_writable(paths), paths.config_dir, *(one for one in (folder, backups) if one is not None)]
    text = _fill(
        text,
        command=" ".join(_quoted(word).replace("$", "$$") for word in command),  # only commands know variables
        environment="\n".join(f"Environment={_quoted(f'{name}={value}')}" for name, value in kept.items()),
        runtime=paths.run_dir.name if paths.run_dir.parent == runtime else agent_label(paths),
        writable=" ".join(writable),
        # With a /tmp of its own it would not see what the person has in theirs.
        private_tmp="no" if any(_is_temporary(one) for one in shared) else "yes",
        unit=unit_file(paths).name,
        credential=_credential(paths),
    )
    return "\n".join(f"# left out, this system refused it: {line}" if line.partition("=")[0] in left_out else line
                     for line in text.split("\n"))


def _credential(paths: Paths) -> str:
    """What has systemd open the key of watching, where the settings say so; its file need not be there."""
    settings = _settings(paths)
    if settings is None or settings.agent.survive != "systemd-creds":
        return "# No key of watching: `ameli agent install --survive systemd-creds` would have systemd keep one"
    file = str(paths.watch_credential).replace("%", "%%")
    return f"SetCredential={CREDENTIAL}:\nLoadCredentialEncrypted={CREDENTIAL}:{file}"


def file_directives(text: str) -> dict[str, list[str]]:
    """The directives of a unit's file: each name with its values in their order."""
    directives: dict[str, list[str]] = {}
    for line in text.splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            directives.setdefault(name, []).append(value)
    return directives


def _import_folder(paths: Paths) -> tuple[Path | None, bool]:
    """The watched folder of the settings, and whether files are deleted in it."""
    settings = _settings(paths)
    if settings is None:
        return None, False
    return _folder(settings.imports.folder), settings.imports.after == "delete"


def _backup_folder(paths: Paths) -> Path | None:
    """The folder for backups of the settings; None for that beside the vault."""
    settings = _settings(paths)
    return _folder(settings.backup.folder) if settings is not None else None


def _settings(paths: Paths) -> Settings | None:
    from config.settings import SettingsError, load_settings

    try:
        return load_settings(paths.settings)
    except (SettingsError, OSError):
        return None  # the agent says what is wrong with them


def _folder(given: str) -> Path | None:
    folder = Path(os.path.expanduser(given)) if given else None  # noqa: PTH111 - as the agent reads it
    return folder if folder is not None and folder.is_absolute() else None


def _is_temporary(folder: Path) -> bool:
    return any(folder.is_relative_to(place) for place in ("/tmp", "/var/tmp"))  # noqa: S108 - to look whether it is


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


def _commands(file: Path, step: str) -> list[tuple[str, ...]]:
    if sys.platform == "darwin":
        domain = f"gui/{os.getuid()}"
        return [("launchctl", "bootstrap" if step == "install" else "bootout", domain, str(file))]
    if step == "install":
        return [("systemctl", "--user", "daemon-reload"), ("systemctl", "--user", "enable", "--now", file.name)]
    return [("systemctl", "--user", "disable", "--now", file.name)]


