"""``ameli newcomer``: where somebody who arrives in France stands, from arrival to card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ameli_tui.cli.argument_types import day as iso_day
from ameli_tui.cli.output import one_line
from ameli_tui.cli.parser import Parser, describe
from ameli_tui.i18n import _, day, in_words, lang

if TYPE_CHECKING:
    from agent.protocol.newcomer import Path
    from ameli_tui.cli.context import Context

_SITUATIONS = ("employee", "resident", "student", "pensioner", "family")
_DAYS = ("arrived", "file-sent", "waiting-number", "asked-civil-status", "certified", "card-ordered")
_FLAGS = ("exempt", "account", "card")


def configure_newcomer(parser: Parser) -> None:
    """Add ``ameli newcomer``."""
    describe(parser, _(
        "Show where you are between arriving in France and holding a health card: what to do now, the papers, the\n"
        "delays, and what to do while waiting. Nothing is kept or sent."),
        "ameli newcomer --situation employee --arrived 2026-09-01 --file-sent 2026-10-05")
    parser.add_argument("--situation", choices=_SITUATIONS, default="resident", help=_("what brings you to France"))
    helps = {
        "arrived": _("day of arrival"), "file-sent": _("day on which the file left"),
        "waiting-number": _("day on which a first number came"),
        "asked-civil-status": _("day on which the fund asked for a civil-status document"),
        "certified": _("day on which the permanent number came"),
        "card-ordered": _("day on which the card was ordered"),
    }
    for name in _DAYS:
        parser.add_argument(f"--{name}", metavar="D", type=iso_day, help=helps[name])
    flags = {"exempt": _("exempted from the three months of residence"), "account": _("the account is created"),
             "card": _("the card has come")}
    for name in _FLAGS:
        parser.add_argument(f"--{name}", action="store_true", help=flags[name])
    parser.set_defaults(run=run_newcomer)


def run_newcomer(context: Context) -> None:
    """Show the path."""
    from agent.procedures.newcomer.stages import read_facts, where_am_i
    from config import clock

    args = vars(context.args)
    given = {f"{name.replace('-', '_')}_on": args[name.replace("-", "_")] for name in _DAYS}
    facts = read_facts({**given, **{name: args[name] for name in _FLAGS}, "situation": args["situation"]})
    path = where_am_i(facts, clock.today())
    context.out.answer(path, lambda: _text(path))


def _text(path: Path) -> str:
    lines: list[str] = []
    for stage in path["stages"]:
        mark = {"done": "✓", "now": "→", "later": "·"}[stage["state"]]
        lines.append(f"{mark} {in_words(stage, 'title')}")
        if stage["state"] == "done":
            continue
        lines += [f"    {one_line(in_words(one, 'label'))}: {day(one['on'])}" for one in stage["clocks"]]
        if stage["state"] == "now":
            lines.append(f"    {in_words(stage, 'text')}")
            lines += [f"    - {one['fr'] if lang() == 'fr' else one['en']}" for one in stage["papers"]]
            if stage["procedure"]:
                lines.append(f"    ameli procedures show {stage['procedure']}")
    return "\n".join(lines)
