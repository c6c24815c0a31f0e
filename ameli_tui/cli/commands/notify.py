"""``ameli notify test``: a harmless notice through each channel, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.client import api
from ameli_tui.cli.context import Context
from ameli_tui.cli.output import one_line
from ameli_tui.cli.parser import Parser, add_action, describe
from ameli_tui.i18n import _, lang

if TYPE_CHECKING:
    from typing import Protocol

    from agent.protocol.process import NoticeTried

    class TestArgs(Protocol):
        """The arguments of ``ameli notify test``."""

        channel: str | None


def configure_notify(parser: Parser) -> None:
    """Add ``ameli notify test``."""
    describe(parser, _("How you are told what is new, outside the screens."), "ameli notify test")
    actions = parser.actions(required=True)
    test = add_action(actions, "test", _("send a test notice and say what became of it"), run_test,
                      "ameli notify test desktop")
    test.description = _(
        "Send a harmless notice through every channel that is on, and say for each what became of it, with the cure.\n"
        "It works while the vault is locked, and in quiet hours. The channels: desktop (notify.desktop), command\n"
        "(notify.command) and terminal, where the screens are open (notify.terminal). The exit code is 1 when one of\n"
        "them could not be told, or none is on.")
    test.add_argument("channel", metavar="CHANNEL", nargs="?", choices=("desktop", "command", "terminal"),
                      help=_("desktop, command or terminal; all that are on without it"))


def run_test(context: Context) -> int:
    """Have the agent send it; the exit code."""
    args: TestArgs = context.args
    tried = context.door.ask(api.notify_test(args.channel))
    answer = {"channels": [{**one, "said": one["said"][lang()], "cure": one["cure"][lang()] or None} for one in tried]}
    context.out.answer(answer, lambda: _told(tried))
    return 0 if tried and all(one["ok"] for one in tried) else 1


def _told(tried: list[NoticeTried]) -> str:
    if not tried:
        return _("No channel is on; `ameli config show` lists the settings that begin with notify.")
    lines = []
    for attempt in tried:
        lines.append(f"{'ok' if attempt['ok'] else '!!'}  {attempt['name']:<8}  {one_line(attempt['said'][lang()])}")
        if cure := attempt["cure"][lang()]:
            lines.append(f"    -> {one_line(cure)}")
    return "\n".join(lines)
