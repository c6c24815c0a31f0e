"""What the agent watches while the vault is locked, and with what: the person's choice, kept in the settings."""

from typing import ClassVar

from ameli_tui.i18n import _
from ameli_tui.i18n.watch_words import question
from ameli_tui.i18n.watching import may_sign_in, when_watched
from ameli_tui.screens.base.step_form import Choice, FormScreen
from ameli_tui.terminal.safe_text import Part

_SETTINGS: dict[str, dict[str, str | bool]] = {
    "sign_in": {"watch": "always", "sign_in": "locked", "sign_in_asked": True},
    "session": {"watch": "always", "sign_in": "never", "sign_in_asked": True},
    "unlocked": {"watch": "unlocked", "sign_in": "never", "sign_in_asked": True},
}
"""What each choice writes into the settings' table ``agent``."""


class WatchingScreen(FormScreen[None]):
    """One choice of three."""

    KEYS_OF: ClassVar[tuple[str, ...]] = ("field",)

    def load(self) -> None:
        """Say how it is, and ask."""
        status = self.ameli.status
        present = self._present()
        ways = {
            "sign_in": _("Watch, and sign in when the session has ended"),
            "session": _("Watch with the open session only"),
            "unlocked": _("Watch only while the vault is open"),
        }
        parts: list[Part] = [
            _("What the agent finds while the vault is locked is sealed: only the open vault reads it. Until then you "
              "are told how many new things wait, and nothing else."), "\n\n",
            (question(), "bold"), " ",
            _("Without it, the agent watches until the session ends, and then waits for you."),
        ]
        if status.get("watch"):
            parts += ["\n\n", (_("Now: {watched}. Sign-in while locked: {allowed}.").format(
                watched=when_watched(status), allowed=may_sign_in(status)), "$text-muted")]
        self.show(_("While the vault is locked"), parts, choices=[
            Choice(way, ("✓ " if way == present else "  ") + words) for way, words in ways.items()])
        if present:
            self.choices.move_to([*ways].index(present))

    def _present(self) -> str:
        """The choice that the settings hold; none before the person was asked."""
        watch = self.ameli.status.get("watch")
        if watch is None or not watch["asked"]:
            return "session" if watch is None or watch["allowed"] == "always" else "unlocked"
        if watch["allowed"] == "unlocked":
            return "unlocked"
        return "sign_in" if watch["sign_in"] == "locked" else "session"

    def chosen(self, choice: str) -> None:
        """Keep it, and go back."""
        self.app.pop_screen()
        self.ameli.keep_agent_settings(_("Kept: it holds from the next locking on."), **_SETTINGS[choice])
