"""``ameli login`` when the account is reached through the person's browser."""

import socket
from pathlib import Path

import pytest

from agent.sandbox.generator import make_household
from tests.agent.bench import TODAY
from tests.commands import Home
from tests.played import played

_PASSPHRASE = "correct horse battery"


@pytest.fixture
def home(tmp_path: Path):  # type: ignore[no-untyped-def]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with played(make_household(seed=3, today=TODAY, years=1)) as service:
        service.point(tmp_path)
        settings = tmp_path / "config" / "settings.toml"
        settings.write_text(settings.read_text().replace(
            "pause_s = 0.0\n", f'pause_s = 0.0\ntransport = "browser"\nbrowser_port = {port}\n'))
        secret = tmp_path / "passphrase"
        secret.write_text(_PASSPHRASE)
        one = Home(tmp_path)
        assert one.run("setup", AMELI_PASSPHRASE_FILE=str(secret)).code == 0
        yield one
        one.run("agent", "stop")


def test_nothing_is_asked_here_and_a_closed_port_is_told_with_both_commands(home: Home) -> None:
    done = home.run("login", "--json")
    assert done.code == 5
    assert done.error["code"] == "browser_unreachable"
    assert "ssh -R" in done.error["hint"] and "--remote-debugging-port" in done.error["hint"]
    assert "Sign in there" in done.err
    assert home.json("agent", "status")["transport"] == "browser"
    way = next(one for one in home.json("doctor")["checks"] if one["name"] == "way_in")
    assert not way["ok"] and way["cure"]


def test_a_password_given_here_is_wrong_usage(home: Home, tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("Lavande-1234")
    done = home.run("login", "--nir", "2860399999999", "--password-file", str(secret), "--json")
    assert (done.code, done.error["code"]) == (2, "usage")


def test_a_way_that_does_not_exist_is_told_with_those_that_do(home: Home) -> None:
    done = home.run("config", "set", "portal.transport", "carrier-pigeon", "--json")
    assert done.code != 0
    assert "carrier-pigeon" in done.error["message"] or "transport" in done.error["message"]
