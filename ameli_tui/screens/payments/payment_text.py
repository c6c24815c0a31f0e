"""One payment in full, as text: what was done, what it cost, what came back and what was withheld."""

from typing import Any

from textual.content import Content

from ameli_tui.i18n import _, day, money
from ameli_tui.i18n.service_words import deduction, payment_kind
from ameli_tui.terminal.safe_text import Part, content, fit, one_line


def payment_content(payment: dict[str, Any], width: int) -> Content:
    """The payment for a panel ``width`` cells wide; amounts stand at the right edge."""
    tiers = payment.get("to") == "tiers"
    parts: list[Part] = []

    def row(left: str, right: str, style: str = "", left_style: str = "") -> None:
        room = max(1, width - len(right) - 1)
        parts.extend([(fit(one_line(left), room) + " ", left_style), (right, style), "\n"])

    row(payment_kind(payment.get("kind") or ""), money(payment.get("amount") or "0"), "bold", "bold")
    label = one_line(payment.get("label"))
    if label:
        parts.extend([label, "\n"])
    parts.extend([(_("Paid on {day}").format(day=day(payment.get("paid_on"))), "$text-muted"), "\n"])
    if tiers:
        parts.extend([("→ " + _("to a third party, not to you"), "$warning"), "\n"])
    else:
        parts.extend([("← " + _("to you"), "$success"), "\n"])
    if not payment.get("complete", True):
        parts.extend([("! " + _("The detail could not be read yet."), "bold $warning"), "\n"])
    _lines(parts, payment, row)
    for one in payment.get("indemnities") or ():
        parts.append("\n")
        row(one.get("label") or _("Daily allowance"), money(one.get("amount") or "0"), "bold")
        facts = [f"{day(one.get('start'))} – {day(one.get('end'))}"]
        if one.get("days") is not None:
            facts.append(_("{n} days").format(n=one["days"]))
        if one.get("daily"):
            facts.append(_("{amount} a day").format(amount=money(one["daily"])))
        parts.extend([("  " + ", ".join(facts), "$text-muted"), "\n"])
    if payment.get("deductions"):
        parts.extend(["\n", (_("Withheld"), "bold $primary"), "\n"])
        for one in payment["deductions"]:
            name = deduction(one.get("kind") or "", one.get("label") or "")
            when = day(one.get("act_date"))
            row(f"{when}  {name}" if when else name, money(one.get("amount") or "0"))
    if payment.get("document"):
        parts.extend(["\n", ("o  " + _("open the statement (décompte) of this payment"), "$text-muted")])
    return content(*parts)


def _lines(parts: list[Part], payment: dict[str, Any], row: Any) -> None:
    beneficiary = None
    for line in payment.get("lines") or ():
        if line.get("beneficiary") != beneficiary:
            beneficiary = line.get("beneficiary")
            parts.extend(["\n", (one_line(beneficiary), "bold $primary"), "\n"])
        row(line.get("act") or "", money(line.get("reimbursed") or "0"))
        facts = [day(line.get("act_date"))]
        if line.get("paid") is not None:
            facts.append(_("charged {amount}").format(amount=money(line["paid"])))
        if line.get("base") is not None:
            facts.append(_("base {amount}").format(amount=money(line["base"])))
        if line.get("rate") is not None:
            facts.append(f"{line['rate']} %")
        parts.extend([("  " + " · ".join(fact for fact in facts if fact), "$text-muted"), "\n"])
