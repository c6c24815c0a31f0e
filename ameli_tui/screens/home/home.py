"""Home: what came in, what is new, what waits for the person, and how the agent does, on one screen."""

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widget import Widget

from agent.client import api, api_requests
from agent.protocol.payments import PaymentRow
from ameli_tui.i18n import _, day, lang, moment, money, month, ngettext
from ameli_tui.i18n.request_states import days_left, state_name
from ameli_tui.keys import bindings
from ameli_tui.screens.base.bring_files import BringsFiles
from ameli_tui.screens.home.rows import message_cells, payment_cells
from ameli_tui.terminal.safe_text import Part, content, one_line
from ameli_tui.widgets.scroll_panel import Pane
from ameli_tui.widgets.virtual_list import Cell, Lines, loading

if TYPE_CHECKING:
    from agent.protocol.deadlines import Action, Deadline
    from agent.protocol.home import Home, Totals
    from agent.protocol.messages import Message
    from agent.protocol.problems import Problem
    from agent.protocol.requests import RequestRecord

_ASKS_FOR_ACCOUNT = frozenset({
    "no_account", "no_credentials", "account_needed", "code_needed", "wrong_password", "password_expired",
    "code_refused", "too_many_codes", "account_locked", "password_needed",
})
_WAITING = ("draft", "queued", "ready", "needs_papers")
"""Requests that wait for the person, or for the service to answer."""
_MOST_DEADLINES = 3
_SOON_DAYS = 7
_AHEAD_DAYS = (60, 7)
"""How far ahead deadlines are told here: those that are sure, and those that are an estimate."""


