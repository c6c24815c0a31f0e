"""One payment on a screen of its own, where there is no room beside the list."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from agent.client import api
from ameli_tui.i18n import _
from ameli_tui.keys import bindings
from ameli_tui.screens.base.document_actions import FilePage
from ameli_tui.screens.payments.payment_text import payment_content
from ameli_tui.terminal.safe_text import content
from ameli_tui.widgets.scroll_panel import Pane
from ameli_tui.widgets.virtual_list import loading

if TYPE_CHECKING:
    from agent.protocol.payments import PaymentWithOrigins


class PaymentScreen(FilePage):
    """Lines, deductions and the way to the statement."""

    KEYS_OF: ClassVar[tuple[str, ...]] = ("payment", "text")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("payment")]

    def __init__(self, payment: str) -> None:
        """``payment``: its id."""
        super().__init__()
        self._payment_id = payment
        self._payment: PaymentWithOrigins | None = None
        self.pane = Pane(_("Payment"), id="payment")

    def body(self) -> Iterable[Widget]:
        """The payment."""
        yield self.pane

    def on_mount(self) -> None:
        """Ask for it."""
        self.pane.show(content((loading(), "$text-muted")))
        self.set_focus(self.pane)

    def load(self) -> None:
        """Ask for the payment."""
        self.ask(api.payment(self._payment_id), self.got_payment, latest="payment")

    def got_payment(self, payment: "PaymentWithOrigins") -> None:
        """Show it."""
        self._payment = payment
        self.pane.show(lambda width: payment_content(payment, width))

    def action_why(self) -> None:
        """Explain it."""
        self.ameli.open_why(self._payment_id)

    def action_statement(self) -> None:
        """Open its statement."""
        if self._payment is not None and self._payment["document"]:
            self.fetch_document(self._payment["document"], self.view_document, latest="view")
        else:
            self.say(_("This payment has no statement."))
