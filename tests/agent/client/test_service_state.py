"""A service that fits the settings, that starts or leaves nothing behind, and a doctor that asks the manager."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from agent.client import service_manager
from agent.client import service_unit as service
from agent.client.service_state import service_findings
from agent.client.service_unit import ServiceFailed, ServiceNotStarted
from config.paths import Paths, find_paths
from tests.commands import Home


@pytest.fixture(autouse=True)
def _person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "person"))
    for name in list(os.environ):
        if name.startswith(("XDG_", "AMELI_")):
            monkeypatch.delenv(name)
    monkeypatch.setattr("agent.client.service_manager._manager", lambda: "systemd")


@pytest.fixture
def lasting(monkeypatch: pytest.MonkeyPatch) -> Paths:
    """A home that does not lie in /tmp; nothing is written there."""
    monkeypatch.setenv("HOME", "/srv/jo")
    return find_paths()


class Systemd:
    """A service manager that refuses a unit's file while one of some directives is in it, and keeps its state."""

    def __init__(self, *refused: str, status: str = "226") -> None:
        self.refused, self.status = refused, status
        self.asked: list[str] = []
        self.active = self.enabled = False

    def run(self, command: Sequence[str]) -> str | None:
        self.asked.append(" ".join(command))
        if "enable" in command:
            self.enabled = True
            names = service.file_directives(service.unit_file(find_paths()).read_text())
            self.active = not any(name in names for name in self.refused)
            return None if self.active else "Job for ameli-agent.service failed because the control process exited"
        if "disable" in command:
            self.enabled = self.active = False
        return None

    def ask(self, command: Sequence[str]) -> str | None:
        if command[0] == "journalctl":
            return "Failed to set up mount namespacing: /proc/kmsg: No such file or directory\nlast line\n"
        return f"Result=exit-code\nExecMainStatus={self.status}\n"


def write_settings(text: str) -> None:
    path = find_paths().settings
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def directives() -> dict[str, list[str]]:
    return service.file_directives(service.unit_text(find_paths()))


def test_the_service_may_delete_in_the_watched_folder_when_the_settings_say_so(tmp_path: Path) -> None:
    folder = tmp_path / 'my "down" loads'
    quoted = str(folder).replace('"', '\\"')
    write_settings(f"[import]\nfolder = '{folder}'\n")
    assert quoted not in directives()["ReadWritePaths"][0]
    write_settings(f"[import]\nfolder = '{folder}'\nafter = 'delete'\n")
    assert directives()["ReadWritePaths"][0].endswith(f'"-{quoted}"')
    write_settings("[import]\nfolder = '~/in'\nafter = 'delete'\n")
    assert directives()["ReadWritePaths"][0].endswith(f'"-{tmp_path}/person/in"')


def test_the_service_may_write_backups_into_the_folder_of_the_settings(tmp_path: Path) -> None:
    before = directives()["ReadWritePaths"][0]
    write_settings(f"[backup]\nfolder = '{tmp_path}/copies'\n")
    assert directives()["ReadWritePaths"][0] == f'{before} "-{tmp_path}/copies"'


