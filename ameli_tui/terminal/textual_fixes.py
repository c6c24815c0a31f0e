"""What Textual 8.2 leaves open, closed: texts that act on the terminal, mouse bytes that end the program."""

import codecs
from collections.abc import Callable
from functools import partial

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from ameli_tui.terminal.safe_text import defused, is_harmful


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

    def forgiving(encoding: str) -> Callable[[], codecs.IncrementalDecoder]:
        return partial(codecs.getincrementaldecoder(encoding), errors="replace")

    vars(linux_driver)["getincrementaldecoder"] = forgiving
