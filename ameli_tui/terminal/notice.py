"""How open screens tell that something is new: the terminal's bell, or a notification of the terminal's own."""

from collections.abc import Mapping

from ameli_tui.terminal.envelope import passed_on
from ameli_tui.terminal.safe_text import one_line

BELL = "\a"
_LONGEST = 200
_END = "\x07"


def notice(way: str, title: str, text: str, environ: Mapping[str, str]) -> str:
    """What is written to the terminal; empty for ``off``. ``way`` as ``notify.terminal`` has it.

    A terminal that may print what it does not know gets the bell. tmux passes a notification on only where it is told
    to (``allow-passthrough``), and the bell always: it gets both.
    """
    if way == "off":
        return ""
    term = environ.get("TERM", "")
    if way == "bell" or term in ("", "dumb", "linux") or term.startswith("vt"):
        return BELL
    title, text = _plain(title), _plain(text)
    sequence = {
        "osc9": f"\x1b]9;{title}: {text}{_END}",
        "osc777": f"\x1b]777;notify;{title};{text}{_END}",
        "osc99": f"\x1b]99;i=ameli:d=0;{title}{_END}\x1b]99;i=ameli:p=body;{text}{_END}",
    }.get(way, BELL)
    envelope = passed_on(sequence, environ)
    return envelope if envelope == sequence or sequence == BELL else envelope + BELL


def _plain(text: str) -> str:
    return one_line(text, _LONGEST).replace(";", ",")
