"""``ameli tariffs``: what the rules know from when, and the fund's table of technical acts taken in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from agent.client import api
from ameli_tui.cli.argument_types import day as iso_day
from ameli_tui.cli.output import facts, one_line, table
from ameli_tui.cli.parser import Parser, add_action, describe
from ameli_tui.files.collect import at_home
from ameli_tui.i18n import _, day, number, spoken

if TYPE_CHECKING:
    from typing import Protocol

    from agent.files.formats.nomenclature import Nomenclature
    from agent.protocol.tariffs import TakenTariffs, TariffsStatus, TariffValue
    from ameli_tui.cli.context import Context

    class StatusArgs(Protocol):
        """The arguments of ``ameli tariffs status``."""

        table: str | None

    class ImportArgs(Protocol):
        """The arguments of ``ameli tariffs import``."""

        files: list[Path]
        day: str | None


def configure_tariffs(parser: Parser) -> None:
    """Add ``ameli tariffs status|import``."""
    describe(parser, _(
        "The amounts, rates and ceilings by which care is priced: each is kept with its day and its source. No vault\n"
        "is needed."), "ameli tariffs status")
    actions = parser.actions(required=True)
    status = add_action(actions, "status", _("what is known from when, and what must be looked at again"), run_status,
                        "ameli tariffs status rate")
    status.description = _(
        "List the tables: the day by which each must be looked at again, how many of its values have a first day that\n"
        "a source tells and how many were only read for a day, and the versions of the fund's table of technical\n"
        "acts. With a TABLE, every value of it as of today.")
    status.add_argument("table", metavar="TABLE", nargs="?", help=_("the name of a table: every value of it"))
    taken = add_action(actions, "import", _("take in the fund's table of technical acts (CCAM)"), run_import,
                       "ameli tariffs import CCAM_V82.xls")
    taken.description = _(
        "Take in a version of the table of technical acts as ameli.fr publishes it: the Excel file, the same as CSV,\n"
        "or the dBase archives of one version given together. It is checked against what is known, dated, and kept on\n"
        "this machine with the names of the acts; estimates use it from then on. A version taken in again changes\n"
        "nothing.")
    taken.add_argument("files", metavar="FILE", nargs="+", type=Path,
                       help=_("the Excel or CSV file, or the dBase archives or their folder"))
    taken.add_argument("--from", dest="day", metavar="D", type=iso_day,
                       help=_("the day from which the table applies, where its title does not tell it"))


def run_status(context: Context) -> None:
    """Tell what the rules know."""
    args: StatusArgs = context.args
    state = context.door.knock(api.tariffs(args.table))
    context.out.answer(state, lambda: _values(state) if args.table else _status(state))


def run_import(context: Context) -> None:
    """Read the files here, in a process of its own, and have the agent keep what they say."""
    from datetime import date

    from agent.files.formats.nomenclature import read_files

    args: ImportArgs = context.args
    paths = [at_home(path) for path in args.files]
    context.out.progress(_("Reading and checking…"))
    read = read_files(paths, date.fromisoformat(args.day) if args.day else None)
    taken = context.door.knock(api.take_tariffs(read.table))
    answer = {**taken, "kind": read.kind, "unread_rows": [
        {"row": row, "why": spoken(why_fr, why_en)} for row, why_fr, why_en in read.unread]}
    context.out.answer(answer, lambda: _taken(taken, read))


def _taken(taken: TakenTariffs, read: Nomenclature) -> str:
    since = day(taken["applies_from"])
    if taken["known"]:
        return _("{version}, which applies from {day}, was taken in already: nothing changed.").format(
            version=taken["version"], day=since)
    lines = [facts([
        (_("Version"), taken["version"]), (_("Applies from"), since), (_("Acts"), number(taken["acts"])),
        (_("With their names"), number(taken["words"])), (_("Tariffs new or changed"), number(taken["changed"])),
    ])]
    lines += [_("! row {row}: {why}").format(row=row, why=one_line(spoken(why_fr, why_en)))
              for row, why_fr, why_en in read.unread]
    return "\n".join([*lines, _("Estimates use it from now on.")])


def _status(state: TariffsStatus) -> str:
    acts = state["technical_acts"]
    rows = [(one["name"], day(one["review"]), one["parameters"], one["entries"], one["with_first_day"],
             one["read_only"], one["latest_only"] or "", "!" if one["stale"] else "") for one in state["tables"]]
    versions = [(one["version"], day(one["applies_from"]), number(one["words"]) if one["words"] else "",
                 _("taken in") if one["taken_in"] else _("with the program")) for one in acts["versions"]]
    summary = facts([
        (_("Values"), number(state["entries"])), (_("With a first day"), number(state["with_first_day"])),
        (_("Only read for a day"), number(state["read_only"])), (_("Sources"), number(state["sources"])),
        (_("To be looked at again"), ", ".join(state["stale"])),
    ])
    heads = (_("Table"), _("Good until"), _("Names"), _("Values"), _("First day"), _("Only read"), _("Old"), "")
    parts = [table(heads, rows, right=(2, 3, 4, 5, 6)), summary,
             _("Technical acts (CCAM): {n}, good until {day}").format(n=number(acts["acts"]), day=day(acts["review"])),
             table((_("Version"), _("Applies from"), _("Names"), ""), versions, right=(2,))]
    parts += [_("! {file} cannot be read any more: take that version in again.").format(file=one_line(name))
              for name in acts["damaged"]]
    if state["stale"]:
        parts.append(_("Update the program, or take the fund's newest table in; until then check these amounts on"
                       " ameli.fr."))
    return "\n\n".join(parts)


def _values(state: TariffsStatus) -> str:
    values = [value for one in state["tables"] for value in one.get("values", ())]
    rows = [(value["name"].partition(".")[2], value["value"] or "?", value["unit"], _since(value),
             value["source"] or "", one_line(value["label"])) for value in values]
    return table((_("Name"), _("Value"), _("Unit"), _("Since"), _("Source"), _("What it is")), rows, right=(1,))


def _since(value: TariffValue) -> str:
    """The first day; ``≤`` before one for which it was only read, ``?`` behind one that is not sure."""
    if value["since"] is None:
        return ""
    sign = "" if value["began"] else "≤ "
    return f"{sign}{day(value['since'])}{' ?' if value['doubt'] else ''}"
