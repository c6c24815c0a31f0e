"""The program in a real pseudo-terminal: what it writes, and what it bears."""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ameli_tui.fake_agent import FakeAgent
from tests.ameli_tui.terminal import ROOT, terminal

_COLOUR = re.compile(rb"\x1b\[([0-9;]*)m")


@pytest.fixture
def fake() -> Iterator[FakeAgent]:
    yield (one := FakeAgent())
    one.close()


@pytest.fixture
def home(fake: FakeAgent) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="ameli-tui-"))
    fake.serve(folder / "run" / "agent.sock")
    yield folder
    shutil.rmtree(folder)


def test_an_idle_screen_writes_nothing(home: Path) -> None:
    with terminal(home) as shown:
        shown.until("Centre dentaire")
        shown.read(0.6)
        assert shown.read(1.5) == b""
        shown.send(b"2/dentaire")  # typed ahead of the screen
        shown.until("« dentaire »")
        shown.read(0.6)
        assert shown.read(1.5) == b"", "a cursor blinks"


def test_a_start_is_light_on_the_wire(home: Path) -> None:
    with terminal(home, cols=120, rows=40) as shown:
        shown.until("Centre dentaire")
        shown.read(0.6)
        assert len(shown.received) < 25_000


def test_x10_mouse_bytes_do_not_end_the_program(home: Path) -> None:
    with terminal(home) as shown:
        shown.until("Centre dentaire")
        shown.send(b"\x1b[M \x90\x30")
        shown.read(0.4)
        shown.send(b"3")
        shown.until("9 documents")
        shown.send(b"qq")
        assert shown.wait() == 0


def test_the_terminal_is_left_as_it_was(home: Path) -> None:
    with terminal(home) as shown:
        shown.until("Centre dentaire")
        shown.send(b"q")
        assert shown.wait() == 0
        assert b"\x1b[?1049l" in shown.received
        assert b"\x1b[?1000l" in shown.received
        assert b"\x1b[?25h" in shown.received


def test_without_mouse_no_mouse_mode_is_asked_for(home: Path) -> None:
    (home / "config").mkdir()
    (home / "config" / "settings.toml").write_text("mouse = false\n")
    with terminal(home) as shown:
        shown.until("Centre dentaire")
        assert b"\x1b[?1000h" not in shown.received


def test_the_mouse_can_be_left_to_the_terminal_for_once(home: Path) -> None:
    with terminal(home, "-m", "ameli_tui", "--no-mouse") as shown:
        shown.until("Centre dentaire")
        assert b"\x1b[?1000h" not in shown.received


def test_without_colour_every_state_is_still_told(home: Path, fake: FakeAgent) -> None:
    fake.needs = [{"code": "x", "message": {"fr": "Il faut agir.", "en": ""}, "hint": {"fr": "", "en": ""}}]
    with terminal(home, NO_COLOR="1") as shown:
        shown.until("→ tiers")
        shown.until("! Il faut agir.")
        shown.until("▌20/11/2026")
        for match in _COLOUR.finditer(bytes(shown.received)):
            for kind, *rest in re.findall(rb"(?<![0-9])([34]8);2;(\d+);(\d+);(\d+)", match[1]):
                assert len(set(rest)) == 1, (kind, rest, "a grey has three equal parts")


def test_sixteen_colours_are_drawn_in_the_terminals_own(home: Path) -> None:
    with terminal(home, TERM="xterm", COLORTERM=None) as shown:
        shown.until("Centre dentaire")
        codes = {code for match in _COLOUR.finditer(bytes(shown.received)) for code in match[1].split(b";") if code}
        assert b"38" not in codes
        assert b"48" not in codes
        assert codes & {b"94", b"34", b"35", b"95", b"36", b"96"}


def test_a_terminal_that_cannot_draw_is_told_of_the_commands(home: Path) -> None:
    with terminal(home, TERM="dumb") as shown:
        assert shown.wait() == 2
        assert "ameli --help" in shown.text


