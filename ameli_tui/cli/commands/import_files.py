"""Files brought in: ``ameli import``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from agent.client import api
from agent.errors import NeedsPerson
from ameli_tui.cli.errors import FileTooLarge, NoFiles, NoSuchImport, SeveralImports, UnreadableFile, WrongUsage
from ameli_tui.cli.output import one_line, table
from ameli_tui.cli.parser import Parser, describe
from ameli_tui.cli.secret_input import ask_line, has_terminal
from ameli_tui.files.bring import MOST, OverMost, bring, look, not_looked_at
from ameli_tui.files.collect import (
    NO,
    YES,
    as_text,
    at_home,
    complaints,
    expand,
    kind_name,
    notes,
    refused,
    told,
    undone_text,
    whose_asked,
)
from ameli_tui.i18n import _, local_day

if TYPE_CHECKING:
    from typing import Protocol

    from agent.protocol.files import Preview, Taken, TakenEarlier, TakenStatement
    from ameli_tui.cli.context import Context

    class ImportArgs(Protocol):
        """The arguments of ``ameli import``."""

        files: list[Path]
        mine: bool
        preview: bool
        columns: str | None
        statements: bool
        list: bool
        undo: str | None

_LISTED = 1_000
"""Files of the list."""
_SHORT, _LEAST = 8, 4
"""Characters of an id that are shown, and that must be given."""
_ANSWERS = {"y": YES, "yes": YES, "o": YES, "oui": YES, "n": NO, "no": NO, "non": NO}

def configure_import(parser: Parser) -> None:
    """Add ``ameli import``."""
    describe(parser, _(
        "Take in files of your own: statements (PDF), recorded browser sessions (HAR), bank statements\n"
        "(OFX, CSV, camt.053, MT940, QIF, XLSX, ODS).\n"
        "Of a folder, the files of these kinds. A file taken in twice changes nothing; one that cannot be read is\n"
        "told with its reason, the others go on.\n\n"
        "A file that neither says whose it is nor agrees with what is known here is asked about; --mine answers.\n\n"
        "To record a session: in your browser press F12, choose Network and keep the log; sign in, open your payments\n"
        "one by one, statements and messages; save all as HAR with content. Delete that file after the import: it\n"
        "holds your password, of which nothing is taken in."),
        "ameli import ~/Downloads/*.pdf ~/Documents/ameli")
    parser.add_argument("files", metavar="FILE", nargs="*", type=Path,
                        help=_("a file as it was downloaded, or a folder"))
    parser.add_argument("--mine", action="store_true",
                        help=_("say that the files are of this account, where nothing in them tells"))
    parser.add_argument("--preview", action="store_true",
                        help=_("show what was understood and what would be new; nothing is kept"))
    parser.add_argument("--columns", metavar="SPEC", default=None,
                        help=_("the columns of a bank's table, from 1: day=1,label=2,amount=4; kept for that bank"))
    parser.add_argument("--statements", action="store_true",
                        help=_("read the monthly statements that are kept for older payments"))
    parser.add_argument("--list", action="store_true", help=_("list the files taken in, the newest first"))
    parser.add_argument("--undo", metavar="ID", default=None,
                        help=_("take back what a file alone brought; ID is of --list"))
    parser.set_defaults(run=run_import)


def run_import(context: Context) -> int:
    """Take the files in, one by one. Returns 1 when one has a problem, 5 when the person must say whose one is."""
    args: ImportArgs = context.args
    if args.list or args.undo is not None:
        beside = args.files or args.statements or args.mine or args.columns or args.preview
        if beside or (args.list and args.undo is not None):
            raise WrongUsage(reason=_("--list and --undo stand alone."), prog="ameli import")
        return _list(context) if args.undo is None else _undo(context, args.undo)
    if args.preview and (args.statements or args.mine):
        raise WrongUsage(
            reason=_("--preview keeps nothing: it goes with FILE and --columns alone."), prog="ameli import")
    files: list[TakenStatement] = []
    if args.statements:
        files += context.door.ask(api.take_statements())["files"]
    elif not args.files:
        raise WrongUsage(reason=_("give a FILE, or --statements."), prog="ameli import")
    paths = expand(at_home(path) for path in args.files)
    if args.files and not paths:
        raise NoFiles
    if args.preview:
        return _preview(context, paths)
    for done, path in enumerate(paths, 1):
        context.out.progress(_("{done} of {total}: {name}").format(
            done=done, total=len(paths), name=one_line(as_text(path.name))))
        files.append({"path": as_text(path), **_take(context, path)})
    context.out.answer({"files": files}, lambda: _text(files) if files else _("Nothing new."))
    if any(whose_asked(one) for one in files):
        return NeedsPerson.exit_code
    return int(any(one["problem"] is not None for one in files))


def _preview(context: Context, paths: list[Path]) -> int:
    """Tell what the files would bring. Returns 1 when one has a problem."""
    from ameli_tui.files.preview import preview_text

    args: ImportArgs = context.args
    shown = [(as_text(path), _look(context, path, args.columns)) for path in paths]
    context.out.answer({"files": [{"path": path, **one} for path, one in shown]}, lambda: "\n\n".join(
        "\n".join(map(one_line, [f"{Path(path).name}", *preview_text(one, 100)])) for path, one in shown))
    return int(any(one["problem"] is not None for _path, one in shown))


def _list(context: Context) -> int:
    """The files taken in, those taken back too."""
    taken = context.door.ask(api.taken(_LISTED))
    context.out.answer({"imports": taken}, lambda: _listed(taken) if taken else _("No file was taken in yet."))
    return 0


def _listed(taken: list[TakenEarlier]) -> str:
    rows = [(one["id"][:_SHORT], local_day(one["at"]), one_line(one["name"]), kind_name(one["kind"]),
             one["new"], one["known"], _state(one)) for one in taken]
    return table((_("ID"), _("Day"), _("File"), _("Kind"), _("New"), _("Known"), ""), rows, right=(4, 5))


def _state(file: TakenEarlier) -> str:
    if "undone" in file:
        return _("taken back")
    if file["problem"] is None:
        return ""
    return _("in part") if file["new"] or file["known"] else _("not taken in")


def _undo(context: Context, given: str) -> int:
    """Take one back. The beginning of an id is enough where it means one file alone."""
    taken = [one for one in context.door.ask(api.taken(_LISTED)) if one["id"].startswith(given.strip().lower())]
    if len(taken) != 1 or len(given.strip()) < _LEAST:
        raise NoSuchImport(id=given[:40]) if not taken else SeveralImports(id=given[:40])
    undone = context.door.ask(api.undo_import(taken[0]["id"]))
    context.out.answer(undone, lambda: "\n".join(map(one_line, undone_text(undone))))
    return 0


def _look(context: Context, path: Path, columns: str | None) -> Preview:
    try:
        return look(context.door.ask, path, columns)
    except OSError as error:
        return not_looked_at(UnreadableFile(path=path, reason=error).problem())
    except OverMost:
        return not_looked_at(FileTooLarge(path=path, most=_("{n} MB").format(n=MOST >> 20), parts=True).problem())


def _take(context: Context, path: Path) -> Taken:
    args: ImportArgs = context.args
    try:
        taken = bring(context.door.ask, path, YES if args.mine else None, args.columns)
    except OSError as error:
        return refused(UnreadableFile(path=path, reason=error).problem())
    except OverMost:
        return refused(FileTooLarge(path=path, most=_("{n} MB").format(n=MOST >> 20), parts=True).problem())
    if (problem := taken["problem"]) is not None and whose_asked(taken) and has_terminal():
        context.out.say(f"{one_line(as_text(path.name))}: {one_line(told(problem['message']))}")
        said = _ANSWERS.get(ask_line(_("Is it of this account? [y/n] ")).strip().lower())
        if said is not None:  # else it stays a question
            taken = bring(context.door.ask, path, said, args.columns)
    return taken


def _text(files: list[TakenStatement]) -> str:
    rows = [(Path(one["path"]).name, kind_name(one["kind"]), one["new"], one["known"],
             _("see below") if one["problem"] else "") for one in files]
    shown = [table((_("File"), _("Kind"), _("New"), _("Known"), ""), rows, right=(2, 3))]
    shown += [one_line(f"! {Path(one['path']).name}: {said}") for one in files for said in complaints(one)]
    shown += map(one_line, notes([(Path(one["path"]).name, one) for one in files]))
    return "\n".join(shown)
