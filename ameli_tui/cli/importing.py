"""Files brought in: ``ameli import``."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.errors import AmeliError
from ameli_tui.cli.attaching import read
from ameli_tui.cli.output import one_line, problem_text, table
from ameli_tui.cli.parser import Parser, describe
from ameli_tui.i18n import _, lang

if TYPE_CHECKING:
    from ameli_tui.cli.entry import Context

_MOST = 128 << 20
"""Bytes read of one file: the agent takes no more."""


def configure_import(parser: Parser) -> None:
    """Add ``ameli import``."""
    describe(parser, _(
        "Take in files of your own: statements (PDF), recorded browser sessions (HAR), bank statements (OFX, CSV).\n"
        "A file taken in twice changes nothing; one that cannot be read is told with its reason, the others go on."),
        "ameli import ~/Downloads/*.pdf")
    parser.add_argument("files", metavar="FILE", nargs="+", type=Path, help=_("a file, as it was downloaded"))
    parser.set_defaults(run=run_import)


def run_import(context: Context) -> int:
    """Take the files in, one by one. Returns 1 when one of them has a problem."""
    files = []
    paths: list[Path] = context.args.files
    for done, path in enumerate(paths):
        context.out.progress(_("{done} of {total}: {name}").format(
            done=done, total=len(paths), name=one_line(path.name)))
        files.append({"path": str(path), **_take(context, path.expanduser())})
    context.out.answer({"files": files}, lambda: _text(files))
    return int(any(one["problem"] is not None for one in files))


def _take(context: Context, path: Path) -> dict[str, Any]:
    try:
        data = read(path, _MOST)
    except AmeliError as error:
        return {"kind": "unknown", "new": 0, "known": 0, "problem": error.problem(), "notes": []}
    bring = partial(context.door.client.upload, "/v1/import", data, name=path.name)
    taken: dict[str, Any] = context.door.ask(bring)
    return taken


def _text(files: list[dict[str, Any]]) -> str:
    rows = [(Path(one["path"]).name, kind_name(one["kind"]), one["new"], one["known"], _problem(one)) for one in files]
    shown = table((_("File"), _("Kind"), _("New"), _("Known"), _("Problem")), rows, right=(2, 3))
    notes = dict.fromkeys(one_line(note[lang()]) for one in files for note in one["notes"])
    return "\n".join([shown, *notes])


def _problem(one: dict[str, Any]) -> str:
    problem = one["problem"]
    return "" if problem is None else f"{problem_text(problem, lang())} {one_line(problem['hint'][lang()])}"


def kind_name(kind: str) -> str:
    """What a file was, in the person's words."""
    return {
        "statement": _("statement"), "har": _("recorded session"), "ofx": _("bank (OFX)"), "csv": _("bank (CSV)"),
        "unknown": _("unknown"),
    }.get(kind, kind)
