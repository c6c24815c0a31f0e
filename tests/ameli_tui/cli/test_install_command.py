"""``ameli agent install`` and what survives a restart of the machine: chosen, tried, taken back."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.watch.resting.keyring_key import KeyringKey
from agent.watch.resting.resting import Resting, keeper_of
from config.settings import load_settings
from tests.agent.processes import home_paths
from tests.agent.watch.resting.desktop import collection, needs_keyring, session
from tests.agent.watch.resting.test_systemd_credential import Systemd
from tests.ameli_tui.cli.test_prompts import converse
from tests.commands import Done, Home, clean_environment

PROGRAM = "tests.ameli_tui.cli.with_service_manager"


class Person:
    """Who installs: a home of the program, and one of their own for the service's file."""

    def __init__(self, home: Home, folder: Path) -> None:
        self.home, self.paths = home, home_paths(home.folder)
        self._calls = folder / "manager-calls"
        self.environ = {"HOME": str(folder / "person"), "MANAGER_CALLS": str(self._calls)}

    def run(self, *args: str, **more: str) -> Done:
        """``ameli ARGS``, without a terminal."""
        env = clean_environment(AMELI_HOME=str(self.home.folder), **self.environ, **more)
        done = subprocess.run([sys.executable, "-m", PROGRAM, *args], env=env, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=60, check=False)
        return Done(done.returncode, done.stdout, done.stderr)

    def talk(self, answers: list[tuple[str, str]], **more: str) -> tuple[int, str]:
        """``ameli agent install`` on a terminal."""
        return converse(self.home, ["agent", "install"], answers, PROGRAM, **self.environ, **more)

    @property
    def survive(self) -> str:
        """What the settings say."""
        return load_settings(self.paths.settings).agent.survive

    @property
    def units(self) -> list[Path]:
        """The services that are written."""
        return list((Path(self.environ["HOME"]) / ".config" / "systemd" / "user").glob("*.service"))


@pytest.fixture
def person(empty_home: Home, tmp_path: Path) -> Person:
    return Person(empty_home, tmp_path)


@pytest.fixture
def desktop(person: Person, tmp_path: Path) -> Iterator[dict[str, str]]:
    with session(tmp_path) as environ:
        person.environ = {**environ, **person.environ}
        yield environ


def keys(environ: dict[str, str]) -> list[Any]:
    """The secrets in that desktop's keyring."""
    with collection(environ) as login:
        return [item.get_secret() for item in login.get_all_items()]


def test_without_a_terminal_and_without_the_option_nothing_is_chosen(person: Person) -> None:
    done = person.run("agent", "install", "--json")
    assert done.code == 0 and done.json["survive"] is None
    assert person.survive == "no" and len(person.units) == 1
    assert not person.paths.watch_ticket.exists() and not person.paths.settings.exists()


def test_on_a_terminal_each_choice_says_what_it_does_not_protect_from_and_enter_is_none(person: Person) -> None:
    code, shown = person.talk([("Which one? [1]", "9"), ("Which one? [1]", "")])
    assert code == 0 and person.survive == "no"
    said = " ".join(shown.split())
    assert "any program of yours once the desktop is open" in said and "nor from root" in said
    code, shown = person.talk([("Lequel ? [1]", "no")], AMELI_LANG="fr")
    assert code == 0 and "ne protège d'aucun de vos programmes" in " ".join(shown.split())


@needs_keyring
def test_the_keyring_is_chosen_on_a_terminal_and_forgotten_with_the_service(
    person: Person, desktop: dict[str, str]
) -> None:
    code, shown = person.talk([("Which one?", "2")])
    assert code == 0, shown
    assert person.survive == "keyring" and len(keys(desktop)) == 1
    code, _shown = person.talk([("Which one? [2]", "")])
    assert code == 0 and person.survive == "keyring" and len(keys(desktop)) == 1, "the same key"
    person.paths.watch_ticket.write_bytes(b"what an agent let rest")
    done = person.run("agent", "uninstall", "--json")
    assert done.code == 0 and "forget: keyring" in done.json["done"]
    assert (person.survive, keys(desktop), person.units) == ("no", [], [])
    assert not person.paths.watch_ticket.exists()


@needs_keyring
def test_what_was_chosen_is_taken_back_when_the_service_does_not_start(person: Person, desktop: dict[str, str]) -> None:
    done = person.run("agent", "install", "--survive", "keyring", "--json", MANAGER_REFUSES="enable")
    assert done.code == 1 and done.error["code"] == "service_failed"
    assert (person.survive, keys(desktop), person.units) == ("no", [], [])


@pytest.mark.slow
@needs_keyring
def test_choosing_another_way_forgets_the_ticket_and_the_key_of_the_first(
    person: Person, desktop: dict[str, str]
) -> None:
    assert person.run("agent", "install", "--survive", "keyring").code == 0
    keeper = keeper_of(person.paths, load_settings(person.paths.settings).agent)
    assert isinstance(keeper, KeyringKey)
    person.paths.watch_ticket.write_bytes(b"under the first key")
    done = person.run("agent", "install", "--survive", "no", "--json")
    assert done.code == 0 and done.json["survive"] == "no"
    assert (person.survive, keys(desktop), person.paths.watch_ticket.exists()) == ("no", [], False)


def test_a_way_that_does_not_work_here_is_refused_and_nothing_is_installed(person: Person) -> None:
    for survive, code in (("keyring", "no_keyring"), ("systemd-creds", "credentials_too_old")):
        done = person.run("agent", "install", "--survive", survive, "--json", PATH="/nowhere", TERM="dumb")
        assert done.code == 1 and done.error["code"] == code, done.out
        assert "agent.survive no" in done.error["hint"] or "unlock" in done.error["hint"]
    assert person.survive == "no" and person.units == []


def test_systemd_opens_the_credential_for_the_service(person: Person, tmp_path: Path) -> None:
    systemd = Systemd(tmp_path)
    done = person.run("agent", "install", "--survive", "systemd-creds", "--json", **systemd.environ)
    assert done.code == 0, done.out
    [unit] = person.units
    assert f"LoadCredentialEncrypted=ameli-watch-key:{person.paths.watch_credential}" in unit.read_text()
    assert person.paths.watch_credential.exists() and person.survive == "systemd-creds"
    done = person.run("agent", "uninstall", "--json", **systemd.environ)
    assert done.json["done"][-1] == "forget: systemd-creds" and not person.paths.watch_credential.exists()


@pytest.mark.slow
@needs_keyring
def test_the_agents_own_process_takes_up_what_rests_under_the_installed_key(
    person: Person, desktop: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert person.run("agent", "install", "--survive", "keyring").code == 0
    for name, value in desktop.items():
        monkeypatch.setenv(name, value)
    chosen = load_settings(person.paths.settings).agent
    Resting.of(person.paths, chosen).keep(b"ticket")
    assert len(keys(desktop)) == 1, "the key of the installation"
    assert Resting.of(person.paths, chosen).load() == b"ticket"
