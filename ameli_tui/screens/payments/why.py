"""Why a payment is what it is, and the way to the payments its deductions come from."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.widget import Widget

from agent.client import api
from ameli_tui.i18n import _, money
from ameli_tui.screens.base.page import Page
from ameli_tui.screens.payments.why_text import origin_line, why_content
from ameli_tui.terminal.safe_text import content, fit, one_line
from ameli_tui.widgets.scroll_panel import Pane
from ameli_tui.widgets.virtual_list import Cell, Lines, loading

if TYPE_CHECKING:
    from agent.protocol.payments import ExplainedDeduction, Explanation


class WhyScreen(Page[None]):
    """The explanation, and below it what was withheld; Enter goes to the payment a deduction comes from."""

    KEYS_OF: ClassVar[tuple[str, ...]] = ("text", "list")

    def __init__(self, payment: str) -> None:
        """``payment``: its id."""
        super().__init__()
        self._payment_id = payment
        self._origins: list[tuple[ExplainedDeduction, str]] = []
        """Each with the other payment that it comes from."""
        self.pane = Pane(_("Why this amount?"), id="why")
        self.origins = Lines(self._draw, id="why-origins")
        self.origins.display = False

    def body(self) -> Iterable[Widget]:
        """Explanation and deductions."""
        yield self.pane
        yield self.origins

    def on_mount(self) -> None:
        """Wait for the answer."""
        self.pane.show(content((loading(), "$text-muted")))
        self.origins.border_title = content(_("Withheld: Enter shows where it comes from"))
        self.set_focus(self.pane)

    def load(self) -> None:
        """Ask why."""
        self.ask(api.explain(self._payment_id), self.got_why, latest="why")

    def got_why(self, explanation: "Explanation") -> None:
        """Show it."""
        self.pane.show(lambda width: why_content(explanation, width))
        self._origins = [
            (one, payment) for one in explanation["withheld"]
            if (payment := one["origin"]["payment"]) is not None and payment != self._payment_id
        ]
        self.origins.display = bool(self._origins)
        self.origins.styles.height = min(6, len(self._origins)) + 2
        self.origins.show_rows(len(self._origins), keep=True)

    def _draw(self, row: int, width: int) -> list[Cell]:
        withheld, _payment = self._origins[row]
        amount = " " + money(withheld["amount"])
        return [(fit(one_line(origin_line(withheld)), width - len(amount)), ""), (amount, "strong")]

    def on_lines_opened(self, message: Lines.Opened) -> None:
        """Go to the payment it comes from."""
        self.ameli.open_payment(self._origins[message.row][1])
