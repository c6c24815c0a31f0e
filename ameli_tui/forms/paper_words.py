"""A paper that a procedure asks for, in words."""

from typing import TYPE_CHECKING

from ameli_tui.i18n import _, in_words, number

if TYPE_CHECKING:
    from agent.protocol.procedures import Paper


def paper_words(one: "Paper") -> str:
    """A paper with its formats, its size, and when it is wanted."""
    said = in_words(one, "label")
    formats = ", ".join(one["formats"]).upper()
    limit = _("{n} MB at most").format(n=number(one["most_bytes"] // (1024 * 1024)))
    several = ", " + _("up to {n} files").format(n=one["several"]) if one["several"] > 1 else ""
    when = in_words(one["when"], "text") if one["when"] else "" if one["needed"] else _("optional")
    condition = f" · {when}" if when else ""
    return f"{said} ({formats}, {limit}{several}){condition}"
