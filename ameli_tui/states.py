"""Where a request stands, in the person's words; for commands and screens alike."""

from ameli_tui.i18n import _


def state_name(status: str) -> str:
    """``needs_papers`` is "papers asked for"; a status nobody told us of is shown as it came."""
    return {
        "draft": _("draft"), "queued": _("waiting to be sent"), "sent": _("received by the fund"),
        "needs_papers": _("papers asked for"), "accepted": _("accepted"), "refused": _("refused"),
        "cancelled": _("withdrawn"), "ready": _("ready for you to send"), "handed_over": _("handed over"),
    }.get(status, status)
