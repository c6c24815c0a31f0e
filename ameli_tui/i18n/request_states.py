"""Where a request stands and how long there is left, in words; for commands and screens alike."""

from ameli_tui.i18n import _, ngettext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from agent.protocol.messages import About
    from agent.protocol.requests import Written


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


def asked_words(about: "About | None") -> str:
    """What a message is that must not be missed, in a word or two; nothing for any other."""
    return {"complete": _("to complete"), "decision": _("decision")}.get(about["kind"] if about else "", "")


def written_state(written: "Written") -> str:
    """Waiting, received, answered: what became of a message to an adviser."""
    return _("answered") if written["answered"] else state_name(written["status"])
