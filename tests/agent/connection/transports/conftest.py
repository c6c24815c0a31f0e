"""Fixtures of the tests with a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.sandbox.generator import make_household
from tests.agent.bench import TODAY
from tests.agent.connection.transports.desk import Desk
from tests.agent.connection.transports.person import screen
from tests.played import Played, played


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    with screen() as name:
        yield name


@pytest.fixture
def service() -> Iterator[Played]:
    with played(make_household(seed=7, today=TODAY, years=1)) as one:
        one.sandbox.service.options.update({"otp": "off", "waf": "strict"})
        yield one


@pytest.fixture
def desk(tmp_path: Path, service: Played, display: str) -> Desk:
    return Desk(tmp_path, service, display)
