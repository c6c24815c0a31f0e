"""Why a payment is what it is, and what is still owed: ``explain``, ``owed``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.client import api
from ameli_tui.cli.argument_types import day
from ameli_tui.cli.output import one_line, table
from ameli_tui.cli.parser import Parser, add_action, describe
from ameli_tui.cli.step_lines import step_lines
from ameli_tui.i18n import _, money, spoken
from ameli_tui.i18n import day as spoken_day
from ameli_tui.i18n.certainty import line_doubts
from ameli_tui.i18n.citations import addresses
from ameli_tui.i18n.not_counted import left_out, with_command

if TYPE_CHECKING:
    from typing import Protocol

    from agent.protocol.money import Anomaly, BankMismatch, Owed
    from agent.protocol.payments import Explanation, Origin
    from ameli_tui.cli.context import Context

    class ExplainArgs(Protocol):
        """The arguments of ``ameli explain``."""

        payment: str

    class ReceivedArgs(Protocol):
        """The arguments of ``ameli owed received``."""

        payment: str
        amount: str | None
        on: str | None
        undo: bool

    class ArrivedArgs(Protocol):
        """The arguments of ``ameli owed arrived``."""

        payment: str
        undo: bool

    class MatchArgs(Protocol):
        """The arguments of ``ameli owed match``."""

        credit: str
        payment: str
        undo: bool

    class DismissArgs(Protocol):
        """The arguments of ``ameli owed dismiss``."""

        anomaly: str
        undo: bool


def configure_explain(parser: Parser) -> None:
    """Add ``ameli explain``."""
    describe(parser, _(
        "Explain one payment line by line: from the price to the amount received, the rule behind each step, where\n"
        "every withheld euro comes from, what the top-up should add and what is left to pay."),
        "ameli explain p05d235957b49d1e6")
    parser.add_argument("payment", metavar="PAYMENT_ID", help=_("the payment's id, from `ameli payments`"))
    parser.set_defaults(run=run_explain)


def configure_owed(parser: Parser) -> None:
    """Add ``ameli owed`` with ``received``, ``arrived``, ``dismiss``, ``match`` and ``forget-bank``."""
    describe(parser, _(
        "List what is still to come from the top-up insurance, payments that never arrived, and anomalies worth\n"
        "asking the fund about, each with its evidence and (with --json) a ready message."), "ameli owed")
    parser.set_defaults(run=run_owed)
    actions = parser.actions()
    received = add_action(actions, "received", _("note that the top-up's share of a payment arrived"), run_received,
                          "ameli owed received p05d235957b49d1e6 --amount 9.00 --on 2026-11-23")
    received.add_argument("payment", metavar="PAYMENT_ID", help=_("the payment's id"))
    received.add_argument("--amount", metavar="A", help=_("euros received; the expected share by default"))
    received.add_argument("--on", metavar="D", type=day, help=_("day it arrived; today by default"))
    received.add_argument("--undo", action="store_true", help=_("take the note back"))
    arrived = add_action(actions, "arrived", _("note that a payment of the fund arrived"), run_arrived,
                         "ameli owed arrived p05d235957b49d1e6")
    arrived.add_argument("payment", metavar="PAYMENT_ID", help=_("the payment's id"))
    arrived.add_argument("--undo", action="store_true", help=_("take the note back"))
    dismiss = add_action(actions, "dismiss", _("hide an anomaly"), run_dismiss)
    dismiss.add_argument("anomaly", metavar="ID", help=_("the anomaly's id"))
    dismiss.add_argument("--undo", action="store_true", help=_("show it again"))
    match = add_action(actions, "match", _("say which payment a bank transfer is"), run_match,
                       "ameli owed match b05d235957b49d1e6 p05d235957b49d1e6")
    match.add_argument("credit", metavar="TRANSFER_ID", help=_("the transfer's id, from `ameli owed`"))
    match.add_argument("payment", metavar="PAYMENT_ID", help=_("the payment's id, or none"))
    match.add_argument("--undo", action="store_true", help=_("take the word back"))
    add_action(actions, "forget-bank", _("drop everything read from bank files"), run_forget_bank)


def run_explain(context: Context) -> None:
    """Explain a payment."""
    args: ExplainArgs = context.args
    explanation = context.door.ask(api.explain(args.payment))
    context.out.answer(explanation, lambda: explain_text(explanation))


def explain_text(explanation: Explanation) -> str:
    """One payment's explanation for a person."""
    parts = [one_line(spoken(explanation["headline_fr"], explanation["headline_en"]))]
    for line in explanation["lines"]:
        day_of_care = spoken_day(line["act_date"]) if line["act_date"] else ""
        parts.append("\n".join([
            f"{one_line(line['act'])} · {day_of_care} · {one_line(line['beneficiary'])}",
            *step_lines(line["steps"]),
            "  → " + " ".join(filter(None, [
                spoken(line["text_fr"], line["text_en"]), spoken(line["advice_fr"], line["advice_en"])])),
            *(f"  ! {one_line(doubt)}" for doubt in line_doubts(line)),
        ]))
    for period in explanation["indemnities"]:
        parts.append("\n".join([one_line(period["label"]), *("  " + one_line(spoken(step["text_fr"], step["text_en"]))
                                                             for step in period["steps"])]))
    if explanation["withheld"]:
        rows = [(money(one["amount"]), _deduction(one["kind"]), *_origin(one["origin"]), one["origin"]["payment"] or "")
                for one in explanation["withheld"]]
        heads = (_("Amount"), _("Withheld"), _("For this care"), _("How sure"), _("Payment"))
        parts.append(table(heads, rows, right=(0,)))
    if not (check := explanation["check"])["ok"]:
        parts.append(one_line(spoken(check["text_fr"], check["text_en"])))
    parts.append(_closing(explanation))
    if links := addresses(step for line in explanation["lines"] for step in line["steps"]):
        parts.append("\n".join([_("Sources:"), *(f"  {one_line(link)}" for link in links)]))
    return "\n\n".join(parts)


