"""``ameli export``: everything the account holds, as a file of another program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.client import api
from agent.protocol.export_formats import DOCUMENTS, EXPORT_FORMATS
from ameli_tui.cli.argument_types import day as parse_day
from ameli_tui.cli.argument_types import year
from ameli_tui.cli.errors import WrongUsage
from ameli_tui.cli.out_option import add_out, check_out, deliver
from ameli_tui.cli.parser import Parser, describe
from ameli_tui.i18n import _, lang, spoken

if TYPE_CHECKING:
    from typing import Protocol

    from ameli_tui.cli.context import Context

    class ExportArgs(Protocol):
        """The arguments of ``ameli export``."""

        format: str
        out: str
        force: bool
        since: str | None
        until: str | None
        year: int | None
        beneficiary: str | None
        lang: str | None
        excel: bool
        naming: str | None
        fetch: bool


def configure_export(parser: Parser) -> None:
    """Add ``ameli export``."""
    described = "\n".join(f"  {known.typed:<13}{spoken(known.fr, known.en)}" for known in EXPORT_FORMATS)
    describe(parser, _("Write everything in other programs' terms. With --format") + "\n" + described,
             "ameli export --format xlsx --year 2026 --out ameli-2026.xlsx")
    names = [known.name for known in EXPORT_FORMATS if known.name == known.typed]
    parser.add_argument("--format", choices=names, required=True, help=_("what to write"))
    add_out(parser, _("file to write, - is standard output; documents: a folder, or a .zip file"))
    parser.add_argument("--since", metavar="D", type=parse_day, help=_("first day, like 2026-01-31"))
    parser.add_argument("--until", metavar="D", type=parse_day, help=_("last day"))
    parser.add_argument("--year", metavar="Y", type=year, help=_("the same as the first and last day of that year"))
    parser.add_argument("--beneficiary", metavar="NAME", help=_("only payments that concern this person, each whole"))
    parser.add_argument("--lang", choices=("fr", "en"), help=_("language of the file; yours by default"))
    parser.add_argument("--excel", action="store_true",
                        help=_("csv: semicolons and decimal commas, for a double click in a French Excel"))
    parser.add_argument("--naming", metavar="TEMPLATE",
                        help=_("documents: names of the files, like {year}/{kind}/{date}_{title}; fields: date,\n"
                               "year, month, day, kind, title, id, payment, message (export.naming in the settings)"))
    parser.add_argument("--fetch", action="store_true",
                        help=_("documents: get those that are not kept yet from the service"))
    parser.set_defaults(run=run_export)


def run_export(context: Context) -> None:
    """Write the export. Raises WrongUsage for options that do not go together."""
    args: ExportArgs = context.args
    if args.excel and args.format != "csv":
        raise _wrong(_("--excel is for --format csv."))
    if (args.naming is not None or args.fetch) and args.format != DOCUMENTS:
        raise _wrong(_("--naming and --fetch are for --format documents."))
    if args.year is not None and (args.since or args.until):
        raise _wrong(_("--year goes without --since and --until."))
    filters = {"since": args.since, "until": args.until, "year": args.year, "beneficiary": args.beneficiary,
               "lang": args.lang or lang()}
    if args.format == DOCUMENTS:
        from ameli_tui.cli.commands.export_documents import export_documents

        export_documents(context, **filters)
        return
    check_out(args.out, args.force)
    said = _empty(context) if args.format != "ics" else ""
    data = context.door.ask(api.export("csv-excel" if args.excel else args.format, **filters))
    deliver(context, data, {"format": args.format})
    if said:
        context.out.say(said)


def _empty(context: Context) -> str:
    """That no payment is in the file, and why; nothing when there is one."""
    args: ExportArgs = context.args
    since, until = args.since, args.until
    if args.year is not None:
        since, until = (f"{max(1, min(args.year, 9999)):04d}-{day}" for day in ("01-01", "12-31"))
    if context.door.ask(api.rows(limit=1, since=since, until=until, beneficiary=args.beneficiary))["total"]:
        return ""
    if not context.door.ask(api.facets())["years"]:
        return _("The file holds no payment: nothing was read from the account yet.")
    return _("The file holds no payment: none is known of that time or person.")


def _wrong(reason: str) -> WrongUsage:
    return WrongUsage(reason=reason, prog="ameli export")