def test_what_lies_in_tmp_is_the_persons_own_tmp(
    lasting: Paths, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def private(folder: str) -> list[str]:
        monkeypatch.setattr(service, "_import_folder", lambda _paths: (Path(folder) if folder else None, False))
        return service.file_directives(service.unit_text(lasting))["PrivateTmp"]

    assert private("") == private("/srv/jo/Downloads") == ["yes"]
    assert private("/tmp/in") == private("/var/tmp/in") == ["no"]
    monkeypatch.setattr(service, "_import_folder", lambda _paths: (None, False))
    monkeypatch.setenv("AMELI_HOME", "/tmp/home")
    assert service.file_directives(service.unit_text(find_paths()))["PrivateTmp"] == ["no"]


@pytest.mark.parametrize("refused", ["ProtectKernelLogs", "ProtectClock", "PrivateTmp"])
def test_a_protection_that_the_system_refuses_is_left_out_and_said(refused: str) -> None:
    manager = Systemd(refused)
    done = service.install(find_paths(), manager.run, manager.ask)
    assert manager.active and f"left out, this system refused it: {refused}" in done
    text = service.unit_file(find_paths()).read_text()
    assert refused not in service.file_directives(text) and "ProtectHome" in service.file_directives(text)
    assert told(find_paths(), 7, ACTIVE) == {}


def test_several_protections_that_the_system_refuses_are_all_left_out() -> None:
    manager = Systemd("ProtectKernelLogs", "ProtectHostname")
    service.install(find_paths(), manager.run, manager.ask)
    assert manager.active
    kept = service.file_directives(service.unit_file(find_paths()).read_text())
    assert {"ProtectSystem", "ProtectHome", "NoNewPrivileges", "MemoryDenyWriteExecute"} <= kept.keys()


def test_a_service_that_does_not_start_leaves_nothing_behind_and_says_the_whole_cause() -> None:
    manager = Systemd("ExecStart", status="203")
    with pytest.raises(ServiceNotStarted) as caught:
        service.install(find_paths(), manager.run, manager.ask)
    message = caught.value.message("en")
    assert "mount namespacing: /proc/kmsg: No such file or directory" in message and "last line" in message
    assert "203/EXEC" in message and "…" not in message
    assert "su" not in caught.value.hint("en").split() and "Nothing is lost" in caught.value.hint("en")
    assert not manager.enabled and not service_manager.unit_installed(find_paths())
    assert manager.asked[-1] == "systemctl --user daemon-reload"
    assert "systemctl --user reset-failed ameli-agent.service" in manager.asked


def test_without_a_bus_nothing_stays_and_the_hint_is_about_the_session() -> None:
    def no_bus(_command: Sequence[str]) -> str:
        return "Failed to connect to bus: No medium found"

    with pytest.raises(ServiceFailed) as caught:
        service.install(find_paths(), no_bus, lambda _: None)
    assert "su" in caught.value.hint("en") and not service_manager.unit_installed(find_paths())


def installed(manager: Systemd | None = None) -> Paths:
    made = manager or Systemd()
    service.install(find_paths(), made.run, made.ask)
    return find_paths()


def told(paths: Paths, pid: int | None, answer: str | None) -> dict[str, str]:
    return {one["name"]: one["text"]["en"] for one in service_findings(paths, pid, lambda _: answer) if not one["ok"]
            and one["name"] != "service_lingers"}


def test_a_home_without_a_service_has_nothing_wrong_with_it() -> None:
    assert [one["ok"] for one in service_findings(find_paths(), None, lambda _: "")] == [True]


@pytest.mark.parametrize(("answer", "pid", "expected"), [
    ("ActiveState=active\nSubState=running\nResult=success\nExecMainStatus=0\nNRestarts=0\nMainPID=7\n", 7, ""),
    ("ActiveState=active\nSubState=running\nResult=success\nExecMainStatus=0\nNRestarts=0\nMainPID=7\n", 8,
     "runs outside the service"),
    ("ActiveState=failed\nSubState=failed\nResult=exit-code\nExecMainStatus=226\nNRestarts=5\nMainPID=0\n", None,
     "failed/failed (Result: exit-code, status 226/NAMESPACE, 5 restarts)"),
    ("ActiveState=activating\nSubState=auto-restart\nResult=exit-code\nExecMainStatus=1\nNRestarts=2\nMainPID=0\n",
     None, "activating/auto-restart (Result: exit-code, status 1, 2 restarts)"),
    ("ActiveState=inactive\nSubState=dead\nResult=success\nExecMainStatus=0\nNRestarts=0\nMainPID=0\n", 8,
     "does not run: inactive/dead"),
    (None, 8, "its manager does not answer"),
    ("", 8, "its manager does not answer"),
])
def test_the_doctor_says_what_systemd_says(answer: str | None, pid: int | None, expected: str) -> None:
    found = told(installed(), pid, answer)
    assert (expected in found["service"]) if expected else found == {}


ACTIVE = "ActiveState=active\nMainPID=7\n"


def test_a_service_whose_interpreter_is_gone_or_whose_settings_changed_is_told(tmp_path: Path) -> None:
    paths = installed()
    assert told(paths, 7, ACTIVE) == {}
    write_settings(f"[import]\nfolder = '{tmp_path}/in'\nafter = 'delete'\n")
    assert "no longer fits" in told(paths, 7, ACTIVE)["service_file"]
    installed()
    assert told(paths, 7, ACTIVE) == {}
    file = service.unit_file(paths)
    file.write_text(file.read_text().replace(sys.executable, '/gone/"venv" 100%% $$x/bin/python'.replace('"', '\\"')))
    assert '/gone/"venv" 100% $x/bin/python' in told(paths, 7, ACTIVE)["service_file"]


def test_launchd_is_asked_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.client.service_manager._manager", lambda: "launchd")
    monkeypatch.setattr(sys, "platform", "darwin")
    paths = installed()
    asked: list[Sequence[str]] = []

    def answer(state: str, code: str) -> list[str]:
        def ask(command: Sequence[str]) -> str:
            asked.append(command)
            return f"gui/501/x = {{\n\tactive count = 1\n\tstate = {state}\n\tpid = 7\n\tlast exit code = {code}\n}}"

        return [one["text"]["en"] for one in service_findings(paths, 7, ask) if not one["ok"]]

    assert answer("running", "(never exited)") == []
    assert "not running (last exit code 78)" in answer("not running", "78")[0]
    assert asked[0][:2] == ("launchctl", "print")


def test_the_doctor_without_an_agent_tells_of_a_service_that_failed(empty_home: Home, tmp_path: Path) -> None:
    paths = find_paths({"AMELI_HOME": str(empty_home.folder), "HOME": str(tmp_path)})
    os.environ["AMELI_HOME"] = str(empty_home.folder)
    try:
        file = service.unit_file(paths)
    finally:
        del os.environ["AMELI_HOME"]
    file.parent.mkdir(parents=True)
    file.write_text('[Service]\nExecStart="/gone/bin/python" -P -m agent\n')
    checks = {one["name"]: one for one in empty_home.json("doctor", HOME=os.environ["HOME"])["checks"]}
    assert not checks["service"]["ok"] and not checks["service_file"]["ok"]
    assert "/gone/bin/python" in checks["service_file"]["text"]
