"""How long a scrolling widget is, told to Textual without paying for a whole layout each time."""

from textual.geometry import Size
from textual.scroll_view import ScrollView

_SMALL = 10
"""Lines that surely fit: before the first layout a widget's height is not known."""


def set_extent(widget: ScrollView, size: Size) -> None:
    """Set ``virtual_size``. Textual lays out and repaints the whole screen for it; needless while nothing scrolls."""
    height = widget.size.height or _SMALL
    if size.height <= height and widget.virtual_size.height <= height:
        widget.set_reactive(ScrollView.virtual_size, size)
    else:
        widget.virtual_size = size
