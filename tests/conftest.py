"""What all tests share: a demo account that runs, and empty homes."""

import gc
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

import tests.thoroughness  # noqa: F401 - registers the profiles
from agent.client import api
from agent.client.client import Client
from config.paths import find_paths
from tests.commands import Home

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # started in the background: programs would inherit deaf ears
    signal.signal(signal.SIGINT, signal.default_int_handler)

_FILES, _MANY = Path("/proc/self/fd"), 300


def pytest_configure(config: pytest.Config) -> None:
    """Set how many examples properties try, and let the many programs of a whole run share what they compile."""
    settings.load_profile("few" if config.getoption("markexpr") == "not slow" else "all")
    if config.getoption("numprocesses", None):  # workers are started after this, and inherit it
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_collection() -> None:
    """While tests are collected next to nothing becomes garbage, and looking for it takes a fifth of the time."""
    gc.disable()


def pytest_collection_finish() -> None:
    """An agent that locks collects what nobody uses any more: the thousands of tests themselves it need not look at."""
    gc.enable()
    gc.collect()
    gc.freeze()


def pytest_runtest_logfinish() -> None:
    """Vaults that tests leave open hold their files until they are collected; a worker has room for a thousand."""
    if _FILES.is_dir() and sum(1 for _file in _FILES.iterdir()) > _MANY:
        gc.collect()


@pytest.fixture(scope="session")
def running_demo() -> Iterator[Home]:
    """A running demo (seed 3, two years), one per worker, which is locked after a while without use like anybody's."""
    # Not pytest's tmp_path: a socket's path is short on some systems.
    folder = Path(tempfile.mkdtemp(prefix="ameli-test-"))
    home = Home(folder / "home")
    try:
        details = home.json("demo", "--home", str(home.folder), "--detach", "--seed", "3", "--years", "2", timeout=120)
        yield Home(home.folder, details)
    finally:
        home.run("demo", "--home", str(home.folder), "--stop")
        shutil.rmtree(folder)


@pytest.fixture
def demo_home(running_demo: Home) -> Home:
    """That demo, open. Tests read it; whoever changes it puts it back."""
    client = Client(find_paths({"AMELI_HOME": str(running_demo.folder), "HOME": "/nowhere"}))
    if client.ask(api.health())["state"] == "locked":
        client.ask(api.unlock({"passphrase": running_demo.details["passphrase"]}))
    return running_demo


@pytest.fixture
def empty_home() -> Iterator[Home]:
    """A home that holds nothing yet; an agent started in it is ended afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="ameli-test-"))
    home = Home(folder / "home")
    try:
        yield home
    finally:
        if any(path.name != "config" for path in home.folder.glob("*")):  # else no agent was ever started
            home.run("agent", "stop")
        shutil.rmtree(folder)
