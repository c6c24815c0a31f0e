"""A text of several lines to write."""

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual import events
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import TextArea

from ameli_tui.i18n import _
from ameli_tui.screens.base.page import Page
from ameli_tui.terminal.safe_text import clean, content, fit, one_line
from ameli_tui.widgets.pasted_text import in_lines
from ameli_tui.widgets.scroll_panel import Pane
from ameli_tui.widgets.virtual_list import Cell, Lines


class Writing(TextArea):
    """Textual's own editor, loaded only where a text is written; what is pasted is cleaned."""

    def __init__(self, text: str, *, id: str) -> None:
        super().__init__(clean(text), id=id, soft_wrap=True, tab_behavior="focus", show_line_numbers=False)

    def on_paste(self, event: events.Paste) -> None:
        """Lines stay lines, however they ended where they were copied. Textual's own handler comes after this."""
        event.text = in_lines(event.text)

    def written(self) -> str:
        """The text, without the empty lines around it."""
        return in_lines(self.text).strip()


class LongTextScreen(Page[str]):
    """The result is the text, or None. Tab leads from the text to what to do with it."""

    KEYS_OF: ClassVar[tuple[str, ...]] = ("list",)
    ONGOING = False

    def __init__(self, title: str, about: str, text: str, keep: Callable[[str], object]) -> None:
        """``about`` stands above the text. ``keep`` takes it when the program is left in the middle of it."""
        super().__init__()
        self._before = text
        self._keep = keep
        self.about = Pane(one_line(title), id="long-about", focus=False)
        self._about = about
        self.writing = Writing(text, id="long-text")
        self._choices = (_("Done"), _("Leave it as it was"))
        self.choices = Lines(self._draw, id="long-do", acts=True)

    def body(self) -> Iterable[Widget]:
        """What is asked, the text, and what to do with it."""
        with Vertical(id="long"):
            yield self.about
            yield self.writing
            yield self.choices

    def load(self) -> None:
        """Begin to write."""
        out = (_("Tab leads out of the text."), "$text-muted")
        self.about.show(content(self._about, "\n" if self._about else "", out))
        self.choices.styles.height = len(self._choices) + 2
        self.choices.show_rows(len(self._choices))
        self.set_focus(self.writing)

    def _draw(self, at: int, width: int) -> list[Cell]:
        return [(fit(self._choices[at], width), "")]

    def stepped_back(self, *, out: bool) -> bool:
        """Out of the text first, so that nothing written is lost by one key."""
        if self.focused is self.writing:
            self.set_focus(self.choices)
            return True
        self.dismiss(None)
        return True

    def holds_unkept(self) -> bool:
        """What was written so far."""
        return self.writing.written() != self._before

    def before_locking(self) -> None:
        """Hand it to the form below, which keeps it."""
        self.leave()

    def leave(self) -> None:
        """Keep what was written so far."""
        if self.holds_unkept():
            self._keep(self.writing.written())

    def on_lines_opened(self, message: Lines.Opened) -> None:
        """Take the text, or not."""
        self.dismiss(self.writing.written() if message.row == 0 else None)