def _closing(explanation: Explanation) -> str:
    top_up = explanation["top_up"]
    lines = []
    if top_up["counted"]:
        lines.append(_("Top-up, expected: {amount}").format(amount=money(top_up["expected"] or "0")))
    lines += [with_command(one) for one in left_out(top_up, "top_up")]
    if arrived := explanation["arrived"]:
        sure = {"said": _("as you said"), "sure": _("certain"), "likely": _("likely")}[arrived["certainty"]]
        lines.append(_("On your bank account on {day} ({sure})").format(day=spoken_day(arrived["on"]), sure=sure))
    left = _("Left to pay: {amount}") if top_up["counted"] else _("Left to pay, before any top-up: {amount}")
    lines.append(left.format(amount=money(explanation["left_to_pay"])))
    return "\n".join(lines)


def _deduction(kind: str) -> str:
    return {"participation": _("participation forfaitaire"), "franchise": _("franchise")}.get(kind, kind)


def _origin(origin: Origin) -> tuple[str, str]:
    sure = {"exact": _("certain"), "likely": _("likely"), "unknown": _("unknown")}[origin["certainty"]]
    if origin["act"] is None:
        return one_line(spoken(origin["reason_fr"], origin["reason_en"])), sure
    when = spoken_day(origin["act_date"]) if origin["act_date"] else ""
    return f"{one_line(origin['act'])} {when} ({one_line(origin['beneficiary'])})", sure


def run_owed(context: Context) -> None:
    """List what is owed."""
    owed = context.door.ask(api.owed())
    context.out.answer(owed, lambda: owed_text(owed))


