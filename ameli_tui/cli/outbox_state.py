"""Whether what waits is sent at all."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from agent.protocol.problems import Problem
    from ameli_tui.cli.agent_access import Door
    from ameli_tui.cli.context import Context

_RESTORED = "restored_copy"


def restored_copy(door: Door) -> Problem | None:
    """Why nothing is sent: the open vault came from a backup, and the person has not taken it as it is; else None."""
    from agent.client import api

    return next((one for one in door.knock(api.status())["problems"] if one["code"] == _RESTORED), None)


def tell_restored(context: Context) -> None:
    """Tell it beside what waits, with the command that ends it."""
    from ameli_tui.cli.output import one_line
    from ameli_tui.i18n import lang

    problem = restored_copy(context.door)
    if problem is not None:
        context.out.say(f"{one_line(problem['message'][lang()])}\n{one_line(problem['hint'][lang()])}")
