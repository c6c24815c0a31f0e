"""Owed to me: the top-up's shares, payments that never came, and anomalies with a message to the fund."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar

from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widget import Widget

from ameli_tui.i18n import _, day, lang, money
from ameli_tui.i18n.not_counted import left_out, with_key
from ameli_tui.keys import bindings
from ameli_tui.screens.base.page import Page
from ameli_tui.terminal.safe_text import Part, content, fit, one_line
from ameli_tui.widgets.scroll_panel import Pane
from ameli_tui.widgets.virtual_list import Cell, Lines, loading


class OwedPage(Page):
    """One list; beside or behind each row what it is about."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012 - as Textual declares it
    NAME = "owed"
    KEYS_OF: ClassVar[tuple[str, ...]] = ("owed", "list")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("owed")]

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[tuple[str, dict[str, Any]]] = []
        self._found: dict[str, Any] = {}
        self.lines = Lines(self._draw, id="owed", empty=loading())
        self.detail = Pane(_("Detail"), id="owed-detail")

    def body(self) -> Iterable[Widget]:
        """List and detail."""
        with Horizontal(id="owed-body"):
            yield self.lines
            yield self.detail

    def on_mount(self) -> None:
        """Ask what is owed."""
        self.lines.border_title = content(_("Owed to me"))
        self.set_focus(self.lines)

    def load(self) -> None:
        """Ask what is owed."""
        self.ask("owed", lambda: self.client.get("/v1/owed"))

    def got_owed(self, found: dict[str, Any]) -> None:
        """Show it: what is worth asking about first, then what is to come, then what came."""
        self._found, shares = found, found["top_up"]
        waiting = [one for one in shares if one["status"] in ("overdue", "expected")]
        self._rows = [
            *(("anomaly", one) for one in found["anomalies"]),
            *(("missing", one) for one in found["missing"]),
            *(("share", one) for one in waiting),
            *(("share", one) for one in shares if one["status"] == "received"),
        ]
        total = sum((Decimal(one["missing"]) for one in waiting), Decimal(0))
        said = _("{amount} expected from the top-up").format(amount=money(str(total)))
        if left_out(found, "payments", whole=True):
            said = _("not counted")
        elif found["contract"] is None:
            said = _("not counted: no contract is noted, c notes it")
        elif left_out(found, "top_up"):
            said += " · " + _("counted in part")
        self.lines.border_subtitle = content(said)
        self.lines.show_rows(len(self._rows), keep=True, empty=self._nothing())
        self._show_detail()

    def _nothing(self) -> str:
        """What an empty list means: what is counted came to nothing, and what is not counted."""
        if nothing := left_out(self._found, "payments", whole=True):
            return with_key(nothing[0], here=True)
        if not self._found.get("counted", self._found.get("contract") is not None):
            return _("No anomaly was found. The top-up's share is not counted: c notes your contract.")
        if self._found.get("not_counted"):
            return _("Of what is counted nothing is owed, and no anomaly was found.")
        return _("Nothing is owed, and no anomaly was found.")

    def _left_out(self) -> list[Part]:
        parts = ("payments", "top_up", "arrivals", "anomalies")
        told = [with_key(one, here=True) for one in left_out(self._found, *parts)]
        if not told and self._found and self._found.get("contract") is None:
            told = [_("The top-up's share is not counted: no contract is noted, c notes it.")]
        return [part for text in told for part in (("? ", "bold $warning"), one_line(text), "\n")]

    def _draw(self, row: int, width: int) -> list[Cell]:
        kind, one = self._rows[row]
        if kind != "share":
            amount = " " + money(one["amount"])
            said = f"! {one[f'text_{lang()}']}"
            return [(fit(one_line(said), width - len(amount)), "warn"), (amount, "strong")]
        status, tone = {
            "received": (_("received"), "good"), "overdue": (_("overdue"), "warn"),
            "expected": (_("expected"), "muted"),
        }[one["status"]]
        amount = " " + money(one["received"] or one["expected"])
        left = f"{day(one['paid_on'])}  {one_line(one['label'])} · {one_line(', '.join(one['beneficiaries']))}"
        room = max(10, width - len(amount) - 12)
        return [(fit(left, room), ""), (fit(" " + status, 12), tone), (amount, "strong")]

    def on_lines_moved(self, _message: Lines.Moved) -> None:
        """Another row is under the cursor."""
        self._show_detail()

    def _show_detail(self) -> None:
        parts, told = self._parts(), self._left_out()
        if told:
            title: list[Part] = [(_("Not counted"), "bold $primary"), "\n"]
            parts = [*parts, *(["\n\n"] if parts else []), *title, *told]
        self.detail.show(content(*parts) if parts else content((_("Nothing is owed."), "$text-muted")))

    def _parts(self) -> list[Part]:
        if not self._rows:
            return []
        kind, one = self._rows[self.lines.cursor]
        if kind == "share":
            facts: list[Part] = [(one_line(one["label"]), "bold"), "\n", money(one["expected"]), "\n\n"]
            return [*facts, (_("r marks it received, Enter explains it."), "$text-muted")]
        parts: list[Part] = [(one_line(one[f"text_{lang()}"]), "bold"), "\n\n"]
        for fact in one.get("evidence") or ():
            parts += ["• " + one_line(fact[f"text_{lang()}"]), "\n"]
        if kind == "missing" and one["credit"] is not None:
            told = _("D: it is no payment of the fund to you.")
            if len(one["candidates"]) > 1:
                told = _("Several payments fit: `ameli owed match {credit} PAYMENT` says which one; D: none of them."
                         ).format(credit=one["credit"])
            elif one["candidates"]:
                told = _("r: it is the payment that fits; D: it is none of them.")
            parts += ["\n", (told, "$text-muted")]
        if message := one.get("message"):
            parts += ["\n", (_("Ready message to the fund (in French)"), "bold $primary"), "\n",
                      (one_line(message["subject"]), "bold"), "\n\n", message["body_fr"]]
        return parts

    def copied_text(self) -> str:
        """``y`` copies the ready message, else the row."""
        if self._rows:
            message = self._rows[self.lines.cursor][1].get("message")
            if message:
                return f"{message['subject']}\n\n{message['body_fr']}"
        return super().copied_text()

    def on_lines_opened(self, message: Lines.Opened) -> None:
        """A share is explained; an anomaly shows its message."""
        kind, one = self._rows[message.row]
        if kind == "share" or one.get("kind") == "paid_not_arrived":
            self.ameli.open_why(one["payment"])
            return
        if ready := one.get("message"):
            from ameli_tui.screens.base.text_reader import ReadingScreen

            facts = "\n".join("• " + fact[f"text_{lang()}"] for fact in one["evidence"])
            text = f"{one[f'text_{lang()}']}\n\n{facts}\n\n{ready['subject']}\n\n{ready['body_fr']}"
            self.app.push_screen(ReadingScreen(_("Worth asking the fund about"), text))

    def action_received(self) -> None:
        """Mark the share under the cursor as received, or take that back."""
        if self._rows and self._rows[self.lines.cursor][0] == "share":
            one = self._rows[self.lines.cursor][1]
            body = {"payment": one["payment"], "undo": one["status"] == "received"}
            self._note("/v1/owed/received", body)
        elif (credit := self._credit()) is not None and len(credit["candidates"]) == 1:
            self._match(credit["credit"], credit["candidates"][0])

    def action_dismiss_anomaly(self) -> None:
        """Hide the anomaly under the cursor."""
        if self._rows and self._rows[self.lines.cursor][0] == "anomaly":
            key = self._rows[self.lines.cursor][1]["id"]
            self._note("/v1/owed/dismiss", {"anomaly": key}, {"anomaly": key, "undo": True})
        elif (credit := self._credit()) is not None:
            self._match(credit["credit"], "none")

    def _match(self, credit: str, payment: str) -> None:
        self._note("/v1/owed/match", {"credit": credit, "payment": payment}, {"credit": credit})

    def _note(self, path: str, body: dict[str, Any], undo: dict[str, Any] | None = None) -> None:
        """Tell the agent. The row goes from sight: ``undo`` is what brings it back."""
        self.ask("owed", lambda: self.client.post(path, body))
        if undo is not None:
            self.ameli.offer_undo(_("Noted."), lambda: self._note(path, undo))

    def _credit(self) -> dict[str, Any] | None:
        """The unexplained transfer under the cursor."""
        kind, one = self._rows[self.lines.cursor] if self._rows else ("", {})
        return one if kind == "missing" and one["credit"] is not None else None

    def action_contract(self) -> None:
        """Note what the top-up pays."""
        from ameli_tui.screens.money.contract import ContractScreen

        self.app.push_screen(ContractScreen())

    def action_estimate(self) -> None:
        """What will be paid back for a piece of care."""
        from ameli_tui.screens.money.estimate import EstimateScreen

        self.app.push_screen(EstimateScreen())
