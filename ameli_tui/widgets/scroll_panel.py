"""A titled panel with a text that scrolls when it is too long."""

from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from ameli_tui.keys import bindings
from ameli_tui.terminal.safe_text import content
from ameli_tui.widgets.extent import set_extent

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events


_NO_BREAK, _STANDS_IN = "\xa0", "\ue000"
"""The space that holds words together, and a sign as wide which nobody writes."""


class Pane(ScrollView, can_focus=True, inherit_bindings=False):
    """One text, wrapped to the width, drawn by line. ``show`` takes it ready, or a function of the width."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("text")]

    def __init__(self, title: str = "", *, id: str | None = None, focus: bool = True) -> None:
        """``focus``: whether Tab stops here."""
        super().__init__(id=id)
        self.can_focus = focus
        self.title_text = title
        self.border_title = content(title)
        self._make: Callable[[int], Content] = lambda _width: Content()
        self._strips: list[Strip] = []
        self._drawn: tuple[int, object] | None = None

    def show(self, text: "Content | Callable[[int], Content]") -> None:
        """Show this text from its top. A function is asked again whenever the width changes."""
        self._make = text if callable(text) else lambda _width: text
        self._drawn = None
        self.scroll_to(y=0, animate=False, immediate=True)
        self._lay_out()
        self.refresh()

    def retitle(self, title: str) -> None:
        """Change the title in the border."""
        self.title_text = title
        self.border_title = content(title)

    def plain(self) -> str:
        """The text as it was shown, without its colours."""
        return self._make(max(20, self.size.width)).plain

    def notify_style_update(self) -> None:
        """Colours changed: draw anew."""
        super().notify_style_update()
        self._drawn = None

    def _lay_out(self) -> None:
        width = self.scrollable_content_region.width
        wanted = (width, self.visual_style)
        if width < 1 or self._drawn == wanted:
            return
        self._drawn = wanted
        self._strips = self._wrapped(self._make(width), width)
        set_extent(self, Size(width, len(self._strips)))

    def _wrapped(self, text: Content, width: int) -> list[Strip]:
        """The text in lines; Textual would break them at spaces that do not break, as before a French colon."""
        if not text.plain:
            return []
        if _NO_BREAK not in text.plain:
            return Visual.to_strips(self, text, width, None, self.visual_style)
        held = Content(text.plain.replace(_NO_BREAK, _STANDS_IN), spans=list(text.spans))
        return [
            Strip([Segment(part.text.replace(_STANDS_IN, _NO_BREAK), part.style, part.control) for part in strip],
                  strip.cell_length)
            for strip in Visual.to_strips(self, held, width, None, self.visual_style)
        ]

    def on_resize(self, _event: "events.Resize") -> None:
        """Another width is another wrapping; Textual repaints what was resized by itself."""
        self._lay_out()

    def render_line(self, y: int) -> Strip:
        """One line in sight."""
        self._lay_out()
        at = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        if at < len(self._strips):
            return self._strips[at].adjust_cell_length(width, self.rich_style)
        return Strip.blank(width, self.rich_style)

    def action_down(self) -> None:
        """One line down."""
        self.scroll_relative(y=1, animate=False)

    def action_up(self) -> None:
        """One line up."""
        self.scroll_relative(y=-1, animate=False)

    def action_page_down(self) -> None:
        """A page down."""
        self.scroll_relative(y=max(1, self.size.height - 1), animate=False)

    def action_page_up(self) -> None:
        """A page up."""
        self.scroll_relative(y=-max(1, self.size.height - 1), animate=False)

    def action_first(self) -> None:
        """To the first line."""
        self.scroll_to(y=0, animate=False)

    def action_last(self) -> None:
        """To the last line."""
        self.scroll_to(y=self.max_scroll_y, animate=False)
