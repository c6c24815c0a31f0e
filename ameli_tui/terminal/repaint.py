"""Nothing is sent to the terminal twice: of each repaint only the pieces that changed leave.

Textual repaints everything whenever a layout might have changed: three times at a start, six times for a new screen,
100 kB over SSH where 15 do.
"""

from collections.abc import Iterator

from rich.console import Console
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.geometry import Size
from textual.strip import Strip

Piece = tuple[int, int, Strip]
"""Line, column, and what stands there."""


class Repaint:
    """What the terminal shows, piece by piece, as far as it is known."""

    def __init__(self) -> None:
        self._lines: dict[int, dict[int, Strip]] = {}
        self._size = Size()

    def forget(self) -> None:
        """Another program wrote on the terminal, or it lost what it showed."""
        self._lines.clear()

    def thinned(self, update: object, size: Size) -> object:
        """The update without the pieces that are there already, None if all are. It must then be sent."""
        if size != self._size:
            self.forget()
            self._size = size
        if isinstance(update, LayoutUpdate):
            pieces = _of_layout(update)
        elif isinstance(update, ChopsUpdate):
            pieces = _of_chops(update)
        else:
            self.forget()
            return update
        changed = [piece for piece in pieces if self._is_new(*piece)]
        return Pieces(changed) if changed else None

    def _is_new(self, y: int, x: int, strip: Strip) -> bool:
        line = self._lines.setdefault(y, {})
        if line.get(x) == strip:
            return False
        end = x + strip.cell_length
        for other, before in list(line.items()):
            if other < end and other + before.cell_length > x:
                del line[other]
        line[x] = strip
        return True


class Pieces(CompositorUpdate):
    """Pieces of the screen, to be sent as they are."""

    def __init__(self, pieces: list[Piece]) -> None:
        self._pieces = pieces

    def render_segments(self, console: Console) -> str:
        """Go there, draw; pieces that follow each other need no going."""
        out: list[str] = []
        at = (-1, -1)
        for y, x, strip in self._pieces:
            if (y, x) != at:
                out.append(f"\x1b[{y + 1};{x + 1}H")
            out.append(strip.render(console))
            at = (y, x + strip.cell_length)
        return "".join(out)


def _of_layout(update: LayoutUpdate) -> Iterator[Piece]:
    for y, line in enumerate(update.strips, update.region.y):
        x = update.region.x
        for strip in line:
            yield y, x, strip
            x += strip.cell_length


def _of_chops(update: ChopsUpdate) -> Iterator[Piece]:
    for y, first, last in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is None or x >= last or end <= first:
                continue
            # Beyond the span stands what lies below the widgets that are drawn: it must not be sent.
            if x < first or x + strip.cell_length > last:
                start = max(x, first)
                strip = strip.crop(start - x, last - x)
                x = start
            yield y, x, strip
