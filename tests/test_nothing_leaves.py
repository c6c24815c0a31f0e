"""Before there is an account, and the person's word, nothing calls on the service or looks its name up."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config.settings import ImportSettings, PortalSettings, Settings, SyncSettings
from tests.agent.processes import PASSPHRASE, served
from tests.ameli_tui.terminal import terminal
from tests.commands import Home

pytestmark = pytest.mark.xdist_group("nothing-leaves")  # groups come first: by itself it would be the last to end


class Listener:
    """A service on this machine that answers nothing and counts who knocks."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self.knocks = 0
        threading.Thread(target=self._count, daemon=True).start()

    def _count(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                self._socket.accept()[0].close()
                self.knocks += 1

    def close(self) -> None:
        """Listen no more."""
        self._socket.close()


@pytest.fixture
def service() -> Iterator[Listener]:
    one = Listener()
    yield one
    one.close()


@pytest.fixture
def home(empty_home: Home, service: Listener, tmp_path: Path) -> Home:
    """A home that knows where the service is and has neither vault nor account."""
    for key in ("portal.base_url", "portal.identity_url"):
        empty_home.json("config", "set", key, service.url)
    (tmp_path / "passphrase").write_text(PASSPHRASE, encoding="utf-8")
    return empty_home


def portal_check(home: Home, *options: str) -> dict[str, Any]:
    return next(check for check in home.json("doctor", *options)["checks"] if check["name"] == "portal")


def test_no_command_calls_on_the_service_before_there_is_an_account(
        home: Home, service: Listener, tmp_path: Path) -> None:
    words = {"AMELI_PASSPHRASE_FILE": str(tmp_path / "passphrase")}
    home.json("doctor")
    home.json("agent", "start")
    assert "no account yet" in portal_check(home)["text"]
    home.json("setup", **words)
    assert "no account yet" in portal_check(home)["text"] and portal_check(home)["ok"]
    assert home.run("sync").code == 5
    assert home.run("attestation", "--out", str(tmp_path / "a.pdf")).code == 5
    assert home.run("payments", **words).code == home.run("documents", **words).code == 5  # no account to read
    for command in (("agent", "status"), ("profile",), ("owed",), ("logout",),
                    ("config", "set", "sync.every_h", "12"), ("agent", "restart"), ("unlock",), ("doctor",)):
        home.json(*command, **words)
    home.json("lock")
    assert "vault is open" in portal_check(home)["text"]
    assert service.knocks == 0


@pytest.mark.slow
def test_the_screens_call_on_nobody_before_there_is_an_account(
        home: Home, service: Listener, tmp_path: Path) -> None:
    with terminal(home.folder, AMELI_LANG="en") as screen:  # a first run, as far as its first page
        screen.until("ameli", 30)
        screen.read(2)
    home.json("setup", AMELI_PASSPHRASE_FILE=str(tmp_path / "passphrase"))
    with terminal(home.folder, AMELI_LANG="en") as screen:
        screen.until("Overview", 30)
        for key in b"2345":
            screen.send(bytes([key]))
            screen.read(0.5)
        screen.send(b"d")
        screen.until("was not asked", 20)
    assert service.knocks == 0


def test_with_an_account_the_doctor_looks_unless_told_not_to(demo_home: Home) -> None:
    assert "can be reached" in portal_check(demo_home)["text"]
    told = portal_check(demo_home, "--offline")
    assert told["ok"] and "was not asked" in told["text"]


async def test_not_even_a_name_is_looked_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def refuse(host: Any, *_given: Any, **_more: Any) -> Any:
        asked.append(host)
        raise socket.gaierror("no such host")

    async def refuse_later(_loop: Any, host: Any, *_given: Any, **_more: Any) -> Any:
        refuse(host)

    for name in ("getaddrinfo", "gethostbyname", "getfqdn"):
        monkeypatch.setattr(socket, name, refuse)
    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", refuse_later)
    named = Settings(
        portal=PortalSettings(base_url="https://portal.invalid", identity_url="https://identity.invalid"),
        sync=SyncSettings(every_h=0.5), imports=ImportSettings(folder=str(tmp_path)))
    async with served(tmp_path / "home", named) as agent:
        await agent.get("/v1/doctor")
        await agent.post("/v1/setup", {"passphrase": PASSPHRASE})
        for path in ("/v1/status", "/v1/home", "/v1/doctor", "/v1/payments"):
            await agent.get(path)
        assert (await agent.refused("/v1/sync", {"wait": True})).code == "no_account"
        await agent.post("/v1/reload")
        for _turn in range(3):
            await agent.agent.heartbeat()
        await agent.post("/v1/lock")
        await agent.get("/v1/doctor")
        await agent.post("/v1/unlock", {"passphrase": PASSPHRASE})
        await agent.post("/v1/logout")
        await agent.agent.heartbeat()
        await asyncio.sleep(0)
    assert asked == []
