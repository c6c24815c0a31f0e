"""Connecting the account: number, password, and the one-time code when the service mails one."""

import os
from typing import TYPE_CHECKING, ClassVar

from agent.client import api
from agent.client.client import Problem
from agent.passphrase import BrokenPassword, account_password
from ameli_tui.i18n import _, lang
from ameli_tui.i18n.watch_words import asks_about_sign_in, question
from ameli_tui.screens.base.step_form import Ask, Choice, FormScreen
from config.screen import screen_of

if TYPE_CHECKING:
    from agent.protocol.account import SignIn

_WINDOW_S = 1000.0
"""The agent waits fifteen minutes for the person in the window."""


class LoginScreen(FormScreen[None]):
    """One sign-in. It is never tried again by itself: the service locks accounts after a few wrong passwords."""

    KEYS_OF: ClassVar[tuple[str, ...]] = ("field",)

    def __init__(self) -> None:
        super().__init__()
        self._step = ""
        self._nir = self._password = ""
        self._may_sign_in: bool | None = None
        """The person's word on whether the locked agent may; None: not asked now."""

    def load(self) -> None:
        """Begin with number and password; or with the window, where the settings have one."""
        if self.ameli.status.get("transport") == "browser":
            self._ask_window()
        else:
            self._ask_who()

    def _ask_window(self) -> None:
        self._step = "window"
        self.show(_("Connect your account"), [
            _("A browser window opens at the account service. Sign in there: number, password, code. This program "
              "sees none of it, and goes on by itself when you are in."), "\n\n",
            (_("Escape leaves it for later; a window that is open goes on waiting for a quarter of an hour."),
             "$text-muted"),
        ], choices=[Choice("window", _("Open the window"))])

    def _ask_who(self) -> None:
        self._step = "who"
        self.show(_("Connect your account"), [
            _("Your social security number and the password of your ameli account. They go to the agent on this "
              "machine and from there to the account service only."), " ",
            _("The real service refuses plain programs on most pages: `ameli config set portal.transport browser` "
              "goes through your own browser instead, and i on the screens takes in files that you downloaded."),
            "\n\n",
            (_("Escape leaves it for later."), "$text-muted"),
        ], asks=[Ask(_("Social security number"), hint="1 23 45 67 890 123", value=self._nir),
                 Ask(_("Password"), secret=True)])

    def _ask_keep(self) -> None:
        self._step = "keep"
        self.show(_("Keep the password?"), [
            _("Kept in the encrypted vault, the agent can look for news by itself. Otherwise you are asked for it "
              "again when the service wants it."),
        ], choices=[Choice("keep", _("Keep it in the vault")), Choice("forget", _("Do not keep it"))])

    def _ask_sign_in(self) -> None:
        self._step = "locked"
        self.show(_("While the vault is locked"), [
            (question(), "bold"), "\n\n",
            _("Without it, the agent watches until the session ends, and then waits for you."), " ",
            (_("w on the Agent screen changes it."), "$text-muted"),
        ], choices=[Choice("locked", _("Yes, it may sign in while locked")), Choice("never", _("No, it may not"))])
        if os.environ.get("SSH_CONNECTION"):
            self.choices.move_to(1)

    def _ask_code(self, problem: Problem) -> None:
        self._step = "code"
        self.show(_("One-time code"), [
            problem.message(lang()), "\n\n", _("Type the code that the service has sent you."),
        ], asks=[Ask(_("Code"))])

    def submitted(self, values: list[str]) -> None:
        """Number and password, or the code."""
        if self._step == "code":
            code = values[0].strip()
            if code:
                self._send({"otp": code, "remember": True})
            return
        number = "".join(values[0].split()).replace(".", "").replace("-", "").upper()
        if len(number) not in (13, 15) or not number[:5].isdigit():
            self.tell("! " + _("A social security number has 13 figures, or 15 with its key."), "bold $error")
            self.set_focus(self.fields[0])
        elif not values[1]:
            self.tell("! " + _("The password is missing."), "bold $error")
        else:
            try:
                password = account_password(values[1])
            except BrokenPassword as error:
                self.fields[1].set_value("")
                self.tell(f"! {error.message(lang())} {error.hint(lang())}", "bold $error")
                return
            self._nir, self._password = number, password
            self.fields[1].set_value("")
            self._ask_keep()

    def chosen(self, choice: str) -> None:
        """Open the window; or keep the password or not, and whether the locked agent may use it."""
        if choice == "window":
            self.show(_("Connect your account"), [_("Waiting for you in the browser's window…")])
            self.ask(api.login(
                {"screen": screen_of(os.environ)}, deadline=_WINDOW_S), self.got_signed_in, latest="signed_in")
            return
        if choice == "keep" and asks_about_sign_in(self.ameli.status):
            self._ask_sign_in()
            return
        if self._step == "locked":
            self._may_sign_in = choice == "locked"
        body: SignIn = {
            "nir": self._nir, "password": self._password, "remember": True, "keep_password": choice != "forget"}
        self._password = ""
        self._send(body)

    def _send(self, body: "SignIn") -> None:
        self.show(_("Connect your account"), [_("Signing in… the service takes its time.")])
        self._step += "-sent"
        self.ask(api.login(body), self.got_signed_in, latest="signed_in")

    def got_signed_in(self, _answer: object) -> None:
        """It is connected: back, and look for news."""
        self.ameli.take_status({**self.ameli.status, "account": True})  # known before the agent is asked again
        if self._may_sign_in is not None:
            self.ameli.keep_agent_settings(
                sign_in="locked" if self._may_sign_in else "never", sign_in_asked=True)
        self.app.pop_screen()
        self.ameli.say(_("Signed in. Looking for payments, statements and messages…"), "bold $success")
        self.ameli.start_sync(full=False)

    def refused(self, name: str, problem: Problem) -> None:
        """A code is needed, or it failed: say why and start over."""
        if problem.code == "code_needed":
            self._ask_code(problem)
            return
        if self._step == "window":
            self._ask_window()
        elif self._step.startswith("code") and problem.code == "code_refused":
            self._ask_code(problem)
        else:
            self._ask_who()
        self.tell(f"! {problem.message(lang())} {problem.hint(lang())}", "bold $error")