def test_a_crash_shows_and_writes_no_value(home: Path, fake: FakeAgent) -> None:
    canary = "CANARI-2690549588157"
    fake.rows[0][3] = canary  # an amount that cannot be drawn, where our code trusts the agent
    program = (
        "import sys\nfrom ameli_tui.screens.home import rows\n"
        "def broken(row, width):\n    secret = row[3]\n    raise ValueError(secret)\n"
        "rows.payment_cells = broken\nimport ameli_tui.screens.home.home as home\nhome.payment_cells = broken\n"
        "from ameli_tui.app.start import run\nsys.exit(run())\n"
    )
    with terminal(home, "-c", program) as shown:
        assert shown.wait() != 0
        assert canary not in shown.text
        assert canary.encode() not in shown.received
        assert "ValueError" in shown.text
    reports = list((home / "state" / "logs").glob("crash-*.txt"))
    assert len(reports) == 1
    assert reports[0].stat().st_mode & 0o777 == 0o600
    report = reports[0].read_text()
    assert canary not in report
    assert "ValueError" in report
    assert "broken" in report


def test_hostile_bytes_never_reach_the_terminal(home: Path, fake: FakeAgent) -> None:
    for row in fake.rows:
        row[5] = "x\x1b]52;c;aGFjaw==\x07y\x9b2J\u202e"
    with terminal(home) as shown:
        shown.until("→ tiers")
        shown.send(b"2\r")
        shown.until("Paiement")
        shown.read(0.3)
        assert b"]52;" not in shown.received.replace("\ufffd]52;".encode(), b"")
        assert "\u202e".encode() not in shown.received
        assert "\x9b".encode() not in shown.received


_WATCH = """
import json, sys
from ameli_tui.app import start
from textual.app import App
def ready(self, *args):
    print("\\nMODULES" + json.dumps(sorted(sys.modules)) + "END", flush=True)
    self.exit()
from ameli_tui.app.app import AmeliApp
AmeliApp.begin = ready
sys.exit(start.run())
"""
_NOT_BEFORE_THE_FIRST_FRAME = (
    "msgspec", "httpx", "httpcore", "h11", "apscheduler", "tinydb", "cryptography", "pypdfium2", "fpdf", "orjson",
    "yaml", "selectolax", "starlette", "uvicorn", "tomllib", "tomli_w", "babel", "gettext", "argparse", "click",
    "urllib.request", "subprocess", "email", "http.client", "agent.account", "agent.vault", "agent.portal",
    "agent.store", "agent.sync", "agent.client.control",
    "config.settings", "ameli_tui.cli", "ameli_tui.app.palette", "ameli_tui.files.external",
    "ameli_tui.screens.payments.payments", "ameli_tui.screens.documents.documents",
    "ameli_tui.screens.messages.messages",
    "ameli_tui.screens.agent.agent", "ameli_tui.screens.agent.setup",
    "ameli_tui.screens.agent.unlock", "ameli_tui.screens.help.keys_help",
    "textual.widgets._data_table", "textual.widgets._input",
    "textual.widgets._footer", "textual.widgets._header", "textual.widgets._text_area", "textual.command",
)


def test_the_first_frame_loads_nothing_it_does_not_show(home: Path) -> None:
    count = "import json, sys, textual.app, textual.drivers.linux_driver\nprint(json.dumps(sorted(sys.modules)))"
    bare = subprocess.run(
        [sys.executable, "-c", count],
        capture_output=True, text=True, check=True, cwd=ROOT)
    given = set(json.loads(bare.stdout))
    program = _WATCH.replace("print(", "open(sys.argv[1], 'w').write(").replace(", flush=True", "")
    listed = home / "modules"
    with terminal(home, "-c", program, str(listed)) as shown:
        shown.wait()
    text = listed.read_text()
    loaded = set(json.loads(text[text.index("MODULES") + 7 : text.index("END")])) - given
    unwanted = {name for name in loaded for root in _NOT_BEFORE_THE_FIRST_FRAME
                if name == root or name.startswith(root + ".")}
    assert not unwanted
    ours = {name for name in loaded if name.split(".")[0] in ("ameli_tui", "agent", "config")}
    assert len(loaded - ours) < 40, sorted(loaded - ours)
