"""``ameli year``: a year of care in sums, with bars: spent, given back, left to pay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.client import api
from ameli_tui.cli.output import facts, table
from ameli_tui.cli.parser import Parser, describe
from ameli_tui.cli.yearly import add_year, nothing_counted
from ameli_tui.i18n import _, money, month, spoken
from ameli_tui.i18n.not_counted import left_out, with_command

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agent.protocol.money import Sums, Year
    from ameli_tui.cli.context import Context
    from ameli_tui.cli.yearly import YearArgs

_WIDTH = 24


def configure_year(parser: Parser) -> None:
    """Add ``ameli year``."""
    describe(parser, _(
        "Show what care cost in a year, what the fund gave back and what was left to pay: by month, person and kind\n"
        "of care. A year is the year of refund. What was left is counted before any top-up."),
        "ameli year --year 2026")
    add_year(parser)
    parser.set_defaults(run=run_year)


def run_year(context: Context) -> None:
    """Show the year."""
    args: YearArgs = context.args
    year = context.door.ask(api.year(args.year, args.beneficiary))
    context.out.answer(year, lambda: _text(year))


def _text(year: Year) -> str:
    if nothing := nothing_counted(year):
        return nothing
    if not year["months"]:
        return _("Nothing was reimbursed in {year}.").format(year=year["year"])
    expected = year["top_up_expected"]
    parts = [facts([
        (_("Year"), year["year"]),
        (_("Spent"), money(year["spent"])),
        (_("Reimbursed"), money(year["reimbursed"])),
        (_("Left to pay"), money(year["left"])),
        (_("Withheld"), money(year["withheld"])),
        (_("Expected from the top-up"), money(expected) if expected is not None else None),
    ])]
    parts += ["\n".join(with_command(one) for one in gaps)] if (gaps := left_out(year, "payments", "top_up")) else []
    months = [(month(f"{name}-01", short=True), *amounts) for name, *amounts in year["months"]]
    parts.append(_bars(_("Month"), months))
    parts.append(_bars(_("Person"), [_sums(one["name"], one) for one in year["by_person"]]))
    parts.append(_bars(_("Care"), [_sums(spoken(one["label_fr"], one["label_en"]), one)
                                   for one in year["by_kind"]]))
    return "\n\n".join(parts)


def _sums(name: str, sums: Sums) -> tuple[str, str, str, str]:
    return name, sums["spent"], sums["reimbursed"], sums["left"]


def _bars(head: str, rows: Sequence[tuple[str, ...]]) -> str:
    """A table whose bars are as long as what was spent; the full part is what came back."""
    from decimal import Decimal

    most = max((Decimal(spent) for _name, spent, *_rest in rows), default=Decimal(0))

    def bar(spent: str, reimbursed: str) -> str:
        if most <= 0:
            return ""
        whole, full = (max(0, round(Decimal(amount) / most * _WIDTH)) for amount in (spent, reimbursed))
        return "█" * min(full, whole) + "░" * (whole - min(full, whole))

    drawn = [
        (name, money(spent), money(reimbursed), money(left), bar(spent, reimbursed))
        for name, spent, reimbursed, left in rows
    ]
    return table((head, _("Spent"), _("Reimbursed"), _("Left to pay"), ""), drawn, right=(1, 2, 3))
