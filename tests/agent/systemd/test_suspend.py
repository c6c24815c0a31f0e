"""Before the machine sleeps, over a real message bus and a stand-in of the login manager on it."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from jeepney import DBusAddress, new_signal
from jeepney.io.blocking import open_dbus_connection

from agent.systemd.suspend import BeforeSleep
from tests.agent.notifications.bus import needs_bus, private_bus
from tests.agent.processes import PASSPHRASE, agent_process, environment, home_paths
from tests.agent.systemd.login_manager import MANAGER, PATH, LoginManager, environ
from tests.raw_client import RawClient


@pytest.fixture
async def address(tmp_path: Path) -> AsyncIterator[str]:
    async with private_bus(tmp_path) as where:
        yield where


@pytest.fixture
async def logind(address: str) -> AsyncIterator[LoginManager]:
    manager = LoginManager(address)
    yield manager
    manager.close()


async def until(done: Callable[[], bool]) -> None:
    """Let others run until that holds."""
    end = time.monotonic() + 10
    while not done():
        assert time.monotonic() < end, "it never came"
        await asyncio.sleep(0.01)


class Listening:
    """What is done before sleep, in this test's loop."""

    def __init__(self, folder: Path, retry_s: float = 60) -> None:
        self.times = 0
        self.wanted = True
        self.go_on = asyncio.Event()
        self.go_on.set()
        self.fails = False
        self.sleeper = BeforeSleep(self._work, lambda: self.wanted, environ(folder), retry_s)
        self._task = asyncio.create_task(self.sleeper.run())

    async def _work(self) -> None:
        self.times += 1
        await self.go_on.wait()
        if self.fails:
            raise OSError("the disk is gone")

    async def end(self) -> None:
        self._task.cancel()
        await asyncio.wait([self._task])


@needs_bus
async def test_the_machine_waits_until_the_work_is_done_each_time(logind: LoginManager, tmp_path: Path) -> None:
    listening = Listening(tmp_path)
    await until(lambda: logind.waits)
    assert logind.asked == [("sleep", "ameli", "ameli locks its vault", "delay")]
    for nights in (1, 2):
        listening.go_on.clear()
        logind.sleeps(True)
        await until(lambda nights=nights: listening.times == nights)
        assert logind.waits
        listening.go_on.set()
        await until(lambda: not logind.waits)
        logind.sleeps(False)
        await until(lambda: logind.waits)
    await listening.end()
    assert not logind.waits, "the end lets go"
    logind.close()


@needs_bus
async def test_what_fails_holds_up_neither_this_sleep_nor_the_next_lock(logind: LoginManager, tmp_path: Path) -> None:
    listening = Listening(tmp_path)
    await until(lambda: logind.waits)
    listening.fails = True
    for nights in (1, 2):
        logind.sleeps(True)
        await until(lambda nights=nights: listening.times == nights and not logind.waits)
        logind.sleeps(False)
        await until(lambda: logind.waits)
    await listening.end()


@needs_bus
async def test_nothing_is_done_for_who_does_not_want_it(logind: LoginManager, tmp_path: Path) -> None:
    listening = Listening(tmp_path)
    await until(lambda: logind.waits)
    listening.wanted = False
    logind.sleeps(True)
    await until(lambda: not logind.waits)
    assert listening.times == 0
    await listening.end()


@needs_bus
async def test_another_program_cannot_say_that_the_machine_sleeps(
    logind: LoginManager, address: str, tmp_path: Path
) -> None:
    listening = Listening(tmp_path)
    await until(lambda: logind.waits)
    stranger = open_dbus_connection(address)
    forged = new_signal(DBusAddress(PATH, interface=MANAGER), "PrepareForSleep", "b", (True,))
    stranger.send(forged)
    logind.sleeps(True)
    await until(lambda: not logind.waits)
    assert listening.times == 1, "the true one alone"
    stranger.close()
    await listening.end()


@needs_bus
async def test_a_refused_inhibitor_costs_the_wait_and_not_the_work(logind: LoginManager, tmp_path: Path) -> None:
    listening = Listening(tmp_path, retry_s=0.02)
    logind.refuses = "org.freedesktop.login1.OperationInProgress"
    await until(lambda: logind.refused > 0)
    logind.sleeps(True)
    await until(lambda: listening.times == 1)
    logind.refuses = ""
    logind.sleeps(False)
    await until(lambda: logind.waits)
    await listening.end()


@needs_bus
async def test_a_login_manager_that_comes_late_or_again_is_found(address: str, tmp_path: Path) -> None:
    listening = Listening(tmp_path, retry_s=0.02)
    await asyncio.sleep(0.1)
    for _ in range(2):
        logind = LoginManager(address)
        await until(lambda logind=logind: logind.waits)
        before = listening.times
        logind.sleeps(True)
        await until(lambda before=before, logind=logind: listening.times == before + 1 and not logind.waits)
        logind.close()
    await listening.end()


async def test_without_a_bus_or_with_one_that_speaks_nonsense_it_goes_on_looking(tmp_path: Path) -> None:
    said = [b"", b"ERROR\r\n", b"nonsense" * 2000, b"OK 1\r\n"]
    heard = 0

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal heard
        heard += 1
        await reader.read(10)
        writer.write(said[heard % len(said)])
        await writer.drain()
        writer.close()

    listening = Listening(tmp_path, retry_s=0.01)
    await asyncio.sleep(0.1)
    server = await asyncio.start_unix_server(answer, tmp_path / "bus")
    await until(lambda: heard > 8)
    assert (listening.times, listening.sleeper.delaying) == (0, False)
    await listening.end()
    server.close()


@needs_bus
async def test_no_descriptor_is_left_after_many_nights(logind: LoginManager, tmp_path: Path) -> None:
    listening = Listening(tmp_path, retry_s=0.01)
    await until(lambda: logind.waits)
    before = len(list(Path("/proc/self/fd").iterdir()))
    for nights in range(1, 20):
        logind.sleeps(True)
        logind.sleeps(False)
        await until(lambda nights=nights: listening.times == nights and len(logind.asked) > nights)
    assert logind.waits
    assert len(list(Path("/proc/self/fd").iterdir())) <= before + 1
    await listening.end()


@needs_bus
async def test_the_agent_locks_its_vault_before_the_machine_sleeps(
    logind: LoginManager, address: str, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    with agent_process(home, env=environment(home, DBUS_SYSTEM_BUS_ADDRESS=address)) as process:
        client = RawClient(home_paths(home))
        await asyncio.to_thread(client.post, "/v1/setup", {"passphrase": PASSPHRASE})
        await until(lambda: logind.waits)
        logind.sleeps(True)
        await until(lambda: not logind.waits)
        assert (await asyncio.to_thread(client.get, "/v1/health"))["state"] == "locked"
        logind.sleeps(False)
        await until(lambda: logind.waits)
        process.terminate()
        assert await asyncio.to_thread(process.wait, 10) == 0
        assert not logind.waits
