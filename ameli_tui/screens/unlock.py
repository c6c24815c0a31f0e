"""The vault is locked: passphrase or recovery code."""

from typing import Any, ClassVar

from textual import events
from textual.binding import BindingType

from agent.client import Problem
from ameli_tui.i18n import _, lang
from ameli_tui.keys import bindings
from ameli_tui.screens.form import Ask, Choice, FormScreen


class UnlockScreen(FormScreen):
    """Stands before the data until the agent has opened the vault."""

    GATE: ClassVar[bool] = True
    KEYS_OF: ClassVar[tuple[str, ...]] = ("field", "unlock")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("unlock")]

    def __init__(self) -> None:
        super().__init__()
        self._recovery = False

    def load(self) -> None:
        """Ask."""
        self._ask()

    def _ask(self) -> None:
        if self._recovery:
            text = _("Type the recovery code that was shown when the vault was made.")
            asks = [Ask(_("Recovery code"))]
        else:
            text = _("Your data is encrypted on this machine. Type your passphrase to open it.")
            asks = [Ask(_("Passphrase"), secret=True)]
        self.show(_("The vault is locked"), [text], asks=asks)

    def _ways(self) -> None:
        """What else there is to do than to type it."""
        self.show(_("The vault is locked"), [_("Your data is encrypted on this machine.")], choices=[
            Choice("passphrase", _("Type the passphrase")), Choice("recovery", _("Type the recovery code")),
            Choice("leave", _("Leave"))])

    def chosen(self, choice: str) -> None:
        """Back to the line, or out."""
        if choice == "leave":
            self.ameli.leave_gate()
        else:
            self._recovery = choice == "recovery"
            self._ask()

    def on_key(self, event: events.Key) -> None:
        """Escape leads from the line to what else there is, and back again; never out of the program."""
        if event.key == "escape" and self.focused is self.choices:
            event.stop()
            event.prevent_default()
            self._ask()

    def action_recovery(self) -> None:
        """The other way in."""
        self._recovery = not self._recovery
        self._ask()

    def submitted(self, values: list[str]) -> None:
        """Try it."""
        if not values[0]:
            return
        body = {"recovery_code" if self._recovery else "passphrase": values[0]}
        self.fields[0].set_value("")
        self.tell(_("Opening the vault…"))
        self.ask("unlocked", lambda: self.client.post("/v1/unlock", body))

    def got_unlocked(self, answer: dict[str, Any]) -> None:
        """It is open; what the agent has to say about the passphrase is said on the screen behind."""
        self.ameli.gate_passed()
        if note := answer.get("note"):
            self.ameli.say(note[lang()], "bold $warning", 30)

    def refused(self, name: str, problem: Problem) -> None:
        """Say why, and let the person try again."""
        self.tell(f"! {problem.message(lang())} {problem.hint(lang())}", "bold $error")

    def agent_said(self, kind: str, data: dict[str, Any]) -> None:
        """Another program has opened the vault."""
        if kind == "state" and data.get("state") == "unlocked" and not self.asker.busy:
            self.ameli.gate_passed()

    def cancelled(self) -> None:
        """Not now: what else there is."""
        self._ways()
