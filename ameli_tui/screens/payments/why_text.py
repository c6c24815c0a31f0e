"""A payment explained, as text: from each price to the amount received, the origin of deductions, what is left."""

from typing import Any

from textual.content import Content

from ameli_tui.i18n import _, day, lang, money
from ameli_tui.i18n.not_counted import left_out, with_key
from ameli_tui.i18n.service_words import deduction
from ameli_tui.terminal.safe_text import Part, content, fit, one_line, wrapped

_FINE = frozenset({"as_expected", "third_party_part", "full_cover", "rounding", "price_paid"})


def why_content(found: dict[str, Any], width: int) -> Content:
    """The answer of ``/v1/explain`` for a panel ``width`` cells wide; amounts stand at the right edge."""
    spoken = lang()
    parts: list[Part] = []

    def text(said: str, style: str = "", indent: str = "") -> None:
        for line in wrapped(one_line(said), width - len(indent)):
            parts.extend([(indent + line, style), "\n"])

    def row(left: str, right: str, style: str = "") -> None:
        lines = wrapped(one_line(left), max(10, width - len(right) - 1))
        for at, line in enumerate(lines):
            end = right if at == len(lines) - 1 else ""
            parts.extend([(fit(line, max(1, width - len(end) - 1)) + " ", style), (end, "bold" if end else ""), "\n"])

    text(found[f"headline_{spoken}"], "bold")
    for line in found["lines"]:
        parts.append("\n")
        when = day(line["act_date"]) if line["act_date"] else ""
        text(" · ".join(filter(None, [line["act"], when, line["beneficiary"]])), "bold $primary")
        for step in line["steps"]:
            row("  " + step[f"text_{spoken}"], money(step["amount"]))
            text(f"{step['rule']} · {step['source']}", "$text-muted", "    ")
        fine = line["verdict"] in _FINE
        text(("✓ " if fine else "! ") + line[f"text_{spoken}"], "$success" if fine else "bold $warning", "  ")
        if line[f"advice_{spoken}"]:
            text("→ " + line[f"advice_{spoken}"], "", "  ")
    for one in found["indemnities"]:
        parts.append("\n")
        text(one["label"], "bold $primary")
        for step in one["steps"]:
            row("  " + step[f"text_{spoken}"], money(step["amount"]))
    if found["withheld"]:
        parts.extend(["\n", (_("Withheld, and for what"), "bold $primary"), "\n"])
        for one in found["withheld"]:
            row("  " + origin_line(one), money(one["amount"]))
            text(one["origin"][f"reason_{spoken}"], "$text-muted", "    ")
    if not found["check"]["ok"]:
        parts.append("\n")
        text("! " + found["check"][f"text_{spoken}"], "bold $error")
    parts.append("\n")
    top_up = found["top_up"]
    counted = top_up.get("counted", top_up["expected"] is not None)
    if counted:
        row(_("Top-up: {name}").format(name=top_up["contract"] or "?"), money(top_up["expected"]))
    for one in left_out(top_up, "top_up"):
        text(with_key(one), "$text-muted")
    row(_("Left to pay") if counted else _("Left to pay, before any top-up"), money(found["left_to_pay"]), "bold")
    return content(*parts)


def origin_line(one: dict[str, Any]) -> str:
    """One deduction with the care it comes from, and how sure that is."""
    origin = one["origin"]
    name = deduction(one["kind"], "")
    if origin["act"] is None:
        return f"{name or one['kind']} ← ? " + _("unknown")
    sure = _("certain") if origin["certainty"] == "exact" else _("likely")
    when = day(origin["act_date"]) if origin["act_date"] else ""
    who = origin["beneficiary"] or ""
    return f"{name} ← {origin['act']} {when}, {who} ({sure})"
