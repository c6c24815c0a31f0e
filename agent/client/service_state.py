"""What the service manager says of this home's service, and whether its file still fits: facts, then findings."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from agent.client.service_manager import Ask, agent_label, ask_manager, lingering, manager, unit_file
from agent.client.service_unit import SYSTEMD_SETUP, file_directives, unit_text
from config.paths import Paths

if TYPE_CHECKING:
    from agent.protocol.problems import Bilingual
    from agent.protocol.process import Finding

_SHOWN = ("ActiveState", "SubState", "Result", "ExecMainStatus", "NRestarts", "MainPID")
_OWN_WAY = frozenset({"Environment", "RuntimeDirectory", "ExecStart"})
"""Directives that may differ without the file being out of date."""


class State(NamedTuple):
    """Where a service stands."""

    running: bool
    pid: int
    words: str
    """As the manager says it: ``failed (Result: exit-code, status 226, 5 restarts)``."""


def service_findings(paths: Paths, agent_pid: int | None, ask: Ask | None = None) -> list[Finding]:
    """What the doctor tells of the service of ``paths``, each with its cure; a home without one has nothing wrong.

    ``agent_pid``: the agent that answers, None when none does.
    """
    file = unit_file(paths)
    if not file.exists():
        return [_finding("service", True, "l'agent démarre avec la première commande",
                         "the agent starts with the first command")]
    findings = [_state(paths, agent_pid, ask or ask_manager), *_file(paths, file)]
    if sys.platform == "linux":
        ok = lingering()
        findings.append(_finding(
            "service_lingers", ok,
            "le service survit à la session" if ok else "le service s'arrête avec la dernière session",
            "the service outlives the session" if ok else "the service ends with the last session",
            "Lancez « loginctl enable-linger ».", "Run `loginctl enable-linger`."))
    return findings


def state(paths: Paths, ask: Ask | None = None) -> State | None:
    """What the manager says of this home's service; None when it cannot be asked."""
    ask = ask or ask_manager
    if sys.platform == "darwin":
        output = ask(("launchctl", "print", f"gui/{os.getuid()}/{agent_label(paths)}"))
        return _of_launchd(output) if output is not None else None
    output = ask(("systemctl", "--user", "show", unit_file(paths).name, f"--property={','.join(_SHOWN)}"))
    return _of_systemd(output) if output is not None else None


def _of_systemd(output: str) -> State | None:
    facts = dict(line.split("=", 1) for line in output.splitlines() if "=" in line)
    if "ActiveState" not in facts:
        return None
    status, restarts = facts.get("ExecMainStatus", "0"), facts.get("NRestarts", "0")
    setup = SYSTEMD_SETUP.get(status)
    more = [f"Result: {facts['Result']}"] if facts.get("Result") not in (None, "success") else []
    more += [f"status {status}{f'/{setup}' if setup else ''}"] if status != "0" else []
    more += [f"{restarts} restarts"] if restarts != "0" else []
    text = facts["ActiveState"] + (f"/{facts['SubState']}" if facts.get("SubState") else "")
    pid = facts.get("MainPID", "0")
    return State(facts["ActiveState"] == "active", int(pid) if pid.isdigit() else 0,
                 text + (f" ({', '.join(more)})" if more else ""))


def _of_launchd(output: str) -> State:
    def fact(name: str) -> str:
        match = re.search(rf"^\s*{name} = (.+)$", output, re.MULTILINE)
        return match[1].strip() if match else ""

    word, code, pid = fact("state") or "unknown", fact("last exit code"), fact("pid")
    return State(word == "running", int(pid) if pid.isdigit() else 0,
                 word + (f" (last exit code {code})" if code not in ("", "0", "(never exited)") else ""))


def _state(paths: Paths, agent_pid: int | None, ask: Ask) -> Finding:
    name = unit_file(paths).name
    logs = (f"journalctl --user -u {name}" if sys.platform != "darwin" else "ameli agent logs")
    seen = state(paths, ask) if manager() is not None else None
    if seen is None:
        return _finding(
            "service", False, "un service est installé, et son gestionnaire ne répond pas",
            "a service is installed, and its manager does not answer",
            "Ouvrez une session complète (pas « su »), ou lancez « ameli agent uninstall ».",
            "Log in properly (not through `su`), or run `ameli agent uninstall`.")
    if not seen.running:
        return _finding(
            "service", False, f"le service ne tourne pas : {seen.words}", f"the service does not run: {seen.words}",
            f"« {logs} » dit pourquoi. « ameli agent install » le remet en place, « ameli agent uninstall » le"
            " retire.",
            f"`{logs}` says why; `ameli agent install` puts it right, `ameli agent uninstall` removes it.")
    if agent_pid is not None and seen.pid and seen.pid != agent_pid:
        return _finding(
            "service", False, f"un agent (processus {agent_pid}) tourne en dehors du service",
            f"an agent (process {agent_pid}) runs outside the service",
            "Lancez « ameli agent restart ».", "Run `ameli agent restart`.")
    return _finding("service", True, f"le service tourne ({seen.words})", f"the service runs ({seen.words})")


def _file(paths: Paths, file: Path) -> list[Finding]:
    try:
        text = file.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        return [_finding("service_file", False, f"{file} : {error.strerror}", f"{file}: {error.strerror}",
                         "Lancez « ameli agent install ».", "Run `ameli agent install`.")]
    program = _program(text)
    if program and not Path(program).exists():
        return [_finding(
            "service_file", False, f"le service démarre un programme qui n'est plus là : {program}",
            f"the service starts a program that is gone: {program}",
            "Lancez « ameli agent install ».", "Run `ameli agent install`.")]
    if _outdated(paths, text):
        return [_finding(
            "service_file", False, "le service ne correspond plus au programme ou aux réglages",
            "the service no longer fits the program or the settings",
            "Lancez « ameli agent install » : il est écrit à nouveau.",
            "Run `ameli agent install`: it is written anew.")]
    return []


def _program(text: str) -> str:
    """The interpreter that a service's file starts."""
    if "<plist" in text:
        program = re.search(r"<key>ProgramArguments</key>\s*<array>\s*<string>([^<]*)</string>", text)
        from xml.sax.saxutils import unescape

        return unescape(program[1]) if program else ""
    program = re.search(r'^ExecStart="((?:[^"\\]|\\.)*)"', text, re.MULTILINE)
    if program is None:
        return ""
    return re.sub(r"\\(.)", r"\1", program[1]).replace("$$", "$").replace("%%", "%")


def _outdated(paths: Paths, text: str) -> bool:
    if "<plist" in text:
        return False
    written, now = file_directives(text), file_directives(unit_text(paths, left_out(text)))
    return any(written.get(name) != now.get(name) for name in (written.keys() | now.keys()) - _OWN_WAY)


def left_out(text: str) -> tuple[str, ...]:
    """The protections that this system could not set up, as the service's file notes them."""
    return tuple(re.findall(r"^# left out, this system refused it: (\w+)=", text, re.MULTILINE))


def _finding(name: str, ok: bool, fr: str, en: str, cure_fr: str = "", cure_en: str = "") -> Finding:
    cure: Bilingual = {"fr": cure_fr, "en": cure_en} if not ok else {"fr": "", "en": ""}
    return {"name": name, "ok": ok, "text": {"fr": fr, "en": en}, "cure": cure}