def owed_text(owed: Owed) -> str:
    """What is owed, for a person."""
    parts = []
    waiting = [one for one in owed["top_up"] if one["status"] in ("expected", "overdue")]
    nothing = left_out(owed, "payments", whole=True)
    if nothing:
        return "\n".join(with_command(one) for one in nothing)
    if waiting:
        status = {"expected": _("expected"), "overdue": _("overdue")}
        rows = [(spoken_day(one["paid_on"]), money(one["missing"]), status[one["status"]], one["label"], one["payment"])
                for one in waiting]
        heads = (_("Paid on"), _("Expected"), "", _("Care"), _("Payment"))
        parts.append(_("From the top-up:") + "\n" + table(heads, rows, right=(1,)))
    elif owed["counted"]:
        parts.append(_("Nothing is expected from the top-up, as far as it is counted.") if left_out(owed, "top_up")
                     else _("Nothing is expected from the top-up."))
    parts += [with_command(one) for one in left_out(owed, "top_up", "arrivals")]
    if owed["missing"]:
        parts += [_arrivals(title, [one for one in owed["missing"] if one["kind"] == kind]) for kind, title in (
            ("paid_not_arrived", _("Paid, but not arrived on your account:")),
            ("arrived_not_explained", _("Arrived, but not explained:")),
        ) if any(one["kind"] == kind for one in owed["missing"])]
    if owed["anomalies"]:
        parts.append(_("Worth asking the fund about:"))
        parts += [_anomaly(one) for one in owed["anomalies"]]
    elif not left_out(owed, "anomalies"):
        parts.append(_("No anomaly: every payment follows the rules known here."))
    parts += [with_command(one) for one in left_out(owed, "anomalies")]
    return "\n\n".join(parts)


def _arrivals(title: str, listed: list[BankMismatch]) -> str:
    rows = [(money(one["amount"]), spoken(one["text_fr"], one["text_en"]), one["payment"] or one["credit"])
            for one in listed]
    reasons = list(dict.fromkeys(f"  - {one_line(spoken(fact['text_fr'], fact['text_en']))}" for one in listed
                                 for fact in one["evidence"] if one["kind"] == "paid_not_arrived"))
    if reasons:
        reasons.append("  " + _("`ameli owed arrived ID` notes that one arrived all the same."))
    return "\n".join([title, table((_("Amount"), _("What"), _("Id")), rows, right=(0,)), *reasons])


def _anomaly(anomaly: Anomaly) -> str:
    return "\n".join([
        f"{one_line(spoken(anomaly['text_fr'], anomaly['text_en']))}  [{one_line(anomaly['id'])}]",
        *(f"  - {one_line(spoken(fact['text_fr'], fact['text_en']))}" for fact in anomaly["evidence"]),
    ])


def run_received(context: Context) -> None:
    """Note a share as received."""
    args: ReceivedArgs = context.args
    owed = context.door.ask(api.received(args.payment, args.amount, args.on, undo=args.undo))
    context.out.answer(owed, lambda: _("Noted."))


def run_arrived(context: Context) -> None:
    """Note that a payment arrived."""
    args: ArrivedArgs = context.args
    owed = context.door.ask(api.arrived(args.payment, undo=args.undo))
    context.out.answer(owed, lambda: _("Noted."))


def run_match(context: Context) -> None:
    """Note which payment a transfer is."""
    args: MatchArgs = context.args
    owed = context.door.ask(api.match(args.credit, None if args.undo else args.payment))
    context.out.answer(owed, lambda: _("Noted."))


def run_forget_bank(context: Context) -> None:
    """Drop what bank files said."""
    forgotten = context.door.ask(api.forget_bank())
    context.out.answer(forgotten, lambda: _("Forgotten: {count} transfers.").format(count=forgotten["forgotten"]))


def run_dismiss(context: Context) -> None:
    """Hide an anomaly."""
    args: DismissArgs = context.args
    owed = context.door.ask(api.dismiss(args.anomaly, undo=args.undo))
    context.out.answer(owed, lambda: _("Noted."))
