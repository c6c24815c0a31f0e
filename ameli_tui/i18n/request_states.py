"""Where a request stands and how long there is left, in words; for commands and screens alike."""

from collections.abc import Mapping
from typing import Any

from ameli_tui.i18n import _, ngettext


def state_name(status: str) -> str:
    """``needs_papers`` is "papers asked for"; a status nobody told us of is shown as it came."""
    return {
        "draft": _("draft"), "queued": _("waiting to be sent"), "sent": _("received by the fund"),
        "needs_papers": _("papers asked for"), "accepted": _("accepted"), "refused": _("refused"),
        "cancelled": _("withdrawn"), "ready": _("ready for you to send"), "handed_over": _("handed over"),
    }.get(status, status)


def days_left(days: int) -> str:
    """``12`` is "12 days"; the last day and one that is past say so."""
    if days < 0:
        return _("overdue")
    return ngettext("{n} day", "{n} days", days).format(n=days) if days else _("today")


def asked_words(about: Mapping[str, Any] | None) -> str:
    """What a message is that must not be missed, in a word or two; nothing for any other."""
    return {"complete": _("to complete"), "decision": _("decision")}.get((about or {}).get("kind") or "", "")


def written_state(one: Mapping[str, Any]) -> str:
    """Waiting, received, answered: what became of a message to an adviser."""
    return _("answered") if one["answered"] else state_name(one["status"])
