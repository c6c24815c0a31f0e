"""``ameli anonymise``: a copy of a file that can be shown to somebody, made here, without agent or vault."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from ameli_tui.cli.argument_types import count
from ameli_tui.cli.attachments import read
from ameli_tui.cli.out_option import check_out
from ameli_tui.cli.parser import Parser, describe
from ameli_tui.files.collect import at_home
from ameli_tui.files.write import write_file
from ameli_tui.i18n import _

if TYPE_CHECKING:
    from typing import Protocol

    from ameli_tui.cli.context import Context

    class AnonymiseArgs(Protocol):
        """The arguments of ``ameli anonymise``."""

        file: Path
        out: str | None
        force: bool
        show: bool
        seed: int | None

_MOST = 64 << 20
"""Bytes read of one file."""


def configure_anonymise(parser: Parser) -> None:
    """Add ``ameli anonymise``."""
    describe(parser, _(
        "Write a copy of a statement (PDF), a page (HTML, JSON), a recorded session (HAR) or a bank file (OFX, CSV)\n"
        "that is laid out the same and holds nothing of you: names, numbers, days, amounts and care are invented.\n"
        "Everything happens on this computer, without the agent and without your vault. Look at the copy before you\n"
        "share it."),
        "ameli anonymise décompte.pdf --open")
    parser.add_argument("file", metavar="FILE", type=Path, help=_("the original; it is only read"))
    parser.add_argument("--out", metavar="F", help=_("file to write; - is standard output (default: anonyme.*)"))
    parser.add_argument("--force", action="store_true", help=_("replace the file if it exists"))
    parser.add_argument("--open", action="store_true", dest="show", help=_("open the copy, to look at it"))
    parser.add_argument("--seed", type=count, metavar="N", help=_(
        "invent the same again (for tests: who knows the number can undo the copy)"))
    parser.set_defaults(run=run_anonymise)


def run_anonymise(context: Context) -> None:
    """Write the copy and say what to look at."""
    from agent.files.anonymise import SUFFIXES, anonymise

    args: AnonymiseArgs = context.args
    if args.out:
        check_out(args.out, args.force)
    original = at_home(args.file)
    copy = anonymise(read(original, _MOST), original.name, args.seed)
    # The original's name may hold a name or a month: the copy does not take after it.
    target = args.out or f"anonyme{SUFFIXES[copy.kind]}"
    if target == "-":
        context.out.raw(copy.data)
        return
    path = at_home(target)
    check_out(str(path), args.force)
    write_file(path, copy.data, args.force)
    opened = args.show and _open(path)
    context.out.answer(
        {"kind": copy.kind, "path": str(path), "bytes": len(copy.data), "opened": opened},
        lambda: _told(path, copy.kind))


def _open(path: Path) -> bool:
    """Show the copy with the desktop's own program; False where there is no desktop (over SSH)."""
    from ameli_tui.files.external import open_in, viewer

    command = viewer(os.environ)
    if command is not None:
        open_in(command, path)
    return command is not None


def _told(path: Path, kind: str) -> str:
    """Where the copy is, and what a person should look for before sharing it."""
    look = {
        "pdf": _("Open it: no name, number, address, day or amount of yours may be in it.\n"
                 "What stays is the form: titles, columns, how many lines there are. Care and\n"
                 "rates are drawn by lot."),
        "har": _("Search it in an editor for your name, town and number: nothing may be found.\n"
                 "What stays is which pages were asked and how they are built; sign-in, cookies\n"
                 "and what you typed are left out."),
    }.get(kind, _("Search it in an editor for your name, town and number: nothing may be found.\n"
                  "What stays is how it is built: tags, keys, columns, and words that the service\n"
                  "writes for everybody."))
    return "\n".join([_("Written: {path}").format(path=path), look, _("If anything of you is left, do not share it.")])
