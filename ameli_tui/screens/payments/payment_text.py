"""One payment in full, as text: what was done, what it cost, what came back and what was withheld."""

from typing import TYPE_CHECKING, Protocol

from textual.content import Content

from ameli_tui.i18n import _, day, money
from ameli_tui.i18n.service_words import deduction, payment_kind
from ameli_tui.terminal.safe_text import Part, content, fit, one_line

if TYPE_CHECKING:
    from agent.protocol.payments import PaymentDetail


class _Row(Protocol):
    def __call__(self, left: str, right: str, style: str = "", left_style: str = "") -> None: ...


def payment_content(payment: "PaymentDetail", width: int) -> Content:
    """The payment for a panel ``width`` cells wide; amounts stand at the right edge."""
    tiers = payment["to"] == "tiers"
    parts: list[Part] = []

    def row(left: str, right: str, style: str = "", left_style: str = "") -> None:
        room = max(1, width - len(right) - 1)
        parts.extend([(fit(one_line(left), room) + " ", left_style), (right, style), "\n"])

    row(payment_kind(payment["kind"]), money(payment["amount"]), "bold", "bold")
    label = one_line(payment["label"])
    if label:
        parts.extend([label, "\n"])
    parts.extend([(_("Paid on {day}").format(day=day(payment["paid_on"])), "$text-muted"), "\n"])
    if tiers:
        parts.extend([("→ " + _("to a third party, not to you"), "$warning"), "\n"])
    else:
        parts.extend([("← " + _("to you"), "$success"), "\n"])
    if not payment["complete"]:
        parts.extend([("! " + _("The detail could not be read yet."), "bold $warning"), "\n"])
    _lines(parts, payment, row)
    for period in payment["indemnities"]:
        parts.append("\n")
        row(period["label"] or _("Daily allowance"), money(period["amount"]), "bold")
        facts = [f"{day(period['start'])} – {day(period['end'])}"]
        if period["days"] is not None:
            facts.append(_("{n} days").format(n=period["days"]))
        if period["daily"]:
            facts.append(_("{amount} a day").format(amount=money(period["daily"])))
        parts.extend([("  " + ", ".join(facts), "$text-muted"), "\n"])
    if payment["deductions"]:
        parts.extend(["\n", (_("Withheld"), "bold $primary"), "\n"])
        for withheld in payment["deductions"]:
            name = deduction(withheld["kind"], withheld["label"])
            when = day(withheld["act_date"])
            row(f"{when}  {name}" if when else name, money(withheld["amount"]))
    if payment["document"]:
        parts.extend(["\n", ("o  " + _("open the statement (décompte) of this payment"), "$text-muted")])
    return content(*parts)


def _lines(parts: list[Part], payment: "PaymentDetail", row: _Row) -> None:
    beneficiary = None
    for line in payment["lines"]:
        if line["beneficiary"] != beneficiary:
            beneficiary = line["beneficiary"]
            parts.extend(["\n", (one_line(beneficiary), "bold $primary"), "\n"])
        row(line["act"], money(line["reimbursed"]))
        facts = [day(line["act_date"])]
        if line["paid"] is not None:
            facts.append(_("charged {amount}").format(amount=money(line["paid"])))
        if line["base"] is not None:
            facts.append(_("base {amount}").format(amount=money(line["base"])))
        if line["rate"] is not None:
            facts.append(f"{line['rate']} %")
        parts.extend([("  " + " · ".join(fact for fact in facts if fact), "$text-muted"), "\n"])
