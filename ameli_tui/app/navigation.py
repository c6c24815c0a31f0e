"""Going about: the numbered screens, what is opened on top of them, and the ways back."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from textual.screen import Screen

from ameli_tui.app.base import ShieldedApp
from ameli_tui.i18n import _
from ameli_tui.screens.base.confirm import SureScreen
from ameli_tui.screens.base.page import Page
from ameli_tui.widgets.bars import TABS

_PAGES = frozenset(name for name, _title in TABS)
_FOLDERS = {
    "home": "home", "payments": "payments", "documents": "documents", "messages": "messages", "agent": "agent",
    "ledger": "money", "owed": "money", "procedures": "requests", "ask": "help",
}
"""In which folder of the screens each numbered one lies."""
_PAGE_OF_ACTION = {
    "payments": "payments", "explain": "payments", "ledger": "ledger", "owed": "owed", "documents": "documents",
    "messages": "messages", "profile": "agent", "sync": "home", "doctor": "agent",
    "requests": "procedures", "deadlines": "procedures",
}
"""The numbered screen that an action of ameliBot belongs to."""
_ON_TOP = {
    "year": ("money.year", "YearScreen"), "estimate": ("money.estimate", "EstimateScreen"),
    "coverage": ("money.contract", "ContractScreen"), "guide": ("help.guide", "GuideScreen"),
}
"""Screens on top that an action opens: module under ``ameli_tui.screens`` and class."""


class GoingApp(ShieldedApp, inherit_bindings=False):
    """Which screen is shown. Every screen on top is imported when it is first wanted."""

    unsent: tuple[str, str] = ("", "")
    """Subject and text of a message that was left before it was sent; kept while the screens are open."""

    _undo: tuple[Screen[Any] | None, Callable[[], object]] | None = None
    """How to take back what was done last, and the screen that must still be open for it."""

    @property
    def gated(self) -> bool:
        """Whether a screen stands before the data, be it below the glossary."""
        return any(getattr(one, "GATE", False) for one in self.screen_stack)

    # -- numbered screens --------------------------------------------------------------------------------------------

    def action_page(self, name: str) -> None:
        """Show one of the numbered screens; it is made on the first visit and kept."""
        if name not in _PAGES or (self.gated and len(self.screen_stack) > 1):
            return
        while len(self.screen_stack) > 1:
            self.close_top()
        if isinstance(self.screen, Page) and name == self.screen.NAME:
            return
        if name not in self._installed_screens:
            self.install_screen(self._make_page(name), name)
        self.switch_screen(name)

    def _make_page(self, name: str) -> Page[None]:
        return _made(f"{_FOLDERS[name]}.{name}", f"{name.capitalize()}Page")

    def page_named(self, name: str) -> Any:
        """Go to a numbered screen and return it."""
        self.action_page(name)
        return self._installed_screens[name]

    def installed(self, name: str) -> Any:
        """A numbered screen if it was visited, else None."""
        return self._installed_screens.get(name)

    def jump(self, action: str) -> None:
        """Go where an action that ameliBot offers is done."""
        if action in _PAGE_OF_ACTION:
            self.action_page(_PAGE_OF_ACTION[action])
        elif action == "login":
            self.open_sign_in()
        elif action == "newcomer":
            self.open_newcomer()
        elif action == "attestation":
            self.open_certificates()
        elif action == "message":
            self.open_writing()
        elif action in _ON_TOP:
            self.push_screen(_made(*_ON_TOP[action]))
        else:
            self.open_procedure(action)

    # -- on top of them ----------------------------------------------------------------------------------------------

    def open_payment(self, payment: str) -> None:
        """Show one payment on top."""
        from ameli_tui.screens.payments.payment import PaymentScreen

        self.push_screen(PaymentScreen(payment))

    def open_why(self, payment: str) -> None:
        """Show why a payment is what it is, on top."""
        from ameli_tui.screens.payments.why import WhyScreen

        self.push_screen(WhyScreen(payment))

    def open_message(self, message: str) -> None:
        """Show one message among the others."""
        self.page_named("messages").show_message(message)

    def open_sign_in(self) -> None:
        """Connect or reconnect the account."""
        from ameli_tui.screens.agent.login import LoginScreen

        self.push_screen(LoginScreen())

    def open_procedure(self, name: str) -> None:
        """Show what a procedure is and needs, on top."""
        from ameli_tui.screens.requests.procedure import ProcedureScreen

        self.push_screen(ProcedureScreen(name))

    def open_newcomer(self) -> None:
        """Show where a newcomer stands, on top."""
        from ameli_tui.screens.requests.newcomer import NewcomerScreen

        if not isinstance(self.screen, NewcomerScreen):
            self.push_screen(NewcomerScreen())

    def open_importing(self, pasted: str | None = None) -> None:
        """Take in files of the person's own, on top; of what was pasted, only if it names files."""
        from ameli_tui.files.collect import dropped, there
        from ameli_tui.screens.documents.import_files import ImportScreen

        if pasted is None or any(path.is_absolute() and there(path) for path in dropped(pasted)):
            self.push_screen(ImportScreen(pasted or ""))

    def open_export(self, what: str | None = None, year: int | None = None) -> None:
        """Write a file for another program, on top; ``what`` and ``year`` are asked for without them."""
        from ameli_tui.screens.documents.export import ExportScreen

        screen, below = ExportScreen(what, year), self.screen

        def written(path: Any) -> None:
            if path is not None and isinstance(below, Page):
                below.say(screen.outcome(path), "bold $success", 20)

        self.push_screen(screen, written)

    def open_certificates(self) -> None:
        """Show the certificates that are made on demand, on top."""
        from ameli_tui.screens.documents.certificates import CertificatesScreen

        self.push_screen(CertificatesScreen())

    def open_request(self, request: str) -> None:
        """Show one request with its history, on top."""
        from ameli_tui.screens.requests.request import RequestScreen

        self.push_screen(RequestScreen(request))

    def open_writing(self, subject: str = "", body: str = "") -> None:
        """Write to an adviser, on top; without a subject, go on with what was left unsent."""
        from ameli_tui.screens.messages.write import WriteScreen

        self.push_screen(WriteScreen(*((subject, body) if subject else self.unsent)))

    # -- asking first, and taking back -------------------------------------------------------------------------------

    def ask_first(self, question: str, yes: str, then: Callable[[], object]) -> None:
        """Do something only after Enter; any other key goes back. ``yes``: what Enter does, in words."""
        def answered(sure: bool | None) -> None:
            if sure:
                then()

        self.push_screen(SureScreen(question, yes), answered)

    def offer_undo(self, said: str, undo: Callable[[], object], *, on: Screen[Any] | None = None) -> None:
        """Say what was done, and that one key takes it back. ``on``: only while this screen is open."""
        self._undo = (on, undo)
        self.say(said + " " + _("z takes it back."), "bold", 20)

    def action_undo(self) -> None:
        """Take back what was done last, once."""
        undo, self._undo = self._undo, None
        if undo is None or not (undo[0] is None or undo[0] in self.screen_stack):
            self.say(_("There is nothing to take back."))
        else:
            undo[1]()

    def action_copy(self) -> None:
        """Send what has the focus to the terminal's clipboard."""
        if isinstance(self.screen, Page) and (text := self.screen.copied_text()):
            self.copy_to_clipboard(text)

    # -- back --------------------------------------------------------------------------------------------------------

    def close_top(self) -> None:
        """Close what lies on top, once it has put away what it holds."""
        if isinstance(self.screen, Page):
            self.screen.leave()
        self.pop_screen()

    async def action_back(self) -> None:
        """Close what lies on top; from a numbered screen go home; from home leave."""
        if getattr(self.screen, "GATE", False):
            self.leave_gate()
            return
        if self._stepped_back(out=True):
            return
        if len(self.screen_stack) > 1:
            self.close_top()
        elif isinstance(self.screen, Page) and self.screen.NAME not in ("home", ""):
            self.action_page("home")
        else:
            self.exit()

    def leave_gate(self) -> None:
        """End the program from a screen that stands before the data."""
        self.exit()

    def action_step_back(self) -> None:
        """Close what lies on top, or go home."""
        if self._stepped_back(out=False):
            return
        if len(self.screen_stack) > 1:
            self.close_top()
        elif isinstance(self.screen, Page) and self.screen.NAME not in ("home", ""):
            self.action_page("home")

    def _stepped_back(self, *, out: bool) -> bool:
        return isinstance(self.screen, Page) and self.screen.stepped_back(out=out)


def _made(module: str, name: str) -> Page[None]:
    """A screen made of its class, which is imported when it is first wanted."""
    made: Page[None] = getattr(import_module(f"ameli_tui.screens.{module}"), name)()
    return made
