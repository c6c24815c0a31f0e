"""What leaves for the terminal is thinned: what is seen must be what Textual drew, at every moment."""

import random
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ameli_tui.fake_agent import FakeAgent
from tests.ameli_tui.terminal import terminal

_KEYS = ["1", "2", "3", "4", "5", "j", "j", "G", "g", "\t", "\r", "h", "?", "h", "p", "c", "x", "b", "/dent\r",
         "/zz\x15\r", " "]


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="ameli-tui-"))
    fake = FakeAgent(300).serve(folder / "run" / "agent.sock")
    yield folder
    fake.close()
    shutil.rmtree(folder)


@pytest.mark.slow
@pytest.mark.parametrize("cols", [80, 130])
def test_drawing_anew_changes_nothing_after_any_keys(home: Path, cols: int) -> None:
    rng = random.Random(7)
    with terminal(home, cols=cols, rows=30) as shown:
        shown.until("Centre dentaire")
        for _round in range(8):
            for _ in range(6):
                shown.send(rng.choice(_KEYS).encode())
                shown.read(0.04)
            shown.rest()
            before = shown.text
            shown.send(b"\x1b[15~")  # F5
            shown.rest()
            assert shown.text == before


def test_moving_down_a_list_sends_only_the_rows_that_changed(home: Path) -> None:
    with terminal(home) as shown:
        shown.until("Centre dentaire")
        shown.send(b"2")
        shown.until("Par mois")
        shown.read(0.6)
        shown.send(b"j")
        assert len(shown.read(0.5)) < 2_000
