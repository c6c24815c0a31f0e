"""The options that say where a file goes, and handing it over there."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import TYPE_CHECKING

from ameli_tui.files.collect import at_home
from ameli_tui.files.write import check_target, write_file
from ameli_tui.i18n import _

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Protocol

    from ameli_tui.cli.context import Context

    class OutArgs(Protocol):
        """What ``add_out`` adds."""

        out: str
        force: bool


def add_out(parser: ArgumentParser, text: str = "") -> None:
    """Add the options that say where a file goes; ``text`` in place of the usual help."""
    parser.add_argument("--out", metavar="F", required=True, help=text or _("file to write; - is standard output"))
    parser.add_argument("--force", action="store_true", help=_("replace the file if it exists"))


def check_out(target: str, force: bool) -> None:
    """Refuse a target before anything is fetched for it. Raises FileExists unless ``force``, and NotAFile."""
    if target != "-":
        check_target(at_home(target), force)


def deliver(context: Context, data: bytes, about: Mapping[str, str | int | None]) -> None:
    """Hand over a file's bytes as ``--out`` says and answer where they went, with what is ``about`` them."""
    args: OutArgs = context.args
    target = args.out
    if target == "-":
        context.out.raw(data)
        return
    path = at_home(target)
    write_file(path, data, args.force)
    answer = {**about, "path": str(path), "bytes": len(data)}
    context.out.answer(answer, lambda: _("Written: {path} ({size} bytes)").format(path=path, size=len(data)))
