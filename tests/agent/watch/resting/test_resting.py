"""The ticket over restarts: kept, taken up by the next agent, forgotten; and what is told when it cannot be."""

from collections.abc import Callable
from pathlib import Path

import pytest

from agent.watch.resting.errors import KeyringLocked, NoKeyring
from agent.watch.resting.resting import Resting, keeper_of
from agent.watch.resting.ticket_file import TicketFile, Unread
from config.paths import Paths
from config.settings import AgentSettings
from tests.agent.processes import home_paths
from tests.agent.watch.resting.desktop import needs_keyring, session


class Keeper:
    """Keeps a key in memory, as long as it is open."""

    name = "keyring"

    def __init__(self) -> None:
        self.key: bytes | None = None
        self.locked = False
        self.asked = 0

    def _open(self) -> None:
        self.asked += 1
        if self.locked:
            raise KeyringLocked

    def store(self, key: bytes) -> None:
        self._open()
        self.key = key

    def load(self) -> bytes | None:
        self._open()
        return self.key

    def forget(self) -> None:
        self._open()
        self.key = None


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return home_paths(tmp_path / "home")


def resting(paths: Paths, keeper: Keeper | None) -> Resting:
    """As an agent has it that just started."""
    return Resting(TicketFile(paths.watch_ticket), keeper)


def test_the_next_agent_takes_up_the_newest_ticket(paths: Paths) -> None:
    keeper = Keeper()
    first = resting(paths, keeper)
    assert first.load() is None and first.unread is Unread.MISSING and first.problem is None
    for ticket in (b"one", b"two", b"three"):
        first.keep(ticket)
    assert keeper.asked == 3, "loaded once for each start of a key, stored once"
    second = resting(paths, keeper)
    assert second.load() == b"three"
    second.keep(b"four")
    assert resting(paths, keeper).load() == b"four"


def test_nothing_survives_unless_somebody_keeps_the_key(paths: Paths) -> None:
    keeper = Keeper()
    resting(paths, keeper).keep(b"ticket")
    nothing = resting(paths, None)
    assert nothing.load() is None
    nothing.keep(b"ticket")
    assert not paths.watch_ticket.exists(), "what rested before it was chosen does not stay"


def test_what_is_forgotten_is_gone_with_its_key(paths: Paths) -> None:
    keeper = Keeper()
    held = resting(paths, keeper)
    held.keep(b"ticket")
    before, copy = keeper.key, paths.watch_ticket.read_bytes()
    held.forget()
    assert keeper.key is None and not paths.watch_ticket.exists()
    held.keep(b"another")
    assert keeper.key not in (None, before)
    paths.watch_ticket.write_bytes(copy)
    assert resting(paths, keeper).load() is None, "a copy of before opens no more"


@pytest.mark.parametrize(("spoil", "unread", "word"), [
    (lambda data: data[:-1], Unread.DAMAGED, "abîmé"),
    (lambda data: data[:7] + b"\x09" + data[8:], Unread.OTHER_VERSION, "version"),
])
def test_a_ticket_that_cannot_be_used_is_told_once_it_was_looked_for(
    spoil: Callable[[bytes], bytes], unread: Unread, word: str, paths: Paths
) -> None:
    keeper = Keeper()
    resting(paths, keeper).keep(b"ticket")
    paths.watch_ticket.write_bytes(spoil(paths.watch_ticket.read_bytes()))
    started = resting(paths, keeper)
    assert started.load() is None and started.unread is unread
    problem = started.problem
    assert problem is not None and word in problem.message("fr")
    started.keep(b"new")
    assert started.load() == b"new" and started.problem is None


def test_a_key_that_is_gone_is_told_and_replaced(paths: Paths) -> None:
    keeper = Keeper()
    resting(paths, keeper).keep(b"ticket")
    keeper.key = None
    started = resting(paths, keeper)
    assert started.load() is None and started.unread is Unread.OTHER_KEY
    started.keep(b"new")
    assert resting(paths, keeper).load() == b"new"


def test_a_locked_keyring_refuses_and_the_ticket_waits_for_it(paths: Paths) -> None:
    keeper = Keeper()
    resting(paths, keeper).keep(b"ticket")
    keeper.locked = True
    started = resting(paths, keeper)
    for step in (started.load, lambda: started.keep(b"new")):
        with pytest.raises(KeyringLocked):
            step()
    keeper.locked = False
    assert started.load() == b"ticket"


def test_forgetting_removes_the_file_even_when_the_key_cannot_be_reached(paths: Paths) -> None:
    keeper = Keeper()
    held = resting(paths, keeper)
    held.keep(b"ticket")
    keeper.locked = True
    with pytest.raises(KeyringLocked):
        held.forget()
    assert not paths.watch_ticket.exists()


def test_the_setting_says_who_keeps_the_key(paths: Paths) -> None:
    names = [keeper.name for survive in ("keyring", "systemd-creds")
             if (keeper := keeper_of(paths, AgentSettings(survive=survive))) is not None]
    assert names == ["keyring", "systemd-creds"]
    assert keeper_of(paths, AgentSettings()) is None


@needs_keyring
def test_over_a_restart_with_the_desktops_keyring(
    paths: Paths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with session(tmp_path) as environ:
        for name, value in environ.items():
            monkeypatch.setenv(name, value)
        chosen = AgentSettings(survive="keyring")
        Resting.of(paths, chosen).keep(b"ticket")
        assert Resting.of(paths, chosen).load() == b"ticket"
        Resting.of(paths, chosen).forget()
        assert Resting.of(paths, chosen).load() is None
    with pytest.raises(NoKeyring):
        Resting.of(paths, chosen).load()
