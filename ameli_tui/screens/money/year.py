"""A year of care in sums and bars: by month, by person, by kind of care."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget

from agent.client import api
from ameli_tui.i18n import _, money, month, spoken
from ameli_tui.i18n.not_counted import left_out, with_key
from ameli_tui.keys import bindings
from ameli_tui.screens.base.page import Page
from ameli_tui.terminal.safe_text import Part, content, fit, one_line, wrapped
from ameli_tui.widgets.scroll_panel import Pane
from ameli_tui.widgets.virtual_list import loading

if TYPE_CHECKING:
    from agent.protocol.money import Year


class YearScreen(Page[None]):
    """Spent, refunded and left; p and P go through the years."""

    KEYS_OF: ClassVar[tuple[str, ...]] = ("year", "text")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("year")]

    def __init__(self, year: int | None = None) -> None:
        """``year``: the one to begin with; this one by default."""
        super().__init__()
        self._year = year
        self._years: list[int] = []
        self.pane = Pane(_("The year"), id="year")

    def body(self) -> Iterable[Widget]:
        """One text."""
        yield self.pane

    def on_mount(self) -> None:
        """Wait for the sums."""
        self.pane.show(content((loading(), "$text-muted")))
        self.set_focus(self.pane)

    def load(self) -> None:
        """Ask for the year."""
        year = self._year
        self.ask(api.year(year), self.got_year, latest="year")

    def got_year(self, year: Year) -> None:
        """Show the sums."""
        self._year = year["year"]
        self._years = sorted({*year["years"], year["year"]}, reverse=True)
        self.pane.retitle(_("The year {year}").format(year=year["year"]))
        self.pane.show(lambda width: year_content(year, width))

    def action_year(self, step: int) -> None:
        """Another year."""
        if self._years and self._year is not None:
            self._year = self._years[(self._years.index(self._year) + step) % len(self._years)]
            self.load()

    def action_report(self) -> None:
        """Save the report of the year shown."""
        self.ameli.open_export("report", self._year)


def year_content(year: Year, width: int) -> Content:
    """The year in sums for a panel ``width`` cells wide."""
    parts: list[Part] = []
    if nothing := left_out(year, "payments", whole=True):
        return content(*(part for line in wrapped(one_line(with_key(nothing[0])), width) for part in (line, "\n")))
    facts = [(_("Spent"), year["spent"]), (_("Refunded by the fund"), year["reimbursed"]),
             (_("Left before the top-up"), year["left"]), (_("Withheld from payments"), year["withheld"])]
    if (expected := year["top_up_expected"]) is not None:
        facts.append((_("Expected from the top-up"), expected))
    names = max(len(name) for name, _amount in facts) + 2
    for name, amount in facts:
        parts += [(fit(name, names), "$text-muted"), (fit(money(amount), 12, right=True), "bold"), "\n"]
    for gap in left_out(year, "payments", "top_up"):
        parts += [part for line in wrapped(one_line(with_key(gap)), width) for part in ((line, "$text-muted"), "\n")]
    parts += ["\n", ("█ ", "$primary"), _("refunded"), ("  ▒ ", "$warning"), _("left"), "\n"]
    groups = (
        (_("By month"), [(month(name, short=True), spent, back) for name, spent, back, *_more in year["months"]]),
        (_("By person"), [(one_line(one["name"]), one["spent"], one["reimbursed"]) for one in year["by_person"]]),
        (_("By kind of care"),
         [(one_line(spoken(one["label_fr"], one["label_en"])), one["spent"], one["reimbursed"])
          for one in year["by_kind"]]),
    )
    for title, rows in groups:
        if rows:
            parts += ["\n", (title, "bold $primary"), "\n", *_bars(rows, width)]
    return content(*parts)


def _bars(rows: list[tuple[str, str, str]], width: int) -> list[Part]:
    top = max(Decimal(spent) for _name, spent, _back in rows) or Decimal(1)
    names = min(max(len(name) for name, *_rest in rows), max(8, width // 4))
    room = max(5, width - names - 30)
    parts: list[Part] = []
    for name, spent, back in rows:
        whole = int(Decimal(spent) / top * room)
        paid = min(whole, int(Decimal(back) / top * room))
        said = f"{money(back)} / {money(spent)}"
        parts += [fit(name, names) + " ", ("█" * paid, "$primary"), ("▒" * (whole - paid), "$warning"),
                  " " * (room - whole), " " + said, "\n"]
    return parts
