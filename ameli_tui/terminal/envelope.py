"""Sequences for the terminal the person sits at, from inside tmux or screen."""

from collections.abc import Mapping

_SCREEN_CHUNK = 76


def passed_on(sequence: str, environ: Mapping[str, str]) -> str:
    """``sequence`` in the envelope in which a multiplexer hands it on; as it is where there is none."""
    if environ.get("TMUX"):
        return f"\x1bPtmux;{sequence.replace(chr(27), chr(27) * 2)}\x1b\\"
    if environ.get("TERM", "").startswith("screen"):
        pieces = (sequence[at : at + _SCREEN_CHUNK] for at in range(0, len(sequence), _SCREEN_CHUNK))
        return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)
    return sequence
