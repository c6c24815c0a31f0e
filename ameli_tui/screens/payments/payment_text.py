"""One payment in full, as text: what was done, what it cost, what came back and what was withheld."""

from typing import TYPE_CHECKING, Protocol

from textual.content import Content

from ameli_tui.i18n import _, day, money
from ameli_tui.i18n.origins import origins_line, says_otherwise, which
from ameli_tui.i18n.service_words import deduction, payment_kind
from ameli_tui.screens.payments.disagreement import Compared, allowance_facts, care_facts, compared
from ameli_tui.terminal.safe_text import Part, content, fit, one_line

if TYPE_CHECKING:
    from agent.protocol.payments import Disagreement, PaymentDetail, PaymentWithOrigins

_AMOUNT = 13
"""Columns of an amount beside another."""


class _Row(Protocol):
    def __call__(self, left: str, right: str, style: str = "", left_style: str = "") -> None: ...


def payment_content(payment: "PaymentWithOrigins", width: int) -> Content:
    """The payment for a panel ``width`` cells wide; amounts stand at the right edge. What another source says
    otherwise stands beside what is shown."""
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
    for doubt in payment["doubts"]:
        parts.extend([("! " + _("{said}: see below.").format(said=says_otherwise(doubt)), "bold $warning"), "\n"])
    _lines(parts, payment, row)
    for period in payment["indemnities"]:
        parts.append("\n")
        row(period["label"] or _("Daily allowance"), money(period["amount"]), "bold")
        parts.extend([("  " + ", ".join(allowance_facts(period)), "$text-muted"), "\n"])
    if payment["deductions"]:
        parts.extend(["\n", (_("Withheld"), "bold $primary"), "\n"])
        for withheld in payment["deductions"]:
            name = deduction(withheld["kind"], withheld["label"])
            when = day(withheld["act_date"])
            row(f"{when}  {name}" if when else name, money(withheld["amount"]))
    for doubt in payment["doubts"]:
        _beside(parts, doubt, payment, width)
    if payment["document"]:
        parts.extend(["\n", ("o  " + _("open the statement (décompte) of this payment"), "$text-muted"), "\n"])
    if payment["origins"]:
        parts.extend(["\n", (one_line(origins_line(payment["origins"])), "$text-muted")])
    return content(*parts)


def _lines(parts: list[Part], payment: "PaymentDetail", row: _Row) -> None:
    beneficiary = None
    for line in payment["lines"]:
        if line["beneficiary"] != beneficiary:
            beneficiary = line["beneficiary"]
            parts.extend(["\n", (one_line(beneficiary), "bold $primary"), "\n"])
        row(line["act"], money(line["reimbursed"]))
        parts.extend([("  " + " · ".join(care_facts(line)), "$text-muted"), "\n"])


def _beside(parts: list[Part], doubt: "Disagreement", payment: "PaymentDetail", width: int) -> None:
    """What a source says otherwise, and what is shown, in two columns; "!" marks what is not the same."""
    amount = min(_AMOUNT, width // 3)
    parts.extend(["\n", ("! " + _("{said} ({which}):").format(said=says_otherwise(doubt), which=which(doubt)),
                         "bold $warning"), "\n"])

    def row(what: str, theirs: str, shown: str, style: str = "") -> None:
        room = max(1, width - 2 * amount)
        beside = fit(theirs, amount, right=True) + fit(shown, amount, right=True)
        parts.extend([(fit(what, room) + beside, style), "\n"])

    row("", _("it says"), _("shown"), "$text-muted")
    for part in compared(doubt, payment):
        sign = "!" if part.differs else " "
        row(f"{sign} {one_line(part.what)}", part.theirs or "–", part.shown or "–", "bold" if part.differs else "")
        for facts in _facts_beside(part) if part.differs else ():
            parts.extend([("    " + one_line(facts), "$text-muted"), "\n"])


def _facts_beside(part: Compared) -> list[str]:
    """Days, prices and persons: of a part that both sources tell of, what each says that the other does not."""
    if not (part.theirs and part.shown):
        return [facts for facts in (part.their_facts, part.shown_facts) if facts]
    said = [_("it says: {facts}").format(facts=part.their_facts)] if part.their_facts else []
    return [*said, _("shown: {facts}").format(facts=part.shown_facts)] if part.shown_facts else said
