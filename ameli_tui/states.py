"""Where a request stands and how long there is left, in words; for commands and screens alike."""

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
