"""Home: what came in, what is new, what waits for the person, and how the agent does, on one screen."""

from collections.abc import Iterable
from typing import Any, ClassVar

from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget

from ameli_tui.i18n import _, day, lang, moment, money, month, ngettext
from ameli_tui.keys import bindings
from ameli_tui.screens.page import Page
from ameli_tui.screens.rows import ID, message_cells, payment_cells
from ameli_tui.widgets.lines import Cell, Lines, loading
from ameli_tui.widgets.pane import Pane
from ameli_tui.widgets.safe import Part, content, one_line

_ASKS_FOR_ACCOUNT = frozenset({
    "no_account", "no_credentials", "account_needed", "code_needed", "wrong_password", "password_expired",
    "code_refused", "too_many_codes", "account_locked", "password_needed",
})


class HomePage(Page):
    """The first screen. It can be handed its data before it is drawn."""

    NAME = "home"
    KEYS_OF: ClassVar[tuple[str, ...]] = ("home", "list")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("home")]

    def __init__(self, data: dict[str, Any] | None = None) -> None:
        super().__init__()
        self._data = data
        self._first = data is not None
        self.totals = Pane(_("Paid by the fund"), id="totals", focus=False)
        self.payments = Lines(self._payment, id="home-payments", empty=loading())
        self.payments.border_title = content(_("Last payments"))
        self.inbox = Lines(self._message, id="home-messages", empty=loading())
        self.inbox.border_title = content(_("Messages"))
        self.needs = Pane(_("What waits for you"), id="needs", focus=False)

    def body(self) -> Iterable[Widget]:
        """Totals above, payments, then messages beside what waits."""
        yield self.totals
        yield self.payments
        with Horizontal(id="home-below"):
            yield self.inbox
            yield self.needs

    def on_mount(self) -> None:
        """Draw what was handed over; ask only without it."""
        self.set_focus(self.payments)
        if self._data is not None:
            self.got_home(self._data)

    def load(self) -> None:
        """Ask for the home data, unless it has just been handed over."""
        if self._first:
            self._first = False
            return
        self.ask("home", lambda: self.client.get("/v1/home"))

    def got_home(self, data: dict[str, Any]) -> None:
        """Draw it all."""
        self._data = data
        self.ameli.take_status(data.get("status") or {})
        totals = data.get("totals") or {}
        self.totals.show(lambda width: _totals(totals, width))
        payments = data.get("payments") or []
        self.payments.show_rows(len(payments), keep=True, empty=self._nothing())
        messages = data.get("messages") or []
        self.inbox.show_rows(len(messages), keep=True, empty=_("The inbox is empty."))
        unread = int(data.get("unread") or 0)
        title = ngettext("Messages · {n} unread", "Messages · {n} unread", unread).format(n=unread)
        self.inbox.border_title = content(title if unread else _("Messages"))
        self.needs.show(self._needs())

    def _nothing(self) -> str:
        if not self.ameli.status.get("account", True):
            return _("No account yet: press c on the Agent screen.")
        return _("No payment yet.")

    def show_state(self) -> None:
        """The agent's state is part of this screen's text, too."""
        super().show_state()
        if self._data is not None and (needs := self._needs()).plain != self.needs.plain():
            self.needs.show(needs)

    def _payment(self, row: int, width: int) -> list[Cell] | None:
        return payment_cells((self._data or {})["payments"][row], width)

    def _message(self, row: int, width: int) -> list[Cell] | None:
        return message_cells((self._data or {})["messages"][row], width)

    # -- what waits --------------------------------------------------------------------------------------------------

    def _problems(self) -> list[dict[str, Any]]:
        data = self._data or {}
        needs = list(data.get("needs") or [])
        if not self.ameli.status.get("account", True):
            needs.insert(0, {
                "code": "no_account",
                "message": {lang(): _("No account is connected.")}, "hint": {lang(): _("Press a to sign in.")},
            })
        return needs

    def _needs(self) -> Content:
        parts: list[Part] = []
        for problem in self._problems():
            parts += [("! ", "bold $warning"), (one_line((problem.get("message") or {}).get(lang(), "")), "bold"), "\n"]
            if hint := one_line((problem.get("hint") or {}).get(lang(), "")):
                parts += [(f"  {hint}", "$text-muted"), "\n"]
        if not parts:
            parts += [("✓ ", "bold $success"), _("Nothing waits for you."), "\n"]
        status = self.ameli.status
        if last := moment(status.get("last_sync")):
            parts += ["\n", (_("Read on {when}").format(when=last), "$text-muted")]
        if following := moment(status.get("next_sync")):
            parts += ["\n", (_("Next look on {when}").format(when=following), "$text-muted")]
        return content(*parts)

    def action_act(self) -> None:
        """Do what the first problem asks for."""
        problems = self._problems()
        if not problems:
            self.say(_("Nothing waits for you."))
        elif problems[0].get("code") in _ASKS_FOR_ACCOUNT:
            self.ameli.open_sign_in()
        else:
            self.ameli.action_page("agent")

    def on_lines_opened(self, message: Lines.Opened) -> None:
        """A payment opens; a message opens among the messages."""
        data = self._data or {}
        if message.lines is self.payments:
            self.ameli.open_payment(data["payments"][message.row][ID])
        else:
            self.ameli.open_message(data["messages"][message.row]["id"])

    def action_why(self) -> None:
        """Explain the payment under the cursor."""
        rows = (self._data or {}).get("payments") or []
        if rows:
            self.ameli.open_why(rows[min(self.payments.cursor, len(rows) - 1)][ID])


def _totals(totals: dict[str, Any], width: int) -> Content:
    from config.clock import today

    now = today()
    this_month = month(now.isoformat()[:7]).capitalize()
    parts: list[Part] = [
        (f"{this_month}  ", "$text-muted"), (money(totals.get("month") or "0"), "bold $success"),
        ("    ·    " if width >= 70 else "  ·  ", "$text-muted"),
        (_("Year {year}").format(year=now.year) + "  ", "$text-muted"),
        (money(totals.get("year") or "0"), "bold $success"),
    ]
    if width >= 100:
        parts += [("    ·    ", "$text-muted"), (_("as of {day}").format(day=day(now.isoformat())), "$text-muted")]
    return content(*parts)
