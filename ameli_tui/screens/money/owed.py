"""Owed to me: the top-up's shares, payments that never came, and anomalies with a message to the fund."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar, Literal

from textual.binding import BindingType
from textual.widget import Widget

from agent.client import api
from ameli_tui.i18n import _, day, money, spoken
from ameli_tui.i18n.not_counted import left_out, with_key
from ameli_tui.keys import bindings
from ameli_tui.screens.base.beside_page import BesidePage
from ameli_tui.terminal.safe_text import Part, content, fit, one_line
from ameli_tui.widgets.scroll_panel import Pane
from ameli_tui.widgets.virtual_list import Cell, Lines, loading

if TYPE_CHECKING:
    from agent.client.call import Call
    from agent.protocol.money import Anomaly, BankMismatch, Owed, TopUpShare

    Row = (
        tuple[Literal["anomaly"], Anomaly] | tuple[Literal["missing"], BankMismatch]
        | tuple[Literal["share"], TopUpShare]
    )


class OwedPage(BesidePage):
    """One list; beside or behind each row what it is about."""

    NAME = "owed"
    KEYS_OF: ClassVar[tuple[str, ...]] = ("owed", "list")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("owed")]

    def __init__(self) -> None:
        super().__init__()
        self.rows_shown: list[Row] = []
        self._found: Owed | None = None
        self.lines = Lines(self._draw, id="owed", empty=loading())
        self.pane = Pane(_("Detail"), id="owed-detail")

    def body(self) -> Iterable[Widget]:
        """List and detail."""
        yield self.side_by_side()

    def on_mount(self) -> None:
        """Ask what is owed."""
        self.lines.border_title = content(_("Owed to me"))
        self.set_focus(self.lines)

    def load(self) -> None:
        """Ask what is owed."""
        self.ask(api.owed(), self.got_owed, latest="owed")

    def got_owed(self, owed: Owed) -> None:
        """Show it: what is worth asking about first, then what is to come, then what came."""
        self._found, shares = owed, owed["top_up"]
        waiting = [one for one in shares if one["status"] in ("overdue", "expected")]
        self.rows_shown = [
            *(("anomaly", anomaly) for anomaly in owed["anomalies"]),
            *(("missing", missing) for missing in owed["missing"]),
            *(("share", share) for share in waiting),
            *(("share", share) for share in shares if share["status"] == "received"),
        ]
        total = sum((Decimal(one["missing"]) for one in waiting), Decimal(0))
        said = _("{amount} expected from the top-up").format(amount=money(str(total)))
        if left_out(owed, "payments", whole=True):
            said = _("not counted")
        elif owed["contract"] is None:
            said = _("not counted: no contract is noted, c notes it")
        elif left_out(owed, "top_up"):
            said += " · " + _("counted in part")
        self.lines.border_subtitle = content(said)
        self.lines.show_rows(len(self.rows_shown), keep=True, empty=self._nothing(owed))
        self.show_current()

    def _nothing(self, owed: Owed) -> str:
        """What an empty list means: what is counted came to nothing, and what is not counted."""
        if nothing := left_out(owed, "payments", whole=True):
            return with_key(nothing[0], here=True)
        if not owed["counted"]:
            return _("No anomaly was found. The top-up's share is not counted: c notes your contract.")
        if owed["not_counted"]:
            return _("Of what is counted nothing is owed, and no anomaly was found.")
        return _("Nothing is owed, and no anomaly was found.")

    def _left_out(self) -> list[Part]:
        parts = ("payments", "top_up", "arrivals", "anomalies")
        texts = [with_key(one, here=True) for one in left_out(self._found, *parts)] if self._found else []
        if not texts and self._found and self._found["contract"] is None:
            texts = [_("The top-up's share is not counted: no contract is noted, c notes it.")]
        return [part for text in texts for part in (("? ", "bold $warning"), one_line(text), "\n")]

    def _draw(self, row: int, width: int) -> list[Cell]:
        what = self.rows_shown[row]
        if what[0] != "share":
            amount = " " + money(what[1]["amount"])
            said = f"! {spoken(what[1]['text_fr'], what[1]['text_en'])}"
            return [(fit(one_line(said), width - len(amount)), "warn"), (amount, "strong")]
        share = what[1]
        status, tone = {
            "received": (_("received"), "good"), "overdue": (_("overdue"), "warn"),
            "expected": (_("expected"), "muted"),
        }[share["status"]]
        amount = " " + money(share["received"] or share["expected"])
        left = f"{day(share['paid_on'])}  {one_line(share['label'])} · {one_line(', '.join(share['beneficiaries']))}"
        room = max(10, width - len(amount) - 12)
        return [(fit(left, room), ""), (fit(" " + status, 12), tone), (amount, "strong")]

    def show_current(self) -> None:
        """What the row is about, and what is not counted."""
        parts, left_out_parts = self._parts(), self._left_out()
        if left_out_parts:
            title: list[Part] = [(_("Not counted"), "bold $primary"), "\n"]
            parts = [*parts, *(["\n\n"] if parts else []), *title, *left_out_parts]
        self.pane.show(content(*parts) if parts else content((_("Nothing is owed."), "$text-muted")))

    def _parts(self) -> list[Part]:
        if not self.rows_shown:
            return []
        what = self.rows_shown[self.lines.cursor]
        if what[0] == "share":
            share = what[1]
            facts: list[Part] = [(one_line(share["label"]), "bold"), "\n", money(share["expected"]), "\n\n"]
            return [*facts, (_("r marks it received, Enter explains it."), "$text-muted")]
        parts: list[Part] = [(one_line(spoken(what[1]["text_fr"], what[1]["text_en"])), "bold"), "\n\n"]
        for fact in what[1]["evidence"]:
            parts += ["• " + one_line(spoken(fact["text_fr"], fact["text_en"])), "\n"]
        if what[0] == "anomaly":
            message = what[1]["message"]
            parts += ["\n", (_("Ready message to the fund (in French)"), "bold $primary"), "\n",
                      (one_line(message["subject"]), "bold"), "\n\n", message["body_fr"]]
        elif (mismatch := what[1])["credit"] is not None:
            advice = _("D: it is no payment of the fund to you.")
            if len(mismatch["candidates"]) > 1:
                advice = _("Several payments fit: `ameli owed match {credit} PAYMENT` says which one; D: none of them."
                           ).format(credit=mismatch["credit"])
            elif mismatch["candidates"]:
                advice = _("r: it is the payment that fits; D: it is none of them.")
            parts += ["\n", (advice, "$text-muted")]
        else:
            parts += ["\n", (_("r: it arrived all the same. Enter explains the payment."), "$text-muted")]
        return parts

    def copied_text(self) -> str:
        """``y`` copies the ready message, else the row."""
        if self.rows_shown and (what := self.rows_shown[self.lines.cursor])[0] == "anomaly":
            return f"{what[1]['message']['subject']}\n\n{what[1]['message']['body_fr']}"
        return super().copied_text()

    def on_lines_opened(self, message: Lines.Opened) -> None:
        """A share is explained; an anomaly shows its message."""
        what = self.rows_shown[message.row]
        if what[0] != "anomaly":
            if (payment := what[1]["payment"]) is not None:
                self.ameli.open_why(payment)
        else:
            from ameli_tui.screens.base.text_reader import ReadingScreen

            anomaly, ready = what[1], what[1]["message"]
            facts = "\n".join("• " + spoken(fact["text_fr"], fact["text_en"]) for fact in anomaly["evidence"])
            said = spoken(anomaly["text_fr"], anomaly["text_en"])
            text = f"{said}\n\n{facts}\n\n{ready['subject']}\n\n{ready['body_fr']}"
            self.app.push_screen(ReadingScreen(_("Worth asking the fund about"), text))

    def action_received(self) -> None:
        """Note that what is under the cursor arrived: a share, which can be taken back so, or a payment."""
        if self.rows_shown and (what := self.rows_shown[self.lines.cursor])[0] == "share":
            payment, undo = what[1]["payment"], what[1]["status"] == "received"
            self._note(api.received(payment, undo=undo))
        elif self.rows_shown and what[0] == "missing" and what[1]["kind"] == "paid_not_arrived":
            if (came := what[1]["payment"]) is not None:
                self._note(api.arrived(came), api.arrived(came, undo=True))
        elif (credit := self._credit()) is not None and len(credit[1]) == 1:
            self._match(credit[0], credit[1][0])

    def action_dismiss_anomaly(self) -> None:
        """Hide the anomaly under the cursor."""
        if self.rows_shown and (what := self.rows_shown[self.lines.cursor])[0] == "anomaly":
            key = what[1]["id"]
            self._note(api.dismiss(key), api.dismiss(key, undo=True))
        elif (credit := self._credit()) is not None:
            self._match(credit[0], "none")

    def _match(self, credit: str, payment: str) -> None:
        self._note(api.match(credit, payment), api.match(credit, None))

    def _note(self, change: Call[Owed], undo: Call[Owed] | None = None) -> None:
        """Tell the agent. The row goes from sight: ``undo`` is what brings it back."""
        self.ask(change, self.got_owed, latest="owed")
        if undo is not None:
            self.ameli.offer_undo(_("Noted."), lambda: self._note(undo))

    def _credit(self) -> tuple[str, list[str]] | None:
        """The unexplained transfer under the cursor, and the payments it might be."""
        what = self.rows_shown[self.lines.cursor] if self.rows_shown else None
        if what is None or what[0] != "missing" or (credit := what[1]["credit"]) is None:
            return None
        return credit, what[1]["candidates"]

    def action_contract(self) -> None:
        """Note what the top-up pays."""
        from ameli_tui.screens.money.contract import ContractScreen

        self.app.push_screen(ContractScreen())

    def action_estimate(self) -> None:
        """What will be paid back for a piece of care."""
        from ameli_tui.screens.money.estimate import EstimateScreen

        self.app.push_screen(EstimateScreen())
