"""The first run: a language, a look at a demo or an account of one's own, and a passphrase for it."""

from typing import TYPE_CHECKING, ClassVar

from agent.client import api
from agent.client.client import Problem
from agent.errors import AmeliError
from agent.passphrase import LEAST, UntypablePassphrase, WeakPassphrase, new_passphrase
from ameli_tui.forms.passphrase_strength import advice
from ameli_tui.i18n import _, lang, set_lang
from ameli_tui.screens.base.step_form import Ask, Choice, FormScreen
from ameli_tui.widgets.text_input import Field

if TYPE_CHECKING:
    from agent.protocol.vault import Made
    from ameli_tui.i18n import Lang


class SetupScreen(FormScreen[None]):
    """Leads from nothing to an open vault; connecting the account is the sign-in screen's."""

    GATE: ClassVar[bool] = True
    KEYS_OF: ClassVar[tuple[str, ...]] = ("field",)

    def __init__(self) -> None:
        super().__init__()
        self._step = ""
        self._code = ""

    def load(self) -> None:
        """Begin with the language, unless it was chosen before."""
        from config.glance import glance

        if glance(self.ameli.paths.settings).get("lang") in ("fr", "en"):
            self._way()
        else:
            self._ask_lang()

    def _ask_lang(self) -> None:
        self._step = "language"
        self.show("ameli", ["Français ou anglais ?\nFrench or English?"],
                  choices=[Choice("fr", "Français"), Choice("en", "English")])
        if lang() == "en":
            self.choices.move_to(1)

    def _way(self) -> None:
        self._step = "way"
        self.show(_("Welcome"), [
            (_("Your health-insurance account (compte ameli), here in the terminal."), "bold"), "\n\n",
            _("An agent on this machine fetches payments, statements and messages and keeps them encrypted. "
              "Nothing goes anywhere else."), "\n\n",
            _("Everything works from the keyboard; ? shows the keys of each screen."), "\n\n",
            (_("A backup from another machine comes back with `ameli restore FILE`: leave first."), "$text-muted"),
        ], choices=[
            Choice("create", _("Set up: a passphrase, then your account")),
            Choice("demo", _("Look around first, on an invented account")),
            Choice("language", "Français / English"),
            Choice("leave", _("Leave")),
        ])

    def _passphrase(self) -> None:
        self._step = "passphrase"
        self.show(_("A passphrase for your data"), [
            _("It encrypts everything that is kept on this machine and is asked for when the agent has locked it. "
              "It is not the password of your ameli account."), "\n\n",
            (_("Four or five words that have nothing to do with each other are strong and easy to type."),
             "$text-muted"),
        ], asks=[Ask(_("Passphrase"), secret=True), Ask(_("The same again"), secret=True)])

    def _recovery(self, code: str) -> None:
        self._step = "recovery"
        self._code = code
        self.show(_("Your recovery code"), [
            _("It opens the vault if you forget the passphrase. It is shown this once: write it down, on paper."),
            "\n\n",
            (f"    {code}", "bold $accent"), "\n\n",
            _("Type its last group to confirm that you have it."),
        ], asks=[Ask(_("Last group"))])

    def _next(self) -> None:
        self._step = "next"
        self.show(_("Your data"), [
            _("The agent can fetch everything from your ameli account. Files that you have already can be taken in as "
              "well: statements, a recorded browser session, bank statements."),
        ], choices=[
            Choice("account", _("Connect my ameli account")),
            Choice("files", _("Take in files that I have")),
            Choice("later", _("Neither now")),
        ])

    # -- answers -----------------------------------------------------------------------------------------------------

    def chosen(self, choice: str) -> None:
        """A language, or a way to go."""
        if choice in ("fr", "en"):
            self._choose_lang("fr" if choice == "fr" else "en")
        elif choice == "language":
            self._ask_lang()
        elif choice == "create":
            self._passphrase()
        elif choice == "demo":
            self.app.exit("demo")
        elif choice in ("account", "files", "later"):
            self.ameli.gate_passed()
            if choice == "account":
                self.ameli.open_named("sign_in")
            elif choice == "files":
                self.ameli.open_importing()
        else:
            self.app.exit()

    def _choose_lang(self, chosen: "Lang") -> None:
        set_lang(chosen)
        from ameli_tui.backend.save_setting import keep_setting

        path, client = self.ameli.paths.settings, self.client
        self.ask(lambda: keep_setting(path, client, lang=chosen), self.got_saved, latest="saved")
        self.top_bar.refresh()
        self.key_bar.refresh()
        self._way()

    def got_saved(self, _answer: None) -> None:
        """The language is kept."""

    def typed(self, field: Field) -> None:
        """Say how strong the passphrase is."""
        if self._step == "passphrase":
            refusal = _refusal(field.value)
            if isinstance(refusal, UntypablePassphrase):
                self._tell_refusal(refusal)
            elif field is self.fields[0]:
                self.tell(*advice(field.value, LEAST))

    def on_field_done(self, message: Field.Done) -> None:
        """A passphrase that nobody can type is refused before it is given twice."""
        refusal = _refusal(message.field.value) if self._step == "passphrase" else None
        if isinstance(refusal, UntypablePassphrase):
            message.field.set_value("")
            self._tell_refusal(refusal)
        else:
            super().on_field_done(message)

    def submitted(self, values: list[str]) -> None:
        """A passphrase, or the proof that the code was written down."""
        if self._step == "passphrase":
            self._try_passphrase(*values)
        elif self._step == "recovery":
            wanted = self._code.replace(" ", "-").split("-")[-1]
            if values[0].strip().upper() == wanted.upper():
                self._code = ""
                self._next()
            else:
                self.fields[0].set_value("")
                self.tell("! " + _("That is not the last group of the code above."), "bold $error")

    def _try_passphrase(self, first: str, second: str) -> None:
        refusal = _refusal(first)
        if isinstance(refusal, UntypablePassphrase):
            for field in self.fields:
                field.set_value("")
            self._tell_refusal(refusal)
            self.set_focus(self.fields[0])
        elif first != second:
            self.fields[1].set_value("")
            self.tell("! " + _("The two are not the same."), "bold $error")
            self.set_focus(self.fields[1])
        elif refusal is not None:
            self.tell(*advice(first, LEAST))
            self.set_focus(self.fields[0])
        else:
            self.tell(_("Making the vault…"))
            self.ask(api.setup(first), self.got_made, latest="made")

    def got_made(self, answer: "Made") -> None:
        """The vault exists: show its code."""
        for field in self.fields:
            field.set_value("")
        self._recovery(answer["recovery_code"])

    def refused(self, name: str, problem: Problem) -> None:
        """Say why."""
        self._tell_refusal(problem)

    def _tell_refusal(self, problem: Problem | AmeliError) -> None:
        self.tell(f"! {problem.message(lang())} {problem.hint(lang())}", "bold $error")

    def cancelled(self) -> None:
        """A step back, but never past the recovery code."""
        if self._step == "passphrase":
            self._way()
        elif self._step == "recovery":
            self.tell("! " + _("This code is shown only now: type its last group to go on."), "bold $warning")


def _refusal(passphrase: str) -> AmeliError | None:
    """Why the agent would not take it as a new passphrase."""
    try:
        new_passphrase(passphrase)
    except (UntypablePassphrase, WeakPassphrase) as error:
        return error
    return None
