"""How open screens tell that something is new: one whole sequence, or the bell, and nothing where nobody asked."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from ameli_tui.terminal.notice import notice
from tests.ameli_tui.fake_agent import FakeAgent
from tests.ameli_tui.terminal import terminal

XTERM = {"TERM": "xterm-256color"}
TOLD = {
    "bell": b"\x07", "off": b"",
    "osc9": b"\x1b]9;ameli: Il y a du nouveau.\x07",
    "osc777": b"\x1b]777;notify;ameli;Il y a du nouveau.\x07",
    "osc99": b"\x1b]99;i=ameli:d=0;ameli\x07\x1b]99;i=ameli:p=body;Il y a du nouveau.\x07",
}


@pytest.mark.parametrize("way", ["osc9", "osc777", "osc99"])
@pytest.mark.parametrize("evil", ["a\x1b]52;c;x\x07b", "a\x9c\x9db;c", "a\nb\x00", "4;1;50", "x" * 9000])
def test_no_text_ends_a_sequence_or_begins_another(way: str, evil: str) -> None:
    told = notice(way, evil, evil, XTERM)
    inside = re.fullmatch(r"(?:\x1b\](?:9|777|99);[^\x00-\x1f\x7f-\x9f]*\x07)+", told)
    assert inside, repr(told)
    assert len(told) < 1000
    assert told.count(";") == {"osc9": 1, "osc777": 3, "osc99": 4}[way]


@pytest.mark.parametrize("term", ["", "dumb", "linux", "vt100"])
def test_a_terminal_that_may_print_what_it_does_not_know_gets_the_bell(term: str) -> None:
    for way in ("osc9", "osc777", "osc99", "bell", "something else"):
        assert notice(way, "ameli", "x", {"TERM": term}) == "\a"
        assert notice("off", "ameli", "x", {"TERM": term}) == ""


def test_a_multiplexer_gets_an_envelope_and_the_bell() -> None:
    inside = notice("osc777", "ameli", "x", {"TERM": "tmux-256color", "TMUX": "/tmp/tmux"})
    assert inside == "\x1bPtmux;\x1b\x1b]777;notify;ameli;x\x07\x1b\\\a"
    inside = notice("osc9", "ameli", "x", {"TERM": "screen"})
    assert inside == "\x1bP\x1b]9;ameli: x\x07\x1b\\\a"
    assert notice("bell", "ameli", "x", {"TERM": "screen", "TMUX": "/tmp/tmux"}) == "\a"


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


def _settings(home: Path, text: str) -> None:
    (home / "config").mkdir(exist_ok=True)
    (home / "config" / "settings.toml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("way", TOLD)
def test_open_screens_tell_as_the_settings_say_once_a_sync(way: str, home: Path, fake: FakeAgent) -> None:
    _settings(home, f'[notify]\nterminal = "{way}"\n')
    with terminal(home, TMUX=None) as shown:
        shown.until("Centre dentaire")
        shown.rest()
        before, bells = shown.received.count(TOLD[way]), shown.received.count(b"\x07")
        fake.say("sync_started", trigger="schedule", full=False)
        fake.say("payment_new", count=1)
        fake.say("message_new", count=1)
        fake.say("sync_done", failed=False, new={"payments": 1}, changed=0, problems=0)
        shown.rest()
        for other in (b"\x1b]9;", b"\x1b]777;", b"\x1b]99;"):
            assert (other in shown.received) is TOLD[way].startswith(other)
        if way == "off":
            assert shown.received.count(b"\x07") == bells
        else:
            assert shown.received.count(TOLD[way]) == before + 1


def test_a_test_is_told_at_any_hour_and_news_are_not_in_quiet_ones(home: Path, fake: FakeAgent) -> None:
    hour = datetime.now().hour
    for begin, end, told in ((hour, hour + 2, 0), (hour + 3, hour + 4, 1)):  # the next hour may begin meanwhile
        _settings(home, f'[notify]\nterminal = "osc9"\nquiet_from = {begin % 24}\nquiet_until = {end % 24}\n')
        with terminal(home, TMUX=None) as shown:
            shown.until("Centre dentaire")
            shown.rest()
            fake.say("sync_started", trigger="schedule", full=False)
            fake.say("payment_new", count=1)
            shown.rest()
            assert shown.received.count(TOLD["osc9"]) == told
            fake.say("notice_test")
            shown.rest()
            assert shown.received.count(TOLD["osc9"]) == told + 1


def test_screens_without_a_bell_tell_nothing(home: Path, fake: FakeAgent) -> None:
    _settings(home, 'bell = false\n[notify]\nterminal = "osc9"\n')
    with terminal(home, TMUX=None) as shown:
        shown.until("Centre dentaire")
        shown.rest()
        bells = shown.received.count(b"\x07")
        fake.say("sync_started", trigger="schedule", full=False)
        fake.say("payment_new", count=1)
        fake.say("notice_test")
        shown.rest()
        assert shown.received.count(b"\x07") == bells
