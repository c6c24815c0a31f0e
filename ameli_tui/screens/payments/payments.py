"""All payments: a list that narrows as you type, sums, a chart by month, and the payment under the cursor beside it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from agent.client import api
from agent.protocol.payments import PaymentRow
from ameli_tui.i18n import _, money, ngettext, number
from ameli_tui.i18n.not_counted import empty_list
from ameli_tui.keys import bindings
from ameli_tui.screens.base.beside_page import BesidePage
from ameli_tui.screens.base.document_actions import FilePage
from ameli_tui.screens.base.filter_page import FilterPage
from ameli_tui.screens.home.rows import payment_cells
from ameli_tui.screens.payments.filters import Filters
from ameli_tui.screens.payments.payment_text import payment_content
from ameli_tui.terminal.safe_text import content
from ameli_tui.widgets.chart import Chart
from ameli_tui.widgets.scroll_panel import Pane
from ameli_tui.widgets.virtual_list import Cell, Lines, loading
from config.clock import today

if TYPE_CHECKING:
    from agent.protocol.payments import Explanation, Facets, Month, PaymentWindow, PaymentWithOrigins, RawRow

_WINDOW = 120
"""Rows asked for at once."""
PAUSE_S = 0.12
"""Detail and chart wait for the fingers to rest; the list does not."""


class PaymentsPage(FilterPage, FilePage, BesidePage):
    """The list is a window on the agent's: rows come as they come into sight."""

    NAME = "payments"
    KEYS_OF: ClassVar[tuple[str, ...]] = ("payments", "list")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("payments")]

    def __init__(self) -> None:
        super().__init__(_("name, care, amount, date…"))
        self.filters = Filters(today())
        self._rows: dict[int, PaymentRow] = {}
        self._generation = 0
        self._why = False
        """Beside the list stands the explanation, not the payment."""
        self.lines = Lines(self._draw, id="payments", empty=loading())
        self.pane = Pane(_("Payment"), id="detail")
        self.chart = Chart(id="chart")

    def body(self) -> Iterable[Widget]:
        """The line to filter with, the list, and beside or below it detail and chart."""
        yield self.field
        with Horizontal(id="payments-body"):
            yield self.lines
            with Vertical(id="payments-side"):
                yield self.pane
                yield self.chart

    def on_mount(self) -> None:
        """Ask for everything."""
        self.lines.border_title = content(_("Payments"))
        self.set_focus(self.field if self.field.display else self.lines)

    def load(self) -> None:
        """Ask for what can be filtered by, and for the list."""
        self.ask(api.facets(), self.got_facets, latest="facets")
        self._ask_rows(keep=True)

    def got_facets(self, facets: "Facets") -> None:
        """What can be filtered by."""
        self.filters.take_facets(facets)

    # -- the list ----------------------------------------------------------------------------------------------------

    def _ask_rows(self, *, keep: bool = False) -> None:
        self._generation += 1
        generation, query = self._generation, self.filters.query()
        first = max(0, self.lines.cursor - _WINDOW // 2) if keep else 0
        self.ask(lambda: (generation, keep, first, self.client.ask(api.rows(offset=first, limit=_WINDOW, **query))),
                 self.got_rows, latest="rows")
        self.lines.border_title = content(self.filters.title())
        self._chart_soon()

    def got_rows(self, answer: "tuple[int, bool, int, PaymentWindow]") -> None:
        """Show the first window, and the sums of the whole."""
        generation, keep, first, window = answer
        if generation != self._generation:
            return
        self._rows = {first + at: PaymentRow(*row) for at, row in enumerate(window["rows"])}
        none = empty_list(self.ameli.status, _("No payment yet."))
        empty = _("No payment matches; x shows all.") if self.filters.active else none
        self.lines.show_rows(window["total"], keep=keep, empty=empty)
        self.lines.border_subtitle = content(_sums(window))
        self.show_current()

    def on_lines_wanted(self, message: Lines.Wanted) -> None:
        """Rows came into sight that are not here."""
        generation, first, query = self._generation, message.first, self.filters.query()
        limit = message.end - first
        self.ask(lambda: (generation, first, self.client.ask(api.rows(offset=first, limit=limit, **query))["rows"]),
                 self.got_window, latest="window")

    def got_window(self, answer: "tuple[int, int, list[RawRow]]") -> None:
        """Add rows to those that are here, and forget those far away."""
        generation, first, rows = answer
        if generation != self._generation:
            return
        if len(self._rows) > 2_000:
            self._rows.clear()
        self._rows.update({first + at: PaymentRow(*row) for at, row in enumerate(rows)})
        self.lines.redraw()
        self.show_current()

    def _draw(self, row: int, width: int) -> list[Cell] | None:
        shown = self._rows.get(row)
        return payment_cells(shown, width) if shown is not None else None

    # -- beside it ---------------------------------------------------------------------------------------------------

    @property
    def _beside(self) -> bool:
        return bool(self.pane.display) and self.has_class("-wide")

    def show_current(self) -> None:
        """Show the payment under the cursor, once the fingers rest, where there is room."""
        if self._beside:
            self.after_pause("detail", PAUSE_S, self._ask_detail)
        else:
            self.disarm("detail")

    def _ask_detail(self) -> None:
        row = self._rows.get(self.lines.cursor)
        if row is None:
            self.pane.show(content())
            return
        if self._why:
            self.ask(api.explain(row.id), self.got_why, latest="why")
        else:
            self.ask(api.payment(row.id), self.got_detail, latest="detail")

    def got_detail(self, payment: "PaymentWithOrigins") -> None:
        """Show the payment under the cursor."""
        if self._why:
            return  # asked before w was pressed
        self.pane.retitle(_("Payment"))
        self.pane.show(lambda width: payment_content(payment, width))

    def got_why(self, explanation: "Explanation") -> None:
        """Show why the payment under the cursor is what it is."""
        from ameli_tui.screens.payments.why_text import why_content

        if not self._why:
            return
        self.pane.retitle(_("Why this amount?"))
        self.pane.show(lambda width: why_content(explanation, width))

    def _chart_soon(self) -> None:
        self.after_pause("months", PAUSE_S, self._ask_months)

    def _ask_months(self) -> None:
        query = self.filters.query()
        if self.chart.display:
            self.ask(api.months(**query), self.got_months, latest="months")

    def got_months(self, months: "list[Month]") -> None:
        """Draw the chart."""
        self.chart.show(months)

    # -- what the person does ----------------------------------------------------------------------------------------

    def on_lines_opened(self, message: Lines.Opened) -> None:
        """Show the payment in full."""
        if (row := self._rows.get(message.row)) is not None:
            self.ameli.open_payment(row.id)

    def narrowed(self) -> None:
        """Ask for the payments that hold what is typed."""
        search = self.field.value.strip()
        if search or self.filters.search:
            self.filters.search = search
            self._ask_rows()

    def action_period(self, step: int) -> None:
        """Next or previous period."""
        self.filters.next_period(step)
        self._ask_rows()

    def action_beneficiary(self) -> None:
        """Next beneficiary."""
        self.filters.next_beneficiary()
        self._ask_rows()

    def action_kind(self) -> None:
        """Next kind."""
        self.filters.next_kind()
        self._ask_rows()

    def action_clear(self) -> None:
        """No filter."""
        self.filters.clear()
        self.give_up()
        self._ask_rows()

    def action_chart(self) -> None:
        """Show or hide the chart."""
        self.chart.display = not self.chart.display
        self._ask_months()

    def action_why(self) -> None:
        """Explain the payment under the cursor: beside the list where there is room, else on top."""
        if self._beside:
            self._why = not self._why
            self._ask_detail()
        elif (row := self._rows.get(self.lines.cursor)) is not None:
            self.ameli.open_why(row.id)

    def action_statement(self) -> None:
        """Open the statement of the payment under the cursor."""
        row = self._rows.get(self.lines.cursor)
        if row is not None and row.document:
            self.fetch_document(row.document, self.view_document, latest="view")
        else:
            self.say(_("This payment has no statement."))

    def on_resize(self) -> None:
        """The detail may have room now; Textual marks the screen as wide or narrow only after this method."""
        self.call_next(self.show_current)


def _sums(window: "PaymentWindow") -> str:
    total = window["total"]
    said = ngettext("{n} payment", "{n} payments", total).format(n=number(total))
    said += " · " + money(window["sum"])
    if window["sum_tiers"].strip("0."):
        said += " · " + _("of which → third party {amount}").format(amount=money(window["sum_tiers"]))
    return said
