"""A list of any length, drawn line by line: ``DataTable`` takes 11 s for 100,000 rows, this asks for those in sight."""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import var
from textual.scroll_view import ScrollView
from textual.strip import Strip

from ameli_tui.i18n import _
from ameli_tui.keys import bindings
from ameli_tui.terminal.safe_text import fit, one_line
from ameli_tui.widgets.extent import set_extent

if TYPE_CHECKING:
    from textual import events

Cell = tuple[str, str]
"""A text, already cut to its width, and the tone it is drawn in: ``""``, ``muted``, ``strong``, ``good``, ``warn``."""
Draw = Callable[[int, int], "list[Cell] | None"]
"""From the number of a row and the width to its cells; ``None`` while the row is not known yet."""

_TONES = ("muted", "strong", "good", "warn", "cursor", "cursor-blurred")


class Lines(ScrollView, can_focus=True, inherit_bindings=False):
    """Rows with a cursor. The owner gives the number of rows and draws each from its number."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("list")]
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"lines--{tone}" for tone in _TONES}
    cursor: var[int] = var(0)
    """The row the person is on."""

    class Moved(Message):
        """The cursor is on another row."""

        def __init__(self, lines: "Lines", row: int) -> None:
            super().__init__()
            self.lines = lines
            self.row = row

        @property
        def control(self) -> "Lines":
            """The list it is about."""
            return self.lines

    class Opened(Moved):
        """The person wants to see this row."""

    class Wanted(Message):
        """Rows came into sight that are not known yet: ``first`` up to, not including, ``end``."""

        def __init__(self, lines: "Lines", first: int, end: int) -> None:
            super().__init__()
            self.lines = lines
            self.first = first
            self.end = end

    def __init__(self, draw: Draw, *, id: str | None = None, empty: str = "", acts: bool = False) -> None:
        """``draw`` gives the cells of a row; ``empty`` is said when there is no row.

        ``acts``: its rows do something rather than open something, so that no letter may stand for Enter.
        """
        super().__init__(id=id)
        self._acts = acts
        self._draw = draw
        self._empty = empty
        self._count = 0
        self._asked: tuple[int, int] | None = None

    @property
    def count(self) -> int:
        """How many rows there are."""
        return self._count

    def show_rows(self, count: int, *, keep: bool = False, empty: str | None = None) -> None:
        """Draw anew with this many rows; ``keep`` leaves cursor and place where they are."""
        self._count = count
        self._asked = None
        if empty is not None:
            self._empty = empty
        set_extent(self, Size(0, count))
        if keep:
            self.set_reactive(Lines.cursor, min(self.cursor, max(0, count - 1)))
        else:
            self.set_reactive(Lines.cursor, 0)
            self.scroll_to(y=0, animate=False, immediate=True)
        self.refresh()

    def redraw(self) -> None:
        """Rows that were asked for have come."""
        self._asked = None
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """One line of the list as it is in sight."""
        width = self.scrollable_content_region.width
        row = y + self.scroll_offset.y
        base = self.rich_style
        if row >= self._count:
            if row == 0 and self._empty:
                muted = base + self.get_component_rich_style("lines--muted", partial=True)
                return Strip([Segment(fit(" " + self._empty, width), muted)], width)
            return Strip.blank(width, base)
        cells = self._draw(row, width - 1)
        if cells is None:
            self._want(row)
            cells = [("…", "muted")]
        here = row == self.cursor
        if here:
            tone = "lines--cursor" if self.has_focus else "lines--cursor-blurred"
            base += self.get_component_rich_style(tone, partial=True)
        # The bar tells the row apart where there is no colour.
        segments = [Segment(("▌" if self.has_focus else "▏") if here else " ", base)]
        for text, tone in cells:
            style = base + self.get_component_rich_style(f"lines--{tone}", partial=True) if tone and not here else base
            segments.append(Segment(text, style))
        return Strip(segments).adjust_cell_length(width, base)

    def _want(self, row: int) -> None:
        if self._asked and self._asked[0] <= row < self._asked[1]:
            return
        page = max(20, self.size.height)
        first = max(0, row - page)
        self._asked = (first, min(self._count, row + 2 * page))
        self.post_message(self.Wanted(self, *self._asked))

    # -- moving ------------------------------------------------------------------------------------------------------

    def watch_cursor(self, _old: int, new: int) -> None:
        """Keep the cursor in sight and say where it is."""
        self.scroll_to_region(Region(0, new, 1, 1), animate=False, immediate=True, x_axis=False)
        self.refresh()
        self.post_message(self.Moved(self, new))

    def move_to(self, row: int) -> None:
        """Put the cursor on a row, or on the nearest there is."""
        self.cursor = max(0, min(row, self._count - 1))

    def action_down(self) -> None:
        """One row down."""
        self.move_to(self.cursor + 1)

    def action_up(self) -> None:
        """One row up."""
        self.move_to(self.cursor - 1)

    def action_page_down(self) -> None:
        """A page down."""
        self.move_to(self.cursor + max(1, self.size.height - 1))

    def action_page_up(self) -> None:
        """A page up."""
        self.move_to(self.cursor - max(1, self.size.height - 1))

    def action_first(self) -> None:
        """To the first row."""
        self.move_to(0)

    def action_last(self) -> None:
        """To the last row."""
        self.move_to(self._count - 1)

    def action_open(self) -> None:
        """Open the row under the cursor."""
        if self._count:
            self.post_message(self.Opened(self, self.cursor))

    def on_key(self, event: "events.Key") -> None:
        """A move of the cursor to the right opens, but it does nothing that was not asked for by Enter."""
        if self._acts and event.key in ("l", "right"):
            event.stop()
            event.prevent_default()

    def on_click(self, event: "events.Click") -> None:
        """A click moves there; on the row under the cursor it opens."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        row = offset.y + self.scroll_offset.y
        if 0 <= row < self._count:
            if row == self.cursor and self.has_focus and event.chain == 2:
                self.action_open()
            else:
                self.move_to(row)

    def row_text(self) -> str:
        """The row under the cursor as plain text, for the clipboard."""
        return self.text_of(self.cursor)

    def text_of(self, row: int) -> str:
        """A row as plain text; nothing while it is not known."""
        cells = self._draw(row, 200) if row < self._count else None
        return one_line("".join(text for text, _tone in cells or ()))


def loading() -> str:
    """What an unfilled panel says."""
    return _("Loading…")
