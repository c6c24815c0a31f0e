"""What all tests share: a demo account that runs, and empty homes."""

import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.commands import Home

# How long an example takes says how busy the machine is, not whether the program is right.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # started in the background: programs would inherit deaf ears
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def demo_home() -> Iterator[Home]:
    """A running demo (seed 3, two years), one per worker. Tests read it; whoever changes it puts it back."""
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
def empty_home() -> Iterator[Home]:
    """A home that holds nothing yet; an agent started in it is ended afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="ameli-test-"))
    home = Home(folder / "home")
    try:
        yield home
    finally:
        home.run("agent", "stop")
        shutil.rmtree(folder)
