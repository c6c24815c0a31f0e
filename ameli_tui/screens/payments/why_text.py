"""A payment explained, as text: from each price to the amount received, the origin of deductions, what is left."""

from typing import TYPE_CHECKING

from textual.content import Content

from ameli_tui.i18n import _, day, money, spoken
from ameli_tui.i18n.certainty import line_doubts
from ameli_tui.i18n.citations import source_style, source_text
from ameli_tui.i18n.not_counted import left_out, with_key
from ameli_tui.i18n.service_words import deduction
from ameli_tui.terminal.safe_text import Part, content, fit, one_line, wrapped

if TYPE_CHECKING:
    from agent.protocol.payments import ExplainedDeduction, Explanation

_FINE = frozenset({
    "as_expected", "third_party_part", "full_cover", "rounding", "price_paid", "local_scheme", "local_share",
    "remaining_share",
})


def why_content(explanation: "Explanation", width: int) -> Content:
    """The explanation for a panel ``width`` cells wide; amounts stand at the right edge."""
    parts: list[Part] = []

    def text(said: str, style: str = "", indent: str = "") -> None:
        for line in wrapped(one_line(said), width - len(indent)):
            parts.extend([(indent + line, style), "\n"])

    def row(left: str, right: str, style: str = "") -> None:
        lines = wrapped(one_line(left), max(10, width - len(right) - 1))
        for at, line in enumerate(lines):
            end = right if at == len(lines) - 1 else ""
            parts.extend([(fit(line, max(1, width - len(end) - 1)) + " ", style), (end, "bold" if end else ""), "\n"])

    text(spoken(explanation["headline_fr"], explanation["headline_en"]), "bold")
    for line in explanation["lines"]:
        parts.append("\n")
        when = day(line["act_date"]) if line["act_date"] else ""
        text(" · ".join(filter(None, [line["act"], when, line["beneficiary"]])), "bold $primary")
        for step in line["steps"]:
            row("  " + spoken(step["text_fr"], step["text_en"]), money(step["amount"]))
            if source := source_text(step):
                text(source, source_style(step), "    ")
        fine = line["verdict"] in _FINE
        mark, style = ("✓ ", "$success") if fine else ("! ", "bold $warning")
        text(mark + spoken(line["text_fr"], line["text_en"]), style, "  ")
        for doubt in line_doubts(line):
            text("! " + doubt, "$warning", "  ")
        if advice := spoken(line["advice_fr"], line["advice_en"]):
            text("→ " + advice, "", "  ")
    for period in explanation["indemnities"]:
        parts.append("\n")
        text(period["label"], "bold $primary")
        for step in period["steps"]:
            row("  " + spoken(step["text_fr"], step["text_en"]), money(step["amount"]))
    if explanation["withheld"]:
        parts.extend(["\n", (_("Withheld, and for what"), "bold $primary"), "\n"])
        for withheld in explanation["withheld"]:
            row("  " + origin_line(withheld), money(withheld["amount"]))
            text(spoken(withheld["origin"]["reason_fr"], withheld["origin"]["reason_en"]), "$text-muted", "    ")
    if not explanation["check"]["ok"]:
        parts.append("\n")
        text("! " + spoken(explanation["check"]["text_fr"], explanation["check"]["text_en"]), "bold $error")
    parts.append("\n")
    top_up = explanation["top_up"]
    if counted := top_up["counted"]:
        row(_("Top-up: {name}").format(name=top_up["contract"] or "?"), money(top_up["expected"] or "0"))
    for reason in left_out(top_up, "top_up"):
        text(with_key(reason), "$text-muted")
    row(_("Left to pay") if counted else _("Left to pay, before any top-up"), money(explanation["left_to_pay"]), "bold")
    return content(*parts)


def origin_line(withheld: "ExplainedDeduction") -> str:
    """One deduction with the care it comes from, and how sure that is."""
    origin = withheld["origin"]
    name = deduction(withheld["kind"], "")
    if origin["act"] is None:
        return f"{name or withheld['kind']} ← ? " + _("unknown")
    sure = _("certain") if origin["certainty"] == "exact" else _("likely")
    when = day(origin["act_date"]) if origin["act_date"] else ""
    who = origin["beneficiary"] or ""
    return f"{name} ← {origin['act']} {when}, {who} ({sure})"
