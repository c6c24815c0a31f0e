"""What a file would bring, in words and as a small table: for the command and for the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ameli_tui.files.collect import complaints, kind_name, told
from ameli_tui.i18n import _, day, money, ngettext, number

if TYPE_CHECKING:
    from agent.protocol.files import Preview, PreviewTable

_LEAST = 4
_UNREAD = 3
"""Rows that could not be read, as they are named."""


def preview_text(shown: Preview, width: int) -> list[str]:
    """What was understood, line by line; a table no wider than ``width``."""
    lines = [f"{kind_name(shown['kind'])} · {counts(shown)}"]
    lines += [f"! {said}" for said in complaints(shown)]
    lines += [f"· {told(note)}" for note in shown["notes"]]
    if shown["unread_rows"]:
        lines += [_("! row {row}: {why}").format(row=one["row"], why=told(one["why"]))
                  for one in shown["unread_rows"][:_UNREAD]]
    if shown["covered"]:
        lines.append(_("Days covered: {days}").format(days=", ".join(
            f"{day(one['since'])} – {day(one['until'])}" for one in shown["covered"])))
    if shown["credits"]:
        lines.append(_("Would be kept, the first ones:"))
        lines += [f"  {day(one['on'])}  {money(one['amount'])}  {one['label']}" for one in shown["credits"]]
    if (table := shown["table"]) is not None:
        lines += ["", how_known(table), *table_text(table, width)]
    return lines


def counts(shown: Preview) -> str:
    """What would be new and what is known, in one sentence."""
    new = ngettext("{n} item would be new", "{n} items would be new", shown["new"]).format(n=number(shown["new"]))
    return _("{new}, {known} known").format(new=new, known=number(shown["known"]))


def how_known(table: PreviewTable) -> str:
    """How it is known what the columns are."""
    return {
        "heads": _("Columns, by their heads:"),
        "proof": _("Columns, by what proves them:"),
        "said": _("Columns, as you say them:"),
        "said_before": _("Columns, as you said them for this bank:"),
    }.get(table["how"], _("Columns, not known: say which is which."))


def role_name(role: str) -> str:
    """What a column is, in a word."""
    return {
        "day": _("day"), "label": _("label"), "amount": _("amount"), "debit": _("debit"), "credit": _("credit"),
        "balance": _("balance"), "currency": _("currency"), "state": _("state"), "sense": _("sign"),
    }.get(role, "")


def table_text(table: PreviewTable, width: int) -> list[str]:
    """The first rows under the numbers of their columns and what these are; what does not fit is cut with ``…``."""
    count = len(table["columns"])
    if not count:
        return []
    lines = [[f"{one['at']} {role_name(one['role'])}".strip() for one in table["columns"]]]
    if any(one["head"] for one in table["columns"]):
        lines.append([one["head"] for one in table["columns"]])
    lines += [[*row["cells"][:count], *[""] * (count - len(row["cells"]))] for row in table["rows"]]
    widths = _widths([max(_LEAST, *(len(line[at]) for line in lines)) for at in range(count)], width - 2 * (count - 1))
    return ["  ".join(_cut(text, size) for text, size in zip(line, widths, strict=True)).rstrip() for line in lines]


def _widths(wanted: list[int], room: int) -> list[int]:
    """As wide as wanted where there is room; else the widest give."""
    widths = list(wanted)
    while sum(widths) > max(room, _LEAST * len(widths)):
        widths[widths.index(max(widths))] -= 1
    return widths


def _cut(text: str, size: int) -> str:
    return text.ljust(size) if len(text) <= size else text[: size - 1] + "…"
