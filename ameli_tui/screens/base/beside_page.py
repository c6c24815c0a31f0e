"""A list, and what the row under the cursor is about: beside it where there is room."""

from textual.containers import Horizontal

from ameli_tui.screens.base.page import Page
from ameli_tui.widgets.scroll_panel import Pane
from ameli_tui.widgets.virtual_list import Lines


class BesidePage(Page[None]):
    """The pane follows the cursor; ``-wide`` and ``-narrow`` say whether it stands beside the list."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012 - as Textual declares it
    lines: Lines
    """The list; a subclass makes it."""
    pane: Pane
    """What stands beside it; a subclass makes it."""

    def side_by_side(self) -> Horizontal:
        """List and pane."""
        return Horizontal(self.lines, self.pane, id=f"{self.lines.id}-body")

    def on_lines_moved(self, _message: Lines.Moved) -> None:
        """Another row is under the cursor."""
        self.show_current()

    def show_current(self) -> None:
        """Show what the row under the cursor is about."""
