"""The words that stand on a screen, for the glossary."""

from collections.abc import Iterator

from textual.screen import Screen
from textual.widget import Widget

from ameli_tui.widgets.scroll_panel import Pane
from ameli_tui.widgets.text_input import Field
from ameli_tui.widgets.virtual_list import Lines

_MOST = 4_000
"""Signs handed on: they travel in the address of a request, which the agent bounds."""


def words_in_sight(screen: Screen[object]) -> str:
    """Titles, rows in sight and texts of a screen, without what a person typed."""
    parts = [part for widget in screen.query(Widget) if widget.display for part in _words(widget)]
    return "\n".join(dict.fromkeys(part.strip() for part in parts if part.strip()))[:_MOST]


def words_at_hand(screen: Screen[object]) -> str:
    """What is under the cursor: the row, or the line to type in."""
    focused = screen.focused
    if isinstance(focused, Lines):
        return focused.text_of(focused.cursor)
    return f"{focused.label}\n{focused.hint}" if isinstance(focused, Field) else ""


def _words(widget: Widget) -> Iterator[str]:
    if widget.border_title:
        yield str(widget.border_title)
    if isinstance(widget, Lines):
        first = widget.scroll_offset.y
        for row in range(first, min(widget.count, first + max(1, widget.size.height))):
            yield widget.text_of(row)
    elif isinstance(widget, Pane):
        yield widget.plain()
    elif isinstance(widget, Field):
        yield widget.label