class HomePage(BringsFiles):
    """The first screen. It can be handed its data before it is drawn."""

    NAME = "home"
    KEYS_OF: ClassVar[tuple[str, ...]] = ("home", "list")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("home")]

    def __init__(self, data: "Home | None" = None) -> None:
        super().__init__()
        self._data = data
        self._payments: list[PaymentRow] = []
        self._first = data is not None
        self._deadlines: list[Deadline] = []
        self._waiting: list[RequestRecord] = []
        self._asking: list[Message] = []
        """Unread messages that ask for something which has no last day of its own."""
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
        self.ask(api.home(), self.got_home, latest="home")

    def got_home(self, data: "Home") -> None:
        """Draw it all."""
        self._data = data
        self._payments = [PaymentRow(*row) for row in data["payments"]]
        self.ameli.take_status(data["status"])
        totals = data["totals"] if self._payments else None
        self.totals.show(lambda width: totals_content(totals, width))
        self.payments.show_rows(len(self._payments), keep=True, empty=self._nothing())
        messages = data["messages"]
        empty = _("The inbox is empty.") if self._read() else self._nothing()
        self.inbox.show_rows(len(messages), keep=True, empty=empty)
        unread = data["unread"]
        title = ngettext("Messages · {n} unread", "Messages · {n} unread", unread).format(n=unread)
        self.inbox.border_title = content(title if unread else _("Messages"))
        self.needs.show(self._needs())
        self.call_after_refresh(self._ask_deadlines)  # the first frame does not wait for them

    def _ask_deadlines(self) -> None:
        client = self.client
        self.ask(lambda: (client.ask(api_requests.deadlines()), client.ask(api_requests.requests()),
                          client.ask(api_requests.messages(asking=True))), self.got_deadlines, latest="deadlines")

    def got_deadlines(self, answers: "tuple[list[Deadline], list[RequestRecord], list[Message]]") -> None:
        """What has a last day, what waits to be sent, and what must not stay unread."""
        deadlines, requests, asking = answers
        named = {key for deadline in deadlines for key in (deadline["action"] or {}).values()}
        self._asking = [
            message for message in asking
            if not named & {message["id"], message["about"]["request"] if message["about"] else None}]
        self._deadlines = [deadline for deadline in deadlines
                           if deadline["days_left"] <= _AHEAD_DAYS[deadline["kind"] == "estimate"]]
        self._waiting = [request for request in requests if request["status"] in _WAITING]
        self.needs.show(self._needs())

    def _nothing(self) -> str:
        if not self.ameli.status.get("account", True):
            return _("No account yet: press c on the Agent screen.")
        if not self._read():
            return _("Nothing was read from the account yet: s looks now.")
        return _("No payment yet.")

    def _read(self) -> bool:
        """Whether anything was read yet: only then is an empty list empty."""
        return bool(self._payments or self.ameli.status.get("last_sync"))

    def show_state(self) -> None:
        """The agent's state is part of this screen's text, too."""
        super().show_state()
        if self._data is not None and (needs := self._needs()).plain != self.needs.plain():
            self.needs.show(needs)

    def _payment(self, row: int, width: int) -> list[Cell] | None:
        return payment_cells(self._payments[row], width)

    def _message(self, row: int, width: int) -> list[Cell] | None:
        return message_cells(self._data["messages"][row], width) if self._data is not None else None

    # -- what waits --------------------------------------------------------------------------------------------------

    def _problems(self) -> "list[Problem]":
        needs = list(self._data["needs"]) if self._data is not None else []
        if not self.ameli.status.get("account", True):
            needs.insert(0, {
                "code": "no_account", "exit": 5,
                "message": {"fr": (text := _("No account is connected.")), "en": text},
                "hint": {"fr": (hint := _("Press a to sign in.")), "en": hint},
            })
        return needs

    def _needs(self) -> Content:
        parts: list[Part] = []
        for problem in self._problems():
            parts += [("! ", "bold $warning"), (one_line((problem.get("message") or {}).get(lang(), "")), "bold"), "\n"]
            if hint := one_line((problem.get("hint") or {}).get(lang(), "")):
                parts += [(f"  {hint}", "$text-muted"), "\n"]
        for deadline in self._deadlines[:_MOST_DEADLINES]:
            late = "bold $warning" if deadline["days_left"] <= _SOON_DAYS else "$accent"
            title = deadline["title_en" if lang() == "en" else "title_fr"]
            parts += [(f"◷ {days_left(deadline['days_left'])} ", late), one_line(title), "\n"]
        more = len(self._deadlines) - _MOST_DEADLINES
        if more > 0:
            parts += [(ngettext("{n} more deadline", "{n} more deadlines", more).format(n=more), "$text-muted"), "\n"]
        for message in self._asking[:_MOST_DEADLINES]:
            parts += [("✉ ", "bold $warning"), one_line(message["subject"]), "\n"]
        for state, count in Counter(request["status"] for request in self._waiting).items():
            said = ngettext("{n} request: {state}", "{n} requests: {state}", count)
            parts += [("→ ", "$accent"), said.format(n=count, state=state_name(state)), "\n"]
        if not parts:
            parts += [("✓ ", "bold $success"), _("Nothing waits for you."), "\n"]
        if self._data is not None and not self._payments:
            parts += [("→ ", "$accent"), _("Newly arrived in France? u shows where you are."), "\n"]
        status = self.ameli.status
        if last := moment(status.get("last_sync")):
            parts += ["\n", (_("Read on {when}").format(when=last), "$text-muted")]
        if following := moment(status.get("next_sync")):
            parts += ["\n", (_("Next look on {when}").format(when=following), "$text-muted")]
        return content(*parts)

    def action_act(self) -> None:
        """Do what the first problem asks for."""
        problems = self._problems()
        if not problems and self._deadlines:
            self._act_on(self._deadlines[0]["action"] or {})
        elif not problems and self._asking:
            self.ameli.open_message(self._asking[0]["id"])
        elif not problems and self._waiting:
            self.ameli.open_request(self._waiting[0]["id"])
        elif not problems:
            self.say(_("Nothing waits for you."))
        elif problems[0].get("code") in _ASKS_FOR_ACCOUNT:
            self.ameli.open_named("sign_in")
        else:
            self.ameli.action_page("agent")

    def _act_on(self, action: "Action") -> None:
        """Go where a deadline is met."""
        if "request" in action:
            self.ameli.open_request(action["request"])
        elif "procedure" in action:
            self.ameli.open_procedure(action["procedure"])
        elif "message" in action:
            self.ameli.open_message(action["message"])
        else:
            self.ameli.action_page("procedures")

    def on_lines_opened(self, message: Lines.Opened) -> None:
        """A payment opens; a message opens among the messages."""
        if message.lines is self.payments:
            self.ameli.open_payment(self._payments[message.row].id)
        elif self._data is not None:
            self.ameli.open_message(self._data["messages"][message.row]["id"])

    def action_why(self) -> None:
        """Explain the payment under the cursor."""
        if rows := self._payments:
            self.ameli.open_why(rows[min(self.payments.cursor, len(rows) - 1)].id)


def totals_content(totals: "Totals | None", width: int) -> Content:
    """What the fund paid, for a panel ``width`` cells wide.

    ``totals``: None where no payment is known, which is not the same as nothing.
    """
    from config.clock import today

    now = today()
    if totals is None:
        return content((_("Month and year: not known yet, no payment was read."), "$text-muted"))
    this_month = month(now.isoformat()[:7]).capitalize()
    parts: list[Part] = [
        (f"{this_month}  ", "$text-muted"), (money(totals["month"]), "bold $success"),
        ("    ·    " if width >= 70 else "  ·  ", "$text-muted"),
        (_("Year {year}").format(year=now.year) + "  ", "$text-muted"),
        (money(totals["year"]), "bold $success"),
    ]
    if width >= 100:
        parts += [("    ·    ", "$text-muted"), (_("as of {day}").format(day=day(now.isoformat())), "$text-muted")]
    return content(*parts)
