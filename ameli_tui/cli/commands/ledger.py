"""``ameli ledger``: participations and franchises of a year, person by person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.client import api
from ameli_tui.cli.output import table
from ameli_tui.cli.parser import Parser, describe
from ameli_tui.cli.yearly import add_year, nothing_counted
from ameli_tui.i18n import _, money, spoken
from ameli_tui.i18n import day as spoken_day
from ameli_tui.i18n.certainty import ceiling_told, ceilings_doubted
from ameli_tui.i18n.not_counted import left_out, with_command

if TYPE_CHECKING:
    from agent.protocol.money import Gauge, Ledger, LedgerPerson
    from ameli_tui.cli.context import Context
    from ameli_tui.cli.yearly import YearArgs

_WIDTH = 20


def configure_ledger(parser: Parser) -> None:
    """Add ``ameli ledger``."""
    describe(parser, _(
        "Show what participations and franchises were due on each act, what was withheld, and how far the yearly\n"
        "ceilings are. A year is the year of refund. With --json each withheld euro has its origin and certainty."),
        "ameli ledger --year 2026")
    add_year(parser)
    parser.set_defaults(run=run_ledger)


def run_ledger(context: Context) -> None:
    """Show the ledger."""
    args: YearArgs = context.args
    ledger = context.door.ask(api.ledger(args.year, args.beneficiary))
    context.out.answer(ledger, lambda: _text(ledger))


def _text(ledger: Ledger) -> str:
    if nothing := nothing_counted(ledger):
        return nothing
    parts = [_person(one) for one in ledger["beneficiaries"]]
    if not parts:
        return _("Nobody of that name is on the account.")
    if ledger["unexplained"]:
        rows = [(spoken_day(one["on"]), money(one["amount"]), spoken(one["reason_fr"], one["reason_en"]))
                for one in ledger["unexplained"]]
        heads = (_("Date"), _("Amount"), _("Why"))
        parts.append(_("Withheld, of unknown origin:") + "\n" + table(heads, rows, right=(1,)))
    parts += [with_command(one) for one in left_out(ledger, "payments")]
    parts += [f"! {text}" for text in ceilings_doubted(ledger)]
    return "\n\n".join([*parts, spoken(ledger["forecast"]["text_fr"], ledger["forecast"]["text_en"])])


def _person(person: LedgerPerson) -> str:
    lines = [person["name"], _gauge(_("Participations"), person["participation"]),
             _gauge(_("Franchises"), person["franchise"])]
    if person["entries"]:
        rows = [
            (spoken_day(entry["act_date"]), entry["act"],
             money(entry["amount"]) + (" ?" if entry["certainty"] == "doubtful" else ""), money(entry["outstanding"]))
            for entry in person["entries"]
        ]
        lines.append(table((_("Date"), _("Care"), _("Due"), _("Outstanding")), rows, right=(2, 3)))
    return "\n".join(lines)


def _gauge(name: str, gauge: Gauge) -> str:
    from decimal import Decimal

    ceiling = Decimal(gauge["ceiling"])
    full = int(min(Decimal(1), Decimal(gauge["due"]) / ceiling) * _WIDTH) if ceiling else 0
    bar = "█" * full + "░" * (_WIDTH - full)
    text = _("{due} of {ceiling}; withheld {withheld}, outstanding {outstanding}")
    return f"{name:<16} {bar} " + text.format(
        due=money(gauge["due"]), ceiling=ceiling_told(gauge), withheld=money(gauge["withheld"]),
        outstanding=money(gauge["outstanding"]),
    )
