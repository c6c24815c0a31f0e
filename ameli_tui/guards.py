"""What Textual 8.2.8 leaves open, closed: texts that act on the terminal, mouse bytes that end the program, tracebacks
that print what a variable held."""

import codecs
import os
import sys
import time
import traceback
from functools import partial
from pathlib import Path
from typing import Any

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from ameli_tui.widgets.safe import defused, is_harmful


class NoControls(LineFilter):
    """The last line: nothing drawn carries a control or direction-changing sign, whichever widget drew it."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments with harmful signs replaced; nearly always the very same list."""
        if not any(is_harmful(segment.text) for segment in segments if not segment.control):
            return segments
        return [
            segment if segment.control else Segment(defused(segment.text), segment.style) for segment in segments
        ]


def survive_x10_mouse() -> None:
    """Let the input decoder replace what is no UTF-8.

    A terminal rebuilt under the program (tmux attach, SSH reconnect) falls back to X10 mouse reports, whose bytes are
    not UTF-8: the strict decoder would end the program at the next mouse move (Textualize/textual#6668).
    """
    from textual.drivers import linux_driver

    def forgiving(encoding: str) -> Any:
        return partial(codecs.getincrementaldecoder(encoding), errors="replace")

    vars(linux_driver)["getincrementaldecoder"] = forgiving


def crash_report(error: BaseException) -> str:
    """What happened and where, without values: no message, no locals, since both can hold names and numbers."""
    from agent import VERSION

    lines = [f"ameli-tui {VERSION}, Python {sys.version.split()[0]}, {sys.platform}"]
    seen: BaseException | None = error
    while seen is not None:
        lines.append(f"{type(seen).__module__}.{type(seen).__qualname__}")
        for frame in traceback.extract_tb(seen.__traceback__, limit=-40):
            place = Path(frame.filename)
            lines.append(f"  {place.parent.name}/{place.name}:{frame.lineno} {frame.name}")
        seen = seen.__cause__ or seen.__context__
    return "\n".join(lines) + "\n"


def write_crash_report(folder: Path, error: BaseException) -> Path | None:
    """Write the report for its owner alone and return its path; None when the folder takes no file."""
    path = folder / f"crash-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.txt"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except OSError:
        return None
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(crash_report(error))
    return path
