"""Sums by month as columns of blocks."""

from collections.abc import Sequence

from textual.content import Content
from textual.widget import Widget

from ameli_tui.i18n import _, money, month
from ameli_tui.terminal.safe_text import Part, content

_BLOCKS = " ▁▂▃▄▅▆▇█"


def columns(values: Sequence[float], height: int) -> list[str]:
    """Draw values as columns one cell wide, top line first; a value above zero shows at least one eighth."""
    top = max(values, default=0.0)
    steps = [0 if value <= 0 or top <= 0 else max(1, round(value / top * height * 8)) for value in values]
    levels = reversed(range(height))
    return ["".join(_BLOCKS[max(0, min(8, step - 8 * level))] for step in steps) for level in levels]


class Chart(Widget):
    """The months of a selection, oldest at the left. For the eye: the list beside it is exact."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.border_title = content(_("By month"))
        self._months: list[tuple[str, str]] = []

    def show(self, months: Sequence[Sequence[object]]) -> None:
        """``[["2026-10", "123.40", 3], …]``, newest first."""
        self._months = [(str(one[0]), str(one[1])) for one in months]
        self.refresh()

    def render(self) -> Content:
        """As many months as there is room for, the first, the last and the highest named."""
        width, height = self.content_size.width, self.content_size.height
        if not self._months or width < 12 or height < 2:
            return content((_("Nothing to draw."), "$text-muted"))
        filled = _without_gaps(self._months)
        step = max(2, min(7, width // len(filled)))
        shown = filled[-(width // step):]
        values = [float(amount) for _name, amount in shown]
        parts: list[Part] = []
        for line in columns(values, height - 1):
            parts += [("".join(sign * (step - 1) + " " for sign in line).rstrip(), "$primary"), "\n"]
        best = max(shown, key=lambda month: float(month[1]))
        first, last = month(shown[0][0], short=True), month(shown[-1][0], short=True)
        middle = _("most: {amount} in {month}").format(amount=money(best[1]), month=month(best[0], short=True))
        span = len(shown) * step - 1
        if span < len(first) + len(last) + len(middle) + 4:
            both = f"{first} – {last}"
            named = f"{both} · {middle}"
            parts.append((named if len(named) <= width else both, "$text-muted"))
        else:
            gap = span - len(first) - len(last) - len(middle)
            parts.append((first + " " * (gap // 2) + middle + " " * (gap - gap // 2) + last, "$text-muted"))
        return content(*parts)


def _without_gaps(months: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Oldest first, with the months in which nothing was paid."""
    by_month = dict(months)
    at, end = min(by_month), max(by_month)
    out = []
    while at <= end:
        out.append((at, by_month.get(at, "0.00")))
        year, number = int(at[:4]), int(at[5:7])
        at = f"{year + number // 12:04d}-{number % 12 + 1:02d}"
    return out
