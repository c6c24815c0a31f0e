"""The user service: what is written, for which home, and what the service manager is asked."""

import os
import plistlib
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from agent.client import service_manager
from agent.client import service_unit as service
from agent.client.service_unit import NoServiceManager, ServiceFailed
from config.paths import Paths, find_paths
from config.settings import AgentSettings, Settings, save_settings
from tests.agent.processes import home_paths


@pytest.fixture(autouse=True)
def _person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "person"))
    for name in list(os.environ):
        if name.startswith(("XDG_", "AMELI_")):
            monkeypatch.delenv(name)
    monkeypatch.setattr("agent.client.service_manager._manager", lambda: "systemd")


class Manager:
    """Notes what it is asked; refuses what contains ``refuse``."""

    def __init__(self, refuse: str = "nothing") -> None:
        self.asked: list[str] = []
        self._refuse = refuse

    def __call__(self, command: Sequence[str]) -> str | None:
        self.asked.append(" ".join(command))
        return "no bus" if self._refuse in self.asked[-1] else None


def _directives(paths: Paths) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in service.unit_text(paths).splitlines():
        name, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(name, []).append(value)
    return found


def test_installing_writes_the_unit_and_starts_it() -> None:
    paths, manager = find_paths(), Manager()
    done = service.install(paths, manager)
    file = service.unit_file(paths)
    assert file.name == "ameli-agent.service" and file.exists() and str(file) in "".join(done)
    assert manager.asked == ["systemctl --user daemon-reload", "systemctl --user enable --now ameli-agent.service"]
    assert "@" not in file.read_text().replace("~@", "").replace("=@", "").replace(" @", "")


def test_uninstalling_takes_everything_back_even_when_nothing_is_loaded() -> None:
    paths = find_paths()
    assert service.uninstall(paths, Manager()) == []
    service.install(paths, Manager())
    service.uninstall(paths, Manager(refuse="disable"))
    assert not service.unit_file(paths).exists()


def test_a_refusal_of_the_manager_is_told() -> None:
    with pytest.raises(ServiceFailed) as caught:
        service.install(find_paths(), Manager(refuse="enable"))
    assert "no bus" in caught.value.message("en")


def test_without_a_service_manager_nothing_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.client.service_manager._manager", lambda: None)
    with pytest.raises(NoServiceManager):
        service.install(find_paths(), Manager())
    assert not service_manager.unit_installed(find_paths())


def test_each_home_has_a_service_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = home_paths(tmp_path / "one"), home_paths(tmp_path / "other")
    names = {service.unit_file(paths).name for paths in (find_paths(), one, other)}
    assert len(names) == 3
    monkeypatch.setenv("AMELI_HOME", str(tmp_path / "one"))
    unit = _directives(one)
    assert f'"AMELI_HOME={tmp_path / "one"}"' in unit["Environment"]
    assert unit["ReadWritePaths"] == [f'"{tmp_path / "one"}"']


def test_the_unit_is_hardened_and_never_restarted_in_vain() -> None:
    unit = _directives(find_paths())
    assert unit["Type"] == ["notify"] and unit["RestartPreventExitStatus"] == ["75 77 78"]
    for name, value in {"PrivateUsers": "yes", "ProtectSystem": "strict", "ProtectHome": "read-only", "UMask": "0077",
                        "NoNewPrivileges": "yes", "MemoryDenyWriteExecute": "yes", "LimitCORE": "0",
                        "MemorySwapMax": "0"}.items():
        assert unit[name] == [value], name
    assert int(unit["WatchdogSec"][0]) > 60  # the agent looks around every 30 s


def test_the_key_of_watching_is_opened_for_the_service_only_where_systemd_keeps_it(tmp_path: Path) -> None:
    paths = home_paths(tmp_path / "100% mine")
    for survive in ("no", "keyring"):
        save_settings(paths.settings, Settings(agent=AgentSettings(survive=survive)))
        assert not {"LoadCredentialEncrypted", "SetCredential"} & _directives(paths).keys()
    save_settings(paths.settings, Settings(agent=AgentSettings(survive="systemd-creds")))
    file = str(paths.watch_credential).replace("%", "%%")
    unit = _directives(paths)
    assert unit["LoadCredentialEncrypted"] == [f"ameli-watch-key:{file}"]
    assert unit["SetCredential"] == ["ameli-watch-key:"], "a file that is gone keeps no agent from starting"


def test_words_with_signs_systemd_knows_stay_what_they_are(tmp_path: Path) -> None:
    odd = home_paths(tmp_path / 'a "b" 100% $c')
    assert _directives(odd)["ReadWritePaths"][0].endswith('a \\"b\\" 100%% $c"')


def test_starting_goes_through_the_service_manager_when_it_owns_the_agent() -> None:
    paths, manager = find_paths(), Manager()
    assert not service_manager.start_unit(paths, manager) and manager.asked == []
    service.install(paths, Manager())
    assert service_manager.start_unit(paths, manager)
    assert manager.asked == ["systemctl --user start ameli-agent.service"]
    assert not service_manager.start_unit(paths, Manager(refuse="start"))


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_the_service_takes_no_code_from_the_environment_it_was_installed_in(
        platform: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP"):
        monkeypatch.setenv(name, str(tmp_path / "trap"))
    monkeypatch.setattr("sys.platform", platform)
    text = service.unit_text(find_paths())
    assert "PYTHON" not in text and "trap" not in text
    if platform == "darwin":
        words = plistlib.loads(text.encode())["ProgramArguments"]
    else:
        line = _directives(find_paths())["ExecStart"][0]
        words = [word.replace("%%", "%").replace("$$", "$") for word in shlex.split(line)]
    assert {"-E", "-P"} <= set(words[:words.index("-X")])
    # What is written there starts the agent from where it is installed, and says what it is asked for.
    monkeypatch.undo()
    here = [words[0], *(word.replace("'agent'", "'agent.sandbox'") for word in words[1:]), "--help"]
    here = ["agent.sandbox" if word == "agent" else word for word in here]
    told = subprocess.run(here, cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert "stand-in" in told
