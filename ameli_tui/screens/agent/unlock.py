"""The vault is locked: passphrase or recovery code; and what is watched meanwhile."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import BindingType
from textual.widget import Widget

from agent.client import api
from agent.client.client import Problem
from agent.protocol.events import STATE
from ameli_tui.backend.events import AgentSaid
from ameli_tui.i18n import _, lang
from ameli_tui.i18n.watching import locked_lines
from ameli_tui.keys import bindings
from ameli_tui.screens.base.step_form import Ask, Choice, FormScreen
from ameli_tui.terminal.safe_text import Part, content, one_line
from ameli_tui.widgets.scroll_panel import Pane

if TYPE_CHECKING:
    from agent.protocol.problems import Bilingual
    from agent.protocol.process import Status
    from agent.protocol.vault import Opened, OpeningKeys


class UnlockScreen(FormScreen[None]):
    """Stands before the data until the agent has opened the vault."""

    GATE: ClassVar[bool] = True
    KEYS_OF: ClassVar[tuple[str, ...]] = ("field", "unlock")
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("unlock")]

    def __init__(self) -> None:
        super().__init__()
        self._recovery = False
        self._tried: OpeningKeys = {}
        """What was typed, while the person is asked whether a damaged vault is to be opened all the same."""
        self._telling = False
        self._note: Bilingual | None = None
        """What the agent has to say of the passphrase."""
        self._seen = 0
        """New things that waited when the vault was opened."""
        self._opening = False
        """Passphrase, code, or the ways to them are on the screen, and nothing that needs its room."""
        self.watched = Pane(_("While it is locked"), id="form-watched", focus=False)
        self.watched.display = False

    def below(self) -> Iterable[Widget]:
        """What is watched."""
        yield self.watched

    def load(self) -> None:
        """Ask the person; and the agent, for what it watches."""
        self._ask()
        self.ask(api.status(), self.ameli.take_status, latest="status")

    def show_state(self) -> None:
        """What is watched, as the agent told last."""
        super().show_state()
        said = content(*(locked_lines(self.ameli.status) if self._opening else ())).rstrip()
        self.watched.display = bool(said.plain)
        if said.plain != self.watched.plain():
            self.watched.show(said)

    def show(
        self, title: str, parts: Sequence[Part], *, asks: Sequence[Ask] = (), choices: Sequence[Choice] = ()
    ) -> None:
        """Set a step; what is watched stands below those that leave it the room."""
        super().show(title, parts, asks=asks, choices=choices)
        self._opening = title == _("The vault is locked")
        self.show_state()

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
        """Back to the line, or out; on, once what is wrong was told."""
        if choice == "leave":
            self.ameli.leave_gate()
        elif choice == "on":
            self._go_on()
        elif choice == "salvage":
            body: OpeningKeys = {**self._tried, "salvage": True}
            self._tried = {}
            self._ask()
            self._try(body)
        else:
            self._tried = {}
            if choice != "back":
                self._recovery = choice == "recovery"
            self._ask()

    def on_key(self, event: events.Key) -> None:
        """Escape leads from the line to what else there is, and back again; never out of the program."""
        if event.key == "escape" and self.focused is self.choices:
            event.stop()
            event.prevent_default()
            self.chosen("on" if self._telling else "back")

    def action_recovery(self) -> None:
        """The other way in."""
        self._recovery = not self._recovery
        self._ask()

    def submitted(self, values: list[str]) -> None:
        """Try it."""
        if not values[0]:
            return
        self._tried = {"recovery_code": values[0]} if self._recovery else {"passphrase": values[0]}
        self.fields[0].set_value("")
        self._try(self._tried)

    def _try(self, body: "OpeningKeys") -> None:
        self.tell(_("Opening the vault…"))
        client = self.client
        self.ask(lambda: (client.ask(api.status()), client.ask(api.unlock(body))), self.got_unlocked, latest="unlocked")

    def got_unlocked(self, answers: "tuple[Status, Opened]") -> None:
        """It is open; what is wrong with it is told first, what the agent says of the passphrase after that."""
        before, answer = answers
        self._seen = before.get("sealed", 0)
        self._tried, self._note = {}, answer.get("note")
        notices = [(one["message"][lang()], one["hint"][lang()]) for one in answer.get("notices") or ()]
        lost = answer.get("salvage")
        if lost is not None and not lost["missing"] and not lost["at_least"]:
            notices.append((_("The vault was damaged; nothing is missing."), ""))
        if not notices:
            self._go_on()
            return
        self._telling = True
        parts: list[Part] = []
        for message, hint in notices:
            parts += [("! ", "bold $warning"), (one_line(message), "bold"), "\n"]
            parts += [(one_line(hint), "$text-muted"), "\n\n"]
        self.show(_("The vault is open"), parts, choices=[Choice("on", _("Go on"))])

    def _go_on(self) -> None:
        self.ameli.gate_passed(self._seen)
        if self._note:
            self.ameli.say(self._note[lang()], "bold $warning", 30)

    def refused(self, name: str, problem: Problem) -> None:
        """Say why, and let the person try again."""
        if problem.code == "vault_damaged" and self._tried:
            said: list[Part] = [(f"! {one_line(problem.message(lang()))}", "bold $error"), "\n\n", _(
                "All that can still be read can be opened. What is missing will be said, and fetched again from the "
                "service as far as it has it. Copy the vault's folder first if you can.")]
            self.show(_("The vault is damaged"), said, choices=[
                Choice("salvage", _("Open what can be read")), Choice("back", _("Not now"))])
            return
        self._tried = {}
        self.tell(f"! {problem.message(lang())} {problem.hint(lang())}", "bold $error")

    def agent_said(self, message: AgentSaid) -> None:
        """Another program has opened the vault."""
        state = message.of(STATE)
        ours = self.asker.busy_with("unlocked") or self._telling
        if state is not None and state["state"] == "unlocked" and not ours:
            self.ameli.gate_passed(self.ameli.status.get("sealed", 0))

    def cancelled(self) -> None:
        """Not now: what else there is."""
        self._ways()
