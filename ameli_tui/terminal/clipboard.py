"""The clipboard of the terminal the person sits at, reached by OSC 52, over SSH and through multiplexers too."""

from base64 import b64encode
from collections.abc import Mapping

from ameli_tui.terminal.envelope import passed_on

_LONGEST = 74_994
"""Bytes of text; more than this, encoded, is more than common terminals take."""


def osc52(text: str, environ: Mapping[str, str]) -> str:
    """The sequence that asks the terminal to take ``text`` into its clipboard.

    tmux and screen pass it on only inside an envelope of their own.
    """
    data = text.encode()[:_LONGEST].decode(errors="ignore").encode()
    sequence = f"\x1b]52;c;{b64encode(data).decode()}\x07"
    return passed_on(sequence, environ) + (sequence if environ.get("TMUX") else "")


def deaf(environ: Mapping[str, str]) -> str | None:
    """The name of this terminal when it is known to take nothing into its clipboard; None when it may well do.

    No terminal answers OSC 52, so that silence says nothing: these are known not to follow it.
    """
    term = environ.get("TERM", "")
    if term in ("", "dumb", "linux") or term.startswith("vt"):
        return term or "?"
    if environ.get("TERM_PROGRAM") == "Apple_Terminal":
        return "Terminal.app"
    return "GNOME Terminal (VTE)" if environ.get("VTE_VERSION") and not environ.get("TMUX") else None
