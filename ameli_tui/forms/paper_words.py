"""A paper that a procedure asks for, in words."""

from typing import TYPE_CHECKING

from ameli_tui.i18n import _, in_words, number

if TYPE_CHECKING:
    from agent.protocol.procedures import Paper


def paper_words(paper: "Paper") -> str:
    """A paper with its formats, its size, and when it is wanted."""
    said = in_words(paper, "label")
    formats = ", ".join(paper["formats"]).upper()
    limit = _("{n} MB at most").format(n=number(paper["most_bytes"] // (1024 * 1024)))
    several = ", " + _("up to {n} files").format(n=paper["several"]) if paper["several"] > 1 else ""
    when = in_words(paper["when"], "text") if paper["when"] else "" if paper["needed"] else _("optional")
    condition = f" · {when}" if when else ""
    return f"{said} ({formats}, {limit}{several}){condition}"
