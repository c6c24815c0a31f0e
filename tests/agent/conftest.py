"""What tests of a whole agent share: a stand-in of the service over HTTP, and an agent with an open vault beside it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.agent.processes import PASSPHRASE, Served, served
from tests.agent.sandbox.household import TODAY
from tests.agent.stand_in import Portal


@pytest.fixture
def portal(monkeypatch: pytest.MonkeyPatch) -> Iterator[Portal]:
    """A stand-in on the day of its household."""
    monkeypatch.setenv("AMELI_TODAY", TODAY.isoformat())
    with Portal() as one:
        yield one


@pytest.fixture
async def agent(tmp_path: Path, portal: Portal) -> AsyncIterator[Served]:
    """An agent whose vault is open and that has no account yet."""
    async with served(tmp_path, portal.settings) as one:
        await one.post("/v1/setup", {"passphrase": PASSPHRASE})
        yield one
