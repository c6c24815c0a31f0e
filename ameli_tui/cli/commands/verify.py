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
    verified = context.door.ask(api.verify())
    answer = {
        "checked": verified["checked"], "bytes": verified["bytes"],
        "damaged": [_spoken(one) for one in verified["damaged"]], "leftovers": verified["leftovers"],
    }
    context.out.answer(answer, lambda: _told(verified))
    return 1 if verified["damaged"] else 0


def _spoken(damage: Damage) -> dict[str, object]:
    """One damaged file, in the person's language."""
    return {**damage, "what": damage["what"][lang()], "cure": damage["cure"][lang()]}


def _told(verified: Verified) -> str:
    lines = []
    for damage in verified["damaged"]:
        lines += [f"!!  {one_line(damage['what'][lang()])}", f"    -> {one_line(damage['cure'][lang()])}"]
    for name in verified["leftovers"]:
        sealed = name.startswith("inbox/")
        lines.append((
            _("Sealed while the vault was locked, and not taken in; left where it is: {name}") if sealed
            else _("A file that belongs to nothing, left where it is: {name}")).format(name=one_line(name)))
    wrong = len(verified["damaged"])
    checked = ngettext("{n} file was read, every byte of it.", "{n} files were read, every byte of them.",
                       verified["checked"]).format(n=verified["checked"])
    lines.append(checked + " " + (
        ngettext("{n} was damaged.", "{n} were damaged.", wrong).format(n=wrong) if wrong else _("All is whole.")))
    return "\n".join(lines)
