"""Reading the account: ``payments``, ``profile``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.client import api
from ameli_tui.cli.argument_types import count, day
from ameli_tui.cli.context import Context
from ameli_tui.cli.empty_list import nothing_read
from ameli_tui.cli.output import facts, table
from ameli_tui.cli.parser import Parser, describe
from ameli_tui.i18n import _, money, ngettext
from ameli_tui.i18n import day as spoken_day

if TYPE_CHECKING:
    from typing import Protocol

    from agent.protocol.account import Profile
    from agent.protocol.payments import PaymentDetail

    class PaymentsArgs(Protocol):
        """The arguments of ``ameli payments``."""

        since: str | None
        until: str | None
        beneficiary: str | None
        kind: str | None
        search: str | None
        limit: int | None


def configure_payments(parser: Parser) -> None:
    """Add ``ameli payments``."""
    describe(parser, _(
        "List the payments, newest first. Filters add up. --search looks in labels, acts, names, dates and amounts,\n"
        "whatever the accents and capitals. With --json every payment has its lines and deductions."),
        "ameli payments --since 2026-01-01 --search pharmacie")
    parser.add_argument("--since", metavar="D", type=day, help=_("first day, like 2026-01-31"))
    parser.add_argument("--until", metavar="D", type=day, help=_("last day"))
    parser.add_argument("--beneficiary", metavar="NAME", help=_("only what concerns this person"))
    parser.add_argument("--kind", metavar="K", help=_("the service's word, like REMBOURSEMENT_SOINS"))
    parser.add_argument("--search", metavar="TEXT", help=_("words to look for"))
    parser.add_argument("--limit", metavar="N", type=count, help=_("at most this many"))
    parser.set_defaults(run=run_payments)


def configure_profile(parser: Parser) -> None:
    """Add ``ameli profile``."""
    describe(parser, _("Show the insured person, the family covered with them, and their fund."))
    parser.set_defaults(run=run_profile)


def run_payments(context: Context) -> None:
    """List payments."""
    args: PaymentsArgs = context.args
    payments = context.door.ask(api.payments(since=args.since, until=args.until, beneficiary=args.beneficiary,
                                      kind=args.kind, search=args.search, limit=args.limit))
    unread = "" if payments else nothing_read(context)
    context.out.answer(payments, lambda: unread or payments_text(payments))


def payments_text(payments: list[PaymentDetail]) -> str:
    """The payments as a table with their number and sum below."""
    if not payments:
        return _("No payment matches.")
    from decimal import Decimal

    rows = [(spoken_day(p["paid_on"]), money(p["amount"]), _to(p["to"]), p["label"], ", ".join(p["beneficiaries"]),
             p["id"]) for p in payments]
    heads = (_("Date"), _("Amount"), _("Paid to"), _("Label"), _("For"), _("Id"))
    total = money(str(sum(Decimal(p["amount"]) for p in payments)))
    number = len(payments)
    summary = ngettext("{n} payment, {total} in all", "{n} payments, {total} in all", number)
    return table(heads, rows, right=(1,)) + "\n\n" + summary.format(n=number, total=total)


def _to(whom: str) -> str:
    return _("you") if whom == "assure" else _("third party")


def run_profile(context: Context) -> None:
    """Show the profile."""
    profile = context.door.ask(api.profile())
    context.out.answer(profile, lambda: _profile_text(profile))


def _profile_text(profile: Profile) -> str:
    if not profile:
        return _("Nothing is known yet: run `ameli sync`.")
    lines = [
        (_("Name"), profile.get("name")),
        (_("Social security number"), profile.get("nir")),
        (_("Born"), _maybe_day(profile.get("birth_date"))),
        (_("Address"), ", ".join(profile.get("address") or ())),
        *(profile.get("phones") or {}).items(),
        (_("Mail"), profile.get("email")),
        (_("Fund"), profile.get("cpam")),
    ]
    family = [(b["name"], _maybe_day(b.get("birth_date")), _("insured") if b.get("insured") else "")
              for b in profile.get("beneficiaries") or ()]
    text = facts(lines)
    return text + ("\n\n" + table((_("Covered"), _("Born"), ""), family) if family else "")


def _maybe_day(iso: str | None) -> str:
    return spoken_day(iso) if iso else ""
