"""``ameli deadlines``: everything that has a last day, as a list or as a calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.client import api_requests
from ameli_tui.cli.out_option import check_out, deliver
from ameli_tui.cli.output import one_line, table
from ameli_tui.cli.parser import Parser, describe
from ameli_tui.i18n import _, day, in_words, lang

if TYPE_CHECKING:
    from typing import Protocol

    from agent.protocol.deadlines import Deadline
    from ameli_tui.cli.context import Context

    class DeadlinesArgs(Protocol):
        """The arguments of ``ameli deadlines``."""

        out: str | None
        force: bool


def configure_deadlines(parser: Parser) -> None:
    """Add ``ameli deadlines``."""
    describe(parser, _(
        "Show what has a last day: papers to send, answers due, renewals, cards. With --out they go into a calendar\n"
        "file (.ics) that your agenda takes in; taken in again, nothing doubles."),
        "ameli deadlines --out deadlines.ics")
    parser.add_argument("--out", metavar="F.ics", help=_("calendar file to write; - is standard output"))
    parser.add_argument("--force", action="store_true", help=_("replace the file if it exists"))
    parser.set_defaults(run=run_deadlines)


def run_deadlines(context: Context) -> None:
    """Show the deadlines, or write the calendar."""
    args: DeadlinesArgs = context.args
    if args.out is not None:
        check_out(args.out, args.force)
        data = context.door.ask(api_requests.deadlines_calendar(lang()))
        deliver(context, data, {"media_type": "text/calendar"})
        return
    deadlines = context.door.ask(api_requests.deadlines())
    context.out.answer(deadlines, lambda: _text(deadlines))


def _text(deadlines: list[Deadline]) -> str:
    if not deadlines:
        return _("No deadline is running.")
    rows = [(day(one["due"]), str(one["days_left"]), one_line(in_words(one, "title")), _kind(one["kind"]))
            for one in deadlines]
    return table((_("Date"), _("Days left"), _("What"), ""), rows, right=(1,))


def _kind(kind: str) -> str:
    return {"duty": _("to do"), "right": _("the fund's limit"), "window": _("window"), "estimate": _("estimate")}[kind]
