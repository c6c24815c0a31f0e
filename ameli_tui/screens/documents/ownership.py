"""The question whose a file is that does not say so: three answers, and nothing is taken before one is given."""

from collections.abc import Iterable
from typing import ClassVar

from textual.widget import Widget

from ameli_tui.files.collect import NO, YES
from ameli_tui.i18n import _
from ameli_tui.screens.base.page import Page
from ameli_tui.terminal.safe_text import content, fit
from ameli_tui.widgets.scroll_panel import Pane
from ameli_tui.widgets.virtual_list import Cell, Lines


class WhoseScreen(Page[str]):
    """Enter answers; the result is ``YES``, ``NO``, or None when the person decides later."""

    KEYS_OF: ClassVar[tuple[str, ...]] = ("list",)
    ONGOING = False

    def __init__(self, name: str, question: str) -> None:
        """``name`` of the file and what the agent asks, both harmless already."""
        super().__init__()
        self._question = question
        self._answers = ((YES, _("Yes, it is of this account: take it in")), (NO, _("No, it is not: do not ask again")),
                         (None, _("Decide later")))
        self.text = Pane(name, id="whose-text", focus=False)
        self.lines = Lines(self._draw, id="whose-answers")

    def body(self) -> Iterable[Widget]:
        """The question and the answers."""
        yield self.text
        yield self.lines

    def load(self) -> None:
        """Ask; the cursor stands where nothing happens."""
        self.text.show(content(self._question))
        self.lines.border_title = content(_("Whose is it?"))
        self.lines.show_rows(len(self._answers))
        self.lines.move_to(len(self._answers) - 1)
        self.set_focus(self.lines)

    def _draw(self, row: int, width: int) -> list[Cell]:
        return [(fit(self._answers[row][1], width), "")]

    def on_lines_opened(self, message: Lines.Opened) -> None:
        """That is the answer."""
        self.dismiss(self._answers[message.row][0])
