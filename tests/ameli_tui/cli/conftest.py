"""What tests of commands share: a stand-in portal of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ameli_tui.cli.site import Site, serving
from tests.commands import Home


@pytest.fixture
def site(empty_home: Home, tmp_path: Path) -> Iterator[Site]:
    """A portal that runs, and an open vault without an account."""
    with serving(empty_home, tmp_path) as portal:
        yield portal
