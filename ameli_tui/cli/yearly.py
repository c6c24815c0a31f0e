"""What the commands about one year share: which year, whose, and what is said when nothing of it is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ameli_tui.cli.argument_types import year
from ameli_tui.i18n import _
from ameli_tui.i18n.not_counted import left_out, with_command

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from typing import Protocol

    from agent.protocol.money import LeavesOut

    class YearArgs(Protocol):
        """The arguments of a command about one year."""

        year: int | None
        beneficiary: str | None


def add_year(parser: ArgumentParser) -> None:
    """Add the options that say which year, and whose."""
    parser.add_argument("--year", metavar="Y", type=year, help=_("calendar year of refund; this year by default"))
    parser.add_argument("--beneficiary", metavar="NAME", help=_("only what concerns this person"))


def nothing_counted(answer: LeavesOut) -> str:
    """Why no payment at all is counted, with what would make it so; empty where some are."""
    return "\n".join(with_command(reason) for reason in left_out(answer, "payments", whole=True))
