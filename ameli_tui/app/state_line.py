"""How things stand, in one sign and a few words: what stands at the top right of every screen."""

from typing import TYPE_CHECKING

from ameli_tui.i18n import _, moment
from ameli_tui.i18n.watching import lock_sign

if TYPE_CHECKING:
    from agent.protocol.process import Status


def state_words(
    agent: str, status: "Status", progress: tuple[str, int, int] | None, *, gated: bool
) -> tuple[str, str]:
    """The words and their colour. ``agent``: ``running``, ``starting`` or ``gone``; ``gated``: something stands before
    the data."""
    if agent == "starting":
        return "… " + _("starting the agent"), "$warning"
    if agent == "gone":
        return "× " + _("agent stopped"), "bold $error"
    if progress is not None:
        _step, done, total = progress
        return "~ " + _("syncing") + (f" {done}/{total}" if total else ""), "bold $accent"
    if status.get("locked") and status.get("watch"):
        return lock_sign(status)
    if gated:
        return "", ""
    if status.get("problems"):
        return "! " + _("see Agent"), "bold $warning"
    if last := status.get("last_sync"):
        return "✓ " + moment(last)[-5:], "$success"
    return "○ " + _("never synced"), "$text-muted"
