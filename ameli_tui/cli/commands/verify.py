"""``ameli verify``: every byte of the vault and its documents read, and what is damaged told with its cure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.client import api
from ameli_tui.cli.context import Context
from ameli_tui.cli.output import one_line
from ameli_tui.cli.parser import Parser, describe
from ameli_tui.i18n import _, lang, ngettext

if TYPE_CHECKING:
    from agent.protocol.vault import Damage, Verified


def configure_verify(parser: Parser) -> None:
    """Add ``ameli verify``."""
    describe(parser, _(
        "Read every byte of the vault and its documents, and say what is damaged, with the cure. What the vault also\n"
        "knows otherwise is written anew at once; a damaged document is fetched again by the next sync, as long as\n"
        "the service has it. The exit code is 1 when something was damaged, 0 when all is whole."),
        "ameli verify --json")
    parser.set_defaults(run=run_verify)


def run_verify(context: Context) -> int:
    """Have the agent read everything; the exit code."""
    found = context.door.ask(api.verify())
    answer = {
        "checked": found["checked"], "bytes": found["bytes"],
        "damaged": [_spoken(one) for one in found["damaged"]], "leftovers": found["leftovers"],
    }
    context.out.answer(answer, lambda: _told(found))
    return 1 if found["damaged"] else 0


def _spoken(one: Damage) -> dict[str, object]:
    """One damaged file, in the person's language."""
    return {**one, "what": one["what"][lang()], "cure": one["cure"][lang()]}


def _told(found: Verified) -> str:
    lines = []
    for one in found["damaged"]:
        lines += [f"!!  {one_line(one['what'][lang()])}", f"    -> {one_line(one['cure'][lang()])}"]
    for name in found["leftovers"]:
        lines.append(_("A file that belongs to nothing, left where it is: {name}").format(name=one_line(name)))
    wrong = len(found["damaged"])
    checked = ngettext("{n} file was read, every byte of it.", "{n} files were read, every byte of them.",
                       found["checked"]).format(n=found["checked"])
    lines.append(checked + " " + (
        ngettext("{n} was damaged.", "{n} were damaged.", wrong).format(n=wrong) if wrong else _("All is whole.")))
    return "\n".join(lines)
